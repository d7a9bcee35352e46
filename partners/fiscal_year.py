"""The Illinois fiscal year, by which every number is told: FY25 runs from July 1, 2024 to June 30, 2025."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

CHICAGO = ZoneInfo("America/Chicago")
# Nothing in the portal is older, and no sum of days before the year 1 can be asked for.
FIRST_READ = 2001


@dataclass(frozen=True)
class Period:
    """A stretch of whole days in Chicago, `first` and `last` included."""

    label: str
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first moment of the period."""
        return datetime.combine(self.first, time.min, CHICAGO)

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return datetime.combine(date.fromordinal(self.last.toordinal() + 1), time.min, CHICAGO)


@dataclass(frozen=True, order=True)
class FiscalYear:
    """One fiscal year, named after the calendar year in which it ends: `FiscalYear(2025)` is FY25."""

    year: int

    @classmethod
    def of(cls, day: date | datetime) -> "FiscalYear":
        """The fiscal year a day lies in; a moment counts by Chicago's calendar."""
        if isinstance(day, datetime):
            day = timezone.localtime(day, CHICAGO).date()
        return cls(day.year + (day.month >= 7))

    @classmethod
    def current(cls) -> "FiscalYear":
        """The fiscal year of this moment."""
        return cls.of(timezone.now())

    @classmethod
    def read(cls, text: str) -> "FiscalYear":
        """The year an address names by its four digits; this one if it names none, or one that is still to come."""
        current = cls.current()
        named = text.isascii() and text.isdigit() and len(text) == 4
        return cls(int(text)) if named and FIRST_READ <= int(text) <= current.year else current

    @classmethod
    def recent(cls, count: int = 5) -> list["FiscalYear"]:
        """So many years to choose from, this one first."""
        current = cls.current()
        return [cls(current.year - back) for back in range(count)]

    @property
    def label(self) -> str:
        """Such as `FY25`."""
        return f"FY{self.year % 100:02d}"

    @property
    def first(self) -> date:
        return date(self.year - 1, 7, 1)

    @property
    def last(self) -> date:
        return date(self.year, 6, 30)

    @property
    def start(self) -> datetime:
        """The first moment of the year, in Chicago."""
        return self.period.start

    @property
    def end(self) -> datetime:
        """The first moment after the year, in Chicago."""
        return self.period.end

    @property
    def period(self) -> Period:
        """The whole year."""
        return Period(self.label, self.first, self.last)

    @property
    def quarters(self) -> tuple[Period, ...]:
        """Q1 (July to September) to Q4 (April to June)."""
        years = (self.year - 1, self.year - 1, self.year, self.year)
        bounds = ((7, 9, 30), (10, 12, 31), (1, 3, 31), (4, 6, 30))
        return tuple(
            Period(f"{self.label} Q{number}", date(year, begin, 1), date(year, finish, last))
            for number, (year, (begin, finish, last)) in enumerate(zip(years, bounds, strict=True), start=1)
        )

    def previous(self) -> "FiscalYear":
        """The year before."""
        return FiscalYear(self.year - 1)

    def __str__(self) -> str:
        return self.label
