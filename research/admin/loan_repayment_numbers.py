"""Indicator P5 at the staff desk, on paper and as files. Staff see every report, also those withheld from readers."""

from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from partners.admin.base import PartnersAdmin, desk_page
from partners.permissions import may_look
from partners.spreadsheets import csv_download, xlsx_download
from research.indicators.loan_repayment import DEFINITION, WITHHELD, LoanYear, loan_years
from research.loan_repayment_pages import current_program, loan_rows
from research.models import ProgramReport
from research.toolkit_files import desk_file, program_files

TITLE = gettext_lazy("Loan repayment (P5)")


class ProgramNumbers(PartnersAdmin):
    """The button above the list of reports, and the pages behind it."""

    actions_list = ["numbers"]

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "numbers/print/", numbers_print, "numbers_print"),
            desk_page(self, "numbers.<str:kind>", numbers_file, "numbers_file"),
            desk_page(self, "files/<str:name>", kept_file, "file"),
            *super().get_urls(),
        ]

    def has_numbers_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """For staff who may see the reports."""
        return may_look(request.user, ProgramReport)

    @action(description=TITLE, icon="monitoring", permissions=["numbers"], url_path="numbers")
    def numbers(self, request: HttpRequest) -> HttpResponse:
        """The indicator with its definition."""
        return TemplateResponse(request, "research/admin/loan_repayment.html", _context(self, request))


def numbers_print(desk: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    return TemplateResponse(request, "research/admin/loan_repayment_print.html", _context(desk, request))


def numbers_file(desk: ModelAdmin, request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same as a spreadsheet, quarter by quarter: `kind` is csv or xlsx."""
    _must_see(request)
    rows = loan_rows(_years(), quarters=True)
    if kind == "csv":
        return csv_download("loan-repayment-p5.csv", rows)
    if kind == "xlsx":
        return xlsx_download("loan-repayment-p5.xlsx", list(rows), title="P5")
    raise Http404


def kept_file(desk: ModelAdmin, request: HttpRequest, name: str) -> FileResponse:
    """The file a report came from."""
    _must_see(request)
    return desk_file(program_files(), "loan-repayment", name)


def _must_see(request: HttpRequest) -> None:
    if not may_look(request.user, ProgramReport):
        raise PermissionDenied


def _years() -> list[LoanYear]:
    return loan_years(current_program(), timezone.localdate(), published=False)


def _context(desk: ModelAdmin, request: HttpRequest) -> dict[str, Any]:
    _must_see(request)
    today = timezone.localdate()
    public = loan_years(current_program(), today, published=True)
    return {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": TITLE,
        "desk_title": TITLE,
        "years": _years(),
        "withheld": sum(found.withheld for found in public),
        "definition": DEFINITION,
        "withheld_words": WITHHELD,
        "now": timezone.now(),
    }
