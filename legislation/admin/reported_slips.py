"""Self-reported witness slips in the staff desk, read-only; and indicator P3 with its files."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from legislation.models import ReportedSlip
from legislation.slip_indicators import RecordedSlips, ReportedSlips, SlipsInSupport, slips_in_support
from partners.admin.base import PartnersAdmin, ReadOnlyMixin
from partners.fiscal_year import FiscalYear
from partners.spreadsheets import csv_download, xlsx_download


class FiledFilter(admin.SimpleListFilter):
    title = gettext_lazy("how far")
    parameter_name = "how-far"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("filed", gettext_lazy("filed, as they say")), ("pledged", gettext_lazy("only pledged"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "filed":
            return queryset.filter(filed_at__isnull=False)
        if self.value() == "pledged":
            return queryset.filter(filed_at__isnull=True)
        return queryset


@admin.register(ReportedSlip)
class ReportedSlipAdmin(ReadOnlyMixin, PartnersAdmin):
    """What people told us of their slips: their own word, which only they change."""

    list_display = [
        "person",
        "on_behalf",
        "shown_document",
        "position",
        "posting_on",
        "pledged_at",
        "filed_at",
    ]
    list_filter = [FiledFilter, "position", "testimony"]
    search_fields = [
        "person__last_name",
        "person__email",
        "organization__name",
        "document__identifier",
        "document__hearing__committee_name",
    ]
    ordering = ["-posting_on", "-pk"]
    list_select_related = ["person", "organization", "document"]
    actions_list = ["slips_in_support"]
    fields = [
        "person",
        "organization",
        "member_of",
        "document",
        "posting_on",
        "position",
        "testimony",
        "pledged_at",
        "filed_at",
        "reminded_at",
        "told_again_at",
        "consent_text",
        "source_code",
    ]

    def get_urls(self) -> list[URLPattern]:
        file = path(
            "p3.<str:kind>", self.admin_site.admin_view(self.p3_file), name="legislation_reportedslip_p3_file"
        )
        return [file, *super().get_urls()]

    @display(description=gettext_lazy("on behalf of"), ordering="organization__name")
    def on_behalf(self, slip: ReportedSlip) -> str:
        return slip.organization.name if slip.organization else _("themself")

    @display(description=gettext_lazy("document"), ordering="document__identifier")
    def shown_document(self, slip: ReportedSlip) -> str:
        return slip.document.label

    @action(
        description=gettext_lazy("Slips in support (P3)"),
        icon="fact_check",
        permissions=["view"],
        url_path="p3",
    )
    def slips_in_support(self, request: HttpRequest) -> HttpResponse:
        """Indicator P3 with its definition."""
        year, current = FiscalYear.read(request.GET.get("year", "")), FiscalYear.current()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Witness slips in support (P3)"),
            "desk_title": _("Witness slips in support (P3)"),
            "found": slips_in_support(year),
            "is_current": year == current,
            "years": FiscalYear.recent(),
        }
        return TemplateResponse(request, "admin/desk/slips_in_support.html", context)

    def p3_file(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """The same as a spreadsheet: `kind` is csv or xlsx."""
        if not self.has_view_permission(request):
            raise Http404
        found = slips_in_support(FiscalYear.read(request.GET.get("year", "")))
        name = f"slips-{found.year.label.lower()}"
        if kind == "csv":
            return csv_download(f"{name}.csv", p3_rows(found))
        if kind == "xlsx":
            return xlsx_download(f"{name}.xlsx", p3_rows(found), title=_("Slips (P3)"))
        raise Http404


def p3_rows(found: SlipsInSupport) -> Iterator[list[object]]:
    """The year, its quarters, then each hearing. The definition stands at the end."""
    yield [
        _("what"),
        _("day"),
        _("reported: proponents"),
        _("reported: opponents"),
        _("reported: no position"),
        _("reported: people"),
        _("reported: organizations named"),
        _("recorded: proponents"),
        _("recorded: opponents"),
        _("recorded: no position"),
        _("recorded: slips that name a partner"),
        _("recorded: of these, proponents"),
        _("recorded: partners"),
    ]
    for part in [found.total, *found.quarters]:
        yield [part.period.label, "", *_numbers(part.reported, part.recorded)]
    for row in found.hearings:
        yield [row.committee, row.day.isoformat(), *_numbers(row.reported, row.recorded)]
    yield [str(found.definition)]


def _numbers(reported: ReportedSlips, recorded: RecordedSlips) -> list[object]:
    return [
        reported.proponents,
        reported.opponents,
        reported.no_position,
        reported.people,
        reported.organizations,
        recorded.proponents,
        recorded.opponents,
        recorded.no_position,
        recorded.by_partners,
        recorded.proponents_by_partners,
        recorded.partners,
    ]
