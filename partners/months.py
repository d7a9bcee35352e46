"""A month as a table of weeks, and as a list of the days on which anything is.

The public month of events shows what several floors have: each says so once, in a module that its `AppConfig.ready`
imports, with a function marked `@in_months`.
"""

from calendar import Calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from partners.models import User

# A cell of the month names so many entries; the list below it names all.
SHOWN_IN_CELL = 4
SUNDAY = 6
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Entry:
    """One thing at its hour. `kind` and `detail` are a few words, such as what it is and where."""

    starts_at: datetime
    title: str
    url: str
    kind: str = ""
    detail: str = ""
    is_cancelled: bool = False


@dataclass
class Day:
    """One cell of the month."""

    date: date
    is_inside: bool
    entries: list[Entry] = field(default_factory=list)

    @property
    def shown(self) -> list[Entry]:
        return self.entries[:SHOWN_IN_CELL]

    @property
    def more(self) -> int:
        return len(self.entries) - len(self.shown)


@dataclass
class Month:
    """A month as weeks from Sunday to Saturday, and as a list of its busy days."""

    first: date
    weeks: list[list[Day]]

    @property
    def busy_days(self) -> list[Day]:
        return [day for week in self.weeks for day in week if day.is_inside and day.entries]

    @property
    def number(self) -> int:
        return sum(len(day.entries) for day in self.busy_days)

    @property
    def previous(self) -> date | None:
        return _known((self.first - timedelta(days=1)).replace(day=1))

    @property
    def next(self) -> date | None:
        return _known((self.first + timedelta(days=31)).replace(day=1))


def is_known(year: int, month: int) -> bool:
    """Whether there is a page of this month: there is an end to months."""
    return FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12


def span_of(year: int, month: int) -> tuple[datetime, datetime]:
    """When a month begins and when the next one does, by Chicago's clock."""
    first = date(year, month, 1)
    return midnight(first), midnight((first + timedelta(days=31)).replace(day=1))


def month_with(year: int, month: int, entries: Iterable[Entry]) -> Month:
    """The month with what is in it, each day in the order of the hours."""
    weeks = [
        [Day(day, day.month == month) for day in week]
        for week in Calendar(firstweekday=SUNDAY).monthdatescalendar(year, month)
    ]
    days = {day.date: day for week in weeks for day in week}
    for entry in sorted(entries, key=lambda entry: (entry.starts_at, entry.title, entry.url)):
        days[timezone.localdate(entry.starts_at)].entries.append(entry)
    return Month(date(year, month, 1), weeks)


def midnight(day: date) -> datetime:
    """When a day begins by Chicago's clock."""
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def _known(day: date) -> date | None:
    return day if is_known(day.year, day.month) else None


# --- What floors have ----------------------------------------------------------------------------------------------

Read = Callable[[datetime, datetime, User | AnonymousUser], Iterable[Entry]]
Marked = TypeVar("Marked", bound=Read)
_reads: list[Read] = []


def in_months(read: Marked) -> Marked:
    """Marks a function that reads what begins from one moment until before another, as far as this user may see it."""
    if read not in _reads:
        _reads.append(read)
    return read


def events_of_month(year: int, month: int, user: User | AnonymousUser) -> Month:
    """A month with what all floors have in it for this user."""
    start, end = span_of(year, month)
    return month_with(year, month, [entry for read in _reads for entry in read(start, end, user)])
