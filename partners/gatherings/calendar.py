"""Gatherings as calendar files (RFC 5545). Times are in UTC, as with hearings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from mailing.composing.compile import clean, clean_body
from partners.gatherings.models import Gathering

REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """One gathering as a calendar shows it. `uid` stays the same for its whole life; `page` is a path.

    `changed_at` is when its present revision was made. `join_url` is for those alone who have a seat.
    """

    uid: str
    gathering: Gathering
    title: str
    summary: str
    page: str
    changed_at: datetime
    join_url: str = ""


def calendar_file(entries: Iterable[Entry], name: str = "") -> bytes:
    """The file. With `name` it is a calendar to subscribe to, else single events to keep."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Illinois Partners portal//Gatherings//EN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    if name:
        calendar.add("x-wr-calname", clean(name))
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_component(entry))
    return bytes(calendar.to_ical())


def _component(entry: Entry) -> CalendarEvent:
    gathering = entry.gathering
    is_cancelled = gathering.state == Gathering.State.CANCELLED
    page = f"{settings.SITE_URL}{entry.page}"
    component = CalendarEvent()
    component.add("uid", f"{entry.uid}@{urlsplit(settings.SITE_URL).hostname}")
    component.add("sequence", gathering.revision)
    component.add("dtstamp", entry.changed_at.astimezone(UTC).replace(microsecond=0))
    component.add("dtstart", gathering.starts_at.astimezone(UTC))
    component.add("dtend", gathering.ends_at.astimezone(UTC))
    component.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    component.add("summary", clean(_("Cancelled: %s") % entry.title if is_cancelled else entry.title))
    place = ", ".join(part for part in (gathering.venue, gathering.street, gathering.city) if part)
    if place and gathering.is_in_person:
        component.add("location", clean(place))
    lines = [entry.summary]
    if gathering.access:
        lines.append(_("Access: %s") % gathering.access)
    if entry.join_url:
        lines.append(_("Join online: %s") % entry.join_url)
    lines.append(page)
    component.add("description", clean_body("\n".join(line for line in lines if line)))
    component.add("url", page)
    component.add("transp", "TRANSPARENT" if is_cancelled else "OPAQUE")
    return component
