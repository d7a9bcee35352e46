"""Fact sheets for everybody: the list by kind, a sheet with its versions, and each version as PDF."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from legislation.chambers import Chamber
from partners.caching import cached_page
from partners.related import groups_beside
from research.fact_sheets.structured_data import fact_sheet_document
from research.models import FactSheet, FactSheetVersion
from research.services.fact_sheet import open_pdf

_Kind = FactSheet.Kind


@login_not_required
@require_safe
@cached_page
def fact_sheet_list(request: HttpRequest) -> HttpResponse:
    """All public sheets: on bills, priorities and other things, then the districts of both chambers. Two queries."""
    by_kind: dict[str, list[FactSheet]] = {kind: [] for kind in _Kind.values}
    sheets = (
        FactSheet.objects.published()
        .select_related("bill")
        .defer("search", "body", "released_text", "bill__search")
    )
    for sheet in sheets:
        by_kind[sheet.kind].append(sheet)
    context = {
        "kinds": [
            (_("On our priorities"), by_kind[_Kind.PRIORITY]),
            (_("On bills"), by_kind[_Kind.BILL]),
            (_("On human services in Illinois"), by_kind[_Kind.GENERAL]),
        ],
        "written": [sheet for kind in _Kind.values if kind != _Kind.DISTRICT for sheet in by_kind[kind]],
        "houses": [sheet for sheet in by_kind[_Kind.DISTRICT] if sheet.chamber == Chamber.LOWER],
        "overtaken": _overtaken(),
        "senates": [sheet for sheet in by_kind[_Kind.DISTRICT] if sheet.chamber == Chamber.UPPER],
    }
    return render(request, "research/fact_sheet_list.html", context)


@login_not_required
@require_safe
@cached_page
def fact_sheet(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """A sheet as it reads in its newest version, or in the one that the address names. Staff see drafts, too."""
    sheet = _sheet(request, slug)
    versions = list(sheet.versions.defer("content"))
    version = sheet.versions.filter(number=number or versions[0].number).first() if versions else None
    if version is None:
        raise Http404
    changed = list(version.findings.changed_since(version.made_at))
    context: dict[str, Any] = {
        "sheet": sheet,
        "version": version,
        "changed_findings": changed,
        "has_retracted": any(finding.is_retracted for finding in changed),
        "content": version.content,
        "versions": versions,
        "is_newest": version.number == versions[0].number,
        "newest": versions[0],
        "related": groups_beside(sheet, timezone.now()),
        "json_ld": fact_sheet_document(sheet, version),
    }
    return render(request, "research/fact_sheet_detail.html", context)


@login_not_required
@require_safe
def fact_sheet_pdf(request: HttpRequest, slug: str, number: int | None = None) -> FileResponse:
    """A version of a sheet as it was made, on paper."""
    sheet = _sheet(request, slug)
    versions = sheet.versions.select_related("sheet")
    version = (versions.filter(number=number) if number is not None else versions).first()
    if version is None:
        raise Http404
    response = FileResponse(open_pdf(version), content_type="application/pdf", filename=_file_name(version))
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _overtaken() -> set[int]:
    """The sheets whose newest version quotes a finding that was corrected or retracted since."""
    newest = FactSheetVersion.objects.newest().values("pk")
    return set(FactSheetVersion.objects.filter(pk__in=newest).overtaken().values_list("sheet_id", flat=True))


def _sheet(request: HttpRequest, slug: str) -> FactSheet:
    sheets = (
        FactSheet.objects.visible_to(request.user).select_related("bill").defer("search", "released_text")
    )
    return get_object_or_404(sheets, slug=slug)


def _file_name(version: FactSheetVersion) -> str:
    return f"{version.sheet.slug}-{version.number}.pdf"
