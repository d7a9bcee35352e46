"""How long a search over everything public takes: 20,000 generated things of ten kinds, medians."""

from bench.report import Figure, at_most, plain
from bench.site import empty_portal, inside

MOST_MS = 50


def measure(rounds: int) -> list[Figure]:
    """Milliseconds of the first page with its counts: at the database, and of the whole page through its view."""
    with empty_portal(PAGE_CACHE_SECONDS="0", SEARCH_RATE="1000000/m") as environment:
        found = inside("public_search_inside", environment, rounds)
    figures = []
    for name, database, page in found:
        figures.append(at_most(f"public search: {name}, database", database, "ms", MOST_MS))
        figures.append(plain(f"public search: {name}, whole page", page, "ms"))
    return figures
