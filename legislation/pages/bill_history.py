"""The lines of a bill's history for its page: by day, the newest first, lines about sponsors folded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from legislation.models import BillAction

# So many lines are shown at once, the earlier ones on demand.
SHOWN = 40


@dataclass
class Day:
    """What happened on one day: `lines` that matter, and `sponsors`, lines about who joined or left."""

    date: date
    lines: list[BillAction] = field(default_factory=list)
    sponsors: list[BillAction] = field(default_factory=list)


@dataclass
class History:
    """The days, the newest first; `earlier` are folded. `number` counts all lines."""

    days: list[Day]
    earlier: list[Day]
    number: int

    @property
    def first(self) -> date | None:
        """The day of the earliest line."""
        days = self.earlier or self.days
        return days[-1].date if days else None


def bill_history(actions: Sequence[BillAction]) -> History:
    """Groups the lines, which come in the order printed."""
    days = []
    newest_first = sorted(actions, key=_when, reverse=True)
    for day, lines in groupby(newest_first, key=lambda action: action.happened_on):
        found = Day(day)
        for line in lines:
            (found.sponsors if line.rule.startswith("sponsor_") else found.lines).append(line)
        days.append(found)
    return History(*_cut(days), number=len(actions))


def _when(action: BillAction) -> tuple[date, int, int]:
    return action.happened_on, action.position, action.pk


def _cut(days: list[Day]) -> tuple[list[Day], list[Day]]:
    shown = 0
    for place, day in enumerate(days):
        shown += len(day.lines) + 1
        if shown > SHOWN and place:
            return days[:place], days[place:]
    return days, []
