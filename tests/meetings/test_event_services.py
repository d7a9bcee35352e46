"""Events published, moved and cancelled; everybody with a place is told once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mailing.models import OutboxMessage
from mailing.services import Precedence
from meetings.models import AttendanceNotice, Event
from meetings.services.events import cancel_event, change_event, problems_of, publish, tell_of_changes
from meetings.services.reminding import remind
from partners.errors import NotAllowed
from tests.factories.meetings import AttendanceFactory, EventFactory
from tests.factories.partners import CoalitionFactory, StaffFactory
from tests.meetings.reading import mails, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    CoalitionFactory()
    return StaffFactory()


class TestPublishing:
    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"venue": ""}, "Enter the place"),
            ({"city": ""}, "Enter the city"),
            ({"mode": "online"}, "address to join"),
            ({"mode": "hybrid"}, "address to join"),
        ],
    )
    def test_what_is_missing_is_said(self, staff, facts, words):
        event = EventFactory(state="draft", published_at=None, **facts)
        assert any(words in problem for problem in problems_of(event))
        with pytest.raises(NotAllowed, match=words):
            publish(event=event, by=staff, now=timezone.now())

    def test_a_draft_becomes_public(self, staff):
        event = EventFactory(state="draft", published_at=None)
        now = timezone.now()
        publish(event=event, by=staff, now=now)
        event.refresh_from_db()
        assert (event.state, event.published_at, event.published_by) == ("published", now, staff)
        assert event.history.first().history_user == staff
        with pytest.raises(NotAllowed, match="Only a draft"):
            publish(event=event, by=staff, now=now)


class TestMoving:
    def test_everybody_with_a_place_is_told_once(self, staff):
        event = EventFactory(capacity=1)
        seated = AttendanceFactory(event=event)
        waiting = AttendanceFactory(event=event, status="waitlisted")
        AttendanceFactory(event=event, status="cancelled")
        later = event.starts_at + timedelta(days=1)
        told = change_event(
            event=event,
            by=staff,
            now=timezone.now(),
            starts_at=later,
            ends_at=later + timedelta(hours=1),
            venue="Other House",
        )
        event.refresh_from_db()
        assert (told, event.revision, event.starts_at) == (2, 1, later)
        tell_of_changes(now=timezone.now())
        for place in (seated, waiting):
            (message,) = mails(place.person.email)
            assert "Other House" in text_of(message)
        row = OutboxMessage.objects.first()
        assert (row.precedence, row.expires_at) == (Precedence.NOTICE, later)

    def test_the_same_again_tells_nobody(self, staff):
        event = EventFactory()
        AttendanceFactory(event=event)
        facts = {"starts_at": event.starts_at, "venue": event.venue, "capacity": event.capacity}
        assert change_event(event=event, by=staff, now=timezone.now(), **facts) == 0
        event.refresh_from_db()
        assert event.revision == 0

    def test_moved_into_the_days_before_nobody_gets_a_reminder_on_top(self, staff):
        event = EventFactory(starts_at=timezone.now() + timedelta(days=20))
        AttendanceFactory(event=event, registered_at=timezone.now() - timedelta(days=9))
        soon = timezone.now() + timedelta(hours=20)
        change_event(
            event=event, by=staff, now=timezone.now(), starts_at=soon, ends_at=soon + timedelta(hours=1)
        )
        tell_of_changes(now=timezone.now())
        assert remind(now=timezone.now()) == 0
        assert remind(now=soon - timedelta(minutes=50)) == 1
        assert len(mails()) == 2

    def test_more_seats_go_to_those_who_wait_and_tell_nobody_else(self, staff):
        event = EventFactory(capacity=1)
        AttendanceFactory(event=event)
        waiting = [AttendanceFactory(event=event, status="waitlisted") for _number in range(3)]
        assert change_event(event=event, by=staff, now=timezone.now(), capacity=3) == 0
        for place in waiting:
            place.refresh_from_db()
        assert [place.status for place in waiting] == ["registered", "registered", "waitlisted"]
        assert len(mails()) == 2
        event.refresh_from_db()
        assert event.revision == 0

    def test_fewer_seats_than_are_taken_are_refused(self, staff):
        event = EventFactory(capacity=3)
        AttendanceFactory.create_batch(2, event=event)
        with pytest.raises(NotAllowed, match="2 seats are taken"):
            change_event(event=event, by=staff, now=timezone.now(), capacity=1)

    def test_from_the_room_to_the_internet(self, staff):
        event = EventFactory(capacity=5)
        place = AttendanceFactory(event=event)
        change_event(
            event=event, by=staff, now=timezone.now(), mode="online", join_url="https://meet.example/new"
        )
        tell_of_changes(now=timezone.now())
        place.refresh_from_db()
        assert place.is_online
        assert "https://meet.example/new" in text_of(mails()[0])

    @pytest.mark.parametrize("state", ["draft", "cancelled", "held"])
    def test_only_published_events(self, staff, state):
        event = EventFactory(state=state, cancelled_at=timezone.now())
        with pytest.raises(NotAllowed):
            change_event(event=event, by=staff, now=timezone.now(), venue="Other House")

    def test_not_into_the_past_and_not_without_a_place(self, staff):
        event, now = EventFactory(), timezone.now()
        past = now - timedelta(hours=1)
        with pytest.raises(NotAllowed, match="still to come"):
            change_event(event=event, by=staff, now=now, starts_at=past)
        with pytest.raises(NotAllowed, match="Enter the place"):
            change_event(event=event, by=staff, now=now, venue="")
        event.refresh_from_db()
        assert event.revision == 0


class TestCancelling:
    def test_everybody_with_a_place_is_told_once_and_why(self, staff):
        event = EventFactory()
        place = AttendanceFactory(event=event)
        told = cancel_event(event=event, reason="Snow.", by=staff, now=timezone.now())
        event.refresh_from_db()
        assert (told, event.state, event.revision, event.cancel_reason) == (1, "cancelled", 1, "Snow.")
        assert event.cancelled_by == staff
        tell_of_changes(now=timezone.now())
        assert "Snow." in text_of(mails(place.person.email)[0])
        with pytest.raises(NotAllowed):
            cancel_event(event=event, reason="Snow.", by=staff, now=timezone.now())
        assert AttendanceNotice.objects.filter(kind="cancelled").count() == 1
        assert remind(now=event.starts_at - timedelta(minutes=10)) == 0

    def test_not_after_its_end(self, staff):
        event = EventFactory(starts_at=timezone.now() - timedelta(days=1))
        with pytest.raises(NotAllowed):
            cancel_event(event=event, reason="Late.", by=staff, now=timezone.now())


def test_drafts_can_be_deleted_only_where_nobody_has_a_place():
    """Places are protected by the database itself."""
    place = AttendanceFactory()
    with pytest.raises(Exception, match="protected"):
        place.event.delete()
    assert Event.objects.count() == 1
