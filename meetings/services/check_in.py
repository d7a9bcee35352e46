"""Who was there: ticked by staff at the door, or by the code shown in the room. Each step can be taken back."""

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.models import Attendance, DoorTick, Event
from meetings.permissions import may_take_part
from meetings.services.registering import lock, promote
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import Organization, Person, User
from partners.permissions import acting_organization
from partners.references import random_code
from partners.services.people import remember_person

_Status, How = Attendance.Status, Attendance.CheckIn
# Without letters and digits that look alike: no O and 0, no I, L and 1.
CODE_LENGTH = 6
# From when on people check themselves in.
SELF_FROM = timedelta(hours=1)


class NotOnTheList(NotAllowed):
    """Nobody with this address registered: to be let in, they must say who they are."""


@transaction.atomic
def door_code(*, event: Event) -> str:
    """The short code shown in the room, made when it is first needed."""
    event = lock(event)
    if not event.check_in_code:
        event.check_in_code = random_code(CODE_LENGTH)
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
    nothing: of two phones the later tap wins, whichever arrives first. Raises `NotAllowed`.
    """
    place = locked_place(attendance)
    refuse_before_the_day(place.event, now)
    made_at = min(made_at, now)
    if DoorTick.objects.filter(key=key).exists():
        return place
    is_old = place.door_ticks.filter(made_at__gt=made_at).exists()
    DoorTick.objects.create(
        event=place.event,
        attendance=place,
        key=key,
        action=action,
        made_at=made_at,
        made_by=by,
        received_at=now,
    )
    if is_old:
        return place
    if action == DoorTick.Action.IN:
        return mark_attended(place, how=how, by=by, at=made_at)
    return _take_back(place, by=by, now=now)


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
    if not self_check_in_open(event, now):
        raise NotAllowed(_("You can check in from one hour before the start until the end."))
    if not is_code(event, code):
        raise NotAllowed(_("This is not the code. Read it again in the room; it has six letters and digits."))
    person: Person | None = Person.objects.filter(email=email.strip().lower()).first()
    known = (
        person is not None
        and event.attendances.filter(person=person).exclude(status=_Status.CANCELLED).exists()
    )
    if not known:
        if not (first_name and last_name) and not (person and person.first_name and person.user_id):
            raise NotOnTheList(_("You are not on the list yet. Add your name, and you are."))
        person = remember_person(email=email, first_name=first_name, last_name=last_name)
        if not may_take_part(event, person):
            raise NotAllowed(
                _("This event is for people of our partner organizations. Please ask at the door.")
            )
    assert person is not None
    place = place_for(event, person, organization=None, by=None, now=now)
    return mark_attended(place, how=How.CODE, by=None, at=now)


def self_check_in_open(event: Event, now: datetime) -> bool:
    """Whether people can check themselves in: from one hour before the start until the end."""
    return event.state == Event.State.PUBLISHED and event.starts_at - SELF_FROM <= now <= event.ends_at


def is_code(event: Event, code: str) -> bool:
    """Whether this is the event's code, however it was typed."""
    typed = "".join(code.upper().split()).replace("-", "")
    return bool(event.check_in_code) and hmac.compare_digest(typed.encode(), event.check_in_code.encode())


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
    before = place.history.exclude(status=_Status.ATTENDED).order_by("-history_date", "-history_id").first()
    status = before.status if before else ""
    if not status:
        walked_in = place.checked_in_at is not None and place.registered_at >= place.checked_in_at
        status = _Status.CANCELLED if walked_in else _Status.REGISTERED
    if status == _Status.REGISTERED and place.event.state == Event.State.HELD:
        status = _Status.ABSENT
    if status == _Status.CANCELLED and place.cancelled_at is None:
        place.cancelled_at = now
    if status == _Status.WAITLISTED and place.waiting_since is None:
        place.waiting_since = place.registered_at
    place.status, place.check_in, place.checked_in_at, place.checked_in_by = status, "", None, None
    place.minutes = None
    return save(place, by)


def refuse_before_the_day(event: Event, now: datetime) -> None:
    """Raises `NotAllowed` where nobody can have been there: before the day, and where it never took place."""
    if event.state not in {Event.State.PUBLISHED, Event.State.HELD}:
        raise NotAllowed(_("Nobody can be checked in to an event that is a draft or was cancelled."))
    if timezone.localdate(now) < timezone.localdate(event.starts_at):
        raise NotAllowed(_("People can be checked in from the morning of the event on."))


def locked_place(attendance: Attendance) -> Attendance:
    """The place as it is now; nobody else changes it meanwhile."""
    places = Attendance.objects.select_for_update(of=("self",)).select_related("event", "person")
    return places.get(pk=attendance.pk)


def save(place: Attendance, by: User | None) -> Attendance:
    changed_by(place, by)
    place.save()
    return place
