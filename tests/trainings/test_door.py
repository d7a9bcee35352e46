"""The door of trainings: ticks of staff, walk-ins, the code of the room, days of their own, reports of a day."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.errors import NotAllowed
from partners.gatherings.check_in import NotOnTheList
from partners.gatherings.tokens import DOOR, MANAGE, place_token
from tests.factories.partners import (
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    UserFactory,
    member,
)
from tests.factories.trainings import CourseFactory, EnrollmentFactory, FeeTierFactory, SessionFactory
from trainings.models import Certificate, DayAttendance, DoorTick, Enrollment, Session, SessionPart
from trainings.services.attendance import close_session
from trainings.services.check_in import (
    apply_report,
    check_in_by_code,
    day_of,
    door_code,
    tick,
    walk_in_at_door,
)
from trainings.tokens import ROOM

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now() -> Iterator[datetime]:
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon):
        yield noon


@pytest.fixture
def session(now) -> Session:
    """Two hours in a room that began ten minutes ago."""
    course = CourseFactory(title="Plain language")
    begun = now - timedelta(minutes=10)
    return SessionFactory(
        course=course, slug="plain", starts_at=begun, mode="in_person", venue="Sample House", city="Peoria"
    )


@pytest.fixture
def two_days(now) -> Session:
    """Two hours yesterday, and two hours that began ten minutes ago."""
    begun = now - timedelta(minutes=10)
    session = SessionFactory(slug="two-days", starts_at=begun - DAY, ends_at=begun + 2 * HOUR)
    for start in (begun - DAY, begun):
        SessionPart.objects.create(session=session, starts_at=start, ends_at=start + 2 * HOUR)
    return session


@pytest.fixture
def staff(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    return StaffFactory()


@pytest.fixture
def desk(staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def tap(row, action, staff, now, *, part=None, key=None, made_at=None) -> Enrollment:
    return tick(
        enrollment=row,
        part=part,
        action=action,
        key=key or uuid.uuid4(),
        made_at=made_at or now,
        by=staff,
        now=now,
    )


def desk_url(name: str, *args: object) -> str:
    return reverse(f"admin:trainings_session_{name}", args=args)


class TestTicks:
    @pytest.mark.parametrize("status", ["registered", "waitlisted", "absent", "excused", "cancelled"])
    def test_in_and_back_to_what_they_were(self, session, staff, now, status):
        row = EnrollmentFactory(session=session, status=status)
        there = tap(row, "in", staff, now, made_at=now - timedelta(minutes=4))
        assert (there.status, there.check_in, there.checked_in_by) == ("attended", "staff", staff)
        assert there.checked_in_at == now - timedelta(minutes=4)
        back = tap(row, "out", staff, now + timedelta(seconds=5))
        assert (back.status, back.check_in, back.checked_in_at) == (status, "", None)

    def test_one_that_is_sent_twice_counts_once_and_an_old_one_changes_nothing(self, session, staff, now):
        row, key = EnrollmentFactory(session=session), uuid.uuid4()
        tap(row, "in", staff, now, key=key)
        tap(row, "out", staff, now + timedelta(seconds=5))
        assert tap(row, "in", staff, now + timedelta(seconds=9), key=key).status == "registered"
        late = tap(row, "in", staff, now + timedelta(minutes=1), made_at=now - timedelta(minutes=1))
        assert late.status == "registered"
        assert DoorTick.objects.count() == 3

    def test_nobody_before_the_day_of_the_door(self, session, two_days, staff, now):
        with pytest.raises(NotAllowed, match="morning"):
            tap(EnrollmentFactory(session=session), "in", staff, now - DAY)
        second = two_days.parts.last()
        with pytest.raises(NotAllowed, match="that day"):
            tap(EnrollmentFactory(session=two_days), "in", staff, now - DAY, part=second)

    def test_what_a_report_said_stays(self, session, staff, now):
        row = EnrollmentFactory(session=session)
        apply_report(session=session, minutes={row.person_id: 55}, by=staff, now=now)
        there = tap(row, "in", staff, now)
        assert (there.minutes, there.check_in) == (55, "import")

    def test_the_database_keeps_ticks_and_days_once(self, two_days, staff, now):
        row, part = EnrollmentFactory(session=two_days), two_days.parts.first()
        facts = {"enrollment": row, "part": part, "check_in": "staff", "checked_in_at": now}
        DayAttendance.objects.create(**facts)
        with pytest.raises(IntegrityError, match="day_attendance_once"), transaction.atomic():
            DayAttendance.objects.create(**facts)
        tick_facts = {"session": two_days, "enrollment": row, "action": "in", "key": uuid.uuid4()}
        with pytest.raises(IntegrityError, match="training_tick_made"), transaction.atomic():
            DoorTick.objects.create(**tick_facts, made_at=now, received_at=now - HOUR)


class TestWalkIns:
    def arrive(self, session, staff, now, **changes) -> Enrollment:
        facts = {
            "email": "rosa@example.org",
            "first_name": "Rosa",
            "last_name": "Delgado",
            "organization": None,
            "key": uuid.uuid4(),
        } | changes
        return walk_in_at_door(session=session, part=None, made_at=now, by=staff, now=now, **facts)

    def test_somebody_new_and_gone_again(self, session, staff, now):
        hope, key = OrganizationFactory(), uuid.uuid4()
        row = self.arrive(session, staff, now, organization=hope, key=key)
        assert (row.status, row.organization, row.registration) == ("attended", hope, None)
        assert self.arrive(session, staff, now, key=key).pk == row.pk
        assert DoorTick.objects.count() == 1
        gone = tap(row, "out", staff, now + timedelta(seconds=9))
        assert (gone.status, bool(gone.cancelled_at)) == ("cancelled", True)

    def test_who_registered_is_the_same_person(self, session, staff, now):
        row = EnrollmentFactory(session=session, person=PersonFactory(email="rosa@example.org"))
        assert self.arrive(session, staff, now, email="Rosa@Example.org").pk == row.pk


class TestDays:
    def test_a_day_missed_is_no_completion(self, two_days, staff, now):
        first, second = two_days.parts.all()
        row = EnrollmentFactory(session=two_days)
        there = tap(row, "in", staff, now, part=second)
        assert (there.status, there.minutes) == ("attended", 120)
        close_session(session=two_days, by=staff, now=now + 3 * HOUR)
        row.refresh_from_db()
        assert row.completed_at is None
        both = tap(row, "in", staff, now + 4 * HOUR, part=first)
        assert both.minutes is None
        row.refresh_from_db()
        assert row.completed_at is not None
        # Taken back for one of the days, the certificate falls.
        tap(row, "out", staff, now + 5 * HOUR, part=second)
        row.refresh_from_db()
        assert (row.status, row.minutes, row.completed_at) == ("attended", 120, None)
        assert Certificate.objects.get().revoked_at is not None

    def test_the_last_day_taken_back_they_were_not_there(self, two_days, staff, now):
        row, part = EnrollmentFactory(session=two_days), two_days.parts.last()
        tap(row, "in", staff, now, part=part)
        assert tap(row, "out", staff, now + timedelta(seconds=3), part=part).status == "registered"
        assert not DayAttendance.objects.exists()

    def test_noted_for_the_session_as_a_whole_stays_so(self, two_days, staff, now):
        row = EnrollmentFactory(session=two_days, status="attended")
        assert tap(row, "in", staff, now, part=two_days.parts.last()).minutes is None

    def test_a_report_of_one_day_leaves_the_other(self, two_days, staff, now):
        first, second = two_days.parts.all()
        row = EnrollmentFactory(session=two_days)
        tap(row, "in", staff, now, part=first)
        for _each in range(2):
            apply_report(session=two_days, part=second, minutes={row.person_id: 50}, by=staff, now=now)
        row.refresh_from_db()
        assert row.minutes == 170
        assert list(row.day_attendances.values_list("check_in", "minutes")) == [
            ("staff", None),
            ("import", 50),
        ]

    def test_more_minutes_than_a_day_has_count_as_the_day(self, two_days, staff, now):
        row = EnrollmentFactory(session=two_days)
        last = two_days.parts.last()
        apply_report(session=two_days, part=last, minutes={row.person_id: 400}, by=staff, now=now)
        row.refresh_from_db()
        assert row.minutes == 120

    def test_the_day_under_way_or_next(self, two_days, now):
        assert [day_of(two_days, now + shift) for shift in (-3 * DAY, -DAY, -12 * HOUR, 0 * DAY, DAY)] == [
            1,
            1,
            2,
            2,
            2,
        ]


def by_code(session, code, now, email="rosa@example.org", **who) -> Enrollment:
    return check_in_by_code(session=session, code=code, email=email, now=now, **who)


class TestCodes:
    def test_somebody_registered(self, session, now):
        row = EnrollmentFactory(session=session)
        code = door_code(session=session, part=None)
        assert door_code(session=session, part=None) == code
        there = by_code(session, f" {code[:3]}-{code[3:].lower()}", now, email=row.person.email.upper())
        assert (there.pk, there.status, there.check_in, there.checked_in_by) == (
            row.pk,
            "attended",
            "code",
            None,
        )

    def test_each_day_has_its_own(self, two_days, now):
        first, second = two_days.parts.all()
        row = EnrollmentFactory(session=two_days)
        yesterdays = door_code(session=two_days, part=first)
        todays = door_code(session=two_days, part=second)
        with pytest.raises(NotAllowed, match="not the code"):
            by_code(two_days, yesterdays, now, email=row.person.email)
        by_code(two_days, todays, now, email=row.person.email)
        assert DayAttendance.objects.get().part == second

    @pytest.mark.parametrize("shift", [timedelta(minutes=-71), timedelta(minutes=111)])
    def test_only_in_the_hour_before_and_until_the_end(self, session, now, shift):
        row = EnrollmentFactory(session=session)
        code = door_code(session=session, part=None)
        with pytest.raises(NotAllowed, match="one hour before"):
            by_code(session, code, now + shift, email=row.person.email)
        later = shift - timedelta(minutes=2) if shift > 0 * HOUR else shift + timedelta(minutes=2)
        assert by_code(session, code, now + later, email=row.person.email).status == "attended"

    def test_nobody_gets_in_without_a_code(self, session, now):
        row = EnrollmentFactory(session=session)
        for code in ("", "ZZZZZZ"):
            with pytest.raises(NotAllowed, match="not the code"):
                by_code(session, code, now, email=row.person.email)

    def test_a_newcomer_says_who_they_are(self, session, now):
        code = door_code(session=session, part=None)
        with pytest.raises(NotOnTheList):
            by_code(session, code, now)
        row = by_code(session, code, now, first_name="Rosa", last_name="Delgado")
        assert (row.status, row.person.name, row.registration) == ("attended", "Rosa Delgado", None)

    def test_a_newcomer_to_one_with_a_fee_or_for_partners_asks_at_the_door(self, session, now):
        code = door_code(session=session, part=None)
        tier = FeeTierFactory(course=session.course, amount=40)
        with pytest.raises(NotAllowed, match="has a fee"):
            by_code(session, code, now, first_name="Rosa", last_name="Delgado")
        tier.delete()
        session.course.audience = "partners"
        session.course.save()
        with pytest.raises(NotAllowed, match="partner organizations"):
            by_code(session, code, now, first_name="Rosa", last_name="Delgado")
        assert not session.enrollments.exists()
        partner = MembershipFactory().person
        row = by_code(session, code, now, email=partner.email, first_name="Ana", last_name="Ruiz")
        assert row.organization == partner.memberships.get().organization

    def test_who_waits_for_a_seat_with_a_fee_asks_at_the_door(self, session, now):
        code = door_code(session=session, part=None)
        waits = EnrollmentFactory(session=session, status="waitlisted", price=40)
        with pytest.raises(NotAllowed, match="no seat"):
            by_code(session, code, now, email=waits.person.email)
        free = EnrollmentFactory(session=session, status="waitlisted")
        assert by_code(session, code, now, email=free.person.email).status == "attended"


class TestPages:
    def post_tick(self, desk, session, row, action="in", number=1, **more):
        headers = {name: more.pop(name) for name in list(more) if name.startswith("HTTP")}
        facts = {"place": row.pk, "action": action, "key": uuid.uuid4()} | more
        return desk.post(desk_url("door_tick", session.pk, number), facts, **headers)

    def test_the_list_of_a_day(self, desk, two_days):
        row = EnrollmentFactory(session=two_days, person__first_name="Rosa", person__last_name="Delgado")
        first, second = two_days.parts.all()
        to_today = desk.get(desk_url("doors", two_days.pk))
        assert to_today["Location"] == desk_url("door", two_days.pk, 2)
        assert "Rosa Delgado" in desk.get(to_today["Location"]).content.decode()
        answer = self.post_tick(desk, two_days, row, number=1, **JSON).json()
        assert answer == {"places": {str(row.pk): "attended"}, "here": 1, "expected": 1}
        # Who was there yesterday is expected today.
        assert desk.get(desk_url("door_state", two_days.pk, 2)).json()["places"] == {
            str(row.pk): "registered"
        }
        assert self.post_tick(desk, two_days, row, number=2).status_code == 302
        assert set(row.day_attendances.values_list("part", flat=True)) == {first.pk, second.pk}
        assert desk.get(desk_url("door", two_days.pk, 3)).status_code == 404

    def test_nobody_is_excused_from_all_days_at_the_door_of_one(self, desk, session, two_days):
        row, other = EnrollmentFactory(session=two_days), EnrollmentFactory(session=session)
        assert ">Excuse<" not in desk.get(desk_url("door", two_days.pk, 1)).content.decode()
        assert self.post_tick(desk, two_days, row, "excuse", **JSON).status_code == 409
        assert self.post_tick(desk, session, other, "excuse", **JSON).status_code == 200
        statuses = Enrollment.objects.order_by("pk").values_list("status", flat=True)
        assert list(statuses) == ["registered", "excused"]

    def test_a_walk_in_and_one_with_odd_facts(self, desk, session):
        hope = OrganizationFactory(name="Hope House of Peoria, Inc.")
        facts = {"first_name": "Rosa", "last_name": "Delgado", "email": "rosa@example.org"}
        url = desk_url("door_walk_in", session.pk, 1)
        assert desk.post(url, facts | {"email": "nonsense"}).status_code == 422
        answer = desk.post(url, facts | {"organization": "hope house peoria"}, **JSON).json()
        assert (answer["here"], answer["note"], "Rosa Delgado" in answer["html"]) == (1, "", True)
        assert session.enrollments.get().organization == hope

    def test_the_poster_shows_a_code_that_works(self, desk, session, client):
        row = EnrollmentFactory(session=session)
        page = desk.get(desk_url("door_poster", session.pk, 1)).content.decode()
        code = Session.objects.get().check_in_code
        assert code in page
        assert f"{django_settings.SITE_URL}/trainings/sessions/plain/check-in/" in page
        url = reverse("trainings:check_in", args=["plain"])
        form = client.get(f"{url}?code={code}").content.decode()
        assert "Plain language" in form
        assert f'value="{code}"' in form
        wrong = client.post(url, {"code": "ZZZZZZ", "email": row.person.email})
        assert (wrong.status_code, "This is not the code" in wrong.content.decode()) == (409, True)
        done = client.post(url, {"code": code, "email": row.person.email}, follow=True)
        assert "You are checked in" in done.content.decode()
        row.refresh_from_db()
        assert (row.status, row.check_in) == ("attended", "code")

    def test_a_session_that_is_no_more_says_so_and_one_for_nobody_tells_no_title(self, client, now):
        course = CourseFactory(title="Quiet course", state="archived")
        SessionFactory(slug="quiet", course=course, starts_at=now)
        SessionFactory(slug="draft", state="draft", starts_at=now)
        assert "Quiet course" not in client.get("/trainings/sessions/quiet/check-in/").content.decode()
        assert client.get("/trainings/sessions/draft/check-in/").status_code == 404
        SessionFactory(slug="over", starts_at=now - 5 * HOUR)
        assert "This training is over" in client.get("/trainings/sessions/over/check-in/").content.decode()

    def test_ones_own_code_leads_staff_to_the_button(self, desk, session, client):
        row = EnrollmentFactory(session=session, person__first_name="Rosa", person__last_name="Delgado")
        place = client.get(reverse("trainings:place", args=[place_token(ROOM, MANAGE, row.pk)]))
        assert "Your code for the door" in place.content.decode()
        token = place_token(ROOM, DOOR, row.pk)
        own = client.get(reverse("trainings:door", args=[token])).content.decode()
        assert "<svg" in own
        assert "Delgado" not in own
        assert (
            "Rosa Delgado" in desk.get(reverse("trainings:door", args=[token]), follow=True).content.decode()
        )
        desk.post(desk_url("door_scan", token), {"action": "in", "key": uuid.uuid4()})
        row.refresh_from_db()
        assert (row.status, row.check_in) == ("attended", "qr")
        for forged in (place_token(ROOM, MANAGE, row.pk), place_token("meetings", DOOR, row.pk), "1"):
            assert client.get(reverse("trainings:door", args=[forged])).status_code == 404
            assert desk.get(desk_url("door_scan", forged)).status_code == 404

    def test_nobody_online_is_shown_a_code_for_the_door(self, client, session):
        Session.objects.filter(pk=session.pk).update(mode="hybrid", join_url="https://meet.example/x")
        row = EnrollmentFactory(session=session, is_online=True)
        place = client.get(reverse("trainings:place", args=[place_token(ROOM, MANAGE, row.pk)]))
        assert "Your code for the door" not in place.content.decode()

    def test_the_door_is_for_staff_with_the_right(self, session, client, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        row = EnrollmentFactory(session=session)
        pages = [
            desk_url("door", session.pk, 1),
            desk_url("door_state", session.pk, 1),
            desk_url("door_poster", session.pk, 1),
            desk_url("door_scan", place_token(ROOM, DOOR, row.pk)),
        ]
        plain = UserFactory(is_staff=True)
        for user in (None, member(OrganizationFactory()), plain):
            if user:
                client.force_login(user)
            assert {client.get(page).status_code for page in pages} <= {302, 403}
            assert self.post_tick(client, session, row).status_code in {302, 403}
        assert Enrollment.objects.get().status == "registered"
        plain.user_permissions.add(Permission.objects.get(codename="change_enrollment"))
        client.force_login(type(plain).objects.get(pk=plain.pk))
        assert {client.get(page).status_code for page in pages} == {200}

    @pytest.mark.parametrize("page", ["door", "door_state"])
    def test_reads_do_not_grow(self, desk, two_days, page, django_assert_num_queries):
        def fill(number: int) -> None:
            for _number in range(number):
                person = MembershipFactory().person
                organization = person.memberships.get().organization
                EnrollmentFactory(session=two_days, person=person, organization=organization)

        fill(1)
        with CaptureQueriesContext(connection) as one:
            desk.get(desk_url(page, two_days.pk, 2))
        fill(19)
        with django_assert_num_queries(len(one)):
            desk.get(desk_url(page, two_days.pk, 2))

    def test_the_roster_notes_the_day_that_is_chosen(self, desk, two_days, staff, now):
        row = EnrollmentFactory(session=two_days)
        url = desk_url("attendance", two_days.pk)
        page = desk.get(f"{url}?day=1").content.decode()
        assert "Day 2" in page
        said = desk.post(f"{url}?day=1", {"step": "present", "row": row.pk})
        assert said["Location"] == f"{url}?day=1"
        assert row.day_attendances.get().part == two_days.parts.first()
        today = desk.get(url).content.decode()
        assert "0 people were there" in today
        assert 'value="present"' in today
        desk.post(f"{url}?day=1", {"step": "undo", "row": row.pk})
        row.refresh_from_db()
        assert row.status == "registered"

    def test_a_report_is_noted_for_the_day_that_is_chosen(self, desk, two_days):
        row = EnrollmentFactory(session=two_days, person__email="maria@example.org")
        data = b"Name,Email,Duration (minutes)\nMaria Lopez,maria@example.org,45\n"
        url = desk_url("attendance_report", two_days.pk) + "?day=1"
        page = desk.post(url, {"file": SimpleUploadedFile("zoom.csv", data)}).content.decode()
        assert "Day 1" in page
        desk.post(url, {"apply": "1", "person_0": row.person_id, "minutes_0": "45"})
        day = row.day_attendances.get()
        assert (day.part, day.minutes, day.check_in) == (two_days.parts.first(), 45, "import")
