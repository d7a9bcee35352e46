"""`make faults`: breaks things on purpose with real processes, then counts what arrived.

A mailing goes over real SMTP from real Celery workers, which are killed, stopped and robbed of their queue
while they send. Afterwards each row must tell the truth: accepted means exactly one message, unknown at most
one, and no address ever gets two.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import redis

from bench.report import ROOT, Figure, at_most, plain, say, write
from bench.sink import Sink
from portal.embedded.processes import Child
from portal.embedded.services import EmbeddedServices

if TYPE_CHECKING:
    from mailing.models import Mailing

LEASE_SECONDS = 5
WINDOW = 10
PROCESSES = 2
# How long the sink thinks about each message: short, and long enough that a fault mostly falls into a window.
THINKS = 0.002


@dataclass(frozen=True)
class Outcome:
    """What one run left behind, in messages and rows."""

    people: int
    faults: int
    seconds: float
    accepted: int
    unknown: int
    # Addresses that got more than one message.
    twice: int
    # Rows that say "accepted" while the address did not get exactly one message.
    untrue: int
    # Rows that are neither accepted nor unknown: somebody was forgotten.
    forgotten: int
    finished: bool

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        return self.finished and not (self.twice or self.untrue or self.forgotten)


class Worker:
    """A Celery worker as production runs it, for bulk and default mail together."""

    def __init__(self, folder: Path, environment: dict[str, str], name: str = "one") -> None:
        self.child = Child(
            name=f"worker {name}",
            argv=(
                *(sys.executable, "-m", "celery", "-A", "portal", "worker", "-Q", "default,bulk"),
                *("-c", str(PROCESSES), "-n", f"{name}@faults", "--without-gossip", "--without-mingle"),
            ),
            log=folder / f"worker-{name}.log",
            env=environment,
            cwd=ROOT,
        )
        self.child.start()

    def signal(self, number: signal.Signals) -> None:
        """To the worker and all its children at once, as if the machine did it."""
        os.killpg(self.child.pid, number)

    def kill(self) -> None:
        """kill -9, no time for last words."""
        self.child.kill()


class Run:
    """One mailing under way, with everything it takes."""

    def __init__(self, folder: Path, sink: Sink, people: int) -> None:
        from django.conf import settings
        from django.db import connection

        self.folder, self.sink, self.people = folder, sink, people
        connection.ensure_connection()
        where = connection.connection.info
        self.redis_url = settings.REDIS_URL
        self.environment = {
            **os.environ,
            "PORTAL_MODE": "embedded",
            "PORTAL_VAR": str(folder),
            "DATABASE_URL": f"postgresql://{where.user}@/{where.dbname}?host={quote(where.host)}",
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": settings.SECRET_KEY,
            "MAILING_HASH_KEY": settings.MAILING_HASH_KEY,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(sink.port),
            "MAILING_LEASE_SECONDS": str(LEASE_SECONDS),
            "MAILING_WINDOW_SIZE": str(WINDOW),
            "LOG_LEVEL": "WARNING",
        }
        self.workers = [Worker(folder, self.environment)]
        self.mailing = _mailing(people)

    def tick(self) -> None:
        """What beat does, only more often. A worker that ended by itself is no fault of ours to measure."""
        from mailing import tasks
        from mailing.queueing import queue

        for worker in self.workers:
            if worker.child.ended() is not None:
                raise SystemExit(f"The worker ended by itself:\n{worker.child.last_lines()}")
        queue(tasks.pump_mailings)
        queue(tasks.settle_expired_leases)
        time.sleep(0.25)

    def until_received(self, messages: int, *, patience: float = 120.0) -> None:
        """Waits until the sink has so many messages, or the mailing is over."""
        give_up = time.monotonic() + patience
        while self.sink.received() < messages and not self.is_over() and time.monotonic() < give_up:
            self.tick()

    def is_over(self) -> bool:
        """Whether the mailing is marked as sent."""
        self.mailing.refresh_from_db()
        return self.mailing.state == "done"

    def finish(self, *, patience: float = 180.0) -> None:
        """Lets it go on undisturbed to its end."""
        give_up = time.monotonic() + patience
        while not self.is_over() and time.monotonic() < give_up:
            self.tick()
        # A worker that was taken for dead might still be about to send something.
        time.sleep(1)

    def stop(self) -> None:
        """Ends the workers."""
        for worker in self.workers:
            worker.kill()


def kills(run: Run, number: int) -> None:
    """kill -9 of the worker and its children, again and again, spread over the mailing."""
    chance = random.Random(20260305)
    for fault in range(1, number + 1):
        run.until_received(run.people * fault // (number + 1) + chance.randrange(WINDOW))
        run.workers[0].kill()
        run.workers[0] = Worker(run.folder, run.environment)


def restarts(run: Run, number: int) -> None:
    """The worker is asked to end, as at every new release, and another one starts."""
    for fault in range(1, number + 1):
        run.until_received(run.people * fault // (number + 1))
        if not run.workers[0].child.end(grace=10.0):
            raise SystemExit("The worker did not end within ten seconds of SIGTERM.")
        run.workers[0] = Worker(run.folder, run.environment)


def zombie(run: Run, number: int) -> None:
    """A worker is stopped for longer than its lease, others take over, then it wakes up and goes on."""
    for fault in range(1, number + 1):
        run.until_received(run.people * fault // (number + 1))
        sleeper = run.workers[0]
        sleeper.signal(signal.SIGSTOP)
        run.workers.append(Worker(run.folder, run.environment, f"relief-{fault}"))
        awake = time.monotonic() + LEASE_SECONDS + 4
        while time.monotonic() < awake:
            run.tick()
        sleeper.signal(signal.SIGCONT)


def robbed(run: Run, number: int) -> None:
    """Redis forgets everything: queue, locks and all."""
    for fault in range(1, number + 1):
        run.until_received(run.people * fault // (number + 1))
        redis.Redis.from_url(run.redis_url).flushdb()


def tripled(run: Run, number: int) -> None:
    """Every task is delivered three times."""
    from mailing import tasks
    from mailing.queueing import queue

    for fault in range(1, number + 1):
        run.until_received(run.people * fault // (number + 1))
        for _copy in range(3):
            queue(tasks.send_mailings, run.mailing.pk)


# Name → what is done, how often, and the rows that each time may leave unknown: a window for each process that died.
FAULTS: dict[str, tuple[Callable[[Run, int], None], int, int]] = {
    "kill -9": (kills, 6, PROCESSES * WINDOW),
    "restarted in order": (restarts, 3, 0),
    "stopped past the lease": (zombie, 2, 0),
    "Redis flushed": (robbed, 4, 0),
    "tasks delivered three times": (tripled, 4, 0),
}


def disturb(fault: Callable[[Run, int], None], number: int, *, people: int, folder: Path) -> Outcome:
    """One mailing to `people`, disturbed `number` times; Django must be set up and its database migrated."""
    began = time.monotonic()
    with Sink(folder, delay=THINKS) as sink:
        run = Run(folder, sink, people)
        try:
            fault(run, number)
            run.finish()
        finally:
            run.stop()
        return _count(run, number, time.monotonic() - began)


def _mailing(people: int) -> "Mailing":
    from django.utils import timezone

    from mailing.models import Topic
    from mailing.services import Recipient, add_recipients, compile_mailing, start_mailing

    topic, _created = Topic.objects.get_or_create(slug="faults", defaults={"name": "Faults"})
    mailing = compile_mailing(
        topic=topic,
        name="Fault run",
        subject="Hello {{ first_name }}",
        text="Dear {{ first_name }},\n\nact: https://portal.example/act\n\n{{ unsubscribe_url }}",
        html='<p>Dear {{ first_name }}</p><a href="https://portal.example/act">Act</a>'
        + "<p>Words.</p>" * 200,
        send_at=timezone.now(),
    )
    everybody = (
        Recipient(f"person{number}@people.example", number, {"first_name": f"Person {number}"})
        for number in range(1, people + 1)
    )
    add_recipients(mailing=mailing, recipients=everybody)
    return start_mailing(mailing=mailing)


def _count(run: Run, faults: int, seconds: float) -> Outcome:
    got = run.sink.per_address()
    rows = dict(run.mailing.deliveries.values_list("email", "state"))
    return Outcome(
        people=run.people,
        faults=faults,
        seconds=seconds,
        accepted=sum(state == "accepted" for state in rows.values()),
        unknown=sum(state == "unknown" for state in rows.values()),
        twice=sum(count > 1 for count in got.values()),
        untrue=sum(state == "accepted" and got[email] != 1 for email, state in rows.items()),
        forgotten=sum(state not in {"accepted", "unknown"} for state in rows.values()),
        finished=run.is_over(),
    )


def _figures(name: str, outcome: Outcome, unknown_each: int) -> list[Figure]:
    title = f"{name}, {outcome.faults} times, {outcome.people:,} people"
    return [
        at_most(f"{title}: addresses that got it twice", outcome.twice, "addresses", 0),
        at_most(f"{title}: rows accepted without exactly one message", outcome.untrue, "rows", 0),
        at_most(f"{title}: rows forgotten", outcome.forgotten + (not outcome.finished), "rows", 0),
        at_most(f"{title}: rows unknown", outcome.unknown, "rows", outcome.faults * unknown_each),
        plain(f"{title}: took", outcome.seconds, "s"),
    ]


def main() -> None:
    """`python -m bench.faults [--only NAME] [--people N]`."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--only", choices=sorted(FAULTS), help="one kind of fault instead of all")
    parser.add_argument("--people", type=int, default=2000)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-faults-")))
        services = stack.enter_context(EmbeddedServices(folder / "services"))
        os.environ |= {
            "PORTAL_MODE": "embedded",
            "DATABASE_URL": services.database_url,
            "REDIS_URL": services.redis_url,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "LOG_LEVEL": "ERROR",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        figures = []
        for name, (fault, number, unknown_each) in FAULTS.items():
            if options.only in {None, name}:
                say(f"{name}, {number} times, while a mailing to {options.people:,} people goes out ...")
                part = folder / name.replace(" ", "-")
                part.mkdir()
                outcome = disturb(fault, number, people=options.people, folder=part)
                figures += _figures(name, outcome, unknown_each)
    write(figures, "faults.json")
    if not all(figure.holds in {True, None} for figure in figures):
        raise SystemExit("A promise was broken.")


if __name__ == "__main__":
    main()
