"""The portal's mail engine as it is deployed: PostgreSQL that waits for its disk, Redis, workers and clock, and a sink."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.fast_sink import FastSink
from bench.report import ROOT, say
from bench.site import manage
from portal.embedded import programs
from portal.embedded.processes import Child
from portal.embedded.services import EmbeddedServices

# How many processes send, all together: as many as the raw senders have.
PROCESSES = 4


@dataclass
class Engine:
    """A running mail engine and the sink it sends to."""

    folder: Path
    services: EmbeddedServices
    sink: FastSink
    environment: dict[str, str]
    workers: list[Child] = field(default_factory=list)

    def start_workers(self, *, processes: int = PROCESSES) -> None:
        """The deployed commands; only how many processes send bulk mail is ours to choose."""
        for name, argv in programs.workers().items():
            if name == "worker-bulk":
                number = argv.index("-c") + 1
                argv = [*argv[:number], str(processes), *argv[number + 1 :]]
            child = Child(
                name=name,
                argv=(sys.executable, "-m", *argv),
                log=self.folder / f"{name}.log",
                env=self.environment,
                cwd=ROOT,
            )
            child.start()
            self.workers.append(child)

    def stop_workers(self) -> None:
        """Ends them in order."""
        for child in self.workers:
            child.ask_to_end()
        for child in self.workers:
            child.end(grace=15.0)
        self.workers.clear()

    def bulk_memory(self) -> float:
        """Resident memory (MB) of the largest process that sends bulk mail."""
        bulk = next(child for child in self.workers if child.name == "worker-bulk")
        family = psutil.Process(bulk.pid).children(recursive=True)
        return max((member.memory_info().rss for member in family), default=0) / 1e6

    def inside(self, *words: str) -> dict[str, float]:
        """One step of `bench.engine_inside`, in a process with the engine's settings."""
        for child in self.workers:
            if child.ended() is not None:
                raise SystemExit(f"The {child.name} ended by itself:\n{child.last_lines()}")
        return run_inside("bench.engine_inside", list(words), self.environment)


def run_inside(module: str, words: list[str], environment: dict[str, str]) -> dict[str, float]:
    """One step of a measurement in a process of its own; what it prints as JSON."""
    result = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "portal.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    if result.returncode:
        raise SystemExit(f"{module} failed at {words}; see above.")
    found: dict[str, float] = json.loads(result.stdout)
    return found


@contextmanager
def engine(*, keep: str = "", **settings: str) -> Iterator[Engine]:
    """Migrated and ready, without workers yet; `keep` as for the sink."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-mail-"))
    try:
        with EmbeddedServices(folder / "services") as services, FastSink(folder, keep=keep) as sink:
            environment = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "portal.settings",
                "PORTAL_MODE": "embedded",
                "PORTAL_VAR": str(folder),
                "DATABASE_URL": services.database_url,
                "REDIS_URL": services.redis_url,
                "SECRET_KEY": "bench" * 12,
                "SITE_URL": "http://localhost",
                "EMAIL_HOST": "127.0.0.1",
                "EMAIL_PORT": str(sink.port),
                "LOG_LEVEL": "WARNING",
                "BENCH_SINK": str(sink.counts),
                **settings,
            }
            say("  a database of our own ...")
            manage(["migrate", "-v0"], environment)
            made = Engine(folder, services, sink, environment)
            try:
                yield made
            finally:
                made.stop_workers()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_until(what: str, true: Callable[[], bool], *, patience: float = 60.0) -> None:
    """Looks again and again; gives up loudly."""
    give_up = time.monotonic() + patience
    while not true():
        if time.monotonic() > give_up:
            raise SystemExit(f"Waited {patience:.0f} seconds in vain until {what}.")
        time.sleep(0.02)
