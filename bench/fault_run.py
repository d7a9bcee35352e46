"""One mailing under way with real workers, a sink that writes everything down, and the count of what became of it."""

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from bench import alert
from bench.fault_count import Outcome, count_mailings
from bench.report import ROOT
from bench.sink import Sink
from portal.embedded.processes import Child
from portal.embedded.services import EmbeddedServices

if TYPE_CHECKING:
    from mailing.models import Mailing

LEASE_SECONDS, WINDOW, BATCH, PROCESSES = 4, 10, 50, 2
# How long the sink thinks about each message: short, and long enough that a fault mostly falls into a window.
THINKS = 0.002
STAFF = "staff@staff.example"
_EVERYBODY = """
SELECT n::bigint, NULL::bigint, 'person' || n || %s, 'en', jsonb_build_object('first_name', 'P' || n)
FROM generate_series(1, %s) AS n
"""


class Broken(Exception):
    """A promise was broken that no count of messages shows."""


@dataclass(frozen=True)
class Fault:
    """Something that is done to a mailing while it goes out, and what it may cost."""

    # Does it so often and returns how often it really was done.
    act: Callable[["Run", int], int]
    times: int = 1
    # Rows that each time may leave unknown.
    unknown_each: int = 0
    people: int = 2000
    # The states in which rows, and the mailing, may end.
    rows: tuple[str, ...] = ("accepted", "unknown")
    ends: str = "done"
    # How the mailing and its workers come to be, where that is not the usual way.
    begin: Callable[["Run"], None] | None = None
    delay: float = THINKS
    # Whether the mail server takes a few messages at once.
    chunking: bool = True
    # Rows of a backup from the middle do not know what went out after it was made.
    from_backup: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    # What goes out, where that is not one mailing.
    runner: "type[Run] | None" = None


class Worker:
    """A Celery worker as production runs it."""

    def __init__(self, folder: Path, environment: dict[str, str], name: str, queue: str = "bulk") -> None:
        self.child = Child(
            name=f"worker {name}",
            argv=(
                *(sys.executable, "-m", "celery", "-A", "portal", "worker", "-Q", queue),
                *("-c", str(PROCESSES), "-n", f"{name}@faults", "--without-gossip", "--without-mingle"),
                *("--loglevel", environment["LOG_LEVEL"]),
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
    """One mailing under way, with everything it takes. This process is the clock and the worker of short tasks."""

    mailing: "Mailing"
    # What a worker listens to; short tasks too, where they are to die with it.
    queues = "bulk"

    def __init__(
        self,
        folder: Path,
        sink: Sink,
        people: int,
        *,
        services: EmbeddedServices | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        from django.conf import settings as portal

        self.folder, self.sink, self.people, self.services = folder, sink, people, services
        # Of its own for each run: who unsubscribed in one of them is no one in the next.
        self.domain = f"@{re.sub('[^a-z0-9]+', '-', folder.name.lower())[:40].strip('-')}.example"
        self.redis_url = portal.REDIS_URL
        self.more: list[tuple[str, float, float | None]] = []
        self.workers: list[Worker] = []
        # Mailings of this run that are through already, and how many messages the sink had then.
        self.earlier: list[Mailing] = []
        self.received_before = 0
        self.environment = {
            **os.environ,
            "PORTAL_MODE": "embedded",
            "PORTAL_VAR": str(folder),
            "DATABASE_URL": _database_url(),
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": portal.SECRET_KEY,
            "MAILING_HASH_KEY": portal.MAILING_HASH_KEY,
            "LOG_LEVEL": "WARNING",
            **{
                name: str(value) for name, value in for_both_sides(sink).items() if name != "MAILING_ALARM_TO"
            },
            **(settings or {}),
        }

    def begin(self) -> None:
        """The usual way: a worker, and a mailing to everybody."""
        self.hire()
        self.mail()

    def hire(self, name: str = "one", queue: str = "") -> Worker:
        """One more worker."""
        self.workers.append(Worker(self.folder, self.environment, name, queue or self.queues))
        return self.workers[-1]

    def mail(self, *, expires_at: datetime | None = None, start: bool = True) -> None:
        """The mailing to everybody, started."""
        from django.utils import timezone

        from mailing.models import Topic
        from mailing.services import (
            RecipientSelect,
            Written,
            compile_mailing,
            fill_mailing,
            start_mailing,
        )

        topic, _created = Topic.objects.get_or_create(slug="faults", defaults={"name": "Faults"})
        self.mailing = compile_mailing(
            topic=topic,
            name="Fault run",
            contents=[Written(alert.SUBJECT, alert.text(), alert.html())],
            send_at=timezone.now(),
            expires_at=expires_at,
        )
        fill_mailing(mailing=self.mailing, select=RecipientSelect(_EVERYBODY, (self.domain, self.people)))
        if start:
            start_mailing(mailing=self.mailing)

    def tick(self) -> None:
        """What beat and the worker of short tasks do, only more often. A worker must not end by itself."""
        from django.db import connection

        from mailing import tasks

        for worker in self.workers:
            if worker.child.ended() is not None:
                raise SystemExit(f"The worker ended by itself:\n{worker.child.last_lines()}")
        try:
            tasks.pump_mailings()
            tasks.settle_expired_leases()
        except database_failures():
            connection.close()  # As a worker whose task failed: the next beat asks again.
        time.sleep(0.2)

    def tick_for(self, seconds: float) -> None:
        """Lets it go on for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.tick()

    def until(self, true: Callable[[], bool], *, patience: float = 60.0) -> bool:
        """Ticks until it is so; False when it does not come to be."""
        give_up = time.monotonic() + patience
        while not true():
            if time.monotonic() > give_up:
                return False
            self.tick()
        return True

    def until_part(self, part: float) -> bool:
        """Waits until the sink has this part of all messages. False when the mailing was over before."""
        wanted = self.received_before + self.people * part
        self.until(lambda: self.sink.received() >= wanted or self.is_over())
        return not self.is_over()

    def next_mailing(self, mailing: "Mailing") -> None:
        """From now on it is about this mailing; those before it still count."""
        if hasattr(self, "mailing"):
            self.earlier.append(self.mailing)
        self.mailing, self.received_before = mailing, self.sink.received()

    def state(self) -> str:
        """The mailing's state; empty while the database does not answer."""
        from django.db import connection

        try:
            self.mailing.refresh_from_db(fields=["state", "pause_reason"])
        except database_failures():
            connection.close()
            return ""
        return str(self.mailing.state)

    def is_over(self) -> bool:
        """Whether nothing more will go out; of a standing mailing, to those it has so far."""
        if self.state() == "sending" and self.mailing.standing:
            return not self._is_open() and self.mailing.deliveries.exists()
        return self.state() in {"done", "expired", "cancelled"}

    def _is_open(self) -> bool:
        return self.mailing.batches.exclude(state="done").exists()

    def finish(self) -> None:
        """Lets it go on undisturbed to its end, and until its last batch is closed."""
        self.until(lambda: self.is_over() and not self._is_open(), patience=90)
        # A worker that was taken for dead might still be about to send something.
        time.sleep(1)

    def stop(self) -> None:
        """Ends the workers."""
        for worker in self.workers:
            worker.kill()
        self.workers.clear()

    def count(self, fault: Fault, faults: int, seconds: float) -> Outcome:
        """Compares what arrived with what the rows say."""
        return count_mailings(self, fault, faults, seconds)


def database_failures() -> tuple[type[Exception], ...]:
    """What Django raises when PostgreSQL is gone, or cannot go on."""
    from django.db import InterfaceError, InternalError, OperationalError

    return OperationalError, InterfaceError, InternalError


def for_both_sides(sink: Sink) -> dict[str, object]:
    """Settings that the workers and this process share."""
    return {
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": sink.port,
        "MAILING_LEASE_SECONDS": LEASE_SECONDS,
        "MAILING_WINDOW_SIZE": WINDOW,
        "MAILING_BATCH_SIZE": BATCH,
        "MAILING_TURN_SECONDS": 20,
        "MAILING_ALARM_TO": [STAFF],
    }


def _database_url() -> str:
    from django.db import connection

    connection.ensure_connection()
    where = connection.connection.info
    return f"postgresql://{where.user}@/{where.dbname}?host={quote(where.host)}"


def disturb(fault: Fault, *, folder: Path, services: EmbeddedServices | None = None) -> Outcome:
    """One mailing, disturbed; Django must be set up and its database migrated."""
    from django.test import override_settings

    from mailing.models import Relay

    began = time.monotonic()
    Relay.objects.all().delete()
    with (
        Sink(folder, delay=fault.delay, chunking=fault.chunking) as sink,
        override_settings(**for_both_sides(sink)),
    ):
        kind = fault.runner or Run
        run = kind(folder, sink, fault.people, services=services, settings=fault.settings)
        try:
            (fault.begin or kind.begin)(run)
            done = fault.act(run, fault.times)
            run.finish()
        finally:
            run.stop()
            with suppress(OSError):
                sink.order()
        return run.count(fault, done, time.monotonic() - began)
