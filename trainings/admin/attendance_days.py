"""Which session and which of its days a page about attendance is of."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from trainings.door_pages import DoorDay, door_days
from trainings.models import Session
from trainings.permissions import can_check_in
from trainings.services.check_in import day_of


def session_of(request: HttpRequest, pk: int) -> Session:
    """The session, for staff who may say who was there."""
    if not can_check_in(request.user):
        raise PermissionDenied
    sessions = Session.objects.select_related("course").prefetch_related("parts")
    return get_object_or_404(sessions, pk=pk)


def chosen_day(request: HttpRequest, session: Session) -> DoorDay:
    """The day that the address names (`?day=2`), else the one under way or next."""
    days, asked = door_days(session), request.GET.get("day", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 4 else 0
    return days[(number if 1 <= number <= len(days) else day_of(session, timezone.now())) - 1]


def attendance_address(session: Session, day: DoorDay | None = None) -> str:
    address = reverse("admin:trainings_session_attendance", args=[session.pk])
    return f"{address}?day={day.number}" if day and day.is_one_of_several else address
