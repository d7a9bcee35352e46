"""Who comes to events, at the staff desk: rows to read and to take along as a spreadsheet."""

from collections.abc import Iterator

from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from meetings.models import Attendance, Event
from partners.admin.base import PartnersAdmin, ReadOnlyMixin, desk_page
from partners.admin.history import HistoryAdmin
from partners.fiscal_year import CHICAGO
from partners.permissions import may_look
from partners.spreadsheets import csv_download, xlsx_download

STATUS_LABELS = {
    "registered": "success",
    "waitlisted": "warning",
    "attended": "primary",
    "absent": "danger",
    "excused": "info",
    "cancelled": "info",
}


@admin.register(Attendance)
class AttendanceAdmin(ReadOnlyMixin, HistoryAdmin, PartnersAdmin):
    """Places change at the door, by the person, or through an event's buttons: nobody types into a row."""

    list_display = [
        "person",
        "organization",
        "event",
        "shown_status",
        "is_online",
        "needs",
        "registered_at",
    ]
    list_filter = [
        "status",
        "is_online",
        "event__kind",
        ("event__area", admin.RelatedOnlyFieldListFilter),
        ("source", admin.AllValuesFieldListFilter),
    ]
    list_select_related = ["person", "organization", "event"]
    search_fields = [
        "person__last_name",
        "person__first_name",
        "person__email",
        "organization__name",
        "event__title",
    ]
    ordering = ["-registered_at"]
    list_before_template = "meetings/admin/attendance_files.html"

    def get_urls(self) -> list[URLPattern]:
        return [desk_page(self, "of-event/<int:pk>.<str:kind>", attendance_file, "file"), *super().get_urls()]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "event__id__exact" or super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponseBase:
        event = self._event_asked_for(request)
        return super().changelist_view(request, (extra_context or {}) | {"event": event})

    def _event_asked_for(self, request: HttpRequest) -> Event | None:
        asked = request.GET.get("event__id__exact", "")
        if not (asked.isascii() and asked.isdigit() and len(asked) <= 18):
            return None
        return Event.objects.filter(pk=int(asked)).first()

    @display(description=gettext_lazy("status"), ordering="status", label=STATUS_LABELS)
    def shown_status(self, place: Attendance) -> tuple[str, str]:
        return place.status, place.get_status_display()


def attendance_file(desk: ModelAdmin, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Everybody who has or had a place at an event: `kind` is csv or xlsx."""
    if not (desk.has_view_permission(request) and may_look(request.user, Event)):
        raise PermissionDenied
    event = get_object_or_404(Event, pk=pk)
    if kind == "csv":
        return csv_download(f"{event.slug}.csv", attendance_rows(event))
    if kind == "xlsx":
        return xlsx_download(f"{event.slug}.xlsx", attendance_rows(event), title=_("Who comes"))
    raise Http404


def attendance_rows(event: Event) -> Iterator[list[object]]:
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
        _("Source code"),
        _("Registered"),
        _("Checked in"),
        _("Minutes there"),
    ]
    rows: QuerySet[Attendance] = event.attendances.select_related("person", "organization")
    for place in rows.order_by("person__last_name", "person__first_name", "pk").iterator():
        yield [
            place.person.first_name,
            place.person.last_name,
            place.person.email,
            place.organization.name if place.organization else "",
            str(place.get_status_display()),
            _("yes") if place.is_online else _("no"),
            place.needs,
            place.language,
            place.source,
            timezone.localtime(place.registered_at, CHICAGO).strftime("%Y-%m-%d %H:%M"),
            timezone.localtime(place.checked_in_at, CHICAGO).strftime("%Y-%m-%d %H:%M")
            if place.checked_in_at
            else "",
            place.minutes if place.minutes is not None else "",
        ]
