"""The archive of Issues of the Week, by year."""

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import IssueOfTheWeek
from campaigns.querysets import IssueQuerySet
from partners.caching import cached_page


def _led(today: date) -> IssueQuerySet:
    """Issues whose week has begun, the newest first."""
    return IssueOfTheWeek.objects.for_day(today)


def _years(today: date) -> list[int]:
    """Years in which a story led a week, the newest first."""
    years = _led(today).order_by().annotate(year=ExtractYear("week")).values_list("year", flat=True)
    return sorted(set(years), reverse=True)


@login_not_required
@cached_page
def issue_list(request: HttpRequest) -> HttpResponse:
    """The newest year's issues."""
    years = _years(timezone.localdate())
    return _year_page(request, years[0] if years else None, years)


@login_not_required
@cached_page
def issue_year(request: HttpRequest, year: int) -> HttpResponse:
    """One year's issues, the newest week first."""
    years = _years(timezone.localdate())
    if year not in years:
        raise Http404
    return _year_page(request, year, years)


def _year_page(request: HttpRequest, year: int | None, years: list[int]) -> HttpResponse:
    issues = _led(timezone.localdate()).filter(week__year=year).select_related("story") if year else []
    return render(
        request, "campaigns/issue_list.html", {"year": year, "years": years, "issues": list(issues)}
    )
