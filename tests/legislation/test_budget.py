"""The budget page: shares against the baseline, asks over the years, and nothing invented."""

import csv
import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from legislation.charts import ask_charts, share_chart, signed
from legislation.models import AppropriationAsk, AppropriationFigure, BudgetYear
from tests.factories.legislation import BillFactory

pytestmark = pytest.mark.django_db


def year(number, human, whole=50_000_000_000, **facts):
    return BudgetYear.objects.create(
        year=number,
        general_revenue_fund=whole,
        human_services=human,
        source="Sample budget book, page 1",
        **facts,
    )


def ask(**facts):
    return AppropriationAsk.objects.create(
        **{"name": "Loan repayment", "slug": "loan-repayment", "purpose": "Pays loans of workers."} | facts
    )


def figure(of, number, step, amount, **facts):
    return AppropriationFigure.objects.create(
        ask=of, year=number, step=step, amount=amount, source="Public Act 0", **facts
    )


@pytest.fixture
def three_years():
    return [
        year(2023, 10_000_000_000, is_baseline=True),
        year(2024, 11_000_000_000),
        year(2025, 10_780_000_000, 55_000_000_000, is_enacted=False),
    ]


def get(client):
    return client.get(reverse("legislation:budget"))


def test_without_figures_it_says_so(client):
    page = get(client).content.decode()
    assert "No budget year is entered yet" in page
    assert "No appropriation ask is published yet" in page
    assert '<svg class="bars' not in page


def test_shares_points_and_growth(three_years):
    chart = share_chart(BudgetYear.objects.all())
    base, grown, shrunk = chart.rows
    assert chart.baseline == three_years[0]
    assert (base.points, base.change) == (None, None)
    assert (round(grown.points, 2), round(grown.change, 3), grown.added) == (2.0, 0.1, 1_000_000_000)
    assert (shrunk.points_words, shrunk.change_words) == ("−0.4", "−2.0%")
    assert [row.bar.kind for row in chart.rows] == ["baseline", "enacted", "proposed"]
    # The longest bar fills the drawing but for its margin; the others are in proportion, from zero.
    assert grown.bar.width == 92
    assert base.bar.width == chart.baseline_at == pytest.approx(92 * 20 / 22, abs=0.01)


def test_a_missing_year_is_compared_with_nothing():
    year(2023, 10_000_000_000)
    year(2025, 12_000_000_000)
    chart = share_chart(BudgetYear.objects.all())
    assert chart.baseline is None
    assert [row.change for row in chart.rows] == [None, None]


@pytest.mark.parametrize(
    ("number", "words"), [(1.26, "+1.3"), (-0.04, "0.0"), (0, "0.0"), (-3, "−3.0"), (None, "")]
)
def test_signed_numbers(number, words):
    assert signed(number) == words


def test_the_page_shows_every_figure_with_its_source(client, three_years):
    page = get(client).content.decode()
    for words in ("FY23", "FY25", "20.0%", "22.0%", "+2.0", "$11 billion", "+10.0%", "baseline", "proposed"):
        assert words in page, words
    assert page.count("Sample budget book, page 1") == 3
    assert "style=" not in page


def test_asks_over_the_years(client):
    bill = BillFactory(title="PORCH LOANS")
    shown = ask()
    shown.bills.add(bill)
    figure(shown, 2024, "asked", 15_000_000)
    figure(shown, 2024, "governor", 0)
    figure(shown, 2024, "enacted", 5_250_000, source_url="https://budget.example/1")
    figure(shown, 2025, "asked", 7_500_000)
    ask(name="Secret ask", slug="secret", is_public=False)
    page = get(client).content.decode()
    for words in ("Loan repayment", "$15 million", "$5.25 million", "$0", "not known", bill.label):
        assert words in page, words
    assert 'href="https://budget.example/1"' in page
    assert "Secret ask" not in page
    [chart] = ask_charts(AppropriationAsk.objects.public().prefetch_related("figures"))
    assert [group.label for group in chart.groups] == ["FY24", "FY25"]
    assert [bar.width for bar in chart.groups[0].bars] == [92, 0, 32.2]


def test_downloads(client, three_years):
    shown = ask(name="=HYPERLINK(1)")
    figure(shown, 2025, "enacted", 5_250_000)
    hidden = ask(name="Secret ask", slug="secret", is_public=False)
    figure(hidden, 2025, "enacted", 1)

    def rows(name):
        response = client.get(reverse(f"legislation:{name}"))
        assert response.status_code == 200
        return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))

    years = rows("budget_years_csv")
    assert [row[0] for row in years] == ["fiscal year", "FY23", "FY24", "FY25"]
    assert years[2][1:7] == ["50000000000", "11000000000", "22.0", "2.0", "1000000000", "10.0"]
    asks = rows("budget_asks_csv")
    assert len(asks) == 2
    assert asks[1][0] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("number", [1, 20])
def test_queries(client, number, django_assert_num_queries):
    for place in range(number):
        year(2000 + place, 1_000_000_000)
        of = ask(name=f"Ask {place}", slug=f"ask-{place}")
        of.bills.add(BillFactory())
        figure(of, 2024, "asked", 5)
    with django_assert_num_queries(5):
        get(client)


@pytest.mark.parametrize(
    "facts",
    [
        {"general_revenue_fund": 10, "human_services": 11},
        {"general_revenue_fund": 0, "human_services": 0},
    ],
)
def test_the_database_refuses_impossible_years(facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetYear.objects.create(year=2030, source="x", **facts)


def test_the_database_keeps_one_baseline_and_no_negative_money():
    year(2023, 1, is_baseline=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        year(2024, 1, is_baseline=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        figure(ask(), 2025, "asked", -1)
