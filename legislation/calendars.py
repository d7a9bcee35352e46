"""Hearings as calendars that people subscribe to (RFC 5545). Times are in UTC, which every program understands."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from legislation.models import Hearing, HearingDocument
from legislation.slip_windows import is_gone, slip_window
from mailing.composing.compile import clean, clean_body

# A posting never says when a meeting ends; an hour shows up in every calendar.
LENGTH = timedelta(hours=1)
REMIND_BEFORE = timedelta(days=1)
REFRESH = timedelta(hours=1)
# How far back a subscribed calendar reaches.
KEPT = timedelta(days=30)


def hearing_calendar(hearings: Iterable[Hearing], *, name: str) -> bytes:
    """The calendar file, without control characters, which its format cannot hold.

    Each hearing needs `committee`, and `documents` with their bills and tracking, at hand.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Illinois Partners portal//Hearings//EN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", clean(name))
    calendar.add("x-wr-calname", clean(name))
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for hearing in hearings:
        calendar.add_component(_event(hearing))
    return bytes(calendar.to_ical())


def calendar_response(request: HttpRequest, calendar: bytes, *, filename: str) -> HttpResponseBase:
    """The file, or "not modified" where the program has it already."""
    etag = f'"{blake2b(calendar, digest_size=12).hexdigest()}"'
    response = HttpResponse(calendar, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{filename}.ics"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def webcal(address: str) -> str:
    """A path of ours as an address that opens the calendar program."""
    return f"webcal://{urlsplit(settings.SITE_URL).netloc}{address}"


def kept_since(now: datetime) -> datetime:
    """From when on a subscribed calendar holds hearings."""
    return now - KEPT


def _event(hearing: Hearing) -> Event:
    gone = hearing.state == Hearing.State.CANCELLED or is_gone(hearing)
    event = Event()
    event.add("uid", f"hearing-{hearing.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", hearing.revision)
    event.add("dtstamp", hearing.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", hearing.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", hearing.starts_at.astimezone(UTC))
    event.add("duration", LENGTH)
    event.add("status", "CANCELLED" if gone else "CONFIRMED")
    event.add("summary", clean(_summary(hearing, gone=gone)))
    if hearing.location:
        event.add("location", clean(hearing.location))
    event.add("description", clean_body(_description(hearing)))
    event.add("url", f"{settings.SITE_URL}{hearing.get_absolute_url()}")
    event.add("transp", "TRANSPARENT" if gone else "OPAQUE")
    if not gone:
        event.add_component(_alarm(hearing))
    return event


def _alarm(hearing: Hearing) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMIND_BEFORE)
    words = _("File your witness slip: %(committee)s") % {"committee": hearing.committee_title}
    alarm.add("description", clean(words))
    return alarm


def _summary(hearing: Hearing, *, gone: bool) -> str:
    bills = ", ".join(document.label for document in list(hearing.documents.all())[:5])
    words = f"{hearing.committee_title}: {bills}" if bills else hearing.committee_title
    return _("Cancelled: %(hearing)s") % {"hearing": words} if gone else words


def _description(hearing: Hearing) -> str:
    """What is heard, where we stand, and the rule for slips, in words that do not change with the hour."""
    lines = [_document_line(document) for document in hearing.documents.all()]
    if hearing.subject:
        lines.append(hearing.subject)
    # At the posting, so that the same notice makes the same file at every hour.
    rule = slip_window(hearing, hearing.posted_at or hearing.starts_at - REMIND_BEFORE).rule
    lines.append(_("Witness slips: %(rule)s") % {"rule": rule})
    lines.append(_("The end of the hearing is not known ahead; one hour is entered."))
    return "\n".join(lines)


def _document_line(document: HearingDocument) -> str:
    """A measure with its title and what we think of it."""
    bill = document.bill
    if bill is None:
        return document.label
    words = f"{document.label}: {bill.shown_title}"
    tracking = bill.public_tracking
    return f"{words} ({_('our position')}: {tracking.get_position_display()})" if tracking else words
