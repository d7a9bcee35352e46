"""Who was there: ticks at the door, walk-ins, the code of the room, and closing the list."""

import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from meetings.models import Attendance, DoorTick, Event
from meetings.services.check_in import (
    NotOnTheList,
    check_in_by_code,
    door_code,
    excuse,
    tick,
    walk_in,
)
from meetings.services.closing import close_attendance, reopen_attendance
from partners.errors import NotAllowed
from partners.models import Organization, Person
from partners.references import SIGNS
from tests.factories.meetings import AttendanceFactory, EventFactory
from tests.factories.partners import MembershipFactory, OrganizationFactory, PersonFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> Iterator[datetime]:
    # Noon, so that "the day of the event" is the same day all along, and what is done here is later than what was.
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon):
        yield noon


@pytest.fixture
def event(now) -> Event:
    return EventFactory(starts_at=now - timedelta(minutes=10), ends_at=now + timedelta(hours=1))


@pytest.fixture
def staff():
    return StaffFactory()


def tap(place: Attendance, action: str, staff, now: datetime, *, key=None, made_at=None) -> Attendance:
    return tick(
        attendance=place, action=action, key=key or uuid.uuid4(), made_at=made_at or now, by=staff, now=now
    )


@pytest.mark.parametrize("status", ["registered", "waitlisted", "absent", "excused", "cancelled"])
def test_whoever_comes_is_checked_in(status, event, staff, now):
    organization = OrganizationFactory()
    place = AttendanceFactory(event=event, status=status, organization=organization)
    MembershipFactory(person=place.person)  # Where they work today is not where they worked then.
    there = tap(place, "in", staff, now)
    assert (there.status, there.check_in, there.checked_in_by, there.checked_in_at) == (
        "attended",
        "staff",
        staff,
        now,
    )
    assert there.organization == organization
    assert there.history.first().history_user == staff


def test_the_organization_is_kept_from_that_time(event, staff, now):
    place = AttendanceFactory(event=event)
    membership = MembershipFactory(person=place.person)
    assert tap(place, "in", staff, now).organization == membership.organization


@pytest.mark.parametrize("status", ["registered", "waitlisted", "absent", "cancelled"])
def test_taken_back_they_are_what_they_were(status, event, staff, now):
    place = AttendanceFactory(event=event, status=status)
    tap(place, "in", staff, now)
    back = tap(place, "out", staff, now + timedelta(seconds=5))
    assert (back.status, back.check_in, back.checked_in_at) == (status, "", None)
    assert [row.status for row in back.history.order_by("history_id")] == [status, "attended", status]


def test_a_tick_that_is_sent_twice_counts_once(event, staff, now):
    place, key = AttendanceFactory(event=event), uuid.uuid4()
    tap(place, "in", staff, now, key=key)
    tap(place, "out", staff, now + timedelta(seconds=5))
    # The phone never heard the answer to its first try.
    assert tap(place, "in", staff, now + timedelta(seconds=9), key=key).status == "registered"
    assert DoorTick.objects.count() == 2


def test_the_later_tap_wins_whichever_arrives_first(event, staff, now):
    other = StaffFactory()
    place = AttendanceFactory(event=event)
    tap(place, "in", other, now, made_at=now - timedelta(minutes=5))
    tap(place, "out", staff, now, made_at=now - timedelta(minutes=1))
    # Another phone had no connection for three minutes.
    late = tap(place, "in", other, now + timedelta(minutes=1), made_at=now - timedelta(minutes=3))
    assert late.status == "registered"
    assert [one.action for one in place.door_ticks.order_by("made_at")] == ["in", "in", "out"]


def test_a_phone_whose_clock_is_ahead_writes_no_future(event, staff, now):
    place = tap(AttendanceFactory(event=event), "in", staff, now, made_at=now + timedelta(hours=3))
    assert place.checked_in_at == now


@pytest.mark.django_db(transaction=True)
def test_two_phones_at_once_check_one_person_in_once(staff):
    now = timezone.now()
    event = EventFactory(starts_at=now - timedelta(minutes=5))
    facts = {"email": "new@example.org", "first_name": "New", "last_name": "Person", "organization": None}
    ready, failed = threading.Barrier(4), []

    def phone() -> None:
        try:
            ready.wait(20)
            walk_in(event=event, key=uuid.uuid4(), made_at=now, by=staff, now=now, **facts)
        except Exception as error:  # noqa: BLE001 - reported below
            failed.append(error)
        finally:
            connection.close()

    phones = [threading.Thread(target=phone) for _number in range(4)]
    for one in phones:
        one.start()
    for one in phones:
        one.join(30)
    assert failed == []
    assert event.attendances.get().status == "attended"
    assert Person.objects.filter(email="new@example.org").count() == 1


def test_nobody_is_there_before_the_day_or_at_what_never_was(event, staff, now):
    place = AttendanceFactory(event=event)
    with pytest.raises(NotAllowed, match="morning"):
        tap(place, "in", staff, now - timedelta(days=1))
    for state in ("draft", "cancelled"):
        Event.objects.filter(pk=event.pk).update(state=state, cancelled_at=now)
        with pytest.raises(NotAllowed, match="draft or was cancelled"):
            tap(place, "in", staff, now)


def arrive(event: Event, staff, now: datetime, organization: Organization | None = None, **who) -> Attendance:
    facts = {
        "email": "rosa@example.org",
        "first_name": "Rosa",
        "last_name": "Delgado",
        "key": uuid.uuid4(),
    } | who
    return walk_in(event=event, organization=organization, made_at=now, by=staff, now=now, **facts)


def test_somebody_walks_in(event, staff, now):
    organization = OrganizationFactory()
    place = arrive(event, staff, now, organization)
    assert (place.status, place.person.name, place.organization) == ("attended", "Rosa Delgado", organization)
    key = uuid.uuid4()
    again = arrive(event, staff, now, key=key)
    assert arrive(event, staff, now, key=key).pk == again.pk == place.pk
    gone = tap(place, "out", staff, now + timedelta(seconds=9))
    assert (gone.status, bool(gone.cancelled_at)) == ("cancelled", True)


def test_somebody_who_registered_and_is_typed_at_the_door_is_the_same_person(event, staff, now):
    place = AttendanceFactory(event=event, person=PersonFactory(email="rosa@example.org"))
    assert arrive(event, staff, now, email="Rosa@Example.org").pk == place.pk
    assert event.attendances.count() == 1


def test_twenty_people_leave_twenty_rows(event, staff, now):
    for number in range(20):
        arrive(event, staff, now, email=f"guest{number}@example.org", first_name="😀", last_name="م" * 80)
    assert event.attendances.attended().count() == 20


# --- The code of the room -----------------------------------------------------------------------------------


def test_the_code_is_made_once_and_has_no_look_alikes(event):
    code = door_code(event=event)
    assert len(code) == 6
    assert set(code) <= set(SIGNS)
    assert not set("O0I1L") & set(SIGNS)
    assert door_code(event=event) == code


def enter(event: Event, code: str, email: str, now: datetime, **names) -> Attendance:
    return check_in_by_code(event=event, code=code, email=email, now=now, **names)


def test_with_the_code_people_check_themselves_in(event, now):
    place, code = AttendanceFactory(event=event), door_code(event=event)
    typed = f" {code[:3].lower()}-{code[3:]} "
    there = enter(event, typed, place.person.email.upper(), now)
    assert (there.status, there.check_in, there.checked_in_by) == ("attended", "code", None)
    assert enter(event, code, place.person.email, now + timedelta(minutes=1)).checked_in_at == now


def test_a_wrong_code_or_none_opens_nothing(event, now):
    place = AttendanceFactory(event=event)
    for code in ("", "AAAAAA", "😀" * 6, "x" * 10_000):
        with pytest.raises(NotAllowed, match="not the code"):
            enter(event, code, place.person.email, now)
    place.refresh_from_db()
    assert place.status == "registered"


def test_the_code_works_from_an_hour_before_until_the_end(event, now):
    place, code = AttendanceFactory(event=event), door_code(event=event)
    for moment in (event.starts_at - timedelta(hours=1, seconds=1), event.ends_at + timedelta(seconds=1)):
        with pytest.raises(NotAllowed, match="one hour before"):
            enter(event, code, place.person.email, moment)
    assert enter(event, code, place.person.email, event.starts_at - timedelta(hours=1)).status == "attended"


def test_somebody_who_is_not_on_the_list_says_who_they_are(event, now):
    code = door_code(event=event)
    with pytest.raises(NotOnTheList):
        enter(event, code, "rosa@example.org", now)
    assert enter(event, code, "rosa@example.org", now, first_name="Rosa", last_name="D").status == "attended"


def test_an_event_for_partners_lets_no_stranger_in(event, now):
    Event.objects.filter(pk=event.pk).update(audience="partners")
    code, names = door_code(event=event), {"first_name": "Rosa", "last_name": "D"}
    with pytest.raises(NotAllowed, match="partner organizations"):
        enter(event, code, "rosa@example.org", now, **names)
    member = MembershipFactory().person
    assert enter(event, code, member.email, now, **names).status == "attended"


# --- Excusing and closing -----------------------------------------------------------------------------------


def test_staff_excuse_who_was_expected(event, staff, now):
    place = excuse(attendance=AttendanceFactory(event=event, status="waitlisted"), by=staff, now=now)
    assert (place.status, place.waiting_since) == ("excused", None)
    with pytest.raises(NotAllowed):
        excuse(attendance=AttendanceFactory(event=event, status="attended"), by=staff, now=now)


def test_the_seat_of_somebody_excused_in_time_goes_to_who_waits(staff, now):
    event = EventFactory(starts_at=now + timedelta(days=3), capacity=1)
    seated = AttendanceFactory(event=event)
    waiting = AttendanceFactory(event=event, status="waitlisted")
    excuse(attendance=seated, by=staff, now=now)
    waiting.refresh_from_db()
    assert waiting.status == "registered"


def test_closing_makes_absent_who_did_not_come_and_can_be_taken_back(event, staff, now):
    places = {
        status: AttendanceFactory(event=event, status=status)
        for status in ("registered", "waitlisted", "attended", "excused", "cancelled")
    }
    with pytest.raises(NotAllowed, match="has ended"):
        close_attendance(event=event, by=staff, now=now)
    later = event.ends_at + timedelta(minutes=1)
    assert close_attendance(event=event, by=staff, now=later) == 1
    event.refresh_from_db()
    assert (event.state, event.held_at, event.held_by) == ("held", later, staff)
    after = {status: Attendance.objects.get(pk=place.pk).status for status, place in places.items()}
    assert after == {status: status for status in places} | {"registered": "absent"}
    line = places["registered"].history.latest()
    assert (line.status, line.history_user) == ("absent", staff)
    with pytest.raises(NotAllowed, match="closed once"):
        close_attendance(event=event, by=staff, now=later)

    assert tap(places["registered"], "in", staff, later).status == "attended"  # A late correction.
    assert tap(places["registered"], "out", staff, later + timedelta(seconds=1)).status == "absent"
    assert reopen_attendance(event=event, by=staff, now=later) == 1
    event.refresh_from_db()
    assert (event.state, event.held_at) == ("published", None)
    with pytest.raises(NotAllowed, match="not closed"):
        reopen_attendance(event=event, by=staff, now=later)


def test_what_the_database_refuses(event, now):
    place = AttendanceFactory(event=event)
    facts = {"event": event, "attendance": place, "action": "in", "received_at": now}
    with pytest.raises(IntegrityError, match="door_tick_made_before_it_came"), transaction.atomic():
        DoorTick.objects.create(key=uuid.uuid4(), made_at=now + timedelta(seconds=1), **facts)
    key = uuid.uuid4()
    DoorTick.objects.create(key=key, made_at=now, **facts)
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        DoorTick.objects.create(key=key, made_at=now, **facts)
