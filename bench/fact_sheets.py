"""How long the fact sheets of all 177 districts take: the demonstration's 800 partners, a process that just started."""

from bench.report import Figure, at_most, plain
from bench.site import demonstration, inside

ORGANIZATIONS = 800
MOST_SECONDS = 90


def measure(rounds: int) -> list[Figure]:
    """Seconds of the job, made anew and with nothing to do; what the sheets are; the memory it took."""
    with demonstration(ORGANIZATIONS) as environment:
        found = inside("fact_sheets_inside", environment, rounds)
    return [
        at_most("fact sheets: all 177, fonts made too", found["first"], "s", MOST_SECONDS),
        plain("fact sheets: all 177 made anew", found["anew"], "s"),
        plain("fact sheets: all 177 with nothing to do", found["nothing"], "s"),
        plain("fact sheets: a night's look for stale ones", found["stale"], "s"),
        at_most("fact sheets: most pages of one", found["pages"], "pages", 1),
        at_most("fact sheets: fonts not embedded", found["foreign_fonts"], "fonts", 0),
        plain("fact sheets: bytes of one", found["bytes"], "bytes"),
        plain("fact sheets: memory of the process", found["memory"], "MB"),
    ]
