"""Other senders, each in an environment of its own below `var/bench/peers`, its versions pinned in `bench/peers/*.txt`."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from bench.report import ROOT, say
from portal.embedded.services import EmbeddedServices

ENVIRONMENTS = Path(os.environ.get("PORTAL_VAR", ROOT / "var")) / "bench" / "peers"


@dataclass(frozen=True)
class Peer:
    """A sender that is not ours: its name in the table, its pins, and the module that runs it."""

    title: str
    pins: str
    module: str
    # So many messages in one round, enough for some seconds.
    messages: int
    has_queue: bool = True

    @property
    def python(self) -> Path:
        """Its environment's own interpreter."""
        return ENVIRONMENTS / self.pins / "bin" / "python"

    @property
    def database(self) -> str:
        """Its queue's database on the benchmark's server."""
        return self.module

    def install(self) -> None:
        """Makes its environment what the pins say; quick when it is already."""
        pins = ROOT / "bench" / "peers" / f"{self.pins}.txt"
        uv = (sys.executable, "-m", "uv")
        if not self.python.exists():
            say(f"  installing {self.pins} apart ...")
            home = self.python.parents[1]
            _must((*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(home)))
        _must(
            (*uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(self.python), str(pins)),
        )

    def rates(self, services: EmbeddedServices, port: int) -> tuple[float, float]:
        """Messages per second in one round: with writing its queue, and of sending alone."""
        address = services.postgres.url(self.database)
        with psycopg.connect(services.database_url, autocommit=True) as connection:
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [self.database]
            ).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.database)))
        with psycopg.connect(address) as connection:
            where = connection.info
            environment = {
                **os.environ,
                "BENCH_DATABASE": self.database,
                "BENCH_DATABASE_HOST": where.host,
                "BENCH_DATABASE_USER": where.user,
                "BENCH_SINK_PORT": str(port),
                "PYTHONPATH": str(ROOT),
            }
        words = (str(self.python), "-m", f"bench.peers.{self.module}", str(self.messages))
        found: dict[str, float] = json.loads(_must(words, environment))
        return self.messages / (found["fill"] + found["send"]), self.messages / found["send"]


PEERS = (
    Peer("Django's SMTP backend, connection kept, 2 processes", "plain-django", "plain_django", 6000, False),
    Peer("django-post-office tuned, 2 processes", "django-post-office", "post_office_queue", 4000),
    Peer("django-mailer, 2 processes", "django-mailer", "mailer_queue", 1500),
)


def _must(words: tuple[str, ...], environment: dict[str, str] | None = None) -> str:
    result = subprocess.run(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    if result.returncode:
        raise SystemExit(f"{' '.join(words)} failed; see above.")
    return result.stdout
