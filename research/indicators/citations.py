"""Indicator R3, external citations: one definition, in code and in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.fiscal_year import FiscalYear, Period
from research.models import Citation

DEFINITION = _(
    "Pages on which media, state government, sector leaders or legislators cite a report of ours, dated in the period. "
    "Only what somebody has opened and verified counts. A page is counted once on each line, by its address in one "
    "spelling, also when it cites two reports; so lines do not add up to their total. Citations in academic work are "
    "counted apart. Coverage: citations that somebody has looked up ÷ all that were entered or suggested for the "
    "period."
)
_Kind, _State = Citation.Kind, Citation.State
COUNTED = (_Kind.MEDIA, _Kind.STATE_GOVERNMENT, _Kind.SECTOR_LEADER, _Kind.LEGISLATOR)


@dataclass(frozen=True)
class Cited:
    """R3 under one heading."""

    label: str | Promise
    pages: int = 0
    sources: int = 0
    reports: int = 0
    entered: int = 0
    looked_up: int = 0

    @property
    def coverage_percent(self) -> float | None:
        """Looked up ÷ all entered or suggested."""
        return round(100 * self.looked_up / self.entered, 1) if self.entered else None


@dataclass(frozen=True)
class ExternalCitations:
    """Indicator R3 of a fiscal year: the year, its quarters, and the year by kind and by report."""

    year: FiscalYear
    total: Cited
    quarters: list[Cited]
    kinds: list[Cited]
    academic: Cited
    reports: list[Cited]
    definition: str | Promise = DEFINITION


def external_citations(year: FiscalYear, today: date) -> ExternalCitations:
    """R3 of a fiscal year; quarters that are still to come are left out. One query."""
    every = list(Citation.objects.cited_in(year.period).select_related("report"))
    rows = [row for row in every if row.kind in COUNTED]
    titles = {row.report_id: row.report.title for row in rows}
    by_report = [
        _cited(title, year.period, [row for row in rows if row.report_id == number])
        for number, title in titles.items()
    ]
    return ExternalCitations(
        year=year,
        total=_cited(year.label, year.period, rows),
        quarters=[
            _cited(quarter.label, quarter, rows) for quarter in year.quarters if quarter.first <= today
        ],
        kinds=[
            _cited(kind.label, year.period, [row for row in rows if row.kind == kind]) for kind in COUNTED
        ],
        academic=_cited(
            _Kind.ACADEMIC.label, year.period, [row for row in every if row.kind == _Kind.ACADEMIC]
        ),
        reports=sorted(by_report, key=lambda line: (-line.pages, str(line.label))),
    )


def _cited(label: str | Promise, period: Period, rows: Iterable[Citation]) -> Cited:
    found = [row for row in rows if period.first <= row.cited_on <= period.last]
    verified = [row for row in found if row.state == _State.VERIFIED]
    return Cited(
        label=label,
        pages=len({row.normalized_url for row in verified}),
        sources=len({" ".join(row.outlet.casefold().split()) for row in verified}),
        reports=len({row.report_id for row in verified}),
        entered=len(found),
        looked_up=sum(row.state != _State.SUGGESTED for row in found),
    )
