"""Closing the list of who was there: whoever was expected and did not come is absent from then on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from mailing.queueing import queue_after_commit
from meetings.models import Attendance, Event
from meetings.services.registering import lock
from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User

_Status = Attendance.Status


@transaction.atomic
def close_attendance(*, event: Event, by: User, now: datetime) -> int:
    """The event was held. How many are absent. Staff can still correct single people. Raises `NotAllowed`."""
    event = lock(event)
    if event.state != Event.State.PUBLISHED:
        raise NotAllowed(_("Attendance is closed once, for an event that was published."))
    if now < event.ends_at:
        raise NotAllowed(_("Attendance can be closed when the event has ended."))
    absent = _turn(event, _Status.REGISTERED, _Status.ABSENT, by=by, now=now)
    event.state, event.held_at, event.held_by = Event.State.HELD, now, by
    _save(event, by)
    _call_worker()
    return absent


@transaction.atomic
def reopen_attendance(*, event: Event, by: User, now: datetime) -> int:
    """Takes the closing back; who was absent counts as registered again. How many. Raises `NotAllowed`."""
    event = lock(event)
    if event.state != Event.State.HELD:
        raise NotAllowed(_("Attendance of this event is not closed."))
    expected = _turn(event, _Status.ABSENT, _Status.REGISTERED, by=by, now=now)
    event.state, event.held_at, event.held_by = Event.State.PUBLISHED, None, None
    _save(event, by)
    return expected


def _call_worker() -> None:
    """Those who were there are asked how it was right after the commit; the clock would do it later."""
    from meetings.tasks import after_events

    queue_after_commit(after_events)


def _turn(event: Event, status: str, into: str, *, by: User, now: datetime) -> int:
    """Gives everybody of one status another, each with their line of history."""
    places = list(event.attendances.select_for_update(of=("self",)).filter(status=status).order_by("pk"))
    for place in places:
        place.status = into
    bulk_update_with_history(
        places, Attendance, ["status"], default_user=by, default_date=now, batch_size=500
    )
    return len(places)


def _save(event: Event, by: User) -> None:
    changed_by(event, by)
    event.save()
    empty_page_cache_on_commit()
