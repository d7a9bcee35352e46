"""The accountant's report: a fiscal year's alerts by lobbying class, audience, messages, staff time and cost."""

from collections.abc import Iterator

from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.results.exports import Row, streamed_xlsx
from campaigns.services.lobbying import LobbyingReport, lobbying_report, years_with_alerts
from partners.fiscal_year import FiscalYear
from partners.spreadsheets import csv_download

FIRST_YEAR, LAST_YEAR = 2000, 2200


def report(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The report of one fiscal year; of this one, where none is named."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    asked = request.GET.get("year", "")
    year = _year(int(asked)) if asked.isdecimal() and len(asked) == 4 else FiscalYear.current()
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Lobbying report"),
        "report": lobbying_report(year),
        "years": years_with_alerts(),
    }
    return TemplateResponse(request, "admin/desk/lobbying.html", context)


def download(
    admin: ModelAdmin, request: HttpRequest, year: int, kind: str
) -> StreamingHttpResponse | FileResponse:
    """The same as a file: every alert of the year, then the classes."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    if kind not in {"csv", "xlsx"}:
        raise Http404
    rows = report_rows(lobbying_report(_year(year)))
    name = f"lobbying-{_year(year).label}.{kind}"
    return csv_download(name, rows) if kind == "csv" else streamed_xlsx(name, rows)


def report_rows(found: LobbyingReport) -> Iterator[Row]:
    """The heads, a line per alert, and a line per class under it."""
    yield [
        _("fiscal year"),
        _("went out"),
        _("alert"),
        _("call to action"),
        _("lobbying class"),
        _("messages to members"),
        _("messages to the public"),
        _("staff minutes"),
        _("staff cost"),
        _("other cost"),
        _("cost"),
        _("part of the public"),
    ]
    for row in found.alerts:
        started = row.alert.mailing.started_at if row.alert.mailing else None
        yield [
            found.year.label,
            timezone.localtime(started).strftime("%Y-%m-%d") if started else "",
            row.alert.subject,
            row.alert.call_to_action.title,
            row.alert.get_lobbying_display(),
            row.to_members,
            row.to_public,
            row.staff_minutes,
            row.staff_cost,
            row.other_cost,
            row.cost,
            row.public_cost,
        ]
    for each in found.classes:
        yield [
            found.year.label,
            "",
            _("all alerts of the class: %(n)d") % {"n": each.alerts},
            "",
            str(each.lobbying.label),
            each.to_members,
            each.to_public,
            each.staff_minutes,
            each.staff_cost,
            each.other_cost,
            each.cost,
            each.public_cost,
        ]


def _year(number: int) -> FiscalYear:
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise Http404
    return FiscalYear(number)
