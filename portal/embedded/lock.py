"""One `make run` per checkout: a lock that ends with its holder, with words on who holds it."""

import fcntl
import json
import os
from pathlib import Path
from typing import IO, Any


class AlreadyRunning(RuntimeError):
    """Another `make run` holds this checkout; the message names it."""


class RunLock:
    """The lock in `path`; its text tells who holds it and where the portal answers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take it, or raise `AlreadyRunning` with the holder's process id and address."""
        file = self.path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise AlreadyRunning(self._words()) from None
        self._file = file
        self.write({"pid": os.getpid()})

    def write(self, facts: dict[str, Any]) -> None:
        """Replace what the lock tells."""
        if self._file:
            self._file.seek(0)
            self._file.truncate()
            json.dump(facts, self._file)
            self._file.flush()

    def read(self) -> dict[str, Any]:
        """What the holder wrote; empty while it writes."""
        try:
            facts = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}
        return facts if isinstance(facts, dict) else {}

    def is_held(self) -> bool:
        """Whether somebody (perhaps we) runs the portal."""
        if self._file:
            return True
        try:
            with self.path.open("r") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def release(self) -> None:
        """Let the next one in."""
        if self._file:
            self.write({})
            self._file.close()
            self._file = None

    def _words(self) -> str:
        facts = self.read()
        who = f"process {facts['pid']}" if "pid" in facts else "another process"
        where = f" at {facts['address']}" if "address" in facts else ", still starting"
        return f"The portal of this checkout already runs ({who}){where}. End that one first with Ctrl-C."
