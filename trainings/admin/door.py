"""The door of a session at the staff desk: one for each of its days."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import date as words_of
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.admin.base import desk_page
from partners.admin.door import Door
from partners.admin.door import door_pages as pages
from partners.gatherings.check_in import SELF_FROM
from partners.gatherings.models import Attendee
from partners.gatherings.tokens import DOOR, read_place_token
from partners.models import User
from trainings.door_pages import DoorDay, door_days, fees_given_back, on_the_list, status_on
from trainings.models import Enrollment, Session
from trainings.permissions import can_check_in
from trainings.services.cancelling import excuse
from trainings.services.check_in import day_of, door_code, tick, walk_in_at_door
from trainings.tokens import ROOM


class SessionDoor(Door):
    """The door of one day of a session."""

    def __init__(self, day: DoorDay) -> None:
        self.of, self.session = day, day.session
        self.name = f"training-{self.session.pk}-{day.number}"
        self.title = self.session.course.title
        self.day = day_in_words(day) if day.is_one_of_several else ""
        self.back_url = reverse("admin:trainings_session_attendance", args=[self.session.pk])
        self.back_label = _("Attendance at the desk")
        # While people come in, nobody is excused: every line of the phone counts. Nor at the door of one day of several,
        # because it is from the whole session, fee and all.
        is_under_way = day.day.starts_at - SELF_FROM <= timezone.now() <= day.day.ends_at
        self.allows_excusing = not day.is_one_of_several
        self.may_excuse = self.allows_excusing and not is_under_way

    def address(self, page: str = "door") -> str:
        return door_address(self.session, self.of.number, page)

    def rows(self) -> list[tuple[Attendee, str]]:
        rows = on_the_list(self.of).select_related("person", "organization")
        ordered = rows.order_by("person__last_name", "person__first_name", "pk")
        return [(row, status_on(self.of, row)) for row in ordered]

    def statuses(self) -> dict[int, str]:
        return {row.pk: status_on(self.of, row) for row in on_the_list(self.of).order_by()}

    def notes(self) -> dict[int, str]:
        return fees_given_back(self.session)

    def place(self, number: int) -> Enrollment | None:
        return self.session.enrollments.filter(pk=number).first()

    def tick(self, place: Enrollment, **facts: Any) -> None:
        tick(enrollment=place, part=self.of.part, **facts)

    def excuse(self, place: Enrollment, *, by: User, now: datetime) -> None:
        excuse(enrollment=place, by=by, now=now)

    def walk_in(self, **facts: Any) -> Enrollment:
        return walk_in_at_door(session=self.session, part=self.of.part, **facts)

    def code(self) -> str:
        return door_code(session=self.session, part=self.of.part)

    def check_in_address(self) -> str:
        return settings.SITE_URL + reverse("trainings:check_in", args=[self.session.slug])


def door_pages(admin: ModelAdmin) -> list[URLPattern]:
    """The pages of the door, for the session's `get_urls`."""
    return [
        desk_page(admin, "<int:pk>/door/", _doors, "doors"),
        *pages(admin, "<int:pk>/door/<int:number>/", _find, _scanned),
    ]


def door_address(session: Session, number: int, page: str = "door") -> str:
    return reverse(f"admin:trainings_session_{page}", args=[session.pk, number])


def day_in_words(day: DoorDay) -> str:
    """Such as “Day 2: March 6”."""
    facts = {"n": day.number, "date": words_of(timezone.localtime(day.day.starts_at), "F j")}
    return _("Day %(n)d: %(date)s") % facts


def _session(request: HttpRequest, **wanted: Any) -> Session:
    if not can_check_in(request.user):
        raise PermissionDenied
    sessions = Session.objects.select_related("course").prefetch_related("parts")
    return get_object_or_404(sessions, **wanted)


def _doors(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """To the door of the day under way, or next."""
    session = _session(request, pk=pk)
    return HttpResponseRedirect(door_address(session, day_of(session, timezone.now())))


def _find(request: HttpRequest, pk: int, number: int) -> Door:
    days = door_days(_session(request, pk=pk))
    if not 1 <= number <= len(days):
        raise Http404(_("This session has no such day."))
    return SessionDoor(days[number - 1])


def _scanned(request: HttpRequest, token: str) -> tuple[Door, Enrollment, str] | None:
    """Whose code it is, at the door of the day under way, or next."""
    if not can_check_in(request.user):
        raise PermissionDenied
    pk = read_place_token(ROOM, DOOR, token)
    found = Enrollment.objects.filter(pk=pk).first() if pk else None
    if found is None:
        return None
    session = _session(request, pk=found.session_id)
    day = door_days(session)[day_of(session, timezone.now()) - 1]
    row = on_the_list(day).select_related("person", "organization").get(pk=found.pk)
    row.session = session
    return SessionDoor(day), row, status_on(day, row)
