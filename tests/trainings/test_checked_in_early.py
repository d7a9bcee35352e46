"""Who checks in before a session begins: cancelled or moved after that, late taps at the door, seats that were waited for."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from partners.errors import NotAllowed
from partners.gatherings.tokens import DOOR, place_token
from tests.factories.fees import FundFactory
from tests.factories.partners import CoalitionFactory, StaffFactory
from tests.factories.trainings import EnrollmentFactory, SessionFactory
from tests.meetings.reading import content, mails, text_of
from trainings.models import (
    Certificate,
    CreditNote,
    DayAttendance,
    Enrollment,
    Invoice,
    ScholarshipAward,
    Session,
)
from trainings.services.attendance import close_session
from trainings.services.awards import count_used
from trainings.services.billing import bill
from trainings.services.cancelling import excuse
from trainings.services.check_in import arrive, check_in_by_code, door_code, leave, tick
from trainings.services.payments import mark_paid
from trainings.services.scholarships import approve, ask
from trainings.services.sessions import Day, cancel_session, change_session
from trainings.services.telling import tell_of_changes
from trainings.tokens import ROOM

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now() -> Iterator[datetime]:
    CoalitionFactory()
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon):
        yield noon


@pytest.fixture
def session(now) -> Session:
    """Two hours that begin in half an hour."""
    return SessionFactory(starts_at=now + HOUR / 2, mode="in_person", venue="Hall", city="Peoria")


@pytest.fixture
def two_days(now) -> Session:
    """Two hours that begin in half an hour, and two tomorrow."""
    start = now + HOUR / 2
    session = SessionFactory(starts_at=start, ends_at=start + DAY + 2 * HOUR)
    for begins in (start, start + DAY):
        session.parts.create(starts_at=begins, ends_at=begins + 2 * HOUR)
    return session


@pytest.fixture
def staff(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    return StaffFactory()


def came(row, at, part=None) -> Enrollment:
    """They type the code that the room shows."""
    code = door_code(session=row.session, part=part)
    return check_in_by_code(session=row.session, code=code, email=row.person.email, now=at)


def tap(row, action, staff, now, made_at, part=None) -> Enrollment:
    key = uuid.uuid4()
    return tick(
        enrollment=row, part=part, action=action, key=key, made_at=made_at, by=staff, now=max(now, made_at)
    )


def paying(session, **facts) -> Enrollment:
    return EnrollmentFactory(session=session, price=Decimal(40), **facts)


def with_scholarship(session, staff, now):
    row = paying(session)
    (request,) = ask(
        registration=row.registration,
        enrollments=[row],
        asker=row.person,
        amount=None,
        why="Our budget was cut.",
        now=now,
    )
    approve(request=request, fund=FundFactory(), amount=Decimal(40), words="", by=staff, now=now)
    return row, ScholarshipAward.objects.get(request=request)


def subjects(row) -> list[str]:
    return [message["Subject"].split(":")[0] for message in mails(row.person.email)]


def moved(session, staff, now, shift=DAY, **changes) -> int:
    days = [Day(day.starts_at + shift, day.ends_at + shift) for day in session.days]
    return change_session(session=session, days=days, by=staff, now=now, **changes)


class TestCancelled:
    def test_who_is_there_already_is_told_and_pays_nothing(self, session, staff, now):
        row, (helped, award) = paying(session), with_scholarship(session, staff, now)
        bill(registration=row.registration, now=now)
        for one in (row, helped):
            came(one, now)
        count_used(now=now + MINUTE)
        told = cancel_session(session=session, reason="The roof leaks.", by=staff, now=now + 20 * MINUTE)
        tell_of_changes(now=now + 21 * MINUTE)
        assert told == 2
        assert "Cancelled" in subjects(row)
        assert "Cancelled" in subjects(helped)
        assert CreditNote.objects.get().amount == 40
        award.refresh_from_db()
        award.fund.refresh_from_db()
        assert (award.state, award.fund.committed) == ("returned", 0)
        # Nobody was at what never began.
        assert not session.enrollments.attended().exists()

    def test_in_the_middle_they_keep_the_day_and_get_the_fee_back(self, two_days, staff, now):
        first = two_days.parts.first()
        row, (helped, award) = paying(two_days), with_scholarship(two_days, staff, now)
        bill(registration=row.registration, now=now)
        for one in (row, helped):
            came(one, now, first)
        evening = now + 6 * HOUR
        count_used(now=evening)
        award.refresh_from_db()
        assert award.state == "used"
        cancel_session(session=two_days, reason="Snow.", by=staff, now=evening)
        tell_of_changes(now=evening)
        assert "Cancelled" in subjects(row)
        assert "Cancelled" in subjects(helped)
        assert CreditNote.objects.get().amount == 40
        award.refresh_from_db()
        assert (award.state, award.used_at) == ("returned", None)
        assert DayAttendance.objects.filter(part=first).count() == 2
        count_used(now=evening + HOUR)
        award.refresh_from_db()
        assert award.state == "returned"

    def test_the_page_that_asks_counts_them(self, session, staff, now, client):
        came(EnrollmentFactory(session=session), now)
        client.force_login(staff)
        page = client.get(reverse("admin:trainings_session_cancel", args=[session.pk]))
        told = [value for label, value in page.context["question"].facts if label == "People to be told"]
        assert told == [1]
        done = client.post(
            reverse("admin:trainings_session_cancel", args=[session.pk]), {"reason": "Snow."}, follow=True
        )
        assert "The messages are being written" in content(done)
        assert "The cancellation: 0 of 1 messages are written." in content(done)


class TestMoved:
    def test_to_another_day_they_are_registered_again_and_told(self, session, staff, now):
        row, walked_in = EnrollmentFactory(session=session), EnrollmentFactory(session=session)
        Enrollment.objects.filter(pk=walked_in.pk).update(registration=None)
        for one in (row, walked_in):
            came(one, now)
        assert moved(session, staff, now + MINUTE) == 2
        tell_of_changes(now=now + MINUTE)
        for one in (row, walked_in):
            one.refresh_from_db()
            assert (one.status, one.check_in, one.checked_in_at) == ("registered", "", None)
            assert "Your seat stays kept" in text_of(mails(one.person.email)[-1])
        assert row.history.first().status == "registered"
        session.refresh_from_db()
        close_session(session=session, by=staff, now=session.ends_at)
        row.refresh_from_db()
        assert (row.status, Certificate.objects.count()) == ("absent", 0)

    def test_days_are_gone_and_a_late_tap_from_before_puts_nobody_in(self, two_days, staff, now):
        first, row = two_days.parts.first(), EnrollmentFactory(session=two_days)
        came(row, now, first)
        moved(two_days, staff, now + 10 * MINUTE, 2 * HOUR)
        assert not DayAttendance.objects.exists()
        late = tap(row, "in", staff, now + 12 * MINUTE, now + 2 * MINUTE, first)
        assert late.status == "registered"
        assert came(row, now + 2 * HOUR, first).status == "attended"

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"venue": "Other house"}, "registered"),
            ({"mode": "online", "join_url": "https://meet.example/x"}, "registered"),
            ({"mode": "hybrid", "join_url": "https://meet.example/x"}, "attended"),
        ],
    )
    def test_at_another_place_too_but_not_where_they_are_right_already(
        self, session, staff, now, change, status
    ):
        row = EnrollmentFactory(session=session)
        came(row, now)
        assert moved(session, staff, now + MINUTE, 0 * DAY, **change) == 1
        tell_of_changes(now=now + MINUTE)
        row.refresh_from_db()
        assert (row.status, subjects(row)) == (status, ["Changed"])

    def test_another_last_day_leaves_the_first_as_it_is(self, two_days, staff, now):
        first, second = two_days.parts.all()
        row = EnrollmentFactory(session=two_days)
        came(row, now, first)
        days = [Day(first.starts_at, first.ends_at), Day(second.starts_at + DAY, second.ends_at + DAY)]
        assert change_session(session=two_days, days=days, by=staff, now=now + MINUTE) == 1
        row.refresh_from_db()
        assert (row.status, row.day_attendances.get().part) == ("attended", first)

    def test_nothing_of_a_move_that_is_refused(self, session, staff, now):
        row = EnrollmentFactory(session=session)
        came(row, now)
        with pytest.raises(NotAllowed):
            moved(session, staff, now + MINUTE, -DAY)
        row.refresh_from_db()
        assert row.status == "attended"

    def test_a_scholarship_is_used_once_it_has_begun(self, session, staff, now):
        row, award = with_scholarship(session, staff, now)
        came(row, now)
        assert count_used(now=now + MINUTE) == 0
        assert count_used(now=now + HOUR) == 1
        award.refresh_from_db()
        assert award.state == "used"


class TestLateTaps:
    def test_a_take_back_from_before_undoes_no_code(self, session, two_days, staff, now):
        for one, part in ((session, None), (two_days, two_days.parts.first())):
            row = EnrollmentFactory(session=one)
            came(row, now + 10 * MINUTE, part)
            assert tap(row, "out", staff, now + 15 * MINUTE, now + 5 * MINUTE, part).status == "attended"
            assert tap(row, "out", staff, now + 15 * MINUTE, now + 12 * MINUTE, part).status == "registered"

    def test_nor_a_code_of_somebody_who_was_ticked_by_mistake_before(self, session, staff, now):
        row = EnrollmentFactory(session=session)
        tap(row, "in", staff, now, now)
        came(row, now + 10 * MINUTE)
        assert tap(row, "out", staff, now + 15 * MINUTE, now + 5 * MINUTE).status == "attended"

    def test_nor_what_the_roster_noted(self, session, staff, now):
        row, noted = EnrollmentFactory(session=session), now + 10 * MINUTE
        arrive(enrollment=row, part=None, how="staff", by=staff, at=noted, now=noted)
        assert tap(row, "out", staff, now + 15 * MINUTE, now + 5 * MINUTE).status == "attended"

    def test_what_the_roster_took_back_stays_so(self, session, two_days, staff, now):
        for one, part in ((session, None), (two_days, two_days.parts.first())):
            row = EnrollmentFactory(session=one)
            came(row, now, part)
            leave(enrollment=row, part=part, by=staff, now=now + 10 * MINUTE)
            assert tap(row, "in", staff, now + 15 * MINUTE, now + 5 * MINUTE, part).status == "registered"
            assert tap(row, "in", staff, now + 15 * MINUTE, now + 12 * MINUTE, part).status == "attended"


class TestFees:
    @pytest.mark.parametrize("status", ["waitlisted", "offered"])
    def test_who_waited_is_billed_once_when_let_in(self, session, staff, now, status):
        row = paying(session, status=status)
        tap(row, "in", staff, now, now)
        arrive(enrollment=row, part=None, how="import", by=staff, at=now, now=now, minutes=50)
        invoice = Invoice.objects.get()
        assert (invoice.total, invoice.lines.get().enrollment) == (40, row)
        assert any(invoice.number in message["Subject"] for message in mails(row.person.email))

    def test_a_tap_by_mistake_costs_nothing_and_the_next_one_counts(self, session, staff, now):
        row = paying(session, status="waitlisted")
        tap(row, "in", staff, now, now)
        assert tap(row, "out", staff, now + MINUTE, now + MINUTE).status == "waitlisted"
        assert Invoice.objects.get().state == "void"
        tap(row, "in", staff, now + 2 * MINUTE, now + 2 * MINUTE)
        assert list(Invoice.objects.order_by("pk").values_list("state", flat=True)) == ["void", "open"]

    def test_what_was_paid_meanwhile_is_left_to_staff(self, session, staff, now):
        row = paying(session, status="waitlisted")
        tap(row, "in", staff, now, now)
        mark_paid(invoice=Invoice.objects.get(), how="check", note="7", by=staff, now=now)
        tap(row, "out", staff, now + MINUTE, now + MINUTE)
        assert Invoice.objects.get().state == "paid"

    def test_nobody_with_a_seat_is_billed_anew_nor_one_without_a_fee(self, session, staff, now):
        row, free = paying(session), EnrollmentFactory(session=session, status="waitlisted")
        bill(registration=row.registration, now=now)
        for one in (row, free):
            tap(one, "in", staff, now, now)
        tap(row, "out", staff, now + MINUTE, now + MINUTE)
        assert Invoice.objects.get().state == "open"

    def test_the_door_says_that_the_fee_was_given_back(self, session, staff, now, client):
        words = "$40.00 of the fee was given back."
        row, other = paying(session), paying(session)
        for one in (row, other):
            bill(registration=one.registration, now=now - 9 * DAY)
        excuse(enrollment=row, by=staff, now=now - 9 * DAY)
        client.force_login(staff)
        door = reverse("admin:trainings_session_door", args=[session.pk, 1])
        scan, of_other = (
            reverse("admin:trainings_session_door_scan", args=[place_token(ROOM, DOOR, one.pk)])
            for one in (row, other)
        )
        assert content(client.get(door)).count(words) == 1
        assert words in content(client.get(scan))
        assert words not in content(client.get(of_other))
        # Also once they are in.
        client.post(scan, {"action": "in", "key": uuid.uuid4()})
        assert words in content(client.get(scan))
        row.refresh_from_db()
        assert row.status == "attended"
