"""The lines of a bill's history for its page: by day, the newest first, lines about sponsors folded.

Days that follow each other and brought nothing but lines about sponsors are one fold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from legislation.models import BillAction

# `date` is also the name of a field below.
_Date = date
# So many lines are shown at once, the earlier ones on demand.
SHOWN = 40


@dataclass
class Day:
    """What happened on one day: `lines` that matter, and `sponsors`, lines about who joined or left.

    Without `lines` it may stand for several days: from `since` to `date`.
    """

    date: date
    lines: list[BillAction] = field(default_factory=list)
    sponsors: list[BillAction] = field(default_factory=list)
    since: _Date | None = None

    @property
    def is_fold(self) -> bool:
        """Whether only names came or went."""
        return bool(self.sponsors) and not self.lines

    @property
    def sponsors_words(self) -> str:
        """Such as `12 lines about sponsors`; of a fold with its days, `…, March 4 to March 27, 2025`."""
        number = len(self.sponsors)
        words = ngettext("%(number)d line about sponsors", "%(number)d lines about sponsors", number)
        words %= {"number": number}
        if not self.is_fold:
            return words
        return _("%(lines)s, %(days)s") % {
            "lines": words,
            "days": _days_words(self.since or self.date, self.date),
        }


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
        return (days[-1].since or days[-1].date) if days else None


def bill_history(actions: Sequence[BillAction]) -> History:
    """Groups the lines, which come in the order printed."""
    days: list[Day] = []
    newest_first = sorted(actions, key=_when, reverse=True)
    for day, lines in groupby(newest_first, key=lambda action: action.happened_on):
        found = Day(day)
        for line in lines:
            (found.sponsors if line.rule.startswith("sponsor_") else found.lines).append(line)
        if found.is_fold and days and days[-1].is_fold:
            days[-1].sponsors += found.sponsors
            days[-1].since = day
        else:
            days.append(found)
    return History(*_cut(days), number=len(actions))


def _days_words(first: date, last: date) -> str:
    """`March 27, 2025`, `March 4 to March 27, 2025`, `December 2, 2024 to January 8, 2025`."""
    whole = pgettext("date format: March 27, 2025", "F j, Y")
    if first == last:
        return date_format(last, whole)
    start = pgettext("date format: March 4, the year follows", "F j") if first.year == last.year else whole
    return _("%(first)s to %(last)s") % {"first": date_format(first, start), "last": date_format(last, whole)}


def _when(action: BillAction) -> tuple[date, int, int]:
    return action.happened_on, action.position, action.pk


def _cut(days: list[Day]) -> tuple[list[Day], list[Day]]:
    shown = 0
    for place, day in enumerate(days):
        shown += len(day.lines) + 1
        if shown > SHOWN and place:
            return days[:place], days[place:]
    return days, []
