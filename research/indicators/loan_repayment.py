"""Indicator P5, dollars distributed by the loan repayment program: one definition, in code and in words.

Readers see fewer lines than staff. Reports count people from July 1 on, so the difference of two of them tells how
many came between: a line is published only where every number, and its difference to each published line of the year,
is nothing or at least ten. Others wait until enough people have come.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from legislation.models import AppropriationFigure
from partners.fiscal_year import FiscalYear, Period
from research.models import LoanProgram, ProgramReport
from surveys.results import SMALLEST

DEFINITION = gettext_lazy(
    "Dollars that the program distributed, as its newest report for the fiscal year says, ÷ the appropriation enacted "
    "for that year. Reports count from July 1 on; a quarter tells how things stood by its end. Average: dollars ÷ "
    "awards. Coverage: quarters that began and have a report of their own ÷ quarters that began. Sums and counts alone "
    "are kept, and nothing about a borrower."
)
WITHHELD = gettext_lazy(
    "A line that would tell of fewer than ten people, by itself or compared with another line, is withheld until a "
    "later report."
)


@dataclass(frozen=True)
class Standing:
    """How the program stood at the end of a period, as the newest report by then says; nothing without one."""

    label: str
    report: ProgramReport | None
    appropriation: Decimal | None

    @property
    def percent(self) -> float | None:
        """Dollars ÷ appropriation."""
        if self.report is None or not self.appropriation:
            return None
        return round(float(100 * self.report.dollars / self.appropriation), 1)

    @property
    def average(self) -> Decimal | None:
        """Dollars ÷ awards, in whole dollars."""
        if self.report is None or not self.report.awards:
            return None
        return (self.report.dollars / self.report.awards).quantize(Decimal(1), ROUND_HALF_UP)


@dataclass(frozen=True)
class LoanYear:
    """P5 of one fiscal year. `lines` are its reports, the earliest first; `withheld` of them are not shown."""

    year: FiscalYear
    figure: AppropriationFigure | None
    total: Standing
    lines: list[Standing] = field(default_factory=list)
    quarters: list[Standing] = field(default_factory=list)
    reported: int = 0
    withheld: int = 0
    definition: str | Promise = DEFINITION

    @property
    def coverage_percent(self) -> float | None:
        """Quarters with a report of their own ÷ quarters that began."""
        return round(100 * self.reported / len(self.quarters), 1) if self.quarters else None


def publishable(reports: Iterable[ProgramReport]) -> list[ProgramReport]:
    """One year's reports, the earliest first, without those that would tell of fewer than ten people."""
    shown: list[ProgramReport] = []
    for report in reports:
        if all(_keeps_secret(one, report) for one in (None, *shown)):
            shown.append(report)
    return shown


def _keeps_secret(earlier: ProgramReport | None, later: ProgramReport) -> bool:
    """Whether no number of one, compared with the other's, speaks of one to nine people."""
    then, now = _groups(earlier), _groups(later)
    return all(abs(now[name] - then.get(name, 0)) not in range(1, SMALLEST) for name in now)


def _groups(report: ProgramReport | None) -> dict[str, int]:
    """The groups of people a report speaks of, also by subtraction: those who applied and got nothing."""
    if report is None:
        return {}
    groups = {"awards": report.awards}
    if report.applicants is not None:
        groups |= {"applicants": report.applicants, "without": report.applicants - report.awards}
    return groups


def appropriations(program: LoanProgram | None) -> dict[int, AppropriationFigure]:
    """What was enacted for the program, by fiscal year. One query."""
    if program is None or program.ask_id is None:
        return {}
    figures = AppropriationFigure.objects.filter(ask=program.ask_id, step=AppropriationFigure.Step.ENACTED)
    return {figure.year: figure for figure in figures}


def loan_years(program: LoanProgram | None, today: date, *, published: bool) -> list[LoanYear]:
    """P5 of every year with a report or an appropriation that began, the newest first. Two queries.

    `published`: only what readers may see.
    """
    figures = appropriations(program)
    reports: dict[int, list[ProgramReport]] = defaultdict(list)
    for report in ProgramReport.objects.by(today):
        reports[report.year].append(report)
    years = sorted({*reports, *figures} & set(range(FiscalYear.of(today).year + 1)), reverse=True)
    return [_year(FiscalYear(year), reports[year], figures, today, published) for year in years]


def _year(
    year: FiscalYear,
    reports: Sequence[ProgramReport],
    figures: Mapping[int, AppropriationFigure],
    today: date,
    published: bool,
) -> LoanYear:
    figure = figures.get(year.year)
    shown = publishable(reports) if published else list(reports)
    money = figure.amount if figure else None
    begun = [quarter for quarter in year.quarters if quarter.first <= today]
    return LoanYear(
        year=year,
        figure=figure,
        total=Standing(year.label, shown[-1] if shown else None, money),
        lines=[Standing(year.label, report, money) for report in shown],
        quarters=[Standing(quarter.label, _by(shown, quarter), money) for quarter in begun],
        reported=sum(any(_is_in(report, quarter) for report in shown) for quarter in begun),
        withheld=len(reports) - len(shown),
    )


def _by(reports: Sequence[ProgramReport], quarter: Period) -> ProgramReport | None:
    return next((report for report in reversed(reports) if report.as_of <= quarter.last), None)


def _is_in(report: ProgramReport, quarter: Period) -> bool:
    return quarter.first <= report.as_of <= quarter.last
