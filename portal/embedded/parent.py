"""Notices that those who started `make run` want it to end, where no signal of theirs reaches us."""

import os
import select
import signal
import sys
from pathlib import Path

_ENDING = (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)


class Parent:
    """The program and the terminal that started us.

    GNU make passes only SIGTERM on. On SIGINT or SIGHUP for itself alone (`kill -INT`, a closed `ssh -t`)
    it waits in its handler until its children end, and never tells them; the kernel shows that signal as
    blocked meanwhile. `wants_to_end` is asked a few times a second.
    """

    def __init__(self, *, watched: bool) -> None:
        self._status = Path(f"/proc/{os.getppid()}/status") if watched else None
        self._seen = 0
        self._terminal: select.poll | None = None
        if watched and sys.stdin is not None and sys.stdin.isatty():
            self._terminal = select.poll()
            self._terminal.register(sys.stdin.fileno(), 0)  # Nothing but a hang-up.

    def wants_to_end(self) -> bool:
        """True once make waits in its handler (seen twice, for it blocks signals briefly elsewhere)."""
        self._seen = self._seen + 1 if self._in_handler() else 0
        return self._seen >= 2 or self._hung_up()

    def _in_handler(self) -> bool:
        if self._status is None:
            return False
        try:
            lines = self._status.read_text().splitlines()
        except OSError:  # Not Linux, or gone; the kernel's own signal tells of the latter.
            return False
        blocked = next((int(line.split()[1], 16) for line in lines if line.startswith("SigBlk:")), 0)
        return any(blocked >> (number - 1) & 1 for number in _ENDING)

    def _hung_up(self) -> bool:
        return bool(self._terminal and self._terminal.poll(0))
