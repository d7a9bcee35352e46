"""Indicator P5: the arithmetic, what readers must not be able to work out, and what the database holds to."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from legislation.models import AppropriationAsk, AppropriationFigure
from partners.fiscal_year import FiscalYear
from research.indicators.loan_repayment import DEFINITION, loan_years, publishable
from research.models import EligibilityAnswer, LoanProgram, ProgramReport
from tests.factories.partners import CoalitionFactory, StaffFactory, UserFactory
from tests.factories.research_loan_repayment import LoanProgramFactory, ProgramReportFactory, criterion
from tests.meetings.reading import content

TODAY = date(2026, 3, 31)


@pytest.fixture
def program() -> LoanProgram:
    """$5.25 million enacted for FY25; for FY26 only asked for."""
    ask = AppropriationAsk.objects.create(name="Loan repayment", slug="loan-repayment", purpose="Loans")
    for year, step, amount in (
        (2025, "enacted", 5_250_000),
        (2025, "asked", 15_000_000),
        (2026, "asked", 15_000_000),
    ):
        AppropriationFigure.objects.create(ask=ask, year=year, step=step, amount=amount, source="Budget")
    return LoanProgramFactory(ask=ask)


@pytest.mark.django_db
def test_dollars_are_set_against_the_enacted_appropriation_by_year_and_quarter(program):
    ProgramReportFactory(as_of=date(2024, 12, 31), applicants=300, awards=0, dollars=0)
    ProgramReportFactory(as_of=date(2025, 5, 15), applicants=800, awards=200, dollars=1_312_500)
    # Paid in the year, told after it: it counts for the year and for no quarter's end.
    ProgramReportFactory(as_of=date(2025, 8, 1), applicants=1000, awards=400, dollars=2_625_000)
    ProgramReportFactory(year=2026, as_of=date(2026, 1, 10), applicants=None, awards=50, dollars=300_000)
    # Told about a day after the one we look from.
    ProgramReportFactory(year=2026, as_of=date(2026, 4, 30), applicants=None, awards=500, dollars=3_000_000)
    running, last = loan_years(program, TODAY, published=False)
    assert (last.year, last.total.percent, last.total.average) == (
        FiscalYear(2025),
        50.0,
        6563,
    )
    assert [(one.label, one.report and one.report.awards, one.percent) for one in last.quarters] == [
        ("FY25 Q1", None, None),
        ("FY25 Q2", 0, 0.0),
        ("FY25 Q3", 0, 0.0),
        ("FY25 Q4", 200, 25.0),
    ]
    assert (last.reported, last.coverage_percent) == (2, 50.0)
    # Nothing enacted is known for FY26: what was asked for is no appropriation.
    assert (running.total.report.awards, running.total.percent, running.total.average) == (50, None, 6000)
    assert len(running.quarters) == 3


@pytest.mark.django_db
def test_a_year_with_money_and_without_a_report_is_named(program):
    (year,) = loan_years(program, date(2024, 9, 1), published=True)
    assert (year.year.label, year.total.report, year.total.percent, year.coverage_percent) == (
        "FY25",
        None,
        None,
        0.0,
    )
    assert loan_years(None, TODAY, published=True) == []


numbers = st.integers(0, 60)
reports = st.lists(st.tuples(numbers, st.none() | numbers), max_size=7).map(
    lambda rows: [
        ProgramReport(
            year=2025,
            as_of=date(2024, 7, 1) + timedelta(days=place),
            awards=awards,
            applicants=None if more is None else awards + more,
            dollars=awards * 5000,
        )
        for place, (awards, more) in enumerate(rows)
    ]
)


@settings(max_examples=1500, deadline=None)
@given(reports)
def test_no_difference_of_published_lines_tells_of_one_to_nine_people(made):
    shown = publishable(made)
    points = [ProgramReport(awards=0, applicants=0, dollars=0), *shown]
    for place, later in enumerate(points):
        for earlier in points[:place]:
            assert abs(later.awards - earlier.awards) not in range(1, 10)
            if later.applicants is not None and earlier.applicants is not None:
                assert abs(later.applicants - earlier.applicants) not in range(1, 10)
                refused = later.applicants - later.awards, earlier.applicants - earlier.awards
                assert abs(refused[0] - refused[1]) not in range(1, 10)
    # Nothing is withheld without need: reports of ten more people each all stand.
    big = [ProgramReport(awards=awards, applicants=2 * awards, dollars=0) for awards in (10, 25, 60)]
    assert publishable(big) == big


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"awards": 11, "applicants": 10}, "programreport_awards_of_applicants"),
        ({"dollars": -1}, "programreport_dollars_not_negative"),
        ({"awards": 0, "applicants": 5, "dollars": 100}, "programreport_dollars_have_awards"),
        ({"year": 2022, "as_of": date(2022, 1, 1)}, "programreport_since_the_act"),
    ],
)
def test_numbers_that_cannot_be_are_refused_by_the_database(fields, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ProgramReportFactory(**fields)


@pytest.mark.django_db
def test_one_report_a_day_one_program_and_each_answer_once():
    ProgramReportFactory()
    with pytest.raises(IntegrityError, match="programreport_day_once"), transaction.atomic():
        ProgramReportFactory()
    with pytest.raises(IntegrityError, match="loanprogram_one_row"), transaction.atomic():
        LoanProgramFactory(id=2)
    question = criterion()
    with pytest.raises(IntegrityError, match="eligibilityanswer_once"), transaction.atomic():
        EligibilityAnswer.objects.create(criterion=question, words="Yes", meaning="meets")


@pytest.mark.django_db
def test_staff_see_every_line_with_its_definition_on_screen_on_paper_and_as_files(client, program, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()
    ProgramReportFactory(
        as_of=date(2025, 2, 1), applicants=20, awards=4, dollars=20_000, source="=HYPERLINK(1)"
    )
    ProgramReportFactory()
    base = "/admin/research/programreport/numbers"
    client.force_login(UserFactory(is_staff=True))
    assert {client.get(f"{base}{end}").status_code for end in ("/print/", ".csv", ".xlsx")} == {403}
    client.force_login(StaffFactory())
    for page in (content(client.get(f"{base}", follow=True)), content(client.get(f"{base}/print/"))):
        assert str(DEFINITION) in page
        assert "1 report is not shown to readers" in page
        assert "57.1%" in page
    rows = list(csv.reader(StringIO(b"".join(client.get(f"{base}.csv")).decode("utf-8-sig"))))
    third = next(row for row in rows if row[1] == "FY25 Q3")
    assert third[2:7] == ["2025-02-01", "20", "4", "20000.00", "5000"]
    assert third[9] == "'=HYPERLINK(1)"
    sheet = load_workbook(BytesIO(client.get(f"{base}.xlsx").content)).active
    assert [cell.value for cell in sheet[1]][:3] == ["fiscal year", "period", "as of"]
    assert client.get(f"{base}.pdf").status_code == 404


@pytest.mark.django_db
def test_staff_cannot_enter_what_cannot_be(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()
    staff = StaffFactory()
    client.force_login(staff)
    good = {
        "year": "2025",
        "as_of": "2025-06-30",
        "applicants": "100",
        "awards": "40",
        "dollars": "200000",
        "source": "S",
    }
    wrong = (
        ({"as_of": "2024-06-30"}, "The fiscal year begins on"),
        ({"as_of": "2099-01-01"}, "still to come"),
        ({"awards": "101"}, "more awards than applicants"),
        ({"awards": "0"}, "Without an award"),
    )
    for fields, words in wrong:
        assert words in content(client.post("/admin/research/programreport/add/", good | fields))
    client.post("/admin/research/programreport/add/", good)
    report = ProgramReport.objects.get()
    assert (report.entered_by, report.history.count()) == (staff, 1)


def test_pairs_of_reports_in_order_are_compared_with_all_before_them():
    # Up by 40, then down by 35: the first and the last differ by five.
    made = [ProgramReport(awards=awards, applicants=None, dollars=0) for awards in (20, 60, 25)]
    assert [report.awards for report in publishable(made)] == [20, 60]
    assert all(abs(b.awards - a.awards) >= 10 for a, b in pairwise(publishable(made)))
