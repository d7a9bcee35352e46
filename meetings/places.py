"""Somebody's own place at an event: the addresses that speak for them, and where they stand in line."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from meetings.models import Attendance, Event
from partners.gatherings.models import Mode
from partners.gatherings.tokens import MANAGE, place_token, read_place_token

ROOM = "meetings"


@dataclass(frozen=True)
class PlaceLinks:
    """Full addresses, for mail: one's own page, the calendar file with what one may know, and the event's page."""

    manage: str
    calendar: str
    event: str


def manage_token(place: Attendance) -> str:
    """The signed word in the address of somebody's own page."""
    return place_token(ROOM, MANAGE, place.pk)


def links_of(place: Attendance, event: Event) -> PlaceLinks:
    token = manage_token(place)
    return PlaceLinks(
        manage=settings.SITE_URL + reverse("meetings:place", args=[token]),
        calendar=settings.SITE_URL + reverse("meetings:place_ics", args=[token]),
        event=settings.SITE_URL + event.get_absolute_url(),
    )


def place_behind(token: str) -> Attendance | None:
    """Whose place a signed word speaks for."""
    pk = read_place_token(ROOM, MANAGE, token)
    return Attendance.objects.select_related("event__area", "person").filter(pk=pk).first() if pk else None


def place_in_line(place: Attendance) -> int | None:
    """1 for whoever is next; None for somebody who does not wait."""
    if place.status != Attendance.Status.WAITLISTED or place.waiting_since is None:
        return None
    others = place.event.attendances.filter(status=Attendance.Status.WAITLISTED)
    if place.event.mode == Mode.HYBRID:
        others = others.filter(is_online=False)
    since = place.waiting_since
    before = Q(waiting_since__lt=since) | Q(waiting_since=since, pk__lt=place.pk)
    return others.filter(before).count() + 1
