"""The door of an event at the staff desk."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from meetings.models import Attendance, Event
from meetings.permissions import can_check_in
from meetings.places import ROOM
from meetings.services.check_in import door_code, excuse, tick, walk_in
from partners.admin.door import Door
from partners.admin.door import door_pages as pages
from partners.gatherings.check_in import SELF_FROM
from partners.gatherings.models import Attendee
from partners.gatherings.tokens import DOOR, read_place_token
from partners.models import User


class EventDoor(Door):
    """The door of one event."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.name, self.title = str(event.pk), event.title
        self.back_url = reverse("admin:meetings_event_change", args=[event.pk])
        self.back_label = _("The event at the desk")
        # While people come in, nobody is excused: every line of the phone counts.
        self.may_excuse = not event.starts_at - SELF_FROM <= timezone.now() <= event.ends_at

    def address(self, page: str = "door") -> str:
        return reverse(f"admin:meetings_event_{page}", args=[self.event.pk])

    def rows(self) -> list[tuple[Attendee, str]]:
        places = self.event.attendances.select_related("person", "organization").order_by(
            "person__last_name", "person__first_name", "pk"
        )
        return [(place, place.status) for place in places]

    def statuses(self) -> dict[int, str]:
        return dict(self.event.attendances.order_by().values_list("pk", "status"))

    def place(self, number: int) -> Attendance | None:
        return self.event.attendances.filter(pk=number).first()

    def tick(self, place: Attendance, **facts: Any) -> None:
        tick(attendance=place, **facts)

    def excuse(self, place: Attendance, *, by: User, now: datetime) -> None:
        excuse(attendance=place, by=by, now=now)

    def walk_in(self, **facts: Any) -> Attendance:
        return walk_in(event=self.event, **facts)

    def code(self) -> str:
        return door_code(event=self.event)

    def check_in_address(self) -> str:
        return settings.SITE_URL + reverse("meetings:check_in", args=[self.event.slug])


def door_pages(admin: ModelAdmin) -> list[URLPattern]:
    """The pages of the door, for the event's `get_urls`."""
    return pages(admin, "<int:pk>/door/", _find, _scanned)


def door_address(event: Event) -> str:
    return reverse("admin:meetings_event_door", args=[event.pk])


def on_the_day(request: HttpRequest, event: Event) -> list[tuple[str, str]]:
    """Links to the pages for the day of an event and the days after it: words and address."""
    if event.state not in {Event.State.PUBLISHED, Event.State.HELD}:
        return []
    after = (_("After the event"), reverse("admin:meetings_event_afterwards", args=[event.pk]))
    if not can_check_in(request.user):
        return [after]
    reports = (_("Attendance reports"), reverse("admin:meetings_event_reports", args=[event.pk]))
    return [(_("Door"), door_address(event)), reports, after]


def refuse_others(request: HttpRequest) -> None:
    """The door is for staff who may say who was there."""
    if not can_check_in(request.user):
        raise PermissionDenied


def _find(request: HttpRequest, pk: int) -> Door:
    refuse_others(request)
    return EventDoor(get_object_or_404(Event, pk=pk))


def _scanned(request: HttpRequest, token: str) -> tuple[Door, Attendance, str] | None:
    refuse_others(request)
    pk = read_place_token(ROOM, DOOR, token)
    places = Attendance.objects.select_related("event", "person", "organization")
    place = places.filter(pk=pk).first() if pk else None
    return None if place is None else (EventDoor(place.event), place, place.status)
