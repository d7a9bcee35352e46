"""Indicator F4, training scholarships: one definition, in code and in words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.fiscal_year import CHICAGO, FiscalYear, Period
from surveys.results import SMALLEST
from surveys.suppression import withheld_cells
from trainings.breakdowns import (
    COARSE,
    LEADER_QUESTIONS,
    Group,
    Way,
    hidden_groups,
    leaders_told,
    ways,
)
from trainings.models import ScholarshipAward, ScholarshipFund

SCHOLARSHIPS_DEFINITION = _(
    "Four numbers that are never added up. Funded: dollars given to scholarship funds, by the day they were given. "
    "Offered: dollars of scholarships awarded in the period, whatever became of them. Used: dollars of scholarships "
    "whose person took part in a session in the period. Seats: seats that were used with a scholarship; a person who "
    "took part in two sessions used two. The breakdowns count awards by the person's organization at that time; its "
    "council, county, sub-sectors and budget are those of today, and its districts are estimated from its ZIP code. An "
    "organization of two sub-sectors counts in both. People without an organization stand in a line of their own. "
    "Published tables withhold lines of fewer than ten awards, seats or people, with as many others as it takes that "
    "none can be worked out, and leave counties and House districts out."
)
SCHOLARSHIP_LEADERS_DEFINITION = _(
    "Leader identity: what leaders of organizations whose people were awarded or used a scholarship told about "
    "themselves within 12 months before the end of the year, or before today while it runs. A leader may belong to "
    "several groups. “Prefer not to say” counts as answered and stands in no group. Groups of fewer than ten awards, "
    "seats, people or organizations are withheld here too, with as many others as it takes that none can be worked "
    "out. Coverage: organizations that answered ÷ all whose people were awarded or used a scholarship."
)


@dataclass(frozen=True)
class Scholarships:
    """The four numbers under one heading. `offers` counts the awards behind “offered”, `people` who used a seat."""

    label: str | Promise
    funded: Decimal = Decimal(0)
    offered: Decimal = Decimal(0)
    used: Decimal = Decimal(0)
    offers: int = 0
    seats: int = 0
    people: int = 0
    organizations: int = 0
    is_withheld: bool = False


@dataclass(frozen=True)
class ScholarshipLeaders:
    """F4 by one question about leaders. Without `rows` so few answered that nothing can be told."""

    label: str | Promise
    rows: list[Scholarships]
    answered: int
    organizations: int

    @property
    def coverage_percent(self) -> float | None:
        """Organizations that answered ÷ all whose people were awarded or used a scholarship."""
        return round(100 * self.answered / self.organizations, 1) if self.organizations else None


@dataclass(frozen=True)
class ScholarshipReport:
    """F4 of one fiscal year: the year, its quarters, and the breakdowns (without “funded”, which has no place)."""

    year: FiscalYear
    total: Scholarships
    quarters: list[Scholarships]
    breakdowns: list[tuple[str | Promise, list[Scholarships]]]
    leaders: Sequence[ScholarshipLeaders] = ()
    for_publication: bool = False
    definition: str | Promise = SCHOLARSHIPS_DEFINITION
    leaders_definition: str | Promise = SCHOLARSHIP_LEADERS_DEFINITION


def scholarships(year: FiscalYear, now: datetime, *, is_public: bool = False) -> ScholarshipReport:
    """F4 of a fiscal year as of `now`. `is_public` withholds small lines.

    Five queries and those that ZIP codes take, however many awards.
    """
    funds = _funds(year, now)
    awards = list(_awards(year, now))
    organizations = {pk for row in awards if (pk := _organization(row)) is not None}
    found = ScholarshipReport(
        year=year,
        total=_numbers(year.label, year.period, awards, funds),
        quarters=[_numbers(part.label, part, awards, funds) for part in year.quarters],
        breakdowns=[(way.label, _broken_down(awards, way, year.period)) for way in ways(organizations)],
        leaders=_leaders(awards, organizations, year.period, now),
    )
    return _publishable(found) if is_public else found


def _funds(year: FiscalYear, now: datetime) -> list[tuple[date, Decimal]]:
    last = min(year.last, now.astimezone(CHICAGO).date())
    found = ScholarshipFund.objects.filter(funded_on__gte=year.first, funded_on__lte=last)
    return list(found.values_list("funded_on", "amount"))


def _awards(year: FiscalYear, now: datetime) -> QuerySet[ScholarshipAward]:
    """Awards that were made or used in the year, with the organization of that time."""
    end = min(year.end, now)
    return ScholarshipAward.objects.filter(
        Q(awarded_at__gte=year.start, awarded_at__lt=end) | Q(used_at__gte=year.start, used_at__lt=end)
    ).select_related("request__enrollment")


def _organization(row: ScholarshipAward) -> int | None:
    return row.request.enrollment.organization_id


def _numbers(
    label: str | Promise,
    period: Period,
    awards: Iterable[ScholarshipAward],
    funds: Iterable[tuple[date, Decimal]] = (),
) -> Scholarships:
    rows = list(awards)
    offered = [row for row in rows if period.start <= row.awarded_at < period.end]
    used = [row for row in rows if row.used_at and period.start <= row.used_at < period.end]
    seats = [row.request.enrollment for row in used]
    return Scholarships(
        label=label,
        funded=sum((amount for day, amount in funds if period.first <= day <= period.last), Decimal(0)),
        offered=sum((row.amount for row in offered), Decimal(0)),
        used=sum((row.amount for row in used), Decimal(0)),
        offers=len(offered),
        seats=len(seats),
        people=len({row.person_id for row in seats}),
        organizations=len({row.organization_id for row in seats} - {None}),
    )


def _broken_down(awards: Iterable[ScholarshipAward], way: Way, period: Period) -> list[Scholarships]:
    groups: dict[Group, list[ScholarshipAward]] = defaultdict(list)
    for row in awards:
        for group in way.of(_organization(row)):
            groups[group].append(row)
    return [_numbers(group.label, period, groups[group]) for group in sorted(groups)]


# --- Who leads them ---------------------------------------------------------------------------------------------


def _leaders(
    awards: Sequence[ScholarshipAward], organizations: Collection[int], period: Period, now: datetime
) -> list[ScholarshipLeaders]:
    """By race or ethnicity and by ability status, always without small numbers."""
    told = leaders_told(organizations, min(period.end, now))
    return [
        ScholarshipLeaders(
            label,
            _led(awards, period, choices, told[marker]),
            len(told[marker]),
            len(organizations),
        )
        for marker, label, choices in LEADER_QUESTIONS
    ]


def _led(
    awards: Iterable[ScholarshipAward],
    period: Period,
    choices: Sequence[tuple[str, str | Promise]],
    told: Mapping[int, Sequence[str]],
) -> list[Scholarships]:
    """The lines of one question; none where those who answered are so few that nothing can be told."""
    known = [row for row in awards if _organization(row) in told]

    def of(label: str | Promise, chosen: Collection[int]) -> tuple[Scholarships, int]:
        """One line, and its organizations, also those whose people have not used their scholarship yet."""
        return _numbers(label, period, [row for row in known if _organization(row) in chosen]), len(chosen)

    whole, answered = of("", told)
    if min(answered, whole.offers) < SMALLEST or any(
        0 < number < SMALLEST for number in (whole.seats, whole.people, whole.organizations)
    ):
        return []
    members = [{pk for pk, values in told.items() if value in values} for value, _name in choices]
    lines = [of(name, chosen) for chosen, (_value, name) in zip(members, choices, strict=True)]
    # Who preferred not to say, or said it in own words: a group too, when the others are taken from the total.
    rest, silent = of("", set(told).difference(*members))
    hidden = hidden_groups([number for _line, number in lines], silent, answered)
    for name in ("offers", "seats", "people", "organizations"):
        counts = [getattr(line, name) for line, _number in lines]
        hidden |= hidden_groups(counts, getattr(rest, name), getattr(whole, name))
    return [_gone(line) if place in hidden else line for place, (line, _number) in enumerate(lines)]


# --- For publication --------------------------------------------------------------------------------------------

_ALL = "all"


def _publishable(found: ScholarshipReport) -> ScholarshipReport:
    """The same without small lines. Counties and House districts are left out, as in T1 (`trainings.publication`)."""
    total = found.total
    is_small = any(0 < number < SMALLEST for number in (total.offers, total.seats, total.people))
    coarse = {str(label) for label in COARSE}
    return replace(
        found,
        total=_gone(total) if is_small else total,
        quarters=_thinned(found.quarters, total),
        breakdowns=[
            (label, _thinned(rows, total)) for label, rows in found.breakdowns if str(label) in coarse
        ],
        leaders=() if is_small else found.leaders,
        for_publication=True,
    )


def _thinned(rows: Sequence[Scholarships], total: Scholarships) -> list[Scholarships]:
    """The lines of one table; where its total would have to go, every line goes."""
    hidden: set[object] = set()
    for name in ("offers", "seats", "people"):
        numbers: dict[object, int] = {place: getattr(row, name) for place, row in enumerate(rows)}
        hidden |= withheld_cells({**numbers, _ALL: getattr(total, name)}, [], [(_ALL, list(numbers))])
    return [_gone(row) if _ALL in hidden or place in hidden else row for place, row in enumerate(rows)]


def _gone(row: Scholarships) -> Scholarships:
    """What was given to the funds is told all the same: it is nobody's."""
    return Scholarships(label=row.label, funded=row.funded, is_withheld=True)
