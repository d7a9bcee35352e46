"""What people are written about an event they were invited to. Built here, queued by the services."""

from collections.abc import Callable

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from campaigns.models import CallToAction, Rsvp
from campaigns.services.invitations import Event
from partners.emails import Message, render_message

Write = Callable[[CallToAction, Event, Rsvp], Message]


def _message(template: str, subject: str, call: CallToAction, event: Event, rsvp: Rsvp) -> Message:
    return render_message(
        f"campaigns/email/{template}",
        to=rsvp.action.person.email,
        subject=subject % {"title": Truncator(call.title).chars(120)},
        call=call,
        event=event,
        rsvp=rsvp,
        person=rsvp.action.person,
    )


def invitation_answered(call: CallToAction, event: Event, rsvp: Rsvp) -> Message:
    """Thanks for an answer: when and where, the calendar file, how to change it."""
    subject = (
        _("You are coming: %(title)s") if rsvp.coming == Rsvp.Coming.YES else _("You may come: %(title)s")
    )
    return _message("event_answer", subject, call, event, rsvp)


def event_reminder(call: CallToAction, event: Event, rsvp: Rsvp) -> Message:
    """Reminds somebody who comes, on the day before."""
    return _message("event_reminder", _("Soon: %(title)s"), call, event, rsvp)


def event_changed(call: CallToAction, event: Event, rsvp: Rsvp) -> Message:
    """Tells of another time or place."""
    return _message("event_changed", _("Changed: %(title)s"), call, event, rsvp)


def event_cancelled(call: CallToAction, event: Event, rsvp: Rsvp) -> Message:
    """Tells that the event does not take place."""
    return _message("event_cancelled", _("Cancelled: %(title)s"), call, event, rsvp)
