"""How long the equity panel takes: 800 organizations, five years of events, every council by quarter."""

from bench.report import Figure, at_most, plain
from bench.site import empty_portal, inside

ORGANIZATIONS = 800
MOST_MS = 150


def measure(rounds: int) -> list[Figure]:
    """Milliseconds of the numbers alone and of the whole page; of one event's page for comparison."""
    with empty_portal() as environment:
        found = inside("equity_inside", environment, ORGANIZATIONS, rounds)
    return [
        at_most(f"equity: {name}", value, "ms", MOST_MS)
        if has_target
        else plain(f"equity: {name}", value, "ms")
        for name, value, has_target in found
    ]
