"""`make run`: the whole portal on this machine, from databases to mail, until Ctrl-C."""

import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded import ports, processes, programs
from portal.embedded.catcher import EmbeddedCatcher
from portal.embedded.demo_logins import DEMO_LOGINS, PASSWORD
from portal.embedded.lock import AlreadyRunning, RunLock
from portal.embedded.parent import Parent
from portal.embedded.postgres import EmbeddedPostgres
from portal.embedded.processes import Child, StartFailed
from portal.embedded.redis import EmbeddedRedis
from portal.embedded.supervisor import Supervisor

BASE_DIR = Path(__file__).resolve().parents[2]
# Variable that asks for it, the usual one, who listens there.
PORTS = (
    ("WEB_PORT", 8000, "the web server"),
    ("SMTP_PORT", 2525, "the mail catcher"),
    ("REDIS_PORT", 16379, "Redis"),
)
ROOM_NEEDED = 300 * 1024 * 1024  # bytes: data directory, static files and logs of a first start
READY_TIMEOUT = 90.0


class Stopped(Exception):
    """Somebody asked the portal to end while it was starting."""


def say(words: str) -> None:
    """One line to the terminal; a closed terminal must not keep us from ending in order."""
    try:
        print(words, flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - lives as long as the process


def var_dir() -> Path:
    """Where data, logs and locks of this checkout live."""
    return Path(os.environ.get("PORTAL_VAR") or BASE_DIR / "var").resolve()


class Runner:
    """One run of the portal. `run` returns the exit status."""

    def __init__(self, parent: Parent) -> None:
        self.parent = parent
        self.var = var_dir()
        self.lock = RunLock(self.var / "run.lock")
        self.stop_asked = threading.Event()
        self.hurry = False
        self.supervisor = Supervisor(say)
        self.services: list[EmbeddedPostgres | EmbeddedRedis] = []
        self.catcher: EmbeddedCatcher | None = None
        self.preparing: Child | None = None
        self.ports: dict[str, int] = {}
        self.environment: dict[str, str] = {}
        self.began = time.monotonic()

    # --- The whole of it -----------------------------------------------------------------------------------

    def run(self) -> int:
        """Start everything, watch it, end everything."""
        try:
            self._check_room()
            self.lock.take()
        except AlreadyRunning as error:
            say(str(error))
            return 1
        except (StartFailed, OSError) as error:
            say(f"The portal cannot start: {error}")
            return 1
        self._listen_to_signals()
        try:
            self._start()
            self._watch()
            return 0
        except Stopped:
            return 0
        except (StartFailed, OSError) as error:
            say(f"The portal cannot start: {error}")
            return 1
        finally:
            self._end()

    def _start(self) -> None:
        left = processes.end_leftovers(self.var / "run", grace=2.0)
        if left:
            say(f"Ended what an earlier run left: {', '.join(left)}")
        self._choose_ports()
        self._start_databases()
        self._choose_environment()
        self._start_catcher()
        self._prepare()
        address = self.environment["SITE_URL"]
        web = self._launch("web", programs.web(int(self.environment["WEB_PORT"])))
        self._wait_for_web(web)
        # Only now: on a small machine they would double the time until the first page.
        for name, argv in programs.workers().items():
            self._launch(name, argv)
        self.lock.write({"pid": os.getpid(), "address": address})
        self._greet(address)

    def _watch(self) -> None:
        while not self.stop_asked.wait(0.25):
            self._stop_if_asked()
            self.supervisor.check()

    # --- Steps of the start --------------------------------------------------------------------------------

    def _check_room(self) -> None:
        """Fail early, in words, on a directory that cannot be written or a disk that is full."""
        try:
            self.var.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.var):
                pass
        except OSError as error:
            raise StartFailed(f"nothing can be written to {self.var}: {error.strerror}.") from error
        free = shutil.disk_usage(self.var).free
        if free < ROOM_NEEDED:
            raise StartFailed(
                f"only {free // 2**20} MB are free for {self.var}; it needs {ROOM_NEEDED // 2**20}."
            )

    def _start_databases(self) -> None:
        logs, pids = self.var / "log", self.var / "run"
        if not os.environ.get("DATABASE_URL"):
            postgres = EmbeddedPostgres(self.var / "postgres", log=logs / "postgres.log", say=say)
            self._start_service("PostgreSQL", postgres)
        if not os.environ.get("REDIS_URL"):
            redis = EmbeddedRedis(
                self.var / "redis",
                log=logs / "redis.log",
                port=self.ports["REDIS_PORT"],
                pid_file=pids / "redis.pid",
                say=say,
            )
            self._start_service("Redis", redis)

    def _start_service(self, name: str, service: EmbeddedPostgres | EmbeddedRedis) -> None:
        self._stop_if_asked()
        self.services.append(service)
        with _timed(f"{name} is up"):
            service.start()
        self.supervisor.watch(service.child, service.start)

    def _choose_environment(self) -> None:
        """What every process of the portal gets to know."""
        web_port = self.ports["WEB_PORT"]
        chosen = {
            "PORTAL_MODE": "embedded",
            "PORTAL_VAR": str(self.var),
            "SECRET_KEY": os.environ.get("SECRET_KEY") or self._secret_key(),
            "SITE_URL": f"http://localhost:{web_port}",
            "WEB_PORT": str(web_port),
            # Always the catcher: demonstration mail must never reach a real person.
            "EMAIL_HOST": ports.LOOPBACK,
            "EMAIL_PORT": str(self.ports["SMTP_PORT"]),
            "EMAIL_HOST_USER": "",
            "EMAIL_HOST_PASSWORD": "",
            "EMAIL_USE_TLS": "0",
            "EMAIL_USE_SSL": "0",
            "PYTHONUNBUFFERED": "1",
        }
        for service in self.services:
            if isinstance(service, EmbeddedPostgres):
                chosen["DATABASE_URL"] = service.database_url
            else:
                chosen["REDIS_URL"] = service.url
        self.environment = {**os.environ, **chosen}
        _write_private(self.var / "run" / "environment.json", json.dumps(self._shared(chosen)))

    def _shared(self, chosen: dict[str, str]) -> dict[str, str]:
        """What `python -m portal.embedded manage …` needs to reach this run from another terminal."""
        return chosen | {name: self.environment[name] for name in ("DATABASE_URL", "REDIS_URL")}

    def _choose_ports(self) -> None:
        """Before anything else starts, so that a wrong number is said at once."""
        for variable, usual, what in PORTS:
            if not (variable == "REDIS_PORT" and os.environ.get("REDIS_URL")):
                self.ports[variable] = self._port(variable, usual, what)

    def _port(self, variable: str, usual: int, what: str) -> int:
        """The port asked for, or the next free one, and then in words."""
        asked = os.environ.get(variable) or str(usual)
        if not asked.isdigit() or not 0 < int(asked) < 65536:
            raise StartFailed(f"{variable} must be a port between 1 and 65535, not {asked!r}.")
        port = ports.next_free(int(asked))
        if port != int(asked):
            say(f"Port {asked} is taken or not allowed, so {what} uses {port}")
        return port

    def _secret_key(self) -> str:
        """The key that signs cookies and links of this checkout, kept so that they outlive a restart."""
        path = self.var / "secret-key"
        if not path.exists():
            _write_private(path, secrets.token_urlsafe(64))
        return path.read_text().strip()

    def _start_catcher(self) -> None:
        self._stop_if_asked()
        self.catcher = EmbeddedCatcher(
            self.var / "mailbox",
            log=self.var / "log" / "catcher.log",
            port=int(self.environment["EMAIL_PORT"]),
            pid_file=self.var / "run" / "catcher.pid",
        )
        self.catcher.child.start()  # Nobody mails yet: it comes up while the database is prepared.
        self.supervisor.watch(self.catcher.child)

    def _prepare(self) -> None:
        """Migrations, static files, demonstration content: a child, so that Ctrl-C ends it at once."""
        log = self.var / "log" / "prepare.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_bytes(b"")
        child = Child(
            name="prepare",
            argv=(sys.executable, "-u", "-m", "portal.embedded.prepare"),
            log=log,
            env=self.environment,
            cwd=BASE_DIR,
            pid_file=self.var / "run" / "prepare.pid",
        )
        self.preparing = child
        child.start()
        with log.open(errors="replace") as lines:
            while child.ended() is None:
                self._stop_if_asked()
                _echo(lines.read())
                time.sleep(0.05)
            status, rest = child.ended(), lines.read()
        child.kill()
        self.preparing = None
        _echo(rest)
        if status:
            raise StartFailed(f"preparing the database or the static files failed; see above and {log}")

    def _launch(self, name: str, argv: list[str]) -> Child:
        self._stop_if_asked()
        child = Child(
            name=name,
            argv=[sys.executable, "-m", *argv],
            log=self.var / "log" / f"{name}.log",
            env=self.environment,
            cwd=BASE_DIR,
            pid_file=self.var / "run" / f"{name}.pid",
        )
        child.start()
        self.supervisor.watch(child)
        return child

    def _wait_for_web(self, web: Child) -> None:
        """Until the web server answers; the first answer may be an error page, which is then named."""
        give_up = time.monotonic() + READY_TIMEOUT
        port = int(self.environment["WEB_PORT"])
        while time.monotonic() < give_up:
            self._stop_if_asked()
            if web.ended() is not None:
                break
            status = programs.http_status(port)
            if status:
                if status >= 500:
                    say(f"The web server answers with {status}; see {web.log}")
                return
            time.sleep(0.05)
        raise StartFailed(f"the web server did not come up. Its log {web.log} ends:\n{web.last_lines()}")

    def _greet(self, address: str) -> None:
        width = max(len(login.email) for login in DEMO_LOGINS)
        logins = "\n".join(f"    {login.email:<{width}}  {login.label}" for login in DEMO_LOGINS)
        say(
            f"\nThe portal is ready ({time.monotonic() - self.began:.1f} s)\n\n"
            f"  Portal        {address}/\n"
            f"  Staff desk    {address}/admin/\n"
            f"  Mail it sent  {address}/mailbox/\n\n"
            f"  Sign in with the password {PASSWORD} as\n{logins}\n\n"
            f"  Logs and data are in {self.var}. Ctrl-C ends everything; the data stays.\n"
        )

    # --- The end -------------------------------------------------------------------------------------------

    def _listen_to_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup ignores SIGHUP, and means it.
                signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _frame: object) -> None:
        """The first asks everything to end; a second Ctrl-C stops waiting for tasks in progress."""
        self.hurry = self.stop_asked.is_set() and number == signal.SIGINT
        self.stop_asked.set()

    def _stop_if_asked(self) -> None:
        if self.stop_asked.is_set() or self.parent.wants_to_end():
            raise Stopped

    def _end(self) -> None:
        """End all in the order in which they need each other: pages and tasks, then mail, then databases."""
        say("\nEnding the portal ...")
        behind = [service.child for service in self.services] + ([self.catcher.child] if self.catcher else [])
        front = [child for child in self.supervisor.children if child not in behind]
        if self.preparing:
            front.append(self.preparing)
        killed = self._end_together(front, grace=10.0)
        if self.catcher:
            self.catcher.stop()
        for service in reversed(self.services):
            service.stop()
        (self.var / "run" / "environment.json").unlink(missing_ok=True)
        self.lock.release()
        if killed:
            say(f"Cut short: {', '.join(killed)} (unfinished work goes on at the next start)")
        say("Everything has ended; nothing is left running.")

    def _end_together(self, children: list[Child], *, grace: float) -> list[str]:
        """Ask all at once, wait together, kill the rest; the names of those that had to be killed."""
        for child in children:
            child.ask_to_end()
        give_up = time.monotonic() + grace
        while (
            time.monotonic() < give_up and not self.hurry and any(child.ended() is None for child in children)
        ):
            time.sleep(0.05)
        late = [child.name for child in children if child.process and child.ended() is None]
        for child in children:
            child.kill()
        return late


def _write_private(path: Path, text: str) -> None:
    """A file that only this account may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)


def _echo(text: str) -> None:
    for line in text.splitlines():
        say(line)


@contextmanager
def _timed(words: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    say(f"{words} ({time.monotonic() - started:.1f} s)")
