"""Indicator T3, participants who then seek technical assistance: one definition, in code and in words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from partners.fiscal_year import CHICAGO, FiscalYear, Period
from trainings.indicators import begun, enrolled_between, share
from trainings.models import AssistanceRequest

ASSISTANCE_DEFINITION = gettext_lazy(
    "Participants: people who attended at least one session in the fiscal year, each in the quarter of their first. "
    "Share: participants who asked for technical assistance from the start of that first session until the same day "
    "one year later ÷ participants. Change: percentage points between this share and that of the fiscal year before. "
    "While some of these 12 months still run, the share can still rise."
)


@dataclass(frozen=True)
class Assisted:
    """T3 under one heading. Of those who have not `asked`, the 12 months of `running` people are not over."""

    label: str | Promise
    participants: int = 0
    asked: int = 0
    running: int = 0

    @property
    def percent(self) -> float | None:
        """Asked ÷ participants."""
        return share(self.asked, self.participants)


@dataclass(frozen=True)
class AssistanceAfterTraining:
    """Indicator T3 of a fiscal year, beside the year before."""

    year: FiscalYear
    total: Assisted
    parts: list[Assisted]
    previous: Assisted
    definition: str | Promise = ASSISTANCE_DEFINITION

    @property
    def change(self) -> float | None:
        """Percentage points against the year before; None where one of the years has no participants."""
        now, before = self.total, self.previous
        if not (now.participants and before.participants):
            return None
        return round(100 * (now.asked / now.participants - before.asked / before.participants), 1)


def assistance_after_training(year: FiscalYear, now: datetime) -> AssistanceAfterTraining:
    """T3 of a fiscal year as of `now`; quarters to come are left out. Two queries."""
    before = year.previous()
    firsts = _first_attended(before.start, year.end, now)
    asked = _requests(before.start, now)
    mine = firsts[year]
    return AssistanceAfterTraining(
        year=year,
        total=_assisted(year.label, mine, asked, now),
        parts=[
            _assisted(
                part.label,
                {person: at for person, at in mine.items() if part.start <= at < part.end},
                asked,
                now,
            )
            for part in begun(year.quarters, now)
        ],
        previous=_assisted(before.label, firsts[before], asked, now),
    )


def _first_attended(start: datetime, end: datetime, now: datetime) -> dict[FiscalYear, dict[int, datetime]]:
    """When each person's first attended session of each fiscal year started."""
    found: dict[FiscalYear, dict[int, datetime]] = defaultdict(dict)
    there = enrolled_between(start, end, now).attended()
    rows = there.order_by("session__starts_at").values_list("person", "session__starts_at")
    for person, starts_at in rows:
        found[FiscalYear.of(starts_at)].setdefault(person, starts_at)
    return found


def _requests(start: datetime, now: datetime) -> dict[int, list[datetime]]:
    """When each person asked for assistance."""
    found: dict[int, list[datetime]] = defaultdict(list)
    rows = AssistanceRequest.objects.filter(opened_at__gte=start, opened_at__lte=now).order_by()
    for person, opened_at in rows.values_list("person", "opened_at"):
        found[person].append(opened_at)
    return found


def _assisted(
    label: str, firsts: dict[int, datetime], requests: dict[int, list[datetime]], now: datetime
) -> Assisted:
    asked = running = 0
    for person, first in firsts.items():
        until = _a_year_after(first)
        if any(first <= opened < until for opened in requests.get(person, ())):
            asked += 1
        elif now < until:
            running += 1
    return Assisted(label, len(firsts), asked, running)


def _a_year_after(first: datetime) -> datetime:
    """The end of the same day one year later, in Chicago; of February 28 for a February 29."""
    day = timezone.localdate(first, CHICAGO)
    is_leap_day = (day.month, day.day) == (2, 29)
    last = date(day.year + 1, day.month, 28 if is_leap_day else day.day)
    return Period("", last, last).end
