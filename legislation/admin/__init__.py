"""The staff desk of the legislature. Modules register their pages when imported; one is added with each part."""

from legislation.admin import (
    asking,
    bills,
    budget,
    hearings,
    leaders,
    names,
    people,
    positions,
    reported_slips,
    slip_matches,
    sync,
    tracking,
)

__all__ = [
    "asking",
    "bills",
    "budget",
    "hearings",
    "leaders",
    "names",
    "people",
    "positions",
    "reported_slips",
    "slip_matches",
    "sync",
    "tracking",
]
