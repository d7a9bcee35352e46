"""After an event: notes for its page, what people took on, and how it was."""

import secrets
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing.services import queue_messages
from meetings import afterwards_emails as emails
from meetings.models import Attendance, AttendanceNotice, Event, Feedback, FollowUp
from meetings.services.registering import lock
from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.gatherings.models import Notice
from partners.gatherings.notices import write_once
from partners.history import changed_by
from partners.models import User

# Who is asked how it was: attendance that was closed, or corrected, in so many days.
ASKED_FOR = timedelta(days=7)
# How long an answer is taken.
ANSWERED_FOR = timedelta(days=30)

# Taken out and put back in one statement and in random order: the place of a row on the disk tells nothing then.
_MIX = """
WITH taken AS (DELETE FROM meetings_feedback WHERE event_id = %s RETURNING *)
INSERT INTO meetings_feedback SELECT * FROM taken ORDER BY random()
"""


# --- Notes --------------------------------------------------------------------------------------------------


@transaction.atomic
def publish_notes(*, event: Event, by: User, now: datetime) -> Event:
    """Shows the notes on the event's page and on its council's. Raises `NotAllowed`."""
    event = lock(event)
    if not event.notes.strip():
        raise NotAllowed(_("Write the notes first."))
    if event.state not in {Event.State.PUBLISHED, Event.State.HELD} or now < event.starts_at:
        raise NotAllowed(_("Notes can be published once the event has begun."))
    if event.notes_published_at is None:
        event.notes_published_at, event.notes_published_by = now, by
        _save(event, by)
    return event


@transaction.atomic
def take_back_notes(*, event: Event, by: User) -> Event:
    """Takes the notes off the pages; they stay as a draft."""
    event = lock(event)
    event.notes_published_at = event.notes_published_by = None
    _save(event, by)
    return event


def _save(event: Event, by: User) -> None:
    changed_by(event, by)
    event.save()
    empty_page_cache_on_commit()


# --- Follow-ups ---------------------------------------------------------------------------------------------


@transaction.atomic
def save_follow_up(*, follow_up: FollowUp, by: User, now: datetime) -> FollowUp:
    """Writes a follow-up down. A new owner is told once; a new date is reminded of anew."""
    before = FollowUp.objects.select_for_update().filter(pk=follow_up.pk).first()
    has_new_owner = follow_up.owner_id is not None and (
        before is None or before.owner_id != follow_up.owner_id
    )
    if has_new_owner or (before is not None and before.due_on != follow_up.due_on):
        follow_up.reminded_at = None
    if has_new_owner and follow_up.done_at is None:
        follow_up.assigned_at, follow_up.assigned_by = now, by
    changed_by(follow_up, by)
    follow_up.save()
    if has_new_owner and follow_up.done_at is None:
        queue_messages(drafts=[emails.follow_up_given(follow_up)])
    return follow_up


@transaction.atomic
def finish_follow_up(*, follow_up: FollowUp, by: User, now: datetime) -> FollowUp:
    """It is done. A second time changes nothing."""
    return _settle(follow_up, done_at=now, by=by)


@transaction.atomic
def reopen_follow_up(*, follow_up: FollowUp, by: User) -> FollowUp:
    """It is not done after all."""
    return _settle(follow_up, done_at=None, by=by)


def _settle(follow_up: FollowUp, *, done_at: datetime | None, by: User) -> FollowUp:
    row = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if bool(row.done_at) != bool(done_at):
        row.done_at, row.done_by = done_at, by if done_at else None
        changed_by(row, by)
        row.save()
    return row


@transaction.atomic
def remind_of_follow_ups(*, now: datetime) -> int:
    """Reminds owners on the day, each once; how many."""
    due = FollowUp.objects.due(timezone.localdate(now)).select_related("owner", "event")
    rows = list(due.select_for_update(of=("self",), skip_locked=True))
    FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
    queue_messages(drafts=[emails.follow_up_due(row) for row in rows])
    return len(rows)


# --- Feedback -----------------------------------------------------------------------------------------------


def ask_for_feedback(*, now: datetime) -> int:
    """Asks those who were there how it was, once, after attendance is closed; how many."""
    held = Event.objects.filter(state=Event.State.HELD, held_at__gt=now - ASKED_FOR, held_at__lte=now)
    return sum(_ask(event, now) for event in held)


def _ask(event: Event, now: datetime) -> int:
    there = event.attendances.attended().filter(gave_feedback=False).select_related("person")
    return write_once(
        notices=AttendanceNotice,
        to=there,
        kind=Notice.Kind.FEEDBACK,
        revision=0,  # Asked once, however often the event was moved before.
        now=now,
        message=lambda place: emails.feedback_request(place, event),
    )


@transaction.atomic
def give_feedback(*, place: Attendance, rating: int, comment: str, now: datetime) -> None:
    """Keeps an answer, and apart from it that this person has answered. Raises `NotAllowed`.

    Nothing ties the two together: the answer has no time, a number drawn by chance, and is mixed with the others;
    that somebody answered leaves no line in the history.
    """
    event = lock(place.event)
    place = event.attendances.select_for_update(of=("self",)).get(pk=place.pk)
    if place.gave_feedback:
        raise NotAllowed(_("Your answer is kept already. Thank you."))
    if not feedback_open(event, place, now):
        raise NotAllowed(_("Answers about this event are no longer taken."))
    Attendance.objects.filter(pk=place.pk).update(gave_feedback=True)
    Feedback.objects.create(pk=secrets.randbits(62), event=event, rating=rating, comment=comment)
    with connection.cursor() as cursor:
        cursor.execute(_MIX, [event.pk])


def feedback_open(event: Event, place: Attendance, now: datetime) -> bool:
    """Whether this person may still say how it was."""
    was_there = place.status == Attendance.Status.ATTENDED
    return was_there and event.held_at is not None and now <= event.held_at + ANSWERED_FOR
