"""`make faults`: breaks things on purpose with real processes, then counts what arrived.

Each run sends one mailing over real SMTP from real Celery workers, over a real PostgreSQL and Redis, to a sink that
writes every message down before it says so. Something is done to it meanwhile. Afterwards each row must tell the
truth: accepted means exactly one message, unknown at most one, anything else none; and no address ever gets two.
"""

import argparse
import os
import re
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.fault_run import Broken, Fault, Outcome, disturb
from bench.report import Figure, at_most, plain, say, write
from portal.embedded.services import EmbeddedServices


def all_faults() -> dict[str, Fault]:
    """Every fault by its name. Django must be set up."""
    from bench.fault_campaigns import CAMPAIGN_FAULTS
    from bench.fault_digests import DIGEST_FAULTS
    from bench.fault_people import PEOPLE_FAULTS
    from bench.fault_services import SERVICE_FAULTS
    from bench.fault_storage import STORAGE_FAULTS
    from bench.fault_wire import WIRE_FAULTS
    from bench.fault_workers import WORKER_FAULTS

    groups = (
        *(WORKER_FAULTS, CAMPAIGN_FAULTS, DIGEST_FAULTS, WIRE_FAULTS, PEOPLE_FAULTS, STORAGE_FAULTS),
        # The last of these leaves another database behind.
        SERVICE_FAULTS,
    )
    return {name: fault for group in groups for name, fault in group.items()}


def _figures(name: str, fault: Fault, outcome: Outcome) -> list[Figure]:
    title = f"{name}, {outcome.faults} times, {outcome.people:,} people"
    forgotten = outcome.forgotten + (not outcome.finished)
    return [
        plain(f"{title}: messages", outcome.messages, "messages"),
        at_most(f"{title}: addresses that got it twice", outcome.twice, "addresses", 0),
        at_most(f"{title}: rows that do not say what arrived", outcome.untrue, "rows", 0),
        at_most(f"{title}: rows forgotten", forgotten, "rows", 0),
        at_most(f"{title}: rows unknown", outcome.unknown, "rows", outcome.faults * fault.unknown_each),
        *(_more(f"{title}: {words}", value, most) for words, value, most in outcome.more),
        plain(f"{title}: took", outcome.seconds, "s"),
    ]


def _more(name: str, value: float, most: float | None) -> Figure:
    return plain(name, value, "") if most is None else at_most(name, value, "", most)


_HEAD = (
    "fault",
    "times",
    "people",
    "messages",
    "twice",
    "untrue",
    "forgotten",
    "unknown",
    "at most",
    "seconds",
)


def _row(name: str, fault: Fault, outcome: Outcome, holds: bool) -> str:
    more = "; ".join(
        f"{words}: {value:g}" + ("" if most is None else f" (at most {most:g})")
        for words, value, most in outcome.more
    )
    numbers = (
        outcome.faults,
        outcome.people,
        outcome.messages,
        outcome.twice,
        outcome.untrue,
        outcome.forgotten + (not outcome.finished),
        outcome.unknown,
        outcome.faults * fault.unknown_each,
        round(outcome.seconds),
    )
    cells = "".join(f"{number:>10,}" for number in numbers)
    return f"{name:<38}{cells}  {'holds' if holds else 'BROKEN'}{'  ' + more if more else ''}"


def _run(name: str, fault: Fault, folder: Path, services: EmbeddedServices) -> list[Figure]:
    """One fault, its line of the table, and its figures; none where a promise was broken in another way."""
    part = folder / re.sub(r"\W+", "-", name)
    part.mkdir()
    try:
        outcome = disturb(fault, folder=part, services=services)
    except Broken as broken:
        print(f"{name:<38}BROKEN: {broken}", flush=True)
        return [at_most(f"{name}: {broken}", 1, "", 0)]
    figures = _figures(name, fault, outcome)
    if not outcome.faults:
        figures.append(at_most(f"{name}: runs in which nothing was done", 1, "", 0))
    holds = all(figure.holds is not False for figure in figures)
    print(_row(name, fault, outcome, holds), flush=True)
    if not holds:
        say(f"  {outcome.states}")
    return figures


def main() -> None:
    """`python -m bench.faults [--only PATTERN]`, a regular expression that is found in their names."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--only", default="", help="those in whose name this pattern is found")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-faults-")))
        services = stack.enter_context(EmbeddedServices(folder / "services"))
        os.environ |= {
            "PORTAL_MODE": "embedded",
            "DATABASE_URL": services.database_url,
            "REDIS_URL": services.redis_url,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "LOG_LEVEL": "CRITICAL",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        say("A mailing goes out; something is done to it meanwhile; then what arrived is counted.")
        print(f"{_HEAD[0]:<38}" + "".join(f"{words:>10}" for words in _HEAD[1:]), flush=True)
        figures = []
        for name, fault in all_faults().items():
            if re.search(options.only, name):
                figures += _run(name, fault, folder, services)
    write(figures, "faults.json", show=False)
    if not all(figure.holds in {True, None} for figure in figures):
        raise SystemExit("A promise was broken.")


if __name__ == "__main__":
    main()
