"""Reminders of events: a week, a day and an hour before, each once and only to those who have a seat."""

from datetime import datetime, timedelta

from meetings import emails
from meetings.models import Attendance, AttendanceNotice, Event
from partners.gatherings.notices import due_reminder, reminder_time, write_once

# A week by the clock on the wall is an hour longer when summer time ends in it.
FIRST = timedelta(days=7, hours=2)


def remind(*, now: datetime) -> int:
    """Writes the reminders that are due; how many. A second run, or a second worker, finds them written."""
    soon = Event.objects.filter(
        state=Event.State.PUBLISHED, starts_at__gt=now, starts_at__lte=now + FIRST
    ).select_related("area")
    return sum(_remind(event, now) for event in soon)


def _remind(event: Event, now: datetime) -> int:
    kind = due_reminder(event, now)
    if kind is None:
        return 0
    # Whoever registered after that moment has just had our confirmation.
    to = event.attendances.filter(
        status=Attendance.Status.REGISTERED, registered_at__lte=reminder_time(event, kind)
    )
    return write_once(
        notices=AttendanceNotice,
        to=to.select_related("person"),
        kind=kind,
        revision=event.revision,
        now=now,
        message=lambda place: emails.reminder(place, event, kind),
    )
