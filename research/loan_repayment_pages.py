"""What the pages about the loan repayment program show: the row that describes it, its chart, its table."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from research.charts import BarChart, bar_chart
from research.indicators.loan_repayment import DEFINITION, WITHHELD, LoanYear, Standing
from research.models import LoanProgram

Row = list[object]


def current_program() -> LoanProgram:
    """The row that staff keep; before they do, what the law alone says, unsaved."""
    found = LoanProgram.objects.select_related("bill", "ask", "toolkit").first()
    return found or LoanProgram(
        name=_("Human Services Professional Loan Repayment Program"),
        summary=_(
            "The state repays a part of the student loans of professionals who stay in community-based human services."
        ),
        agency_name=_("Illinois Student Assistance Commission (ISAC)"),
        agency_url="https://www.isac.org/",
        law="PA 102-1089 (110 ILCS 997)",
    )


def money_chart(years: Sequence[LoanYear]) -> BarChart | None:
    """Dollars distributed beside the appropriation, the earliest year first; none while there is nothing to draw."""
    rows = [
        (
            found.year.label,
            [
                float(found.total.report.dollars) if found.total.report else None,
                float(found.figure.amount) if found.figure else None,
            ],
        )
        for found in reversed(years)
    ]
    if not rows:
        return None
    return bar_chart(
        rows,
        title=_("Dollars distributed and appropriated by fiscal year"),
        unit=_("dollars"),
        series=[_("distributed"), _("appropriated")],
    )


def loan_rows(years: Iterable[LoanYear], *, quarters: bool = False) -> Iterator[Row]:
    """A line for each report, with `quarters` one for each quarter; the definition stands at the end."""
    yield [
        _("fiscal year"),
        _("period"),
        _("as of"),
        _("applicants"),
        _("awards"),
        _("dollars distributed"),
        _("average, dollars"),
        _("appropriation, dollars"),
        _("distributed ÷ appropriation, %"),
        _("source"),
        _("address of the source"),
        _("note"),
    ]
    withheld = False
    for found in years:
        withheld = withheld or bool(found.withheld)
        for line in found.quarters if quarters else found.lines:
            yield [found.year.label, line.label, *_cells(line)]
        if quarters:
            coverage = "" if found.coverage_percent is None else found.coverage_percent
            yield [found.year.label, _("coverage: quarters with a report, %"), coverage]
    yield [_("definition"), str(DEFINITION)]
    if withheld:
        yield [_("withheld"), str(WITHHELD)]


def _cells(line: Standing) -> Row:
    report = line.report
    if report is None:
        return ["", "", "", "", "", "" if line.appropriation is None else line.appropriation]
    cells = (report.applicants, report.awards, report.dollars, line.average, line.appropriation, line.percent)
    return [
        report.as_of.isoformat(),
        *("" if cell is None else cell for cell in cells),
        report.source,
        report.source_url,
        report.note,
    ]
