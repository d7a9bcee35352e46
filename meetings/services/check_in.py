"""Who was there: ticked by staff at the door, or by the code shown in the room. Each step can be taken back."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from meetings.models import Attendance, DoorTick, Event
from meetings.permissions import may_take_part
from meetings.services.registering import lock, promote
from partners.errors import NotAllowed
from partners.gatherings.check_in import (
    EXPECTED_AGAIN,
    NotOnTheList,
    expect_again,
    has_come,
    is_code,
    is_open,
    known_person,
    new_code,
    newcomer,
    too_early,
    undo,
    wrong_code,
)
from partners.history import changed_by
from partners.models import Organization, Person, User
from partners.permissions import acting_organization
from partners.services.people import remember_person

__all__ = ["NotOnTheList", "check_in_by_code", "door_code", "excuse", "tick", "walk_in"]

_Status, How = Attendance.Status, Attendance.CheckIn


@transaction.atomic
def door_code(*, event: Event) -> str:
    """The short code shown in the room, made when it is first needed."""
    event = lock(event)
    if not event.check_in_code:
        event.check_in_code = new_code()
        # No change that anybody would want to read of later.
        Event.objects.filter(pk=event.pk).update(check_in_code=event.check_in_code)
    return event.check_in_code


@transaction.atomic
def tick(
    *,
    attendance: Attendance,
    action: str,
    key: UUID,
    made_at: datetime,
    by: User,
    now: datetime,
    how: str = How.STAFF,
) -> Attendance:
    """Checks somebody in, or takes it back, as a phone at the door says it.

    The same `key` counts once, however often it is sent. A tick that was made before the newest one is kept and changes
    nothing: of two phones the later tap wins, whichever arrives first. Nor is somebody taken back who was noted in
    another way since the tap. Raises `NotAllowed`.
    """
    place = locked_place(attendance)
    refuse_before_the_day(place.event, now)
    made_at = min(made_at, now)
    if DoorTick.objects.filter(key=key).exists():
        return place
    is_old = place.door_ticks.filter(made_at__gt=made_at).exists()
    _a_tick(place, action, key=key, made_at=made_at, by=by, now=now).save()
    if is_old:
        return place
    if action == DoorTick.Action.IN:
        return mark_attended(place, how=how, by=by, at=made_at)
    if place.checked_in_at is not None and place.checked_in_at > made_at:
        return place
    return _take_back(place, by=by, now=now)


def _a_tick(
    place: Attendance, action: str, *, key: UUID, made_at: datetime, by: User | None, now: datetime
) -> DoorTick:
    """A tick that is not yet written."""
    facts = {"key": key, "action": action, "made_at": made_at, "made_by": by, "received_at": now}
    return DoorTick(event=place.event, attendance=place, **facts)


@transaction.atomic
def walk_in(
    *,
    event: Event,
    email: str,
    first_name: str,
    last_name: str,
    organization: Organization | None,
    key: UUID,
    made_at: datetime,
    by: User,
    now: datetime,
) -> Attendance:
    """Checks in somebody who did not register; of somebody who did, the same as a tick. Raises `NotAllowed`."""
    event = lock(event)
    refuse_before_the_day(event, now)
    sent_before = DoorTick.objects.filter(key=key).select_related("attendance__event").first()
    if sent_before is not None:
        return sent_before.attendance
    person = remember_person(email=email, first_name=first_name, last_name=last_name)
    made_at = min(made_at, now)
    place = place_for(event, person, organization=organization, by=by, now=made_at)
    if place.pk is None:
        place = mark_attended(place, how=How.STAFF, by=by, at=made_at)
    elif organization is not None and place.organization_id is None:
        place.organization = organization
        save(place, by)
    return tick(attendance=place, action=DoorTick.Action.IN, key=key, made_at=made_at, by=by, now=now)


def place_for(
    event: Event, person: Person, *, organization: Organization | None, by: User | None, now: datetime
) -> Attendance:
    """A person's place at an event, or a new one that is not yet written. The caller holds the event locked."""
    place = event.attendances.select_for_update(of=("self",)).filter(person=person).first()
    if place is None:
        place = Attendance(event=event, person=person, registered_at=now, registered_by=by)
        place.organization = organization or acting_organization(person)
    place.event = event
    return place


@transaction.atomic
def check_in_by_code(
    *,
    event: Event,
    code: str,
    email: str,
    now: datetime,
    first_name: str = "",
    last_name: str = "",
) -> Attendance:
    """Somebody in the room checks in with the code they see there. Raises `NotAllowed`, or `NotOnTheList`."""
    event = lock(event)
    if not is_open(event.state, event, now):
        raise too_early()
    if not is_code(code, event.check_in_code):
        raise wrong_code()
    person = known_person(email)
    known = (
        person is not None
        and event.attendances.filter(person=person).exclude(status=_Status.CANCELLED).exists()
    )
    if not known:
        person = newcomer(person, email=email, first_name=first_name, last_name=last_name)
        if not may_take_part(event, person):
            raise NotAllowed(
                _("This event is for people of our partner organizations. Please ask at the door.")
            )
    assert person is not None
    place = place_for(event, person, organization=None, by=None, now=now)
    place = mark_attended(place, how=How.CODE, by=None, at=now)
    # Also of somebody who is noted already: a tap that was made before takes nobody back.
    _a_tick(place, DoorTick.Action.IN, key=uuid4(), made_at=now, by=None, now=now).save()
    return place


@transaction.atomic
def excuse(*, attendance: Attendance, by: User, now: datetime) -> Attendance:
    """Staff note that somebody told us they cannot come; who waits gets their seat. Raises `NotAllowed`."""
    event = lock(attendance.event)
    place = locked_place(attendance)
    if place.status not in {_Status.REGISTERED, _Status.WAITLISTED, _Status.ABSENT}:
        raise NotAllowed(_("Only somebody who was expected can be excused."))
    place.status, place.waiting_since = _Status.EXCUSED, None
    save(place, by)
    promote(event, now)
    return place


def mark_attended(place: Attendance, *, how: str, by: User | None, at: datetime) -> Attendance:
    """Notes that somebody was there. Who was noted before keeps that time. The caller holds the row locked."""
    if place.status == _Status.ATTENDED:
        return place
    place.status, place.check_in, place.checked_in_at, place.checked_in_by = _Status.ATTENDED, how, at, by
    if place.organization_id is None:
        place.organization = acting_organization(place.person)
    if place.event.is_in_person and how in {How.STAFF, How.QR}:
        place.is_online = False
    return save(place, by)


def _take_back(place: Attendance, *, by: User, now: datetime) -> Attendance:
    """They were not there after all: back to what they were; who had only walked in is gone from the list."""
    if place.status != _Status.ATTENDED:
        return place
    walked_in = place.checked_in_at is not None and place.registered_at >= place.checked_in_at
    is_known = place.history.exclude(status=_Status.ATTENDED).exists()
    undo(
        place,
        walked_in=walked_in and not is_known,
        is_held=place.event.state == Event.State.HELD,
        now=now,
    )
    return save(place, by)


def take_back_check_ins(*, event: Event, by: User, now: datetime) -> int:
    """Whoever has checked in to what has not begun is registered again; how many. The caller holds the event locked.

    Taps at the door that were made before and arrive later change nothing.
    """
    places = list(event.attendances.attended().select_for_update(of=("self",)).order_by("pk"))
    for place in places:
        expect_again(place)
    bulk_update_with_history(
        places, Attendance, EXPECTED_AGAIN, default_user=by, default_date=now, batch_size=500
    )
    DoorTick.objects.bulk_create(
        _a_tick(place, DoorTick.Action.OUT, key=uuid4(), made_at=now, by=by, now=now) for place in places
    )
    return len(places)


def refuse_before_the_day(event: Event, now: datetime) -> None:
    """Raises `NotAllowed` where nobody can have been there: before the day, and where it never took place."""
    if event.state not in {Event.State.PUBLISHED, Event.State.HELD}:
        raise NotAllowed(_("Nobody can be checked in to an event that is a draft or was cancelled."))
    if not has_come(event, now):
        raise NotAllowed(_("People can be checked in from the morning of the event on."))


def locked_place(attendance: Attendance) -> Attendance:
    """The place as it is now; nobody else changes it meanwhile."""
    places = Attendance.objects.select_for_update(of=("self",)).select_related("event", "person")
    return places.get(pk=attendance.pk)


def save(place: Attendance, by: User | None) -> Attendance:
    changed_by(place, by)
    place.save()
    return place
