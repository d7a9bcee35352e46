"""The door's pages: for staff on a phone, for those who come, and the review of attendance reports."""

import re
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import Attendance, AttendanceImport, Event, FollowUp
from meetings.places import ROOM
from meetings.services.check_in import door_code
from partners.gatherings.qr import door_qr_svg, qr_svg
from partners.gatherings.tokens import DOOR, MANAGE, place_token
from tests.factories.meetings import AttendanceFactory, EventFactory, FollowUpFactory
from tests.factories.partners import (
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    UserFactory,
    member,
)

pytestmark = pytest.mark.django_db

REPORTS = Path(django_settings.BASE_DIR) / "tests" / "meetings" / "reports"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def event(now) -> Event:
    return EventFactory(title="Council of the river", slug="river", starts_at=now - timedelta(minutes=10))


@pytest.fixture
def staff(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    return StaffFactory()


@pytest.fixture
def desk(staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def desk_url(name: str, *args: object) -> str:
    return reverse(f"admin:meetings_event_{name}", args=args)


# --- Staff at the door --------------------------------------------------------------------------------------


def tap(desk: Client, event: Event, place: Attendance, action: str = "in", **more):
    headers = {name: more.pop(name) for name in list(more) if name.startswith("HTTP")}
    facts = {"place": place.pk, "action": action, "key": uuid.uuid4()} | more
    return desk.post(desk_url("door_tick", event.pk), facts, **headers)


def test_the_list_without_a_script(desk, event, staff):
    place = AttendanceFactory(event=event, person=PersonFactory(first_name="Rosa", last_name="Delgado"))
    AttendanceFactory(event=event, person=PersonFactory(first_name="Chidi", last_name="Okafor"))
    page = desk.get(desk_url("door", event.pk) + "?q=delgado rosa").content.decode()
    assert "Rosa Delgado" in page
    assert "Okafor" not in page
    answer = tap(desk, event, place, q="delgado rosa")
    assert answer["Location"] == f"{desk_url('door', event.pk)}?q=delgado+rosa#place-{place.pk}"
    place.refresh_from_db()
    assert (place.status, place.checked_in_by) == ("attended", staff)
    tap(desk, event, place, "out")
    tap(desk, event, place, "excuse")
    place.refresh_from_db()
    assert place.status == "excused"


def test_the_script_sends_old_taps_with_their_age(desk, event, now):
    place = AttendanceFactory(event=event)
    answer = tap(desk, event, place, age=5 * 60_000, **JSON)
    assert answer.json() == {"places": {str(place.pk): "attended"}, "here": 1, "expected": 1}
    place.refresh_from_db()
    assert timedelta(minutes=5) <= timezone.now() - place.checked_in_at < timedelta(minutes=6)
    for age in ("-5", "soon", "9" * 30, ""):
        assert tap(desk, event, place, age=age, **JSON).status_code == 200
    assert desk.get(desk_url("door_state", event.pk)).json()["here"] == 1


def test_odd_taps_are_refused_in_words(desk, event):
    other = AttendanceFactory()
    for facts in (
        {"place": other.pk, "action": "in"},
        {"place": "9" * 30, "action": "in"},
        {"place": "x", "action": "in"},
        {"place": AttendanceFactory(event=event).pk, "action": "delete"},
    ):
        answer = desk.post(desk_url("door_tick", event.pk), facts, **JSON)
        assert (answer.status_code, "refused" in answer.json()) == (409, True)
    other.refresh_from_db()
    assert other.status == "registered"
    early = EventFactory(starts_at=timezone.now() + timedelta(days=3))
    assert "morning" in tap(desk, early, AttendanceFactory(event=early), **JSON).json()["refused"]


def walk_in(desk: Client, event: Event, headers: dict | None = None, **facts):
    facts = {
        "first_name": "Rosa",
        "last_name": "Delgado",
        "email": "rosa@example.org",
        "key": uuid.uuid4(),
    } | facts
    return desk.post(desk_url("door_walk_in", event.pk), facts, **(headers or {}))


def test_somebody_walks_in_with_a_typed_organization(desk, event):
    hope = OrganizationFactory(name="Hope House of Peoria, Inc.")
    OrganizationFactory(name="Harbor Light Center")
    key = uuid.uuid4()
    answer = walk_in(desk, event, JSON, organization="hope house peoria", key=key).json()
    assert (answer["here"], answer["note"]) == (1, "")
    assert "Rosa Delgado" in answer["html"]
    assert walk_in(desk, event, JSON, organization="hope house peoria", key=key).json()["here"] == 1
    assert event.attendances.get().organization == hope
    unknown = walk_in(desk, event, JSON, email="li@example.org", organization="Nobody knows <b>it</b>").json()
    assert "no partner that we know" in unknown["note"]
    assert walk_in(desk, event, email="kim@example.org").status_code == 302


@pytest.mark.parametrize(
    "facts",
    [
        {"email": "nonsense"},
        {"email": "a@example.org\r\nBcc: b@example.org"},
        {"first_name": ""},
        {"first_name": "x" * 10_000},
        {"last_name": "www.buy.example"},
        {"organization": "x" * 201},
    ],
)
def test_a_walk_in_with_odd_facts_stays_out_and_nothing_is_lost(desk, event, facts):
    page = walk_in(desk, event, **facts)
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()
    assert "Delgado" in page.content.decode() or facts.get("last_name")
    assert walk_in(desk, event, JSON, **facts).status_code == 409
    assert not event.attendances.exists()


def test_names_are_escaped_in_the_row_a_script_inserts(desk, event):
    answer = walk_in(
        desk, event, JSON, first_name='<img src=x onerror="alert(1)">', last_name="مريم 😀"
    ).json()
    assert "<img" not in answer["html"]


def test_the_door_is_for_staff_with_the_right(event, client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    place = AttendanceFactory(event=event)
    token = place_token(ROOM, DOOR, place.pk)
    pages = [
        *(desk_url(name, event.pk) for name in ("door", "door_state", "door_poster", "reports")),
        desk_url("door_scan", token),
    ]
    plain = UserFactory(is_staff=True)
    for user in (None, member(OrganizationFactory()), plain):
        if user:
            client.force_login(user)
        for page in pages:
            assert client.get(page).status_code in {302, 403}, page
        assert tap(client, event, place).status_code in {302, 403}
    assert Attendance.objects.get().status == "registered"
    plain.user_permissions.add(Permission.objects.get(codename="change_attendance"))
    client.force_login(type(plain).objects.get(pk=plain.pk))
    for page in pages:
        assert client.get(page).status_code == 200, page


def test_reads_of_the_list_do_not_grow(desk, event, django_assert_num_queries):
    def fill(number: int) -> None:
        for _number in range(number):
            person = MembershipFactory().person
            AttendanceFactory(event=event, person=person, organization=person.memberships.get().organization)

    fill(1)
    with CaptureQueriesContext(
        connection,
    ) as one:
        desk.get(desk_url("door", event.pk))
    fill(19)
    with django_assert_num_queries(len(one)):
        desk.get(desk_url("door", event.pk))


# --- Codes --------------------------------------------------------------------------------------------------


def test_the_poster_shows_a_code_that_works(desk, event, client):
    place = AttendanceFactory(event=event)
    page = desk.get(desk_url("door_poster", event.pk)).content.decode()
    code = door_code(event=event)
    assert code in page
    assert f"{django_settings.SITE_URL}/events/river/check-in/" in page
    form = client.get(reverse("meetings:check_in", args=["river"]) + f"?code={code}").content.decode()
    assert f'value="{code}"' in form
    answer = client.post(
        reverse("meetings:check_in", args=["river"]), {"code": code, "email": place.person.email}
    )
    assert answer["Location"] == reverse("meetings:checked_in", args=["river"])
    assert "You are checked in" in client.get(answer["Location"]).content.decode()
    place.refresh_from_db()
    assert place.status == "attended"


def test_a_wrong_code_says_so_and_keeps_what_was_typed(event, client):
    place = AttendanceFactory(event=event)
    door_code(event=event)
    url = reverse("meetings:check_in", args=["river"])
    page = client.post(url, {"code": "ZZZZZZ", "email": place.person.email})
    assert page.status_code == 409
    assert "This is not the code" in page.content.decode()
    assert place.person.email in page.content.decode()
    for code in ("😀" * 12, "x" * 10_000, "<b>"):
        assert client.post(url, {"code": code, "email": place.person.email}).status_code in {200, 409}
    place.refresh_from_db()
    assert place.status == "registered"


def test_who_is_signed_in_needs_no_more_than_the_code(event, client):
    user = member(OrganizationFactory(), first_name="Ana")
    code = door_code(event=event)
    client.force_login(user)
    url = reverse("meetings:check_in", args=["river"])
    page = client.get(f"{url}?code={code}").content.decode()
    assert "You check in as" in page
    assert "E-mail address" not in page
    assert client.post(url, {"code": code}).status_code == 302
    assert event.attendances.get().person.user == user


def test_guessing_codes_ends_soon(event, client, time_machine):
    door_code(event=event)
    time_machine.move_to(timezone.now(), tick=False)
    url, wrong = reverse("meetings:check_in", args=["river"]), {"code": "ZZZZZZ", "email": "a@example.org"}
    answers = [client.post(url, wrong).status_code for _try in range(121)]
    assert (answers[0], answers[-1]) == (409, 429)


def test_the_title_of_an_event_for_few_is_not_told(client, now):
    EventFactory(title="Quiet meeting", slug="quiet", audience="staff", kind="internal", starts_at=now)
    EventFactory(title="Not yet", slug="draft", state="draft")
    page = client.get(reverse("meetings:check_in", args=["quiet"])).content.decode()
    assert "Quiet meeting" not in page
    assert client.get(reverse("meetings:check_in", args=["draft"])).status_code == 404


def test_ones_own_code_leads_staff_to_the_button(event, client, desk):
    place = AttendanceFactory(event=event, person=PersonFactory(first_name="Rosa", last_name="Delgado"))
    token = place_token(ROOM, DOOR, place.pk)
    url = reverse("meetings:door", args=[token])
    own = client.get(url)
    assert own.status_code == 200
    assert "<svg" in own.content.decode()
    assert "Delgado" not in own.content.decode()
    scan = desk.get(url, follow=True)
    assert "Rosa Delgado" in scan.content.decode()
    place.refresh_from_db()
    assert place.status == "registered"  # Looking changes nothing.
    key = uuid.uuid4()
    for _try in range(2):
        desk.post(desk_url("door_scan", token), {"action": "in", "key": key})
    place.refresh_from_db()
    assert (place.status, place.check_in) == ("attended", "qr")
    for forged in (place_token(ROOM, MANAGE, place.pk), place_token("trainings", DOOR, place.pk), "1", "😀"):
        assert client.get(reverse("meetings:door", args=[forged])).status_code == 404


def test_the_drawing_is_safe_to_stand_in_a_page():
    drawing = qr_svg("https://x.example/?a=<script>", title='Code "for" <you>')
    assert re.match(r'<svg role="img"', drawing)
    assert "<script" not in drawing
    assert "style=" not in drawing
    assert "&lt;you&gt;" in drawing
    assert "aria-label" in door_qr_svg(place_token(ROOM, DOOR, 1))


# --- Reports ------------------------------------------------------------------------------------------------


@pytest.fixture
def online(now) -> Event:
    return EventFactory(mode="online", venue="", starts_at=now - timedelta(hours=3))


def upload(desk: Client, event: Event, name: str = "zoom_meeting_en.csv", data: bytes | None = None):
    data = (REPORTS / name).read_bytes() if data is None else data
    return desk.post(desk_url("reports", event.pk), {"file": SimpleUploadedFile(name, data)})


def test_a_report_from_upload_to_attendance(desk, online):
    AttendanceFactory(event=online, person=PersonFactory(first_name="Maria", last_name="Lopez"))
    minh = AttendanceFactory(event=online, person=PersonFactory(first_name="Minh", last_name="Nguyen"))
    hope = OrganizationFactory(name="Hope House")
    review = upload(desk, online)["Location"]
    page = desk.get(review).content.decode()
    for words in ("iPhone (Maria Lopez)", "M. Nguyen – Hope House", "Nobody we know", "Line 13"):
        assert words in page
    report = AttendanceImport.objects.get()

    def decide(name: str, **facts):
        row = report.people.get(name=name)
        return desk.post(desk_url("report_decide", online.pk, report.pk, row.pk), facts)

    decide("M. Nguyen", answer="confirm")
    decide("Galaxy S21", answer="leave_out")
    decide("Galaxy S21", answer="undo")
    decide("Galaxy S21", answer="leave_out")
    jose = report.people.get(name="Jose Ramírez")
    who = desk_url("report_who", online.pk, report.pk, jose.pk)
    assert 'value="Ramírez"' in desk.get(who).content.decode()
    assert "Minh Nguyen" in desk.get(f"{who}?q=nguyen").content.decode()
    assert desk.post(who, {"first_name": "José", "last_name": "Ramírez", "email": "no"}).status_code == 200
    desk.post(
        who,
        {
            "first_name": "José",
            "last_name": "Ramírez",
            "email": "jose@hope.example",
            "organization": "hope house",
        },
    )
    decide("Sam Sample", answer="confirm", person=PersonFactory(first_name="Sam").pk)
    decide("Sam Sample", answer="confirm", person="x" * 50)
    said = desk.post(desk_url("report_count", online.pk, report.pk), follow=True).content.decode()
    assert "4 more people" in said
    there = online.attendances.attended()
    assert there.count() == 4
    assert there.get(person__email="jose@hope.example").organization == hope
    minh.refresh_from_db()
    assert minh.minutes == 76

    again = desk.post(
        desk_url("reports", online.pk),
        {"file": SimpleUploadedFile("b.csv", (REPORTS / "zoom_meeting_en.csv").read_bytes())},
        follow=True,
    )
    assert "uploaded before" in again.content.decode()
    assert (
        "nobody to count"
        in desk.post(desk_url("report_count", online.pk, report.pk), follow=True).content.decode()
    )
    assert online.attendances.attended().count() == 4


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff" * 50])
def test_what_is_no_report_is_refused_at_the_field(data, desk, online):
    page = upload(desk, online, "x.csv", data)
    assert page.status_code == 200
    assert not AttendanceImport.objects.exists()


def test_a_report_of_another_event_is_not_found(desk, online, event):
    review = upload(desk, online)["Location"]
    report = AttendanceImport.objects.get()
    row = report.people.first()
    assert desk.get(review).status_code == 200
    assert desk.get(desk_url("report", event.pk, report.pk)).status_code == 404
    assert desk.post(desk_url("report_count", event.pk, report.pk)).status_code == 404
    wrong = desk_url("report_decide", event.pk, report.pk, row.pk)
    assert desk.post(wrong, {"answer": "leave_out"}).status_code == 404


def test_reads_of_the_review_do_not_grow(desk, online, django_assert_num_queries):
    def report(number: int) -> str:
        lines = ["Name,Email,Join time,Leave time,Duration (minutes)"]
        for _number in range(number):
            person = MembershipFactory().person
            lines.append(f"{person.name},{person.email},2026-03-10 10:00:00,2026-03-10 10:30:00,30")
        return upload(desk, online, f"{number}.csv", "\n".join(lines).encode())["Location"]

    first, second = report(1), report(20)
    desk.get(first)
    with CaptureQueriesContext(connection) as one:
        desk.get(first)
    with django_assert_num_queries(len(one)):
        desk.get(second)


# --- Afterwards ---------------------------------------------------------------------------------------------


def test_the_page_after_an_event(desk, event, now):
    Event.objects.filter(pk=event.pk).update(notes="<p>We met.</p>", ends_at=now - timedelta(minutes=1))
    AttendanceFactory(event=event)
    url = desk_url("afterwards", event.pk)
    assert "Close attendance" in desk.get(url).content.decode()
    for step, said in (
        ("close", "1 person who was expected did not come"),
        ("close", "Attendance is closed once"),
        ("reopen", "open again"),
        ("publish_notes", "The notes are published"),
        ("take_back_notes", "a draft again"),
    ):
        assert said in desk.post(url, {"step": step}, follow=True).content.decode()
    assert desk.post(url, {"step": "nonsense"}).status_code == 302


def test_the_page_after_an_event_is_for_staff_with_the_right(client, event, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    plain = UserFactory(is_staff=True)
    plain.user_permissions.add(Permission.objects.get(codename="view_event"))
    client.force_login(plain)
    url = desk_url("afterwards", event.pk)
    assert client.get(url).status_code == 200
    assert client.post(url, {"step": "publish_notes"}).status_code == 403


def test_follow_ups_at_the_desk(desk, event, now):
    owner = PersonFactory(email="rosa@example.org")
    add = reverse("admin:meetings_followup_add")
    assert desk.get(f"{add}?event={event.pk}").status_code == 200
    desk.post(add, {"event": event.pk, "task": "Call the clerk", "owner": owner.pk, "due_on": ""})
    follow_up = FollowUp.objects.get()
    assert follow_up.assigned_at
    for number in range(3):
        FollowUpFactory(event=event, done_at=now if number else None)
    url = reverse("admin:meetings_followup_changelist")
    for query in ("", "?state=late", "?state=done", "?state=all"):
        assert desk.get(url + query).status_code == 200
    desk.post(url, {"action": "mark_done", "_selected_action": [follow_up.pk]})
    follow_up.refresh_from_db()
    assert follow_up.done_at


def test_the_event_leads_to_the_pages_of_its_day(desk, event):
    page = desk.get(reverse("admin:meetings_event_change", args=[event.pk])).content.decode()
    for name in ("door", "reports", "afterwards"):
        assert desk_url(name, event.pk) in page
