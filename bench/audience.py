"""How long a million recipients take: from an alert's rules to a row for each, dealt into batches and committed.

The rules are compound (areas, roles, a date, "not those who acted"), 100,000 people match twice, some thousand asked for
no mail, and each row carries what the usual merge fields need. PostgreSQL waits for its disk, as in production.
"""

import statistics

from bench.engine import run_inside
from bench.report import Figure, at_most, plain, say
from bench.site import demonstration

MOST_SECONDS = 10
EXPECTED = 1_000_000


def measure(rounds: int) -> list[Figure]:
    """Medians; every round adds a million rows to those of the rounds before."""
    found: dict[str, list[dict[str, float]]] = {}
    with demonstration() as environment:
        say("  a million people ...")
        _inside("seed", environment)
        for number in range(min(rounds, 3)):
            say(f"  round {number + 1}")
            for step in ("count", "fill"):
                found.setdefault(step, []).append(_inside(step, environment))
                say(f"    {step}: {found[step][-1]}")
        found["everything"] = [_inside("fill_everything", environment)]
    for step in ("fill", "everything"):
        if any(result["rows"] != EXPECTED for result in found[step]):
            raise SystemExit(f"Not a million rows: {found[step]}")

    def middle(step: str, value: str = "seconds") -> float:
        return statistics.median(result[value] for result in found[step])

    return [
        at_most(f"audience: {EXPECTED:,} recipients, rules to rows", middle("fill"), "s", MOST_SECONDS),
        plain(f"audience: {EXPECTED:,} recipients, all merge fields", middle("everything"), "s"),
        plain("audience: the live count of that audience", middle("count"), "s"),
        plain("audience: a sample of that audience by name", middle("count", "sample"), "s"),
    ]


def _inside(step: str, environment: dict[str, str]) -> dict[str, float]:
    return run_inside("bench.audience_inside", [step], environment)
