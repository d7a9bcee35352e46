"""Trainings in numbers: indicators T1 to T4 at the staff desk, on paper and as files."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
from partners.permissions import may_look
from partners.spreadsheets import csv_download, xlsx_download
from surveys.indicators import (
    VALUE_DEFINITION,
    Share,
    TrainingValue,
    training_value,
    training_value_by_quarter,
)
from surveys.results import SMALLEST
from trainings.assistance_indicators import AssistanceAfterTraining, Assisted, assistance_after_training
from trainings.breakdowns import LeaderIdentity
from trainings.indicators import (
    Held,
    Participants,
    TrainingParticipants,
    TrainingSessions,
    begun,
    training_participants,
    training_sessions,
)
from trainings.models import AssistanceRequest, Enrollment, Session
from trainings.publication import can_be_published, publishable

TITLE = gettext_lazy("Trainings in numbers (T1 to T4)")
Row = list[object]


@dataclass(frozen=True)
class TrainingNumbers:
    """The four indicators of one fiscal year; `value` has its quarters, then the year."""

    year: FiscalYear
    participants: TrainingParticipants
    sessions: TrainingSessions
    assistance: AssistanceAfterTraining | None
    value: list[TrainingValue]
    for_publication: bool = False

    value_definition = VALUE_DEFINITION
    smallest = SMALLEST


def training_numbers(year: FiscalYear, now: datetime) -> TrainingNumbers:
    """T1 to T4 of a fiscal year as of `now`."""
    number = len(begun(year.quarters, now))
    return TrainingNumbers(
        year=year,
        participants=training_participants(year.period, now, parts=year.quarters),
        sessions=training_sessions(year.period, now, parts=year.quarters),
        assistance=assistance_after_training(year, now),
        value=[*training_value_by_quarter(year)[:number], training_value(year.period)],
    )


def published_numbers(year: FiscalYear, now: datetime) -> TrainingNumbers:
    """The same for everybody: T1 without small numbers, T3 left out. Of a year that is over."""
    found = training_numbers(year, now)
    return replace(found, participants=publishable(found.participants), assistance=None, for_publication=True)


def _asked(request: HttpRequest, now: datetime) -> TrainingNumbers:
    """The asked year, for staff or for publication. A year that runs has nothing to publish yet."""
    year = FiscalYear.read(request.GET.get("year", ""))
    if request.GET.get("for") != "publication":
        return training_numbers(year, now)
    if not can_be_published(year.period, now):
        raise Http404(_("This year is published when it is over."))
    return published_numbers(year, now)


class SessionNumbers(PartnersAdmin):
    """The button above the list of sessions, and the pages behind it."""

    actions_list = ["numbers"]

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "numbers/print/", numbers_print, "numbers_print"),
            desk_page(self, "numbers.<str:kind>", numbers_file, "numbers_file"),
            *super().get_urls(),
        ]

    def has_numbers_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """For staff who may see sessions, who took part in them, and who asked for assistance."""
        return all(may_look(request.user, model) for model in (Session, Enrollment, AssistanceRequest))

    @action(description=TITLE, icon="monitoring", permissions=["numbers"], url_path="numbers")
    def numbers(self, request: HttpRequest) -> HttpResponse:
        """The indicators with their definitions."""
        context = _context(self, request)
        return TemplateResponse(request, "trainings/admin/numbers.html", context)


def numbers_print(desk: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    context = _context(desk, request)
    return TemplateResponse(request, "trainings/admin/numbers_print.html", context)


def numbers_file(desk: ModelAdmin, request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same as a spreadsheet: `kind` is csv or xlsx."""
    _must_see(desk, request)
    found = _asked(request, timezone.now())
    name = f"trainings-{found.year.label.lower()}{'-public' if found.for_publication else ''}"
    if kind == "csv":
        return csv_download(f"{name}.csv", numbers_rows(found))
    if kind == "xlsx":
        rows = numbers_rows(found)
        return xlsx_download(f"{name}.xlsx", rows, title=_("Trainings (T1 to T4)"))
    raise Http404


def _must_see(desk: Any, request: HttpRequest) -> None:
    if not desk.has_numbers_permission(request):
        raise PermissionDenied


def _context(desk: ModelAdmin, request: HttpRequest) -> dict[str, Any]:
    _must_see(desk, request)
    now = timezone.now()
    found = _asked(request, now)
    year = found.year
    return {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": TITLE,
        "desk_title": TITLE,
        "found": found,
        "can_be_published": can_be_published(year.period, now),
        "query": f"year={year.year}" + ("&for=publication" if found.for_publication else ""),
        "year": year,
        "years": FiscalYear.recent(),
        "is_current": year == FiscalYear.of(now),
        "now": now,
    }


# --- As a table -------------------------------------------------------------------------------------------------


def numbers_rows(found: TrainingNumbers) -> Iterator[Row]:
    """A line for each number: of which indicator, by what, of which group. The definitions stand at the end."""
    yield [_("indicator"), _("fiscal year"), _("by"), _("group"), _("what"), _("number")]
    year = found.year.label
    t3 = _t3(found.assistance) if found.assistance else ()
    for line in (*_t1(found.participants), *_t2(found.sessions), *t3, *_t4(found.value)):
        indicator, *rest = line
        yield [indicator, year, *rest]
    yield ["T1", year, "", "", _("definition"), str(found.participants.definition)]
    yield ["T1", year, "", "", _("definition"), str(found.participants.leaders_definition)]
    yield ["T2", year, "", "", _("definition"), str(found.sessions.definition)]
    if found.assistance:
        yield ["T3", year, "", "", _("definition"), str(found.assistance.definition)]
    yield ["T4", year, "", "", _("definition"), str(found.value_definition)]


def _lines(indicator: str, by: object, group: object, numbers: Sequence[tuple[str, object]]) -> Iterator[Row]:
    for what, number in numbers:
        yield [indicator, str(by), str(group), what, "" if number is None else number]


def _t1(found: TrainingParticipants) -> Iterator[Row]:
    yield from _lines("T1", _("fiscal year"), found.total.label, _people(found.total))
    for part in found.parts:
        yield from _lines("T1", _("quarter"), part.label, _people(part))
    for label, parts in found.breakdowns:
        for part in parts:
            yield from _lines("T1", label, part.label, _people(part))
    for identity in found.leaders:
        yield from _leaders(identity)


def _people(part: Participants) -> list[tuple[str, object]]:
    if part.is_withheld:
        return [(_("people"), _("withheld"))]
    return [
        (_("people"), part.people),
        (_("organizations"), part.organizations),
        (_("attendances"), part.attendances),
        (_("enrolled places"), part.enrolled),
        (_("completions"), part.completions),
        (_("completions ÷ enrolled, %"), part.completion_percent),
        (_("coverage: organization known, %"), part.coverage_percent),
    ]


def _leaders(identity: LeaderIdentity) -> Iterator[Row]:
    coverage = [(_("coverage: organizations that answered, %"), identity.coverage_percent)]
    yield from _lines("T1", identity.label, _("all that took part"), coverage)
    if not identity.groups:
        yield from _lines("T1", identity.label, _("all groups"), [(_("people"), _("withheld"))])
    for group in identity.groups:
        numbers = [(_("people"), group.people), (_("organizations"), group.organizations)]
        shown = [(what, _("withheld") if number is None else number) for what, number in numbers]
        yield from _lines("T1", identity.label, group.label, shown)


def _t2(found: TrainingSessions) -> Iterator[Row]:
    def numbers(part: Held) -> list[tuple[str, object]]:
        return [(_("sessions held"), part.sessions), (_("hours"), part.hours)]

    over = (_("over, attendance not closed yet"), found.unclosed)
    yield from _lines("T2", _("fiscal year"), found.total.label, [*numbers(found.total), over])
    for part in found.parts:
        yield from _lines("T2", _("quarter"), part.label, numbers(part))
    for label, parts in found.breakdowns:
        for part in parts:
            yield from _lines("T2", label, part.label, numbers(part))


def _t3(found: AssistanceAfterTraining) -> Iterator[Row]:
    def numbers(part: Assisted) -> list[tuple[str, object]]:
        return [
            (_("participants"), part.participants),
            (_("asked within 12 months"), part.asked),
            (_("asked ÷ participants, %"), part.percent),
            (_("their 12 months still run"), part.running),
        ]

    change = (_("change, percentage points"), found.change)
    yield from _lines("T3", _("fiscal year"), found.total.label, [*numbers(found.total), change])
    yield from _lines("T3", _("fiscal year before"), found.previous.label, numbers(found.previous))
    for part in found.parts:
        yield from _lines("T3", _("quarter"), part.label, numbers(part))


def _t4(values: Iterable[TrainingValue]) -> Iterator[Row]:
    def share(what: str, found: Share) -> tuple[str, object]:
        return what, _("withheld") if found.whole and found.percent is None else found.percent

    *quarters, year = values
    for value in (year, *quarters):
        numbers = [
            share(_("“valuable” or better, %"), value.valuable),
            share(_("used what they learned, %"), value.used),
            share(_("answered at the end, %"), value.answered_at_the_end),
            share(_("answered after 90 days, %"), value.answered_at_90_days),
            (_("quotes with consent"), value.quotes),
        ]
        by = _("fiscal year") if value is year else _("quarter")
        yield from _lines("T4", by, value.period.label, numbers)
