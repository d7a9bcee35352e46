"""Reminders: a week, a day and an hour before, once each, by the clock on the wall."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailing.models import OutboxMessage
from mailing.services import Precedence
from meetings.models import AttendanceNotice
from meetings.services.reminding import remind
from meetings.tasks import remind as task
from tests.factories.meetings import AttendanceFactory, EventFactory
from tests.factories.partners import CoalitionFactory
from tests.meetings.reading import mails

pytestmark = pytest.mark.django_db

CHICAGO = ZoneInfo("America/Chicago")


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=CHICAGO)


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


def event_at(start: datetime, **facts):
    return EventFactory(starts_at=start, ends_at=start + timedelta(hours=2), **facts)


def test_a_week_a_day_and_an_hour_before_once_each():
    start = at(2026, 5, 12, 10)
    event = event_at(start)
    place = AttendanceFactory(event=event, registered_at=at(2026, 4, 1))
    written = []
    moment = start - timedelta(days=8)
    while moment <= start + timedelta(hours=3):
        written += [moment] * remind(now=moment)
        moment += timedelta(minutes=30)
    assert written == [at(2026, 5, 5, 10), at(2026, 5, 11, 10), at(2026, 5, 12, 9)]
    assert [message["Subject"].split(":")[0] for message in mails(place.person.email)] == [
        "In a week",
        "Tomorrow",
        "In an hour",
    ]
    assert set(OutboxMessage.objects.values_list("expires_at", "precedence")) == {(start, Precedence.NOTICE)}


@pytest.mark.parametrize(
    ("start", "week", "hours"),
    [
        # Summer time begins on March 8, 2026: the day has 23 hours.
        (at(2026, 3, 8, 10), at(2026, 3, 1, 10), 23),
        # It ends on November 1, 2026: the day has 25.
        (at(2026, 11, 1, 10), at(2026, 10, 25, 10), 25),
    ],
)
def test_when_the_clocks_change(start, week, hours):
    AttendanceFactory(event=event_at(start), registered_at=week - timedelta(days=9))
    assert remind(now=week - timedelta(minutes=1)) == 0
    assert remind(now=week) == 1
    day = start - timedelta(days=1)
    assert (start.timestamp() - day.timestamp()) / 3600 == hours
    assert remind(now=day - timedelta(minutes=1)) == 0
    assert remind(now=day) == 1
    hour = datetime.fromtimestamp(start.timestamp() - 3600, CHICAGO)
    assert remind(now=hour) == 1


def test_only_seats_and_nobody_who_registered_after_that_moment():
    start = at(2026, 5, 12, 10)
    event = event_at(start)
    AttendanceFactory(event=event, status="waitlisted", registered_at=at(2026, 4, 1))
    AttendanceFactory(event=event, status="cancelled", registered_at=at(2026, 4, 1))
    AttendanceFactory(event=event, registered_at=at(2026, 5, 5, 10, 1))
    assert remind(now=at(2026, 5, 5, 10, 5)) == 0
    assert remind(now=at(2026, 5, 11, 10)) == 1


def test_a_missed_week_is_not_made_up_for_on_the_last_day():
    start = at(2026, 5, 12, 10)
    AttendanceFactory(event=event_at(start), registered_at=at(2026, 4, 1))
    assert remind(now=at(2026, 5, 11, 12)) == 1
    assert AttendanceNotice.objects.get().kind == "day"


@pytest.mark.parametrize("state", ["draft", "cancelled", "held"])
def test_nobody_is_reminded_of_what_is_not_to_come(state):
    start = at(2026, 5, 12, 10)
    AttendanceFactory(event=event_at(start, state=state, cancelled_at=start), registered_at=at(2026, 4, 1))
    assert remind(now=at(2026, 5, 11, 12)) == 0


def test_never_after_the_start():
    start = at(2026, 5, 12, 10)
    AttendanceFactory(event=event_at(start), registered_at=at(2026, 4, 1))
    assert remind(now=start) == 0


def test_twenty_people_cost_as_many_queries_as_two(django_assert_num_queries):
    for number, people in enumerate((2, 20)):
        start = at(2026, 5 + number, 12, 10)
        AttendanceFactory.create_batch(people, event=event_at(start), registered_at=at(2026, 4, 1))
    with django_assert_num_queries(9 + 2):
        assert remind(now=at(2026, 5, 5, 10)) == 2
    with django_assert_num_queries(9 + 20):
        assert remind(now=at(2026, 6, 5, 10)) == 20


def test_the_task_runs():
    task()
