"""Whose seat it was on a day, and during a General Assembly: terms as dates, without a database."""

from dataclasses import dataclass
from datetime import date

from legislation.chambers import GeneralAssembly


@dataclass(frozen=True, slots=True)
class Seat:
    """A chamber's seat held from `start` until `end`. An unknown start is long ago, no end means still."""

    chamber: str
    district: int
    start: date | None = None
    end: date | None = None

    @property
    def last_day(self) -> date | None:
        """The last day in the seat. Sources end a term on its last day or on the day the next one convenes."""
        if self.end is None:
            return None
        convenes = GeneralAssembly.of(self.end).first
        return date.fromordinal(self.end.toordinal() - 1) if self.end == convenes else self.end

    def covers(self, day: date) -> bool:
        """Whether it was held on that day."""
        last = self.last_day
        return (self.start is None or self.start <= day) and (last is None or day <= last)

    def touches(self, assembly: GeneralAssembly) -> bool:
        """Whether it was held on any day of that General Assembly."""
        last = self.last_day
        return (self.start is None or self.start <= assembly.last) and (
            last is None or last >= assembly.first
        )
