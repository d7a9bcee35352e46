"""Who takes part, at the staff desk: rows to read and to take along, with the two steps staff take for somebody."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from partners.admin.base import PartnersAdmin, Question, ReadOnlyMixin, desk_page
from partners.admin.history import HistoryAdmin
from partners.permissions import may_look
from partners.spreadsheets import csv_download, xlsx_download
from trainings.admin.outreach import (
    never_attended_file,
    never_attended_page,
    sources_file,
    sources_page,
)
from trainings.models import Enrollment, Session
from trainings.services.cancelling import OPEN, can_cancel, cancel, excuse

STATUS_LABELS = {
    "registered": "success",
    "waitlisted": "warning",
    "offered": "warning",
    "attended": "primary",
    "absent": "danger",
    "excused": "info",
    "cancelled": "info",
}
_Status = Enrollment.Status


@admin.register(Enrollment)
class EnrollmentAdmin(ReadOnlyMixin, HistoryAdmin, PartnersAdmin):
    """Places change by the person, at the door or over buttons: nobody types into a row."""

    list_display = ["person", "organization", "session", "shown_status", "needs", "source", "registered_at"]
    list_filter = [
        "status",
        "is_online",
        ("session__course", admin.RelatedOnlyFieldListFilter),
        ("session__area", admin.RelatedOnlyFieldListFilter),
        ("source", admin.AllValuesFieldListFilter),
    ]
    list_select_related = ["person", "organization", "session__course"]
    search_fields = [
        "person__last_name",
        "person__first_name",
        "person__email",
        "organization__name",
        "registration__reference",
        "session__course__title",
    ]
    ordering = ["-registered_at"]
    list_before_template = "trainings/admin/enrollment_files.html"
    actions_detail = ["cancel", "excuse"]

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "of-session/<int:pk>.<str:kind>", enrollment_file, "file"),
            desk_page(self, "never-attended/", never_attended_page, "never_attended"),
            desk_page(self, "never-attended.<str:kind>", never_attended_file, "never_attended_file"),
            desk_page(self, "sources/", sources_page, "sources"),
            desk_page(self, "sources.<str:kind>", sources_file, "sources_file"),
            *super().get_urls(),
        ]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "session__id__exact" or super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponseBase:
        asked = request.GET.get("session__id__exact", "")
        found = asked.isascii() and asked.isdigit() and len(asked) <= 18
        session = Session.objects.select_related("course").filter(pk=int(asked)).first() if found else None
        return super().changelist_view(request, (extra_context or {}) | {"session": session})

    @display(description=gettext_lazy("status"), ordering="status", label=STATUS_LABELS)
    def shown_status(self, row: Enrollment) -> tuple[str, str]:
        return row.status, row.get_status_display()

    # --- Buttons ------------------------------------------------------------------------------------------------

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        row = self.record(request, object_id)
        names = {"cancel"} if can_cancel(row, timezone.now()) else set()
        if row.status in OPEN | {_Status.ABSENT}:
            names.add("excuse")
        return self.buttons(request, object_id, names)

    @action(
        description=gettext_lazy("Give the place back"),
        icon="event_busy",
        permissions=["work"],
        url_path="cancel",
    )
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.record(request, object_id)
        question = _question(
            row,
            title=_("Give this place back?"),
            explanation=_(
                "The person is told, the fee is taken off by the course's rule, and the seat is offered to the next "
                "in line."
            ),
            button=_("Give the place back"),
            done=_("The place is given back."),
            step=lambda answers: cancel(enrollment=row, by=request.user, now=timezone.now()),
        )
        return self.ask(request, row, question)

    @action(description=gettext_lazy("Excuse"), icon="sick", permissions=["work"], url_path="excuse")
    def excuse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.record(request, object_id)
        question = _question(
            row,
            title=_("Excuse this person?"),
            explanation=_(
                "They count as excused, not as absent. A seat that is still to come is offered to the next in line."
            ),
            button=_("Excuse this person"),
            done=_("The person is excused."),
            step=lambda answers: excuse(enrollment=row, by=request.user, now=timezone.now()),
        )
        return self.ask(request, row, question)


def _question(row: Enrollment, **words: Any) -> Question:
    facts: list[tuple[str, object]] = [
        (_("Person"), row.person.name),
        (_("Session"), row.session.course.title),
        (_("Starts"), row.session.starts_at),
        (_("Fee"), f"${row.price:,.2f}"),
    ]
    return Question(facts=facts, danger=True, **words)


def enrollment_file(desk: ModelAdmin, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Everybody who has or had a place in a session: `kind` is csv or xlsx."""
    if not (desk.has_view_permission(request) and may_look(request.user, Session)):
        raise PermissionDenied
    session = get_object_or_404(Session.objects.select_related("course"), pk=pk)
    if kind == "csv":
        return csv_download(f"{session.slug}.csv", enrollment_rows(session))
    if kind == "xlsx":
        return xlsx_download(f"{session.slug}.xlsx", enrollment_rows(session), title=_("Who takes part"))
    raise Http404


def enrollment_rows(session: Session) -> Iterator[list[object]]:
    """The list as a table, the heads first; by name."""
    yield [
        _("First name"),
        _("Last name"),
        _("E-mail address"),
        _("Organization"),
        _("Status"),
        _("Takes part online"),
        _("Access needs"),
        _("Preferred language"),
        _("Fee"),
        _("Reference"),
        _("Source code"),
        _("Registered"),
        _("Minutes there"),
    ]
    rows: QuerySet[Enrollment] = session.enrollments.select_related("person", "organization", "registration")
    for row in rows.order_by("person__last_name", "person__first_name", "pk").iterator():
        yield [
            row.person.first_name,
            row.person.last_name,
            row.person.email,
            row.organization.name if row.organization else "",
            row.get_status_display(),
            _("yes") if row.is_online else _("no"),
            row.needs,
            row.language,
            row.price,
            row.registration.reference if row.registration else "",
            row.source,
            timezone.localtime(row.registered_at).strftime("%Y-%m-%d %H:%M"),
            row.minutes if row.minutes is not None else "",
        ]
