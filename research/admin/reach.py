"""The reach of a report at the staff desk: a page behind the report's form, on paper and as files."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from partners.admin.base import desk_page
from partners.permissions import may_look
from partners.spreadsheets import csv_download, xlsx_download
from research.admin.report import ReportAdmin
from research.models import Citation, DistributionStep, Opportunity, PressMention, Report
from research.reach import Reach, reach_of, reach_rows

SHOWN = (Report, DistributionStep, Opportunity, Citation, PressMention)

admin.site.unregister(Report)


@admin.register(Report)
class ReportWithReachAdmin(ReportAdmin):
    """The report's desk, with how far it got."""

    actions_detail = ["reach", *ReportAdmin.actions_detail]

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "<int:pk>/reach/print/", reach_print, "reach_print"),
            desk_page(self, "<int:pk>/reach.<str:kind>", reach_file, "reach_file"),
            *super().get_urls(),
        ]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        own = self.buttons(request, object_id, {"reach"})
        others = [one for one in super().get_actions_detail(request, object_id) if one not in own]
        return [*own, *others]

    def has_reach_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """For staff who may see everything that stands on the page."""
        return all(may_look(request.user, model) for model in SHOWN)

    @action(description=gettext_lazy("Reach"), icon="monitoring", permissions=["reach"], url_path="reach")
    def reach(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What was done so that the report is read, and what came of it."""
        context = _context(self, request, self.record(request, object_id))
        return TemplateResponse(request, "research/admin/reach.html", context)


def reach_print(desk: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The same on paper."""
    return TemplateResponse(request, "research/admin/reach_print.html", _context(desk, request, _report(pk)))


def reach_file(desk: ModelAdmin, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The same as a spreadsheet: `kind` is csv or xlsx."""
    found = _found(desk, request, _report(pk))
    name = f"reach-{found.report.slug}"
    if kind == "csv":
        return csv_download(f"{name}.csv", reach_rows(found))
    if kind == "xlsx":
        return xlsx_download(f"{name}.xlsx", list(reach_rows(found)), title=_("Reach"))
    raise Http404


def _report(pk: int) -> Report:
    report = Report.objects.filter(pk=pk).first()
    if report is None:
        raise Http404
    return report


def _found(desk: Any, request: HttpRequest, report: Report) -> Reach:
    if not desk.has_reach_permission(request):
        raise PermissionDenied
    return reach_of(report, timezone.localdate())


def _context(desk: Any, request: HttpRequest, report: Report) -> dict[str, Any]:
    found = _found(desk, request, report)
    return {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "original": report,
        "title": _("Reach"),
        "desk_title": _("Reach"),
        "back_url": reverse("admin:research_report_change", args=[report.pk]),
        "found": found,
        "may_plan": request.user.has_perm("research.add_distributionstep"),
        "now": timezone.now(),
    }
