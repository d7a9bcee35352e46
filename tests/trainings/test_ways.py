"""In person or online, changed later; and that no mail about a session arrives when it is over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mailing.models import OutboxMessage
from partners.errors import NotAllowed
from tests.factories.partners import CoalitionFactory
from tests.factories.trainings import EnrollmentFactory, FeeTierFactory, SessionFactory
from tests.meetings.reading import content, mails, text_of
from tests.trainings.test_registering import someone, take
from trainings.models import Invoice
from trainings.services.registering import send_places_again
from trainings.services.sessions import change_session
from trainings.services.telling import remind
from trainings.services.ways import change_way
from trainings.tokens import place_address

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def hybrid():
    return SessionFactory(mode="hybrid", capacity=2, venue="Sample House", city="Peoria")


def change(row, online, now):
    return change_way(enrollment=row, online=online, by=None, now=now)


class TestWays:
    def test_the_mail_says_what_to_know_for_it(self, hybrid, now):
        row = EnrollmentFactory(session=hybrid)
        change(row, True, now)
        assert mails()[-1]["Subject"].startswith("You take part online")
        assert "https://meet.example/room" in text_of(mails()[-1])
        assert "Sample House" not in text_of(mails()[-1])
        change(row, False, now)
        assert "Sample House" in text_of(mails()[-1])
        row.refresh_from_db()
        assert (row.status, row.is_online) == ("registered", False)

    def test_a_seat_in_the_room_is_offered_on(self, hybrid, now):
        first, _second = EnrollmentFactory.create_batch(2, session=hybrid)
        waits = EnrollmentFactory(session=hybrid, status="waitlisted")
        change(first, True, now)
        waits.refresh_from_db()
        assert waits.status == "offered"
        # It is kept for them, so nobody comes back into it.
        with pytest.raises(NotAllowed, match="keep your place online"):
            change(first, False, now)
        first.refresh_from_db()
        assert first.is_online

    @pytest.mark.parametrize("status", ["waitlisted", "offered"])
    def test_who_waits_for_the_room_joins_online_at_once_and_is_billed(self, hybrid, now, status):
        tier = FeeTierFactory(course=hybrid.course)
        EnrollmentFactory.create_batch(2, session=hybrid)
        registration = take(hybrid, someone("ana"), tier=tier)
        row = registration.enrollments.get()
        row.status, row.offer_expires_at = status, now + timedelta(hours=3)
        row.save()
        change(row, True, now)
        row.refresh_from_db()
        assert (row.status, row.is_online, row.offer_expires_at) == ("registered", True, None)
        assert Invoice.objects.get().registration == registration
        assert "meet.example" in text_of(mails("ana@people.example")[-1])

    def test_the_same_way_brings_no_mail(self, hybrid, now):
        change(EnrollmentFactory(session=hybrid), False, now)
        assert mails() == []

    def test_only_hybrid_ones_before_the_start(self, hybrid, now):
        row = EnrollmentFactory()
        for one, moment in ((row, now), (EnrollmentFactory(session=hybrid), hybrid.starts_at)):
            with pytest.raises(NotAllowed, match="only one way"):
                change(one, True, moment)

    def test_on_the_page_of_ones_own_place(self, client, hybrid):
        row = EnrollmentFactory(session=hybrid)
        url = place_address(row)
        assert "Change how you take part" in content(client.get(url))
        assert "Choose how you will take part" in content(client.post(url, {"step": "way", "how": "x"}))
        answer = client.post(url, {"step": "way", "how": "online"}, follow=True)
        assert "We have sent you what you need to know" in content(answer)
        row.refresh_from_db()
        assert row.is_online
        EnrollmentFactory.create_batch(2, session=hybrid)
        refused = client.post(url, {"step": "way", "how": "in_person"})
        assert refused.status_code == 409
        assert "Every seat in the room is taken" in content(refused)
        assert "Change how you take part" not in content(client.get(place_address(EnrollmentFactory())))


class TestTooLate:
    def until(self) -> list:
        """Until when each waiting message is worth sending."""
        return list(OutboxMessage.objects.order_by("pk").values_list("expires_at", flat=True))

    def test_a_reminder_never_comes_after_the_start(self, now):
        session = SessionFactory(starts_at=now + timedelta(hours=20))
        EnrollmentFactory(session=session, registered_at=now - timedelta(days=9))
        assert remind(now=now) == 1
        assert self.until() == [session.starts_at]

    def test_what_tells_of_a_seat_is_over_with_the_session(self, hybrid, now):
        people = [someone("ana"), someone("bo")]
        take(hybrid, *people, contact=someone("li"))
        send_places_again(session=hybrid, addresses=["ana@people.example"])
        assert self.until() == [hybrid.ends_at] * 4

    def test_so_is_a_seat_after_waiting(self, now):
        session = SessionFactory(capacity=1)
        EnrollmentFactory(session=session)
        EnrollmentFactory(session=session, status="waitlisted")
        days = [session]
        change_session(session=session, days=days, by=None, now=now, capacity=None)
        assert self.until() == [session.ends_at]
