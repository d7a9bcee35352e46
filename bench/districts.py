"""How fast points find their seats: the real 118 House and 59 Senate districts, 10,000 random points at once and one by one."""

from bench.report import Figure, at_least, plain, say
from bench.site import empty_portal, inside
from tests.realdata import DISTRICTS

POINTS = 10_000
LEAST_PER_SECOND = 20_000


def measure(rounds: int) -> list[Figure]:
    """Points per second through `seats_at_many`, lookups per second through `seats_at`, and what loading takes."""
    if not DISTRICTS.is_dir():
        say(f"  No real districts in {DISTRICTS}: set LEGISLATURE_DATA. Left out.")
        return []
    with empty_portal() as environment:
        found = inside("districts_inside", environment, DISTRICTS, POINTS, rounds)
    return [
        at_least(f"districts: {POINTS:,} points at once", found["many"], "points/s", LEAST_PER_SECOND),
        plain("districts: one point a call", found["single"], "lookups/s"),
        plain("districts: first question of a process", found["load"], "ms"),
        plain("districts: share of points in Illinois", found["inside"], "%"),
    ]
