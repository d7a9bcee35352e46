"""How long a search over bills takes: 20,000 generated measures, each filter and combinations, medians."""

from bench.report import Figure, at_most
from bench.site import empty_portal, inside

MEASURES = 20_000
MOST_MS = 30


def measure(rounds: int) -> list[Figure]:
    """Milliseconds of the first page with its count, as the list reads it, and of the whole page through its view."""
    with empty_portal(PAGE_CACHE_SECONDS="0") as environment:
        found = inside("search_inside", environment, MEASURES, rounds)
    return [at_most(f"search: {name}", value, "ms", MOST_MS) for name, value in found]
