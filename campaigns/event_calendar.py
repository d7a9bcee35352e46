"""An event that people are invited to as a calendar file (RFC 5545). Times are in UTC, as with hearings."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from campaigns.models import CallToAction
from campaigns.services.invitations import Event
from mailing.composing.compile import clean, clean_body


def event_calendar(call: CallToAction, event: Event, *, online: bool) -> bytes:
    """The file. With `online`, for somebody who comes, it holds the address to join online."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Illinois Partners portal//Events//EN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add_component(_component(call, event, online=online))
    return bytes(calendar.to_ical())


def _component(call: CallToAction, event: Event, *, online: bool) -> CalendarEvent:
    page = f"{settings.SITE_URL}{call.get_absolute_url()}"
    title = _("Cancelled: %s") % call.title if event.cancelled_at else call.title
    component = CalendarEvent()
    # The same for the call's whole life, so that a program replaces what it has.
    component.add("uid", f"event-{call.pk}@{urlsplit(settings.SITE_URL).hostname}")
    component.add("sequence", event.revision)
    component.add("dtstamp", _changed_at(call, event))
    component.add("dtstart", event.starts_at.astimezone(UTC))
    component.add("dtend", event.ends_at.astimezone(UTC))
    component.add("status", "CANCELLED" if event.cancelled_at else "CONFIRMED")
    component.add("summary", clean(title))
    if event.place:
        component.add("location", clean(event.place))
    lines = [call.ask]
    if event.access:
        lines.append(_("Access: %s") % event.access)
    if online and event.online_url:
        lines.append(_("Join online: %s") % event.online_url)
    lines.append(page)
    component.add("description", clean_body("\n".join(lines)))
    component.add("url", page)
    component.add("transp", "TRANSPARENT" if event.cancelled_at else "OPAQUE")
    return component


def _changed_at(call: CallToAction, event: Event) -> datetime:
    """When the event was last changed, by its history; two files of one state are the same file."""
    history: Any = getattr(event, "history", None)
    last = history.order_by("-history_date").first() if history is not None else None
    return (last.history_date if last else call.created_at).astimezone(UTC).replace(microsecond=0)
