"""Who checks in before an event begins: cancelled or moved after that, and late taps at the door."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from meetings.models import Attendance, Event
from meetings.services.check_in import check_in_by_code, door_code, tick, walk_in
from meetings.services.closing import close_attendance
from meetings.services.events import cancel_event, change_event, tell_of_changes
from tests.factories.meetings import AttendanceFactory, EventFactory
from tests.factories.partners import CoalitionFactory, StaffFactory
from tests.meetings.reading import content, mails

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now() -> Iterator[datetime]:
    CoalitionFactory()
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon):
        yield noon


@pytest.fixture
def event(now) -> Event:
    return EventFactory(starts_at=now + HOUR / 2, ends_at=now + 2 * HOUR)


@pytest.fixture
def staff(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    return StaffFactory()


def came(place, at) -> Attendance:
    """They type the code that the room shows."""
    code = door_code(event=place.event)
    return check_in_by_code(event=place.event, code=code, email=place.person.email, now=at)


def tap(place, action, staff, now, made_at) -> Attendance:
    key = uuid.uuid4()
    return tick(attendance=place, action=action, key=key, made_at=made_at, by=staff, now=now)


def subjects(place) -> list[str]:
    return [message["Subject"].split(":")[0] for message in mails(place.person.email)]


def test_who_is_there_already_hears_that_it_is_cancelled(event, staff, now):
    place = AttendanceFactory(event=event)
    came(place, now)
    assert cancel_event(event=event, reason="The roof leaks.", by=staff, now=now + MINUTE) == 1
    tell_of_changes(now=now + MINUTE)
    place.refresh_from_db()
    # Nobody was at what never began.
    assert (subjects(place), place.status) == (["Cancelled"], "registered")


def test_cancelled_in_the_middle_who_is_there_hears_of_it_too(event, staff, now):
    place = AttendanceFactory(event=event)
    came(place, now)
    assert cancel_event(event=event, reason="A fire alarm.", by=staff, now=now + HOUR) == 1
    tell_of_changes(now=now + HOUR)
    place.refresh_from_db()
    assert (subjects(place), place.status) == (["Cancelled"], "attended")


def test_the_page_that_asks_counts_them_and_claims_no_mail_that_is_not_written(event, staff, now, client):
    came(AttendanceFactory(event=event), now)
    client.force_login(staff)
    url = reverse("admin:meetings_event_cancel", args=[event.pk])
    told = [v for label, v in client.get(url).context["question"].facts if label == "People to be told"]
    assert told == [1]
    done = content(client.post(url, {"reason": "Snow."}, follow=True))
    assert "The messages are being written" in done
    assert "The cancellation: 0 of 1 messages are written." in done


def test_moved_to_another_day_they_are_registered_again_and_told(event, staff, now):
    place = AttendanceFactory(event=event)
    came(place, now)
    new = walk_in(
        event=event,
        email="rosa@example.org",
        first_name="Rosa",
        last_name="Delgado",
        organization=None,
        key=uuid.uuid4(),
        made_at=now,
        by=staff,
        now=now,
    )
    later = {"starts_at": event.starts_at + DAY, "ends_at": event.ends_at + DAY}
    assert change_event(event=event, by=staff, now=now + MINUTE, **later) == 2
    tell_of_changes(now=now + MINUTE)
    for one in (place, new):
        one.refresh_from_db()
        assert (one.status, one.check_in, one.checked_in_at) == ("registered", "", None)
        assert subjects(one) == ["Changed"]
    assert place.history.first().status == "registered"
    close_attendance(event=event, by=staff, now=now + DAY + 3 * HOUR)
    place.refresh_from_db()
    assert place.status == "absent"


def test_moved_on_the_same_day_a_tap_from_before_puts_nobody_in(event, staff, now):
    place = AttendanceFactory(event=event)
    came(place, now)
    later = {"starts_at": event.starts_at + 2 * HOUR, "ends_at": event.ends_at + 2 * HOUR}
    change_event(event=event, by=staff, now=now + 10 * MINUTE, **later)
    assert tap(place, "in", staff, now + 15 * MINUTE, now + 5 * MINUTE).status == "registered"
    assert tap(place, "in", staff, now + 15 * MINUTE, now + 12 * MINUTE).status == "attended"


@pytest.mark.parametrize(
    ("minutes", "change", "status"),
    [
        (10, {"venue": "Chapel"}, "registered"),
        (10, {"mode": "hybrid", "join_url": "https://meet.example/x"}, "attended"),
        # Who was there when it began was there.
        (60, {"venue": "Chapel"}, "attended"),
    ],
)
def test_at_another_place_they_check_in_anew_only_before_it_begins(
    event, staff, now, minutes, change, status
):
    place = AttendanceFactory(event=event)
    came(place, now)
    assert change_event(event=event, by=staff, now=now + minutes * MINUTE, **change) == 1
    place.refresh_from_db()
    assert place.status == status


def test_a_take_back_from_before_undoes_no_code(event, staff, now):
    place, ticked = AttendanceFactory.create_batch(2, event=event)
    tap(ticked, "in", staff, now, now)
    for one in (place, ticked):
        came(one, now + 10 * MINUTE)
        assert tap(one, "out", staff, now + 15 * MINUTE, now + 5 * MINUTE).status == "attended"
    assert tap(place, "out", staff, now + 15 * MINUTE, now + 12 * MINUTE).status == "registered"
