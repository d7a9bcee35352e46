"""Who was there, as noted at the door: ticks of staff, and people with the code shown in the room. Each can be undone.

A session with several days has a door for each: who was there on which day stands in `DayAttendance`, and their
`minutes` add up from it. Without several days, `part` is None.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from partners.errors import NotAllowed
from partners.gatherings.check_in import (
    has_come,
    is_code,
    is_open,
    known_person,
    new_code,
    newcomer,
    too_early,
    wrong_code,
)
from partners.models import Organization, Person, User
from partners.permissions import acting_organization
from partners.services.people import remember_person
from trainings.models import Course, DayAttendance, DoorTick, Enrollment, Session, SessionPart
from trainings.services.attendance import How, held_row, mark_attended, on_the_day, take_back, walk_in
from trainings.services.waiting import held_session

_Status = Enrollment.Status


def part_of(day: Session | SessionPart) -> SessionPart | None:
    """The day as rows name it: none where it is the whole session."""
    return day if isinstance(day, SessionPart) else None


def day_of(session: Session, now: datetime) -> int:
    """The number, from 1, of the day that a door is opened for: the one under way or next, after the end the last."""
    days = session.days
    return next((number for number, day in enumerate(days, 1) if day.ends_at >= now), len(days))


@transaction.atomic
def door_code(*, session: Session, part: SessionPart | None) -> str:
    """The short code shown in the room, made when it is first needed; each day has its own."""
    held_session(session)
    model = SessionPart if part else Session
    row: Session | SessionPart = model._default_manager.get(pk=part.pk if part else session.pk)
    if not row.check_in_code:
        row.check_in_code = new_code()
        # No change that anybody would want to read of later.
        model._default_manager.filter(pk=row.pk).update(check_in_code=row.check_in_code)
    return row.check_in_code


@transaction.atomic
def tick(
    *,
    enrollment: Enrollment,
    part: SessionPart | None,
    action: str,
    key: UUID,
    made_at: datetime,
    by: User,
    now: datetime,
    how: str = How.STAFF,
) -> Enrollment:
    """Checks somebody in, or takes it back, as a phone at the door says it.

    The same `key` counts once, however often it is sent. A tick that was made before the newest one of this day is kept
    and changes nothing: of two phones the later tap wins, whichever arrives first. Nor is somebody taken back who was
    noted in another way since the tap. Raises `NotAllowed`.
    """
    on_the_day(enrollment.session, now)
    _refuse_before(part, now)
    row = held_row(enrollment)
    made_at = min(made_at, now)
    if DoorTick.objects.filter(key=key).exists():
        return row
    is_old = row.door_ticks.filter(part=part, made_at__gt=made_at).exists()
    _keep_tick(row, part, action, key=key, made_at=made_at, by=by, now=now)
    if is_old:
        return row
    if action == DoorTick.Action.IN:
        return arrive(enrollment=row, part=part, how=how, by=by, at=made_at, now=now)
    return row if _is_noted_since(row, part, made_at) else _leave(row, part, by=by, now=now)


def _keep_tick(
    row: Enrollment,
    part: SessionPart | None,
    action: str,
    *,
    key: UUID,
    made_at: datetime,
    by: User | None,
    now: datetime,
) -> None:
    facts = {"key": key, "action": action, "made_at": made_at, "made_by": by, "received_at": now}
    DoorTick.objects.create(session=row.session, part=part, enrollment=row, **facts)


def _is_noted_since(row: Enrollment, part: SessionPart | None, moment: datetime) -> bool:
    """Whether somebody was noted as there, on this day of several, after a moment."""
    day = row.day_attendances.filter(part=part).first() if part else None
    noted_at = day.checked_in_at if day else row.checked_in_at
    return noted_at is not None and noted_at > moment


@transaction.atomic
def arrive(
    *,
    enrollment: Enrollment,
    part: SessionPart | None,
    how: str,
    by: User | None,
    at: datetime,
    now: datetime,
    minutes: int | None = None,
) -> Enrollment:
    """Notes that somebody was there, on this day of several; without `minutes` for all of it. Raises `NotAllowed`.

    Whoever is noted already keeps the time and the way it was noted.
    """
    on_the_day(enrollment.session, now)
    _refuse_before(part, now)
    row = held_row(enrollment)
    is_there = row.status == _Status.ATTENDED
    if part is None:
        if is_there and minutes in {None, row.minutes}:
            return row
        return mark_attended(enrollment=row, by=by, now=now, at=at, minutes=minutes, how=how)
    day = row.day_attendances.filter(part=part).first()
    if is_there and day is None and not row.day_attendances.exists():
        return row  # Noted for the session as a whole.
    if is_there and day is not None and minutes in {None, day.minutes}:
        return row
    noted = {"minutes": minutes} if day else {"check_in": how, "checked_in_at": at, "checked_in_by": by}
    DayAttendance.objects.update_or_create(enrollment=row, part=part, defaults={"minutes": minutes} | noted)
    return mark_attended(enrollment=row, by=by, now=now, at=at, minutes=minutes_over_days(row), how=how)


@transaction.atomic
def leave(*, enrollment: Enrollment, part: SessionPart | None, by: User, now: datetime) -> Enrollment:
    """They were not there after all, on this day of several. Raises `NotAllowed`.

    Who was noted for the session as a whole was not there at all then. A tap at the door that was made before and
    arrives later does not put them in again.
    """
    on_the_day(enrollment.session, now)
    row = held_row(enrollment)
    _keep_tick(row, part, DoorTick.Action.OUT, key=uuid4(), made_at=now, by=by, now=now)
    return _leave(row, part, by=by, now=now)


def _leave(row: Enrollment, part: SessionPart | None, *, by: User, now: datetime) -> Enrollment:
    if part is not None and row.status == _Status.ATTENDED:
        row.day_attendances.filter(part=part).delete()
        if row.day_attendances.exists():
            return mark_attended(enrollment=row, by=by, now=now, minutes=minutes_over_days(row))
    return take_back(enrollment=row, by=by, now=now)


def minutes_over_days(row: Enrollment) -> int | None:
    """How long somebody was there over the days of a session; None for all of it."""
    there = dict(row.day_attendances.values_list("part", "minutes"))
    parts = list(row.session.parts.all())
    if all(part.pk in there and there[part.pk] is None for part in parts):
        return None
    return sum(_minutes(part, there[part.pk]) for part in parts if part.pk in there)


def _minutes(part: SessionPart, minutes: int | None) -> int:
    whole = int((part.ends_at - part.starts_at).total_seconds()) // 60
    return whole if minutes is None else min(minutes, whole)


@transaction.atomic
def walk_in_at_door(
    *,
    session: Session,
    part: SessionPart | None,
    email: str,
    first_name: str,
    last_name: str,
    organization: Organization | None,
    key: UUID,
    made_at: datetime,
    by: User,
    now: datetime,
) -> Enrollment:
    """Checks in somebody who did not register; of somebody who did, the same as a tick. Raises `NotAllowed`."""
    on_the_day(session, now)
    _refuse_before(part, now)
    sent_before = DoorTick.objects.filter(key=key).select_related("enrollment__person").first()
    if sent_before is not None:
        return sent_before.enrollment
    person = remember_person(email=email, first_name=first_name, last_name=last_name)
    row = walk_in(session=session, person=person, organization=organization, by=by, now=now, is_noted=False)
    if organization is not None and row.organization_id is None:
        row.organization = organization
        row.save(update_fields=["organization"])
    return tick(
        enrollment=row, part=part, action=DoorTick.Action.IN, key=key, made_at=made_at, by=by, now=now
    )


@transaction.atomic
def check_in_by_code(
    *,
    session: Session,
    code: str,
    email: str,
    now: datetime,
    first_name: str = "",
    last_name: str = "",
) -> Enrollment:
    """Somebody in the room checks in with the code they see there: it is that of the day under way.

    Somebody who did not register is let in where the training is free and for them; else staff do that at the door.
    Raises `NotAllowed`, or `NotOnTheList`.
    """
    session = held_session(session)
    open_days = open_days_of(session, now)
    if not open_days:
        raise too_early()
    day = next((day for day in open_days if is_code(code, day.check_in_code)), None)
    if day is None:
        raise wrong_code()
    person = known_person(email)
    row = session.enrollments.filter(person=person).exclude(status=_Status.CANCELLED).first()
    if person is None or row is None:
        person = newcomer(person, email=email, first_name=first_name, last_name=last_name)
        _refuse_newcomer(session, person)
        row = walk_in(session=session, person=person, organization=None, by=None, now=now, is_noted=False)
    elif row.status in {_Status.WAITLISTED, _Status.OFFERED, _Status.EXCUSED} and row.price:
        raise NotAllowed(_("You have no seat in this training yet. Please speak to us at the door."))
    part = part_of(day)
    # Also of somebody who is noted already: a tap that was made before takes nobody back.
    _keep_tick(row, part, DoorTick.Action.IN, key=uuid4(), made_at=now, by=None, now=now)
    return arrive(enrollment=row, part=part, how=How.CODE, by=None, at=now, now=now)


def open_days_of(session: Session, now: datetime) -> list[Session | SessionPart]:
    """The days for which people can check themselves in now; two where one begins as another ends."""
    return [day for day in session.days if is_open(session.state, day, now)]


def _refuse_newcomer(session: Session, person: Person) -> None:
    course = session.course
    if course.audience != Course.Audience.EVERYONE and acting_organization(person) is None:
        raise NotAllowed(
            _("This training is for people of our partner organizations. Please ask at the door.")
        )
    if course.tiers.filter(is_offered=True, amount__gt=0).exists():
        raise NotAllowed(_("This training has a fee, and you are not registered. Please ask at the door."))


def _refuse_before(part: SessionPart | None, now: datetime) -> None:
    if part is not None and not has_come(part, now):
        raise NotAllowed(_("People can be noted from the morning of that day on."))


@transaction.atomic
def apply_report(
    *,
    session: Session,
    minutes: Mapping[int, int | None],
    by: User,
    now: datetime,
    part: SessionPart | None = None,
) -> int:
    """Notes the people of an attendance report, by number of the person, with their minutes; how many.

    A report of one day of several leaves the other days as they are. The same report again changes nothing.
    """
    people = Person.objects.in_bulk(minutes)
    for pk, person in people.items():
        row = walk_in(session=session, person=person, organization=None, by=by, now=now, is_noted=False)
        lasted = minutes[pk]
        arrive(enrollment=row, part=part, how=How.IMPORT, by=by, at=now, now=now, minutes=lasted)
    return len(people)
