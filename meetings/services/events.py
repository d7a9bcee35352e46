"""The life of an event: published, moved, cancelled; whoever has a place is told once of each change."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mailing.queueing import queue_after_commit
from mailing.services import Draft
from meetings import emails
from meetings.models import Attendance, AttendanceNotice, Event
from meetings.services.check_in import take_back_check_ins
from meetings.services.registering import HELD, PLACED, lock, promote
from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.gatherings.models import Mode, Notice
from partners.gatherings.notices import count_as_told, due_reminder
from partners.gatherings.seats import counted
from partners.gatherings.telling import TURN_SECONDS, have_told, tell
from partners.history import changed_by
from partners.models import User

_PLACE = ("venue", "street", "city")
# What somebody has to know who made room in their calendar.
TOLD = ("starts_at", "ends_at", "mode", *_PLACE, "join_url")
# What of a published event changes only here, under its lock.
MOVED = (*TOLD, "capacity", "registration_closes_at")


def problems_of(event: Event) -> list[str]:
    """What is missing before an event can be published, in words."""
    problems = []
    if event.is_in_person and not event.venue:
        problems.append(_("Enter the place: people come to it."))
    if event.is_in_person and event.venue and not event.city:
        problems.append(_("Enter the city of the place."))
    if event.is_online and not event.join_url:
        problems.append(_("Enter the address to join online."))
    if event.kind == Event.Kind.COUNCIL and event.area_id is None:
        problems.append(_("Choose the Local Area Council that meets."))
    if event.kind == Event.Kind.INTERNAL and event.audience != Event.Audience.STAFF:
        problems.append(_("An internal event is for board and staff: say so under who may come."))
    if event.ends_at <= event.starts_at:
        problems.append(_("An event ends after it starts."))
    return problems


@transaction.atomic
def publish(*, event: Event, by: User, now: datetime) -> Event:
    """Puts a draft before those it is for. Raises `NotAllowed` with what is missing."""
    event = lock(event)
    if event.state != Event.State.DRAFT:
        raise NotAllowed(_("Only a draft can be published."))
    if problems := problems_of(event):
        raise NotAllowed(" ".join(problems))
    event.state = Event.State.PUBLISHED
    event.published_at, event.published_by = now, by
    _save(event, by)
    return event


@transaction.atomic
def change_event(*, event: Event, by: User, now: datetime, **changes: Any) -> int:
    """Another time, place or number of seats for a published event. How many people are to be told.

    Whoever has a place is told once of another time, place or address to join; who had checked in for another start or
    at another place is registered again; more seats go to those who wait. Raises `NotAllowed`.
    """
    event = lock(event)
    if event.state != Event.State.PUBLISHED or event.is_over(now):
        raise NotAllowed(_("Only a published event that is still to come can be changed so."))
    changed = [name for name in MOVED if name in changes and getattr(event, name) != changes[name]]
    for name in changed:
        setattr(event, name, changes[name])
    _refuse_change(event, changed, now)
    if not changed:
        return 0
    is_told = any(name in TOLD for name in changed)
    event.revision += 1 if is_told else 0
    _save(event, by)
    is_one_way = "mode" in changed and event.mode != Mode.HYBRID
    is_moved = is_one_way or any(name in changed for name in ("starts_at", *_PLACE))
    if is_moved and now < event.starts_at:
        take_back_check_ins(event=event, by=by, now=now)
    if is_one_way:
        event.attendances.filter(status__in=HELD).update(is_online=event.is_online)
    told = _tell(event, Notice.Kind.MOVED, now) if is_told else 0
    promote(event, now)
    return told


def _refuse_change(event: Event, changed: list[str], now: datetime) -> None:
    """Raises `NotAllowed` where the event cannot be so."""
    if problems := problems_of(event):
        raise NotAllowed(" ".join(problems))
    if "starts_at" in changed and event.starts_at <= now:
        raise NotAllowed(_("Choose a time that is still to come."))
    seated = counted(event, event.attendances.all()).filter(status__in=Attendance.SEATED).count()
    if event.capacity is not None and {"capacity", "mode"} & set(changed) and event.capacity < seated:
        words = ngettext("%(n)d seat is taken already.", "%(n)d seats are taken already.", seated)
        raise NotAllowed(words % {"n": seated} + " " + _("Allow at least that many."))


@transaction.atomic
def cancel_event(*, event: Event, reason: str, by: User, now: datetime) -> int:
    """Calls a published event off and tells whoever has a place or waits for one. How many people that are.

    Who had checked in to one that never began is registered again.
    """
    event = lock(event)
    if event.state != Event.State.PUBLISHED or event.is_over(now):
        raise NotAllowed(_("Only a published event that is still to come can be cancelled."))
    event.state = Event.State.CANCELLED
    event.cancelled_at, event.cancelled_by, event.cancel_reason = now, by, reason
    event.revision += 1
    _save(event, by)
    if now < event.starts_at:
        take_back_check_ins(event=event, by=by, now=now)
    return _tell(event, Notice.Kind.CANCELLED, now)


def _save(event: Event, by: User) -> None:
    changed_by(event, by)
    event.save()
    empty_page_cache_on_commit()


def _tell(event: Event, kind: Notice.Kind, now: datetime) -> int:
    """Has everybody written to who has a place or waits for one, once for this revision; how many that are."""
    from meetings.tasks import tell_of_changes as task

    to = event.attendances.filter(status__in=PLACED)
    # A reminder that would be due at the new time says nothing more than this message does.
    count_as_told(AttendanceNotice, to, due_reminder(event, now), event.revision, now)
    people = have_told(
        earlier=AttendanceNotice.objects.filter(attendance__event=event),
        to=to,
        kind=kind,
        revision=event.revision,
    )
    queue_after_commit(task)
    return people


def tell_of_changes(*, now: datetime, seconds: float = TURN_SECONDS) -> bool:
    """The worker's part: writes to those who are to be told of a change, for a while. Whether some are left."""
    waiting = AttendanceNotice.objects.select_related("attendance__event", "attendance__person").order_by(
        "pk"
    )
    return tell(waiting, _news, now=now, seconds=seconds)


def _news(notice: AttendanceNotice) -> Draft | None:
    """What somebody is told; nothing who gave the place back meanwhile."""
    place = notice.attendance
    if place.status not in PLACED:
        return None
    write = emails.cancelled if notice.kind == Notice.Kind.CANCELLED else emails.moved
    return write(place, place.event)
