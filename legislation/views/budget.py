"""The state's budget for human services, and what the coalition asks for and gets. Figures are entered by staff."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from legislation.charts import ask_charts, share_chart
from legislation.exports import ask_rows, budget_rows
from legislation.models import AppropriationAsk, Bill, BudgetYear
from legislation.querysets import AppropriationAskQuerySet
from partners.caching import cached_page
from partners.spreadsheets import csv_download


@login_not_required
@require_safe
@cached_page
def budget(request: HttpRequest) -> HttpResponse:
    """Human services' share of the General Revenue Fund by year, and each appropriation ask over the years."""
    chart = share_chart(BudgetYear.objects.all())
    context = {
        "chart": chart,
        "latest": chart.rows[-1] if chart.rows else None,
        "asks": ask_charts(_asks()),
    }
    return render(request, "legislation/budget/budget.html", context)


@login_not_required
@require_safe
def years_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The budget years as a table for a spreadsheet."""
    return csv_download("budget-years.csv", budget_rows(share_chart(BudgetYear.objects.all())))


@login_not_required
@require_safe
def asks_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Every figure of the appropriation asks as a table for a spreadsheet."""
    return csv_download("appropriation-asks.csv", ask_rows(_asks()))


def _asks() -> AppropriationAskQuerySet:
    """Asks that stand on the website, with figures and bills. Three queries."""
    return AppropriationAsk.objects.public().prefetch_related(
        "figures", Prefetch("bills", queryset=Bill.objects.for_rows())
    )
