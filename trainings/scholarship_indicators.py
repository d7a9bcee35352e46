"""Indicator F4, training scholarships: one definition, in code and in words."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.fiscal_year import CHICAGO, FiscalYear, Period
from partners.models import Organization
from surveys.results import SMALLEST
from surveys.suppression import withheld_cells
from trainings.models import ScholarshipAward, ScholarshipFund

SCHOLARSHIPS_DEFINITION = _(
    "Four numbers that are never added up. Funded: dollars given to scholarship funds, by the day they were given. "
    "Offered: dollars of scholarships awarded in the period, whatever became of them. Used: dollars of scholarships "
    "whose person took part in a session in the period. Seats: seats that were used with a scholarship; a person who "
    "took part in two sessions used two. The breakdowns count awards by the person's organization at that time; an "
    "organization of two sub-sectors counts in both. People without an organization stand in a line of their own. "
    "Published tables withhold lines of fewer than ten awards, seats or people, with as many others as it takes that "
    "none can be worked out, and leave counties out."
)
NO_ORGANIZATION = _("no organization")
NOT_SAID = _("not said")


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
class ScholarshipReport:
    """F4 of one fiscal year: the year, its quarters, and the breakdowns (without “funded”, which has no place)."""

    year: FiscalYear
    total: Scholarships
    quarters: list[Scholarships]
    breakdowns: list[tuple[str | Promise, list[Scholarships]]]
    for_publication: bool = False
    definition: str | Promise = SCHOLARSHIPS_DEFINITION


def scholarships(year: FiscalYear, now: datetime, *, is_public: bool = False) -> ScholarshipReport:
    """F4 of a fiscal year as of `now`. Three queries, however many awards. `is_public` withholds small lines."""
    funds = _funds(year, now)
    awards = list(_awards(year, now))
    found = ScholarshipReport(
        year=year,
        total=_numbers(year.label, year.period, awards, funds),
        quarters=[_numbers(part.label, part, awards, funds) for part in year.quarters],
        breakdowns=[(label, _broken_down(awards, of, year.period)) for label, of in _PARTS],
    )
    return _publishable(found) if is_public else found


def _funds(year: FiscalYear, now: datetime) -> list[tuple[date, Decimal]]:
    last = min(year.last, now.astimezone(CHICAGO).date())
    found = ScholarshipFund.objects.filter(funded_on__gte=year.first, funded_on__lte=last)
    return list(found.values_list("funded_on", "amount"))


def _awards(year: FiscalYear, now: datetime) -> QuerySet[ScholarshipAward]:
    """Awards that were made or used in the year, with the organization of that time."""
    end = min(year.end, now)
    related = "request__enrollment__organization"
    return (
        ScholarshipAward.objects.filter(
            Q(awarded_at__gte=year.start, awarded_at__lt=end) | Q(used_at__gte=year.start, used_at__lt=end)
        )
        .select_related(f"{related}__area", f"{related}__county")
        .prefetch_related(f"{related}__sub_sectors")
    )


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


def _broken_down(
    awards: list[ScholarshipAward],
    of: Callable[[Organization], list[str]],
    period: Period,
) -> list[Scholarships]:
    groups: dict[str, list[ScholarshipAward]] = defaultdict(list)
    for row in awards:
        organization = row.request.enrollment.organization
        labels = (of(organization) or [str(NOT_SAID)]) if organization else [str(NO_ORGANIZATION)]
        for label in labels:
            groups[label].append(row)
    return [_numbers(label, period, rows) for label, rows in sorted(groups.items())]


_COUNTY = _("County")
_PARTS: list[tuple[str | Promise, Callable[[Organization], list[str]]]] = [
    (_("Local Area Council"), lambda partner: [partner.area.name]),
    (_COUNTY, lambda partner: [partner.county.name]),
    (_("Sub-sector"), lambda partner: [each.name for each in partner.sub_sectors.all()]),
    (_("Annual budget"), lambda partner: [partner.get_budget_band_display()] if partner.budget_band else []),
]


# --- For publication --------------------------------------------------------------------------------------------

_ALL = "all"


def _publishable(found: ScholarshipReport) -> ScholarshipReport:
    """The same without small lines. Counties are left out: councils would give away what they withhold."""
    total = found.total
    is_small = any(0 < number < SMALLEST for number in (total.offers, total.seats, total.people))
    return replace(
        found,
        total=_gone(total) if is_small else total,
        quarters=_thinned(found.quarters, total),
        breakdowns=[
            (label, _thinned(rows, total)) for label, rows in found.breakdowns if label is not _COUNTY
        ],
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
