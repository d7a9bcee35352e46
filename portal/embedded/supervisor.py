"""Keeps the portal's processes alive: what ends unasked is started again, after growing pauses."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from portal.embedded.processes import Child, StartFailed, kill_group

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# One that ran this long was well; its next end counts as the first again.
WELL_AFTER = 60.0


@dataclass
class _Watched:
    child: Child
    start: Callable[[], None]
    pause: float = FIRST_PAUSE
    due: float | None = None


class Supervisor:
    """Watches processes; `check` is called a few times a second."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self._watched: list[_Watched] = []

    @property
    def children(self) -> list[Child]:
        """What is watched, in the order of its start."""
        return [watched.child for watched in self._watched]

    def watch(self, child: Child, start: Callable[[], None] | None = None) -> None:
        """Watch `child`, already started; `start` brings it back where that takes more than starting it."""
        self._watched.append(_Watched(child, start or child.start))

    def check(self) -> None:
        """Notice those that ended, and start again those whose pause is over."""
        for watched in self._watched:
            if watched.due is not None:
                if time.monotonic() >= watched.due:
                    self._bring_back(watched)
            elif watched.child.ended() is not None:
                self._mourn(watched)

    def _mourn(self, watched: _Watched) -> None:
        child = watched.child
        status = child.ended()
        kill_group(child.pid)  # A dead parent's own workers would hold its port or its queue.
        if time.monotonic() - child.started > WELL_AFTER:
            watched.pause = FIRST_PAUSE
        self.say(
            f"{child.name} ended unasked ({_status(status)}); starting it again in {watched.pause:.0f} s. "
            f"Its log {child.log} ends:\n{child.last_lines(8)}"
        )
        self._plan(watched)

    def _plan(self, watched: _Watched) -> None:
        watched.due = time.monotonic() + watched.pause
        watched.pause = min(watched.pause * 2, LONGEST_PAUSE)

    def _bring_back(self, watched: _Watched) -> None:
        try:
            watched.start()
        except (StartFailed, OSError) as error:
            self.say(f"{watched.child.name} did not come back: {error}")
            self._plan(watched)
            return
        watched.due = None
        self.say(f"{watched.child.name} runs again (process {watched.child.pid})")


def _status(status: int | None) -> str:
    if status is None:
        return "no status"
    return f"signal {-status}" if status < 0 else f"status {status}"
