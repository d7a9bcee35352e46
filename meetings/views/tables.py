"""Where we represent the sector: the tables we sit at, who sits there, and the reports for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from meetings.models import Seat, SeatReport, Table
from partners.caching import cached_page


@login_not_required
@cached_page
def table_list(request: HttpRequest) -> HttpResponse:
    """Every public table with those who sit there today."""
    tables = list(_with_seats(Table.objects.public()))
    reports = SeatReport.objects.public().select_related("seat__table__ally")[:5]
    return render(request, "meetings/table_list.html", {"tables": tables, "reports": reports})


@login_not_required
@cached_page
def table_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One table: what it does, who sits there, what they report."""
    table = get_object_or_404(_with_seats(Table.objects.public()), slug=slug)
    reports = (
        SeatReport.objects.public()
        .filter(seat__table=table)
        .select_related("seat__team_member", "seat__person")
    )
    return render(request, "meetings/table_detail.html", {"table": table, "reports": reports})


def _with_seats(tables: QuerySet[Table]) -> QuerySet[Table]:
    """With the seats whose term runs, and the names of those who have them."""
    seats = (
        Seat.objects.current(timezone.localdate())
        .select_related("team_member", "person", "alternate_member", "alternate_person")
        .order_by("starts_on", "pk")
    )
    return tables.select_related("ally").prefetch_related(
        Prefetch("seats", queryset=seats, to_attr="held_seats")
    )
