"""Events as calendar files: one, a council's, all of them. Only somebody with a seat finds the address to join."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from legislation.calendars import kept_since
from meetings.models import Attendance, Event
from meetings.querysets import EventQuerySet
from partners.gatherings.calendar import Entry, calendar_file


def events_calendar(events: Iterable[Event], *, name: str = "") -> bytes:
    """A file of events (`with_changed_at`), without addresses to join; with `name` one to subscribe to."""
    return calendar_file([_entry(event) for event in events], name)


def place_calendar(place: Attendance) -> bytes:
    """Somebody's own file of their event (`with_changed_at`)."""
    return calendar_file([_entry(place.event, place.event.join_url if place.has_seat else "")])


def feed(events: EventQuerySet, now: datetime) -> EventQuerySet:
    """What a subscribed calendar holds: from a month ago on, also what was called off."""
    return events.filter(starts_at__gte=kept_since(now)).with_changed_at().order_by("starts_at", "pk")


def _entry(event: Any, join_url: str = "") -> Entry:
    return Entry(
        uid=f"meeting-{event.pk}",
        gathering=event,
        title=event.title,
        summary=event.summary,
        page=event.get_absolute_url(),
        changed_at=event.changed_at or event.created_at,
        join_url=join_url,
    )
