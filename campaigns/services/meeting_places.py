"""Invitations to events of ours: the call's event follows the meeting, and an answer is a place at it, or none."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from campaigns.models import CallEvent, CallToAction, Rsvp
from campaigns.services.errors import AnswerRefused
from meetings.models import Attendance, Event
from meetings.services.registering import HELD, cancel_place, register
from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed


def copy_meeting(event: CallEvent) -> None:
    """Gives the call's event the time and place of its meeting. How to join and who has a seat stays with the meeting."""
    meeting = event.meeting
    if meeting is None:
        return
    place = ", ".join(part for part in (meeting.venue, meeting.street, meeting.city) if part)
    event.starts_at, event.ends_at = meeting.starts_at, meeting.ends_at
    event.place = (place if meeting.is_in_person else _("Online"))[:300]
    event.online_url, event.access, event.capacity = "", meeting.access, None
    event.revision, event.cancelled_at = meeting.revision, meeting.cancelled_at


def keep_place(event: object, rsvp: Rsvp, now: datetime) -> None:
    """Whoever comes is registered for the meeting, or waits; who does not gives the place back. Raises `AnswerRefused`."""
    meeting = event.meeting if isinstance(event, CallEvent) else None
    if meeting is None:
        return
    try:
        _settle(meeting, rsvp, now)
    except NotAllowed as reason:
        raise AnswerRefused(str(reason)) from reason


def _settle(meeting: Event, rsvp: Rsvp, now: datetime) -> None:
    action = rsvp.action
    place = place_of(rsvp, meeting)
    if rsvp.coming != Rsvp.Coming.YES:
        if place is not None:
            cancel_place(place=place, by=None, now=now)
    elif place is None:
        register(
            event=meeting,
            person=action.person,
            organization=action.organization,
            online=False,
            needs=rsvp.needs,
            language="",
            source=f"call-{action.call_to_action_id}",
            by=None,
            now=now,
        )


def place_of(rsvp: Rsvp, meeting: Event) -> Attendance | None:
    """The place that somebody has or waits for at the meeting they were invited to."""
    return meeting.attendances.filter(person=rsvp.action.person_id, status__in=HELD).first()


def follow_meetings(*, now: datetime) -> int:
    """Copies what changed of meetings that calls invite to. How many calls follow. Nobody is told here: the meeting's people are."""
    behind = CallEvent.objects.filter(meeting__isnull=False).exclude(
        revision=F("meeting__revision"), starts_at=F("meeting__starts_at")
    )
    still = behind.filter(Q(starts_at__gt=now) | Q(meeting__starts_at__gt=now))
    return sum(_follow(pk) for pk in still.values_list("pk", flat=True))


@transaction.atomic
def _follow(pk: int) -> bool:
    """One call, its rows locked in the order in which answers lock them."""
    found = CallEvent.objects.get(pk=pk)
    call = CallToAction.objects.select_for_update(of=("self",)).get(pk=found.call_to_action_id)
    event = CallEvent.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=pk)
    was_at = event.starts_at
    copy_meeting(event)
    event.save()
    if event.starts_at != was_at and (call.closes_at == was_at or call.closes_at > event.starts_at):
        call.closes_at = event.starts_at
        call.save(update_fields=["closes_at"])
    empty_page_cache_on_commit()
    return True
