"""The two chambers and the General Assemblies: facts of the constitution that never come from a feed."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Chamber(models.TextChoices):
    """Where something is or was decided. The words are Open Civic Data's."""

    LOWER = "lower", _("House")
    UPPER = "upper", _("Senate")


SEATS = {Chamber.LOWER: 118, Chamber.UPPER: 59}


def senate_district(house: int) -> int:
    """The Senate district that a House district lies in."""
    return (house + 1) // 2


def house_districts(senate: int) -> tuple[int, int]:
    """The two House districts that make up a Senate district."""
    return 2 * senate - 1, 2 * senate


@dataclass(frozen=True, order=True)
class GeneralAssembly:
    """One two-year legislature; the 104th sits in 2025 and 2026. Bill numbers restart with each."""

    number: int

    @classmethod
    def of(cls, day: date) -> "GeneralAssembly":
        """The General Assembly in office on a day. A new one convenes on the second Wednesday of January."""
        number = 104 + (day.year - 2025) // 2
        assembly = cls(number)
        return assembly if day >= assembly.first else cls(number - 1)

    @classmethod
    def current(cls) -> "GeneralAssembly":
        return cls.of(timezone.localdate())

    @property
    def year(self) -> int:
        """The first of its two calendar years."""
        return 2025 + 2 * (self.number - 104)

    @property
    def first(self) -> date:
        """The second Wednesday of January of its first year."""
        january = date(self.year, 1, 1)
        return date(self.year, 1, 1 + (2 - january.weekday()) % 7 + 7)

    @property
    def last(self) -> date:
        """The day before the next one convenes."""
        return date.fromordinal(GeneralAssembly(self.number + 1).first.toordinal() - 1)

    @property
    def ordinal(self) -> str:
        """Such as `104th`, as the General Assembly prints it."""
        tens, ones = self.number % 100, self.number % 10
        ending = "th" if 11 <= tens <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(ones, "th")
        return f"{self.number}{ending}"

    def __str__(self) -> str:
        return self.ordinal
