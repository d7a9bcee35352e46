"""Uptake at the staff desk: indicators R2 and R3 with their definitions, on paper and as files."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from partners.admin.base import PartnersAdmin, desk_page
from partners.fiscal_year import FiscalYear
from partners.permissions import may_look
from partners.spreadsheets import csv_download, xlsx_download
from research.indicators.citations import Cited, ExternalCitations, external_citations
from research.indicators.opportunities import Offers, OpportunitiesToPresent, opportunities_to_present
from research.models import Citation, Opportunity

TITLE = gettext_lazy("Uptake (R2, R3)")
Row = list[object]


class UptakeNumbers(PartnersAdmin):
    """The button above the list of citations, and the pages behind it."""

    actions_list = ["uptake"]

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "uptake/print/", uptake_print, "uptake_print"),
            desk_page(self, "uptake.<str:kind>", uptake_file, "uptake_file"),
            *super().get_urls(),
        ]

    def has_uptake_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """For staff who may see both citations and opportunities."""
        return all(may_look(request.user, model) for model in (Citation, Opportunity))

    @action(description=TITLE, icon="monitoring", permissions=["uptake"], url_path="uptake")
    def uptake(self, request: HttpRequest) -> HttpResponse:
        """The indicators with their definitions."""
        return TemplateResponse(request, "research/admin/uptake.html", _context(self, request))


def uptake_print(desk: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    return TemplateResponse(request, "research/admin/uptake_print.html", _context(desk, request))


def uptake_file(desk: ModelAdmin, request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same as a spreadsheet: `kind` is csv or xlsx."""
    context = _context(desk, request)
    rows = uptake_rows(context["offers"], context["cited"])
    name = f"uptake-{context['year'].label.lower()}"
    if kind == "csv":
        return csv_download(f"{name}.csv", rows)
    if kind == "xlsx":
        return xlsx_download(f"{name}.xlsx", list(rows), title=str(TITLE))
    raise Http404


def _context(desk: Any, request: HttpRequest) -> dict[str, Any]:
    if not desk.has_uptake_permission(request):
        raise PermissionDenied
    year, today = FiscalYear.read(request.GET.get("year", "")), timezone.localdate()
    return {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": TITLE,
        "desk_title": TITLE,
        "offers": opportunities_to_present(year, today),
        "cited": external_citations(year, today),
        "year": year,
        "years": FiscalYear.recent(),
        "is_current": year == FiscalYear.current(),
        "now": timezone.now(),
    }


# --- As a table -------------------------------------------------------------------------------------------------


def uptake_rows(offers: OpportunitiesToPresent, cited: ExternalCitations) -> Iterator[Row]:
    """A line for each number: of which indicator, by what, of which group. The definitions stand at the end."""
    yield [_("indicator"), _("fiscal year"), _("by"), _("group"), _("what"), _("number")]
    year = offers.year.label
    for indicator, by, group, what, number in (*_r2(offers), *_r3(cited)):
        yield [indicator, year, by, group, what, "" if number is None else number]
    yield ["R2", year, "", "", _("definition"), str(offers.definition)]
    yield ["R3", year, "", "", _("definition"), str(cited.definition)]


def _r2(found: OpportunitiesToPresent) -> Iterator[tuple[str, str, str, str, object]]:
    def lines(by: str, rows: Iterable[Offers]) -> Iterator[tuple[str, str, str, str, object]]:
        for row in rows:
            for what, number in _offer_numbers(row):
                yield ("R2", by, str(row.label), what, number)

    yield from lines(_("fiscal year"), [found.total])
    yield from lines(_("quarter"), found.quarters)
    yield from lines(_("kind"), found.kinds)
    yield from lines(_("report"), found.reports)


def _offer_numbers(row: Offers) -> list[tuple[str, object]]:
    return [
        (_("offered"), row.offered),
        (_("accepted"), row.accepted),
        (_("delivered"), row.delivered),
        (_("accepted ÷ offered, %"), row.accepted_percent),
        (_("delivered ÷ accepted, %"), row.delivered_percent),
        (_("coverage: answered ÷ offered, %"), row.coverage_percent),
        (_("presentations in the period"), row.presentations),
        (_("hosts"), row.hosts),
        (_("people in counted audiences"), row.audience),
        (_("coverage: audiences counted ÷ presentations, %"), row.reach_coverage_percent),
    ]


def _r3(found: ExternalCitations) -> Iterator[tuple[str, str, str, str, object]]:
    def lines(by: str, rows: Iterable[Cited]) -> Iterator[tuple[str, str, str, str, object]]:
        for row in rows:
            for what, number in _cited_numbers(row):
                yield ("R3", by, str(row.label), what, number)

    yield from lines(_("fiscal year"), [found.total])
    yield from lines(_("quarter"), found.quarters)
    yield from lines(_("kind"), found.kinds)
    yield from lines(_("counted apart"), [found.academic])
    yield from lines(_("report"), found.reports)


def _cited_numbers(row: Cited) -> list[tuple[str, object]]:
    return [
        (_("verified citations"), row.pages),
        (_("outlets and names"), row.sources),
        (_("reports cited"), row.reports),
        (_("coverage: looked up ÷ entered, %"), row.coverage_percent),
    ]
