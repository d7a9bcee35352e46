"""What a check finds: how bad it is, what it is in words, and where in the editor."""

from dataclasses import dataclass
from typing import Literal

STOP, WARN = "stop", "warn"


@dataclass(frozen=True)
class Problem:
    """One finding. "stop" keeps the alert from going out; "warn" is for staff to weigh."""

    level: Literal["stop", "warn"]
    words: str
    where: str = ""

    @property
    def stops(self) -> bool:
        return self.level == STOP

    def __str__(self) -> str:
        return f"{self.where}: {self.words}" if self.where else self.words


def stop(words: str, where: str = "") -> Problem:
    """A finding that keeps the alert from going out."""
    return Problem("stop", words, where)


def warn(words: str, where: str = "") -> Problem:
    """A finding that staff weigh."""
    return Problem("warn", words, where)
