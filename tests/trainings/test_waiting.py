"""The waiting list: offers in order with a deadline, accepted, declined, expired, raced; places given back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners.errors import NotAllowed
from tests.factories.partners import CoalitionFactory, StaffFactory
from tests.factories.trainings import (
    EnrollmentFactory,
    FeeTierFactory,
    RegistrationFactory,
    SessionFactory,
)
from tests.meetings.reading import mails, text_of
from tests.trainings.test_registering import at_once, someone, take
from trainings.models import Enrollment, EnrollmentNotice, Invoice
from trainings.services.cancelling import can_cancel, cancel, change_wishes, excuse
from trainings.services.telling import remind
from trainings.services.waiting import (
    accept,
    can_take_free_seat,
    expire_offers,
    fill_freed_seats,
    place_in_line,
    take_free_seat,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def full(now):
    """A session with one seat that is taken, and three who wait."""
    session = SessionFactory(capacity=1, course__full_refund_days=7, course__late_refund_percent=50)
    EnrollmentFactory(session=session)
    for number in range(3):
        EnrollmentFactory(
            session=session, status="waitlisted", waiting_since=now - timedelta(hours=9 - number)
        )
    return session


def rows(session) -> list[Enrollment]:
    return list(session.enrollments.order_by("pk"))


def give_back(session, now):
    return cancel(enrollment=rows(session)[0], by=None, now=now)


class TestOffers:
    def test_a_freed_seat_is_offered_to_whoever_waits_longest(self, full, now):
        give_back(full, now)
        _gone, first, second, third = rows(full)
        assert first.status == "offered"
        assert first.offer_expires_at == now + timedelta(hours=24)
        assert [second.status, third.status] == ["waitlisted"] * 2
        (message,) = mails(first.person.email)
        assert "A seat for you" in message["Subject"]
        assert "meet.example" not in text_of(message)

    def test_an_offer_ends_an_hour_before_the_start_at_the_latest(self, full, now):
        late = full.starts_at - timedelta(hours=5)
        give_back(full, late)
        assert rows(full)[1].offer_expires_at == full.starts_at - timedelta(hours=1)

    def test_an_offered_seat_is_nobody_elses(self, full, now):
        give_back(full, now)
        take(full, someone("ana"))
        assert rows(full)[-1].status == "waitlisted"
        assert fill_freed_seats(now=now) == 0

    def test_accepted_it_is_theirs_and_billed(self, full, now):
        tier = FeeTierFactory(course=full.course, amount=Decimal(30))
        give_back(full, now)
        row = rows(full)[1]
        Enrollment.objects.filter(pk=row.pk).update(tier=tier, price=30)
        accepted = accept(enrollment=row, by=None, now=now + timedelta(hours=1))
        assert (accepted.status, accepted.offer_expires_at) == ("registered", None)
        assert Invoice.objects.get(registration=row.registration).total == 30
        assert "https://meet.example/room" in text_of(
            next(mail for mail in mails(row.person.email) if "You have a seat" in mail["Subject"])
        )
        assert accept(enrollment=row, by=None, now=now + timedelta(hours=2)).status == "registered"

    def test_declined_it_goes_on(self, full, now):
        give_back(full, now)
        cancel(enrollment=rows(full)[1], by=None, now=now)
        assert [row.status for row in rows(full)] == ["cancelled", "cancelled", "offered", "waitlisted"]

    def test_expired_it_goes_on_in_order(self, full, now):
        give_back(full, now)
        assert expire_offers(now=now + timedelta(hours=23)) == 0
        later = now + timedelta(hours=24)
        assert expire_offers(now=later) == 1
        _gone, first, second, _third = rows(full)
        assert (first.status, second.status) == ("cancelled", "offered")
        assert second.offer_expires_at == later + timedelta(hours=24)
        assert "went on" in mails(first.person.email)[-1]["Subject"]
        assert expire_offers(now=later) == 0

    def test_nobody_accepts_too_late_or_unasked(self, full, now):
        give_back(full, now)
        offered, waiting = rows(full)[1:3]
        with pytest.raises(NotAllowed, match="time to accept"):
            accept(enrollment=offered, by=None, now=now + timedelta(hours=25))
        with pytest.raises(NotAllowed, match="No seat is offered"):
            accept(enrollment=waiting, by=None, now=now)

    def test_a_larger_room_is_filled_by_the_clock(self, full, now):
        full.capacity = 3
        full.save()
        assert fill_freed_seats(now=now) == 2
        assert [row.status for row in rows(full)] == ["registered", "offered", "offered", "waitlisted"]
        assert fill_freed_seats(now=now) == 0

    def test_without_a_limit_everybody_gets_a_seat(self, full, now):
        full.capacity = None
        full.save()
        assert fill_freed_seats(now=now) == 3
        assert {row.status for row in rows(full)} == {"registered"}

    def test_places_in_line(self, full, now):
        assert [place_in_line(row) for row in rows(full)[1:]] == [1, 2, 3]
        same = EnrollmentFactory(session=full, status="waitlisted", waiting_since=rows(full)[3].waiting_since)
        assert place_in_line(same) == 4

    def test_an_offer_needs_an_end(self, full):
        with pytest.raises(IntegrityError, match="enrollment_offer_has_end"), transaction.atomic():
            Enrollment.objects.filter(pk=rows(full)[1].pk).update(status="offered")


class TestShortlyBefore:
    def test_nobody_is_asked_and_whoever_comes_first_takes_the_seat(self, full):
        soon = full.starts_at - timedelta(minutes=90)
        give_back(full, soon)
        _gone, first, second, _third = rows(full)
        assert first.status == "waitlisted"
        assert can_take_free_seat(second, soon)
        assert take_free_seat(enrollment=second, by=None, now=soon).status == "registered"
        with pytest.raises(NotAllowed, match="No seat is free"):
            take_free_seat(enrollment=first, by=None, now=soon)

    def test_a_newcomer_may_take_it_too(self, full):
        soon = full.starts_at - timedelta(minutes=90)
        give_back(full, soon)
        take(full, someone("ana"), now=soon)
        assert rows(full)[-1].status == "registered"

    def test_before_that_nobody_helps_themself(self, full, now):
        give_back(full, now)
        with pytest.raises(NotAllowed):
            take_free_seat(enrollment=rows(full)[2], by=None, now=now)

    def test_a_seat_accepted_after_a_reminders_time_brings_no_reminder(self, full):
        day_before = full.starts_at - timedelta(hours=23)
        EnrollmentNotice.objects.create(
            enrollment=rows(full)[0], kind="day", revision=0, written_at=day_before
        )
        give_back(full, day_before)
        accept(enrollment=rows(full)[1], by=None, now=day_before)
        assert remind(now=day_before) == 0


class TestGivingBack:
    def test_twice_is_once_and_after_the_start_never(self, full, now):
        give_back(full, now)
        give_back(full, now)
        assert len(mails(rows(full)[0].person.email)) == 1
        seated = EnrollmentFactory(session=full)
        with pytest.raises(NotAllowed, match="begun"):
            cancel(enrollment=seated, by=None, now=full.starts_at)
        assert not can_cancel(seated, full.starts_at)

    @pytest.mark.parametrize(("before", "left"), [(8, "0.00"), (6, "20.00")])
    def test_the_refund_follows_the_courses_rule(self, full, before, left):
        tier = FeeTierFactory(course=full.course, amount=Decimal(40))
        session = SessionFactory(course=full.course)
        row = take(session, someone("ana"), tier=tier).enrollments.get()
        cancel(enrollment=row, by=None, now=session.starts_at - timedelta(days=before))
        invoice = Invoice.objects.get(registration=row.registration)
        assert invoice.total - invoice.credited == Decimal(left)

    def test_staff_excuse_somebody_who_was_absent(self, full, now):
        row = EnrollmentFactory(session=full, status="absent")
        assert (
            excuse(enrollment=row, by=StaffFactory(), now=full.ends_at + timedelta(days=1)).status
            == "excused"
        )
        assert not mails(row.person.email)
        there = EnrollmentFactory(session=full, status="attended")
        with pytest.raises(NotAllowed):
            excuse(enrollment=there, by=StaffFactory(), now=now)

    def test_an_excused_seat_is_offered_on(self, full, now):
        excuse(enrollment=rows(full)[0], by=StaffFactory(), now=now)
        assert [row.status for row in rows(full)][:2] == ["excused", "offered"]

    def test_wishes_change_until_it_starts(self, full, now):
        row = rows(full)[0]
        change_wishes(enrollment=row, needs="A ramp", language="Polski", now=now)
        assert (rows(full)[0].needs, rows(full)[0].language) == ("A ramp", "Polski")
        with pytest.raises(NotAllowed):
            change_wishes(enrollment=row, needs="", language="", now=full.starts_at)


@pytest.mark.django_db(transaction=True)
def test_accepting_and_expiring_at_once_gives_the_seat_to_one():
    session = SessionFactory(capacity=1)
    now = timezone.now()
    offered = EnrollmentFactory(session=session, status="offered", offer_expires_at=now)
    EnrollmentFactory(session=session, status="waitlisted")
    at_once(
        [
            lambda: accept(enrollment=offered, by=None, now=now - timedelta(seconds=1)),
            lambda: expire_offers(now=now),
        ]
    )
    found = [row.status for row in rows(session)]
    assert found in (["registered", "waitlisted"], ["cancelled", "offered"])


@pytest.mark.django_db(transaction=True)
def test_two_who_cancel_at_once_make_two_offers():
    session = SessionFactory(capacity=2)
    seated = EnrollmentFactory.create_batch(2, session=session)
    EnrollmentFactory.create_batch(3, session=session, status="waitlisted")
    now = timezone.now()
    at_once([lambda row=row: cancel(enrollment=row, by=None, now=now) for row in seated])
    assert [row.status for row in rows(session)] == ["cancelled"] * 2 + ["offered"] * 2 + ["waitlisted"]


def test_a_registration_without_people_is_no_trouble():
    registration = RegistrationFactory()
    assert not registration.enrollments.exists()
