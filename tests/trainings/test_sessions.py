"""Courses and sessions: what stands against publishing, moved and cancelled, reminders, calendars, copies."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from icalendar import Calendar

from partners.errors import NotAllowed
from tests.factories.partners import CoalitionFactory, StaffFactory
from tests.factories.trainings import (
    CourseFactory,
    EnrollmentFactory,
    FeeTierFactory,
    RegistrationFactory,
    SessionFactory,
    SessionPartFactory,
    TopicFactory,
)
from tests.meetings.reading import mails, text_of
from trainings.calendars import session_file, trainings_file
from trainings.models import Course, Enrollment, EnrollmentNotice, FeeTier, Session, SessionPart
from trainings.services import courses, sessions
from trainings.services.sessions import Day
from trainings.services.telling import remind, tell_of_changes

pytestmark = pytest.mark.django_db
CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def staff():
    return StaffFactory()


class TestCourses:
    def test_none_is_published_without_equity_objectives(self, staff, now):
        course = CourseFactory(state="draft", equity_objectives=" \n ", published_at=None)
        with pytest.raises(NotAllowed, match=r"equity objectives.*Choose at least one topic"):
            courses.publish_course(course=course, by=staff, now=now)
        course.equity_objectives = "Name unequal effects."
        course.save()
        course.topics.add(TopicFactory())
        published = courses.publish_course(course=course, by=staff, now=now)
        assert (published.state, published.published_by, published.published_at) == ("published", staff, now)
        with pytest.raises(NotAllowed):
            courses.publish_course(course=course, by=staff, now=now)

    def test_a_required_survey_must_be_named(self):
        course = CourseFactory(end_survey_required=True, topics=[TopicFactory()])
        assert "survey" in courses.problems_of(course)[0]

    def test_archived_when_nothing_is_to_come(self, staff, now):
        session = SessionFactory()
        with pytest.raises(NotAllowed, match="still to come"):
            courses.archive_course(course=session.course, by=staff, now=now)
        archived = courses.archive_course(course=session.course, by=staff, now=session.ends_at)
        assert archived.state == "archived"

    def test_overdue_reviews(self, now):
        today = now.date()
        late = CourseFactory(review_due_on=today - timedelta(days=1))
        CourseFactory(review_due_on=today)
        CourseFactory(review_due_on=today - timedelta(days=1), state="archived")
        assert list(Course.objects.review_overdue(today)) == [late]


class TestConstraints:
    @pytest.mark.parametrize(
        ("name", "break_it"),
        [
            ("course_published_has_equity", lambda: CourseFactory(equity_objectives="")),
            ("course_completion_is_a_share", lambda: CourseFactory(completion_percent=101)),
            ("course_refund_is_a_share", lambda: CourseFactory(late_refund_percent=101)),
            ("fee_tier_is_not_negative", lambda: FeeTierFactory(amount=-1)),
            ("session_ends_after_start", lambda: SessionFactory(ends_at=datetime(2020, 1, 1, tzinfo=UTC))),
            ("session_has_seats", lambda: SessionFactory(capacity=0)),
            ("session_cancelled_has_time", lambda: SessionFactory(state="cancelled", cancelled_at=None)),
            (
                "session_part_ends_after_start",
                lambda: SessionPartFactory(ends_at=datetime(2020, 1, 1, tzinfo=UTC)),
            ),
            (
                "enrollment_waiting_has_time",
                lambda: EnrollmentFactory(status="waitlisted", waiting_since=None),
            ),
            (
                "enrollment_attended_has_time",
                lambda: EnrollmentFactory(status="attended", checked_in_at=None),
            ),
            (
                "enrollment_cancelled_has_time",
                lambda: EnrollmentFactory(status="cancelled", cancelled_at=None),
            ),
            ("enrollment_completed_was_there", lambda: EnrollmentFactory(completed_at=timezone.now())),
            ("enrollment_price_not_negative", lambda: EnrollmentFactory(price=-1)),
        ],
    )
    def test_the_database_refuses(self, name, break_it):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            break_it()

    def test_what_is_there_once(self):
        row = EnrollmentFactory()
        tier = FeeTierFactory()
        notice = EnrollmentNotice.objects.create(
            enrollment=row, kind="day", revision=0, written_at=timezone.now()
        )
        for name, again in (
            ("enrollment_once_per_person", lambda: EnrollmentFactory(session=row.session, person=row.person)),
            ("fee_tier_name_once", lambda: FeeTierFactory(course=tier.course, name=tier.name)),
            ("reference", lambda: RegistrationFactory(reference=row.registration.reference)),
            (
                "enrollment_notice_once",
                lambda: EnrollmentNotice.objects.create(
                    enrollment=row, kind="day", revision=0, written_at=notice.written_at
                ),
            ),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                again()
        assert FeeTier.objects.count() == 1


class TestPublishing:
    def test_all_that_is_missing_is_named(self, staff, now):
        session = SessionFactory(
            state="draft",
            mode="hybrid",
            join_url="",
            course__state="draft",
            starts_at=now - timedelta(hours=1),
        )
        SessionPartFactory(session=session)
        SessionPartFactory(session=session, starts_at=session.starts_at + timedelta(hours=1))
        with pytest.raises(NotAllowed) as refusal:
            sessions.publish_session(session=session, by=staff, now=now)
        for words in ("course first", "begun already", "overlap", "takes place", "join online"):
            assert words in str(refusal.value)

    def test_a_draft_becomes_public_once(self, staff, now):
        session = SessionFactory(state="draft")
        assert sessions.publish_session(session=session, by=staff, now=now).published_by == staff
        with pytest.raises(NotAllowed, match="Only a draft"):
            sessions.publish_session(session=session, by=staff, now=now)

    def test_days_give_a_session_its_span(self, now):
        session = SessionFactory(state="draft")
        first = SessionPartFactory(session=session, starts_at=now + timedelta(days=3))
        last = SessionPartFactory(session=session, starts_at=now + timedelta(days=9))
        sessions.span_days(session=session)
        session.refresh_from_db()
        assert (session.starts_at, session.ends_at) == (first.starts_at, last.ends_at)


def day_of(session, **shift) -> Day:
    return Day(session.starts_at + timedelta(**shift), session.ends_at + timedelta(**shift))


class TestMoving:
    def test_everybody_with_a_place_is_told_once(self, staff, now):
        session = SessionFactory(capacity=1)
        seated = EnrollmentFactory(session=session)
        waiting = EnrollmentFactory(session=session, status="waitlisted")
        EnrollmentFactory(session=session, status="cancelled")
        told = sessions.change_session(session=session, days=[day_of(session, days=1)], by=staff, now=now)
        session.refresh_from_db()
        assert (told, session.revision) == (2, 1)
        tell_of_changes(now=now)
        assert "stay on the waiting list" in text_of(mails(waiting.person.email)[0])
        assert "https://meet.example/room" in text_of(mails(seated.person.email)[0])
        again = sessions.change_session(session=session, days=[day_of(session)], by=staff, now=now)
        session.refresh_from_db()
        tell_of_changes(now=now)
        assert (again, session.revision, len(mails())) == (0, 1, 2)

    def test_more_seats_are_no_news_but_go_to_those_who_wait(self, staff, now):
        session = SessionFactory(capacity=1)
        EnrollmentFactory(session=session)
        waiting = EnrollmentFactory(session=session, status="waitlisted")
        told = sessions.change_session(session=session, days=[day_of(session)], capacity=2, by=staff, now=now)
        waiting.refresh_from_db()
        session.refresh_from_db()
        assert (told, session.revision, waiting.status) == (0, 0, "offered")

    def test_what_cannot_be_is_refused(self, staff, now):
        session = SessionFactory(capacity=3)
        EnrollmentFactory.create_batch(2, session=session)
        for days, changes, words in (
            ([day_of(session)], {"capacity": 1}, "2 seats are taken"),
            ([day_of(session, days=-30)], {}, "still to come"),
            ([day_of(session)], {"join_url": ""}, "join online"),
            ([day_of(session), day_of(session, hours=1)], {}, "overlap"),
        ):
            with pytest.raises(NotAllowed, match=words):
                sessions.change_session(session=session, days=days, by=staff, now=now, **changes)
        for state in ("draft", "cancelled", "held"):
            other = SessionFactory(state=state)
            with pytest.raises(NotAllowed, match="still to come"):
                sessions.change_session(session=other, days=[day_of(other)], by=staff, now=now)

    def test_days_are_kept_in_their_place(self, staff, now):
        session = SessionFactory()
        three = [day_of(session, days=more) for more in range(3)]
        sessions.change_session(session=session, days=three, by=staff, now=now)
        before = list(session.parts.values_list("pk", flat=True))
        sessions.change_session(session=session, days=three[:2], by=staff, now=now)
        assert list(session.parts.values_list("pk", flat=True)) == before[:2]
        sessions.change_session(session=session, days=three[:1], by=staff, now=now)
        assert not SessionPart.objects.exists()

    def test_an_earlier_start_ends_offers_in_time_and_a_room_makes_nobody_online(self, staff, now):
        session = SessionFactory(mode="online", capacity=2)
        offered = EnrollmentFactory(
            session=session, status="offered", is_online=True, offer_expires_at=now + timedelta(hours=24)
        )
        new = Day(now + timedelta(hours=20), now + timedelta(hours=22))
        sessions.change_session(
            session=session, days=[new], mode="in_person", venue="Hall", city="Peoria", by=staff, now=now
        )
        offered.refresh_from_db()
        assert (offered.offer_expires_at, offered.is_online) == (now + timedelta(hours=19), False)


class TestCancelling:
    def test_everybody_hears_why_and_fees_go_back(self, staff, now):
        session = SessionFactory(capacity=1)
        EnrollmentFactory(session=session)
        EnrollmentFactory(session=session, status="waitlisted")
        with pytest.raises(NotAllowed, match="Say why"):
            sessions.cancel_session(session=session, reason="  ", by=staff, now=now)
        assert sessions.cancel_session(session=session, reason="The roof leaks.", by=staff, now=now) == 2
        session.refresh_from_db()
        assert (session.state, session.cancelled_by, session.revision) == ("cancelled", staff, 1)
        tell_of_changes(now=now)
        assert len(mails()) == 2
        for message in mails():
            assert "The roof leaks." in text_of(message)
            assert "meet.example" not in text_of(message)
        with pytest.raises(NotAllowed):
            sessions.cancel_session(session=session, reason="Again", by=staff, now=now)
        assert set(session.enrollments.values_list("status", flat=True)) == {"registered", "waitlisted"}


class TestCopies:
    def test_the_same_hours_over_a_change_of_summer_time(self, staff):
        starts = datetime(2027, 3, 10, 9, tzinfo=CHICAGO)
        session = SessionFactory(starts_at=starts, ends_at=starts + timedelta(days=1, hours=3), capacity=7)
        for more in range(2):
            begin = starts + timedelta(days=more)
            SessionPartFactory(session=session, starts_at=begin, ends_at=begin + timedelta(hours=3))
        copy = sessions.copy_session(
            session=session, starts_at=datetime(2027, 3, 13, 9, tzinfo=CHICAGO), by=staff
        )
        assert (copy.state, copy.capacity, copy.slug) == ("draft", 7, f"{session.course.slug}-2027-03-13")
        local = [(day.starts_at.astimezone(CHICAGO), day.ends_at.astimezone(CHICAGO)) for day in copy.days]
        assert [(start.day, start.hour, end.hour) for start, end in local] == [(13, 9, 12), (14, 9, 12)]
        again = sessions.copy_session(session=session, starts_at=copy.starts_at, by=staff)
        assert again.slug == f"{session.course.slug}-2027-03-13-2"


class TestReminders:
    def seat(self, starts, registered=None):
        session = SessionFactory(starts_at=starts)
        return EnrollmentFactory(session=session, registered_at=registered or starts - timedelta(days=20))

    @pytest.mark.parametrize(
        "day", [datetime(2027, 3, 16, 10, tzinfo=CHICAGO), datetime(2026, 11, 3, 10, tzinfo=CHICAGO)]
    )
    def test_a_week_before_by_the_wall_clock(self, day):
        self.seat(day)
        before = datetime(day.year, day.month, day.day, 10, tzinfo=CHICAGO).replace(tzinfo=None) - timedelta(
            days=7
        )
        due = before.replace(tzinfo=CHICAGO)
        assert remind(now=due - timedelta(minutes=1)) == 0
        assert remind(now=due) == 1
        assert remind(now=due + timedelta(minutes=1)) == 0

    def test_a_day_and_an_hour_before_and_never_after_the_start(self, now):
        starts = now + timedelta(days=30)
        self.seat(starts)
        assert remind(now=starts - timedelta(hours=23)) == 1
        assert remind(now=starts - timedelta(minutes=59)) == 1
        assert remind(now=starts) == 0
        assert {mail["Subject"].split(":")[0] for mail in mails()} == {"Reminder", "Starts soon"}

    def test_one_that_was_missed_is_not_made_up_for(self, now):
        starts = now + timedelta(days=30)
        self.seat(starts)
        assert remind(now=starts - timedelta(days=3)) == 0

    def test_only_seats_that_were_there_by_then(self, now):
        starts = now + timedelta(days=30)
        late = starts - timedelta(hours=10)
        row = self.seat(starts, registered=late)
        EnrollmentFactory(session=row.session, status="waitlisted", registered_at=now)
        EnrollmentFactory(session=row.session, status="cancelled", registered_at=now)
        assert remind(now=starts - timedelta(hours=9)) == 0

    def test_who_just_heard_of_a_change_is_not_reminded_as_well(self, now, staff):
        starts = now + timedelta(days=30)
        row = self.seat(starts)
        due = starts - timedelta(hours=23)
        session = row.session
        sessions.change_session(
            session=session, days=[day_of(session)], by=staff, now=due, join_url="https://meet.example/b"
        )
        # Not while the worker is still at it, and not after it.
        assert remind(now=due) == 0
        tell_of_changes(now=due)
        assert remind(now=due) == 0
        assert len(mails()) == 1
        assert remind(now=starts - timedelta(minutes=50)) == 1


class TestCalendars:
    def events(self, file: bytes):
        return Calendar.from_ical(file).walk("VEVENT")

    def test_the_same_entry_for_life_and_the_address_only_for_a_seat(self, staff, now):
        session = SessionFactory()
        (before,) = self.events(session_file(session))
        sessions.change_session(session=session, days=[day_of(session, days=1)], by=staff, now=now)
        session.refresh_from_db()
        (after,) = self.events(session_file(session))
        assert before["UID"] == after["UID"]
        assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
        assert "meet.example" not in session_file(session).decode()
        assert "https://meet.example/room" in session_file(session, with_join_url=True).decode().replace(
            "\r\n ", ""
        )

    def test_a_day_each_and_cancelled_ones_stay(self, staff, now):
        session = SessionFactory()
        for more in range(2):
            begin = session.starts_at + timedelta(days=more)
            SessionPartFactory(session=session, starts_at=begin)
        sessions.cancel_session(session=session, reason="Snow", by=staff, now=now)
        found = self.events(trainings_file(Session.objects.with_changed_at().select_related("course")))
        assert [event["STATUS"] for event in found] == ["CANCELLED"] * 2
        assert len({event["UID"] for event in found}) == 2
        assert "day 2 of 2" in found[1]["SUMMARY"]

    def test_rows_are_read_flat(self, django_assert_num_queries):
        SessionFactory.create_batch(5)
        rows = Session.objects.with_changed_at().select_related("course").prefetch_related("parts")
        with django_assert_num_queries(2):
            trainings_file(rows)


def test_history_says_who_published(staff, now):
    session = SessionFactory(state="draft")
    sessions.publish_session(session=session, by=staff, now=now)
    assert session.history.first().history_user == staff
    assert Enrollment.history.model.objects.count() == 0
