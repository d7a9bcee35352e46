"""Indicator R1, research participants, at the staff desk: for staff, for publication, on paper and as files."""

from collections.abc import Iterator
from datetime import datetime
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
from partners.spreadsheets import csv_download, xlsx_download
from research.indicators.participant_publication import can_be_published, published_participants
from research.indicators.participants import ResearchParticipants, Table, research_participants
from surveys.results import SMALLEST

TITLE = gettext_lazy("Research participants (R1)")
Row = list[object]


class ParticipationNumbers(PartnersAdmin):
    """The button above the list of participations, and the pages behind it."""

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "numbers/print/", numbers_print, "numbers_print"),
            desk_page(self, "numbers.<str:kind>", numbers_file, "numbers_file"),
            *super().get_urls(),
        ]

    @action(description=TITLE, icon="monitoring", permissions=["view"], url_path="numbers")
    def numbers(self, request: HttpRequest) -> HttpResponse:
        """The indicator with its definitions."""
        return TemplateResponse(request, "research/admin/participants.html", _context(self, request))


def numbers_print(desk: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    return TemplateResponse(request, "research/admin/participants_print.html", _context(desk, request))


def numbers_file(desk: ModelAdmin, request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same as a spreadsheet: `kind` is csv or xlsx."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    found = _found(request, timezone.now())
    name = f"research-participants-{found.year.label.lower()}{'-public' if found.for_publication else ''}"
    if kind == "csv":
        return csv_download(f"{name}.csv", r1_rows(found))
    if kind == "xlsx":
        return xlsx_download(f"{name}.xlsx", r1_rows(found), title=_("Participants (R1)"))
    raise Http404


def _found(request: HttpRequest, now: datetime) -> ResearchParticipants:
    """The asked year, for staff or for publication. A year that runs has nothing to publish yet."""
    year = FiscalYear.read(request.GET.get("year", ""))
    if request.GET.get("for") == "publication":
        if not can_be_published(year, now):
            raise Http404(_("This year is published when it is over."))
        return published_participants(year, now)
    return research_participants(year, now)


def _context(desk: ModelAdmin, request: HttpRequest) -> dict[str, Any]:
    if not desk.has_view_permission(request):
        raise PermissionDenied
    now = timezone.now()
    found = _found(request, now)
    return {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": TITLE,
        "desk_title": TITLE,
        "found": found,
        "tables": [(table, found.coverage(table)) for table in found.tables],
        "year": found.year,
        "years": FiscalYear.recent(),
        "can_be_published": can_be_published(found.year, now),
        "query": f"year={found.year.year}" + ("&for=publication" if found.for_publication else ""),
        "smallest": SMALLEST,
        "now": now,
    }


# --- As a table -------------------------------------------------------------------------------------------------


def r1_rows(found: ResearchParticipants) -> Iterator[Row]:
    """A line for each group of each way, a column for each project. The definitions stand at the end."""
    yield [_("by"), _("group"), *(str(column.label) for column in found.columns), _("all projects")]
    yield [found.year.label, "", *map(_cell, found.total)]
    for table in found.tables:
        yield from _table(found, table)
    for told in found.told:
        number = [_cell(told.told), _("of %(n)d participants") % {"n": told.participants}]
        yield [_("What they told"), told.project, *number]
        for question in told.questions:
            if not question.answers:
                yield [str(question.label), told.project, _("withheld")]
            for answer in question.answers:
                yield [str(question.label), f"{told.project}: {answer.label}", _cell(answer.people)]
    yield [str(found.definition)]
    yield [str(found.answers_definition)]
    if found.for_publication:
        yield [
            _("Numbers under %(n)d, and those from which they could be worked out, are withheld.")
            % {"n": SMALLEST}
        ]


def _table(found: ResearchParticipants, table: Table) -> Iterator[Row]:
    if not table.rows and found.people:
        yield [str(table.label), _("withheld")]
    for row in table.rows:
        yield [str(table.label), str(row.label), *map(_cell, row.people)]
    coverage = found.coverage(table)
    if coverage is not None:
        yield [str(table.label), _("coverage, %"), coverage]


def _cell(number: int | None) -> object:
    return _("withheld") if number is None else number
