"""Indicator R2, opportunities to present: one definition, in code and in words."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.fiscal_year import FiscalYear, Period
from research.models import Opportunity

DEFINITION = _(
    "Opportunities to present that somebody else hosts; what we host ourselves is not counted. Offered: those offered "
    "in the period. Accepted: those of them to which we said yes, whatever came after. Delivered: those of them at "
    "which we have presented by now. Coverage: those that have an answer ÷ all offered. Reach is counted by the day "
    "of the presentation, whenever it was offered: presentations in the period, their hosts, each once on a line, and "
    "the people in their audiences, who may come to several. Coverage of the reach: presentations whose audience was "
    "counted ÷ all."
)
_State = Opportunity.State


@dataclass(frozen=True)
class Offers:
    """R2 under one heading."""

    label: str | Promise
    offered: int = 0
    accepted: int = 0
    delivered: int = 0
    answered: int = 0
    presentations: int = 0
    hosts: int = 0
    audience: int = 0
    counted: int = 0

    @property
    def accepted_percent(self) -> float | None:
        """Accepted ÷ offered."""
        return _percent(self.accepted, self.offered)

    @property
    def delivered_percent(self) -> float | None:
        """Delivered ÷ accepted."""
        return _percent(self.delivered, self.accepted)

    @property
    def coverage_percent(self) -> float | None:
        """Answered ÷ offered."""
        return _percent(self.answered, self.offered)

    @property
    def reach_coverage_percent(self) -> float | None:
        """Presentations whose audience was counted ÷ all."""
        return _percent(self.counted, self.presentations)


@dataclass(frozen=True)
class OpportunitiesToPresent:
    """Indicator R2 of a fiscal year: the year, its quarters, and the year by kind and by report."""

    year: FiscalYear
    total: Offers
    quarters: list[Offers]
    kinds: list[Offers]
    reports: list[Offers]
    definition: str | Promise = DEFINITION


def opportunities_to_present(year: FiscalYear, today: date) -> OpportunitiesToPresent:
    """R2 of a fiscal year; quarters that are still to come are left out. One query."""
    rows = _rows(year.period)
    kinds = dict(Opportunity.Kind.choices)
    return OpportunitiesToPresent(
        year=year,
        total=_offers(year.label, year.period, rows),
        quarters=[
            _offers(quarter.label, quarter, rows) for quarter in year.quarters if quarter.first <= today
        ],
        kinds=_by(year.period, rows, lambda row: (row.kind, kinds[row.kind]), order=list(kinds)),
        reports=_by(year.period, rows, _report),
    )


def _rows(period: Period) -> list[Opportunity]:
    days = (period.first, period.last)
    return list(
        Opportunity.objects.external()
        .filter(Q(offered_on__range=days) | Q(state=_State.DELIVERED, on__range=days))
        .select_related("report")
    )


def _report(row: Opportunity) -> tuple[object, str | Promise]:
    return (row.report_id, row.report.title if row.report else _("no report in particular"))


def _by(
    period: Period,
    rows: Iterable[Opportunity],
    key: Callable[[Opportunity], tuple[object, str | Promise]],
    order: Sequence[object] = (),
) -> list[Offers]:
    """A line for each group that has an opportunity, in the order given or else the most offered first."""
    groups: defaultdict[object, list[Opportunity]] = defaultdict(list)
    labels: dict[object, str | Promise] = {}
    for row in rows:
        value, label = key(row)
        groups[value].append(row)
        labels[value] = label
    lines = {value: _offers(labels[value], period, group) for value, group in groups.items()}
    if order:
        return [lines[value] for value in order if value in lines]
    return sorted(lines.values(), key=lambda line: (-line.offered, -line.presentations, str(line.label)))


def _offers(label: str | Promise, period: Period, rows: Iterable[Opportunity]) -> Offers:
    def within(day: date | None) -> bool:
        return day is not None and period.first <= day <= period.last

    found = list(rows)
    offered = [row for row in found if within(row.offered_on)]
    presented = [row for row in found if row.state == _State.DELIVERED and within(row.on)]
    sizes = [row.audience_size for row in presented if row.audience_size is not None]
    return Offers(
        label=label,
        offered=len(offered),
        accepted=sum(_said_yes(row) for row in offered),
        delivered=sum(row.state == _State.DELIVERED for row in offered),
        answered=sum(row.state != _State.OFFERED for row in offered),
        presentations=len(presented),
        hosts=len({" ".join(row.host.casefold().split()) for row in presented}),
        audience=sum(sizes),
        counted=len(sizes),
    )


def _said_yes(row: Opportunity) -> bool:
    """Whoever declined said no; what is withdrawn had our yes, or no answer yet."""
    if row.state == _State.WITHDRAWN:
        return row.answered_on is not None
    return row.state in {_State.ACCEPTED, _State.DELIVERED}


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
