"""The staff desk of the legislature. Modules register their pages when imported; one is added with each part."""

from legislation.admin import bills, budget, hearings, names, people, positions, sync, tracking

__all__ = ["bills", "budget", "hearings", "names", "people", "positions", "sync", "tracking"]
