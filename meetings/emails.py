"""What people are written about the events they come to. Built here, queued by the services."""

from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from mailing.services import Draft, Precedence
from meetings import places
from meetings.models import Attendance, Event
from partners.emails import render_message
from partners.gatherings.models import Notice

LONGEST_TITLE = 120


def registered(place: Attendance, *, is_again: bool = False) -> Draft:
    """That somebody has a seat or waits for one: when, where, how to join, how to give it back."""
    if place.has_seat:
        subject = _("You are registered: %(title)s")
    else:
        subject = _("You are on the waiting list: %(title)s")
    return _draft(
        "registered", subject, place, place.event, is_again=is_again, in_line=places.place_in_line(place)
    )


def way_changed(place: Attendance) -> Draft:
    """That somebody takes part in another way from now on: where they go, or how they join."""
    subject = _("You take part online: %(title)s") if place.is_online else _("You come in person: %(title)s")
    return _draft("way_changed", subject, place, place.event)


def seat_given(place: Attendance) -> Draft:
    """To somebody who waited: a seat became free, and it is theirs."""
    return _draft("seat_given", _("You have a seat: %(title)s"), place, place.event)


def reminder(place: Attendance, event: Event, kind: Notice.Kind) -> Draft:
    """That an event is near. Only for somebody with a seat."""
    subjects = {
        Notice.Kind.WEEK: _("In a week: %(title)s"),
        Notice.Kind.DAY: _("Tomorrow: %(title)s"),
        Notice.Kind.HOUR: _("In an hour: %(title)s"),
    }
    return _draft("reminder", subjects[kind], place, event, Precedence.NOTICE)


def moved(place: Attendance, event: Event) -> Draft:
    """That an event has another time or place."""
    return _draft("moved", _("Changed: %(title)s"), place, event, Precedence.NOTICE)


def cancelled(place: Attendance, event: Event) -> Draft:
    """That an event does not take place, and why."""
    return _draft("cancelled", _("Cancelled: %(title)s"), place, event, Precedence.NOTICE)


def _draft(
    template: str,
    subject: str,
    place: Attendance,
    event: Event,
    precedence: Precedence = Precedence.ANSWER,
    **facts: Any,
) -> Draft:
    """One message. Once the event has begun it says nothing new, so it is not sent then."""
    message = render_message(
        f"meetings/email/{template}",
        to=place.person.email,
        subject=subject % {"title": Truncator(event.title).chars(LONGEST_TITLE)},
        place=place,
        event=event,
        person=place.person,
        links=places.links_of(place, event),
        **facts,
    )
    return Draft(**message, precedence=precedence, expires_at=event.starts_at)
