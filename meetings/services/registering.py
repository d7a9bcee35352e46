"""Places at events: taken, changed and given back. Whoever takes or frees a seat holds the event's row locked."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mailing.services import queue_messages
from meetings import emails
from meetings.models import Attendance, AttendanceNotice, Council, Event
from meetings.permissions import may_take_part
from meetings.querysets import AttendanceQuerySet
from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.gatherings.models import Mode
from partners.gatherings.notices import count_as_told, due_reminder
from partners.gatherings.seats import free_seats, needs_seat, next_waiting
from partners.history import changed_by
from partners.models import Organization, Person, User
from partners.permissions import acting_organization

_Status = Attendance.Status
# Who has a place, or waits for one.
HELD = (_Status.REGISTERED, _Status.WAITLISTED)
# Whoever is told of the event. People check in before it begins.
PLACED = (*HELD, _Status.ATTENDED)


@transaction.atomic
def register(
    *,
    event: Event,
    person: Person,
    online: bool,
    needs: str,
    language: str,
    source: str,
    by: User | None,
    now: datetime,
    organization: Organization | None = None,
    tell: bool = True,
) -> Attendance:
    """A person's place: a seat while there is one, else one on the waiting list. A second time changes the first.

    `by` is who is signed in. Without them anybody may have typed the address, so what is known already is not changed:
    the mail says how. `organization` is theirs at this time; without it, the one they act for. Raises `NotAllowed`.
    """
    event = lock(event)
    refuse_impossible(event, person, by, now)
    online = event.mode == Mode.ONLINE or (event.mode == Mode.HYBRID and online)
    place = event.attendances.select_for_update(of=("self",)).filter(person=person).first()
    if place is not None and place.status == _Status.ATTENDED:
        return place
    if place is not None and place.status in HELD:
        place.event, place.person = event, person
        return _again(place, online=online, needs=needs, language=language, by=by, now=now, tell=tell)
    place = place or Attendance(event=event, person=person)
    place.organization = organization or acting_organization(person)
    place.needs, place.language, place.source = needs, language, source
    place.registered_at, place.registered_by, place.cancelled_at = now, by, None
    _give_place(place, event, online=online, now=now)
    _save(place, by)
    if tell and now < event.starts_at:
        queue_messages(drafts=[emails.registered(place)])
    return place


def lock(event: Event) -> Event:
    """The event as it is now; nobody else takes or frees a seat meanwhile."""
    return Event.objects.select_for_update(of=("self",)).get(pk=event.pk)


def refuse_impossible(event: Event, person: Person, by: User | None, now: datetime) -> None:
    """Raises `NotAllowed` where this person cannot have a place. Staff add people until the event ends."""
    if event.state != Event.State.PUBLISHED:
        raise NotAllowed(_("This event takes no registrations."))
    is_staff = by is not None and by.is_staff
    if now >= (event.ends_at if is_staff else event.registers_until):
        raise NotAllowed(_("Registration for this event is closed."))
    if not is_staff and not may_take_part(event, person):
        raise NotAllowed(_("This event is for people of our partner organizations."))


def _give_place(place: Attendance, event: Event, *, online: bool, now: datetime) -> None:
    """A seat, or the end of the line; pages that say how full it is follow."""
    place.is_online = online
    free = free_seats(event, event.attendances.all()) if needs_seat(event, is_online=online) else None
    if free == 0:
        place.status, place.waiting_since = _Status.WAITLISTED, now
        return
    place.status, place.waiting_since = _Status.REGISTERED, None
    if free == 1:
        empty_page_cache_on_commit()


def _again(
    place: Attendance, *, online: bool, needs: str, language: str, by: User | None, now: datetime, tell: bool
) -> Attendance:
    """Somebody registers who has a place or waits for one."""
    if by is None:
        if tell:
            queue_messages(drafts=[emails.registered(place, is_again=True)])
        return place
    if by.pk != place.person.user_id:
        # Staff who add somebody that is here already know less of them than they said themselves.
        needs, language = needs or place.needs, language or place.language
    return _change(place, online=online, needs=needs, language=language, by=by, now=now, tell=tell)


def _change(
    place: Attendance,
    *,
    online: bool,
    needs: str,
    language: str,
    by: User | None,
    now: datetime,
    tell: bool = True,
) -> Attendance:
    """Writes what changed. Another way of taking part is told by mail, with what they need to know for it."""
    event = place.event
    goes_elsewhere = online != place.is_online
    frees = place.status == _Status.REGISTERED and needs_seat(event, is_online=place.is_online)
    if goes_elsewhere:
        was, since = place.status, place.waiting_since
        _give_place(place, event, online=online, now=now)
        if was == _Status.REGISTERED and place.status == _Status.WAITLISTED:
            raise NotAllowed(_("Every seat in the room is taken. You keep your place online."))
        if was == place.status:
            place.waiting_since = since
    place.needs, place.language = needs, language
    _save(place, by)
    if goes_elsewhere and tell:
        queue_messages(drafts=[emails.way_changed(place)])
    if frees and not needs_seat(event, is_online=online):
        promote(event, now)
    return place


@transaction.atomic
def change_place(
    *, place: Attendance, online: bool, needs: str, language: str, by: User | None, now: datetime
) -> Attendance:
    """What somebody changes over their own link or signed in. Raises `NotAllowed`."""
    event = lock(place.event)
    place = _held(event, place)
    if now >= event.starts_at:
        raise NotAllowed(_("The event has begun, so this cannot be changed any more."))
    online = event.mode == Mode.ONLINE or (event.mode == Mode.HYBRID and online)
    return _change(place, online=online, needs=needs, language=language, by=by, now=now)


@transaction.atomic
def cancel_place(*, place: Attendance, by: User | None, now: datetime, excused: bool = False) -> Attendance:
    """Gives a place back; the first who waits gets a seat that becomes free so. Raises `NotAllowed`.

    With `excused` it stays on record that they said so beforehand, where the council counts that.
    """
    event = lock(place.event)
    place = _held(event, place)
    if now >= event.starts_at:
        raise NotAllowed(_("The event has begun, so this cannot be changed any more."))
    if excused and not counts_excused(event):
        raise NotAllowed(_("Nobody counts excused absences of this event. Cancel your registration instead."))
    place.waiting_since = None
    if excused:
        place.status = _Status.EXCUSED
    else:
        place.status, place.cancelled_at = _Status.CANCELLED, now
    _save(place, by)
    promote(event, now)
    empty_page_cache_on_commit()
    return place


def counts_excused(event: Event) -> bool:
    """Whether somebody can be noted as excused who says beforehand that they cannot come. One query."""
    if event.kind != Event.Kind.COUNCIL:
        return False
    return Council.objects.filter(area=event.area_id, counts_excused=True).exists()


def _held(event: Event, place: Attendance) -> Attendance:
    """The place as it is now, its row locked."""
    fresh = Attendance.objects.select_for_update(of=("self",)).select_related("person").get(pk=place.pk)
    if fresh.status not in HELD or event.state != Event.State.PUBLISHED:
        raise NotAllowed(_("There is no place any more that could be changed."))
    fresh.event = event
    return fresh


def promote(event: Event, now: datetime) -> list[Attendance]:
    """Gives seats that are free to those who wait longest, and tells them. The caller holds the event locked."""
    if event.state != Event.State.PUBLISHED or now >= event.starts_at:
        return []
    waiting: AttendanceQuerySet = event.attendances.select_for_update(of=("self",)).select_related("person")
    promoted = next_waiting(event, waiting)
    for place in promoted:
        place.event = event
        place.status = _Status.REGISTERED
        place.save(update_fields=["status"])
    if promoted:
        # The message that they have a seat says all that a reminder due now would say.
        count_as_told(AttendanceNotice, promoted, due_reminder(event, now), event.revision, now)
        queue_messages(drafts=[emails.seat_given(place) for place in promoted])
        empty_page_cache_on_commit()
    return promoted


def _save(place: Attendance, by: User | None) -> None:
    changed_by(place, by)
    place.save()
