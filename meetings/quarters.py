"""The quarterly rhythm: which Local Area Council meets in which quarter of a fiscal year, and which has no meeting."""

import calendar
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models import Event
from partners.fiscal_year import CHICAGO, FiscalYear, Period
from partners.models import Area


class Weekday(models.IntegerChoices):
    """A day of the week on which councils meet."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")


class Week(models.IntegerChoices):
    """Which of a month's weekdays, such as its second Tuesday."""

    FIRST = 1, _("first")
    SECOND = 2, _("second")
    THIRD = 3, _("third")
    FOURTH = 4, _("fourth")
    LAST = -1, _("last")


class Month(models.IntegerChoices):
    """Which month of a quarter."""

    FIRST = 1, _("first month of the quarter")
    SECOND = 2, _("second month of the quarter")
    THIRD = 3, _("third month of the quarter")


@dataclass(frozen=True)
class Rule:
    """When a council meets in each quarter, by Chicago's clock: such as the second month's second Tuesday at 10:00."""

    month: int = Month.SECOND
    week: int = Week.SECOND
    weekday: int = Weekday.TUESDAY
    at: time = time(10)

    def moment(self, quarter: Period) -> datetime:
        """The meeting's start in a quarter. By the clock on the wall, on either side of summer time."""
        month = quarter.first.month + self.month - 1
        days = [
            day
            for day in calendar.Calendar().itermonthdates(quarter.first.year, month)
            if day.month == month and day.weekday() == self.weekday
        ]
        return datetime.combine(days[self.week if self.week < 0 else self.week - 1], self.at, CHICAGO)


@dataclass
class Cell:
    """One council in one quarter: its meetings, or that there is none."""

    area: Area
    quarter: Period
    today: date
    events: list[Event] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.quarter.last < self.today

    @property
    def is_now(self) -> bool:
        return self.quarter.first <= self.today <= self.quarter.last

    @property
    def is_missing(self) -> bool:
        """Whether something is to be done: no meeting in a quarter that runs or is to come."""
        return not self.events and not self.is_over


def council_meetings(period: Period) -> QuerySet[Event]:
    """Meetings of councils in a period that are not called off."""
    return Event.objects.filter(
        kind=Event.Kind.COUNCIL, starts_at__gte=period.start, starts_at__lt=period.end
    ).exclude(state=Event.State.CANCELLED)


def board(year: FiscalYear, now: datetime) -> list[tuple[Area, list[Cell]]]:
    """Each council with its four quarters. Two queries."""
    found = defaultdict(list)
    for event in council_meetings(year.period).order_by("starts_at"):
        found[event.area_id].append(event)
    today = timezone.localdate(now, CHICAGO)
    return [
        (
            area,
            [
                Cell(
                    area,
                    quarter,
                    today,
                    [e for e in found[area.pk] if quarter.start <= e.starts_at < quarter.end],
                )
                for quarter in year.quarters
            ],
        )
        for area in Area.objects.all()
    ]


def quarter_of(moment: datetime) -> Period:
    """The quarter of a fiscal year in which a moment lies, by Chicago's calendar."""
    day = timezone.localdate(moment, CHICAGO)
    return next(quarter for quarter in FiscalYear.of(day).quarters if quarter.first <= day <= quarter.last)


def areas_without_meeting(now: datetime) -> tuple[Period, list[Area]]:
    """Councils that have no meeting in the quarter that runs, be it planned or held. One query."""
    quarter = quarter_of(now)
    meets = council_meetings(quarter).filter(area=OuterRef("pk"))
    return quarter, list(Area.objects.filter(~Exists(meets)))
