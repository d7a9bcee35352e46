"""Indicator F4, training scholarships, in the staff desk, with its files."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.fiscal_year import FiscalYear
from partners.spreadsheets import csv_download, xlsx_download
from trainings.scholarship_indicators import ScholarshipReport, Scholarships, scholarships


def numbers_page(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Indicator F4 with its definition."""
    return TemplateResponse(request, "trainings/admin/scholarship_numbers.html", _context(admin, request))


def numbers_print(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    return TemplateResponse(request, "trainings/admin/scholarship_print.html", _context(admin, request))


def _context(admin: ModelAdmin, request: HttpRequest) -> dict[str, Any]:
    current, found = FiscalYear.current(), _asked(request)
    year, title = found.year, _("Training scholarships (F4)")
    return {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": title,
        "desk_title": title,
        "found": found,
        "year": year,
        "now": timezone.now(),
        "can_be_published": year < current,
        "query": f"year={year.year}" + ("&for=publication" if found.for_publication else ""),
        "is_current": year == current,
        "years": FiscalYear.recent(),
    }


def _asked(request: HttpRequest) -> ScholarshipReport:
    """The asked year, for staff or for publication. A year that runs has nothing to publish yet."""
    year = FiscalYear.read(request.GET.get("year", ""))
    is_public = request.GET.get("for") == "publication"
    if is_public and year >= FiscalYear.current():
        raise Http404(_("This year is published when it is over."))
    return scholarships(year, timezone.now(), is_public=is_public)


def numbers_file(admin: ModelAdmin, request: HttpRequest, kind: str) -> HttpResponseBase:
    """Indicator F4 as a spreadsheet: `kind` is csv or xlsx."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    found = _asked(request)
    name = f"scholarships-{found.year.label.lower()}{'-public' if found.for_publication else ''}"
    if kind == "csv":
        return csv_download(f"{name}.csv", report_rows(found))
    if kind == "xlsx":
        return xlsx_download(f"{name}.xlsx", report_rows(found), title=_("Scholarships (F4)"))
    raise Http404


def report_rows(found: ScholarshipReport) -> Iterator[list[object]]:
    """The year, its quarters, each breakdown, leaders. The definitions stand at the end."""
    yield [
        _("by"),
        _("what"),
        _("dollars funded"),
        _("dollars offered"),
        _("dollars used"),
        _("awards"),
        _("seats"),
        _("people"),
        _("organizations"),
    ]
    yield _row(_("fiscal year"), found.total, funded=True)
    for part in found.quarters:
        yield _row(_("quarter"), part, funded=True)
    for label, rows in found.breakdowns:
        for part in rows:
            yield _row(str(label), part, funded=False)
    for identity in found.leaders:
        coverage = _("coverage: %(part)s of %(whole)s organizations answered") % {
            "part": identity.answered,
            "whole": identity.organizations,
        }
        yield [str(identity.label), coverage]
        for part in identity.rows or [Scholarships(_("all groups"), is_withheld=True)]:
            yield _row(str(identity.label), part, funded=False)
    yield [str(found.definition)]
    if found.leaders:
        yield [str(found.leaders_definition)]


def _row(by: str, part: Scholarships, *, funded: bool) -> list[object]:
    given = part.funded if funded else ""
    if part.is_withheld:
        return [by, str(part.label), given, _("withheld"), "", "", "", "", ""]
    counts = [part.offers, part.seats, part.people, part.organizations]
    return [by, str(part.label), given, part.offered, part.used, *counts]
