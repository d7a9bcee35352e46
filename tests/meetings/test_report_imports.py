"""Attendance reports: matched, decided on, applied once, and emptied after a year."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from meetings.models import Attendance, AttendanceImport, Event, ImportedPerson
from meetings.services import imports
from meetings.services.check_in import tick
from partners.errors import NotAllowed
from partners.fiscal_year import CHICAGO
from partners.models import Person
from tests.factories.meetings import AttendanceFactory, EventFactory
from tests.factories.partners import MembershipFactory, OrganizationFactory, PersonFactory, StaffFactory

pytestmark = pytest.mark.django_db

REPORTS = Path(settings.BASE_DIR) / "tests" / "meetings" / "reports"
START = datetime(2026, 3, 10, 10, 0, tzinfo=CHICAGO)
NOW = START + timedelta(hours=5)


@pytest.fixture
def event() -> Event:
    return EventFactory(starts_at=START, ends_at=START + timedelta(minutes=90), mode="online", venue="")


@pytest.fixture
def staff():
    return StaffFactory()


def person(first: str, last: str, email: str) -> Person:
    return PersonFactory(first_name=first, last_name=last, email=email)


@pytest.fixture
def registered(event) -> dict[str, Attendance]:
    return {
        name: AttendanceFactory(event=event, person=person(name, last, f"{name}.{last}@hope.example".lower()))
        for name, last in (("Maria", "Lopez"), ("Chidi", "Okafor"), ("Minh", "Nguyen"))
    }


def upload(event: Event, staff, name: str = "zoom_meeting_en.csv") -> AttendanceImport:
    report, _new = imports.import_report(
        event=event, file_name=name, data=(REPORTS / name).read_bytes(), by=staff, now=NOW
    )
    return report


def row(report: AttendanceImport, name: str) -> ImportedPerson:
    return report.people.get(name=name)


def test_a_report_is_matched_and_counts_nobody_yet(event, staff, registered):
    report = upload(event, staff)
    assert {one.name: (one.state, one.person_id) for one in report.people.all()} == {
        "Sam Sample": ("unknown", None),
        "Maria Lopez": ("sure", registered["Maria"].person_id),
        "Chidi Okafor": ("sure", registered["Chidi"].person_id),
        "M. Nguyen": ("doubtful", registered["Minh"].person_id),
        "Jose Ramírez": ("unknown", None),
        "Galaxy S21": ("unknown", None),
    }
    assert report.problems[0]["line"] == 13
    assert not event.attendances.attended().exists()


def test_applying_counts_the_certain_and_the_decided_once(event, staff, registered):
    report = upload(event, staff)
    imports.confirm(row=row(report, "M. Nguyen"), by=staff, now=NOW)
    imports.leave_out(row=row(report, "Galaxy S21"), by=staff, now=NOW)
    hope = OrganizationFactory(name="Hope House")
    imports.add_person(
        row=row(report, "Jose Ramírez"),
        email="jose@hope.example",
        first_name="José",
        last_name="Ramírez",
        organization=hope,
        by=staff,
        now=NOW,
    )
    applied = imports.apply_import(report=report, by=staff, now=NOW)
    assert (applied.added, applied.known) == (4, 0)
    there = {one.person.first_name: one for one in event.attendances.attended().select_related("person")}
    assert {name: one.minutes for name, one in there.items()} == {
        "Maria": 80,
        "Chidi": 83,
        "Minh": 76,
        "José": 30,
    }
    assert there["Maria"].check_in == "import"
    assert there["Maria"].checked_in_at == START
    assert there["Maria"].is_online
    assert there["José"].organization == hope
    with pytest.raises(NotAllowed, match="nobody to count"):
        imports.apply_import(report=report, by=staff, now=NOW)

    # What waited can follow.
    imports.confirm(row=row(report, "Sam Sample"), person=staff_person(staff), by=staff, now=NOW)
    assert imports.apply_import(report=report, by=staff, now=NOW).added == 1


def staff_person(staff) -> Person:
    return PersonFactory(user=staff, email=staff.email)


def test_the_same_file_again_is_the_same_import(event, staff, registered):
    report = upload(event, staff)
    imports.apply_import(report=report, by=staff, now=NOW)
    before = list(event.attendances.order_by("pk").values())
    data = (REPORTS / "zoom_meeting_en.csv").read_bytes()
    again, is_new = imports.import_report(
        event=event, file_name="renamed.csv", data=data, by=staff, now=NOW + timedelta(days=1)
    )
    assert (again.pk, is_new) == (report.pk, False)
    assert list(event.attendances.order_by("pk").values()) == before
    assert AttendanceImport.objects.count() == 1
    # For another event it is another import.
    other = EventFactory(starts_at=START)
    assert upload(other, staff).pk != report.pk


def test_another_export_of_the_same_call_takes_no_minutes_away(event, staff, registered):
    imports.apply_import(report=upload(event, staff), by=staff, now=NOW)
    applied = imports.apply_import(report=upload(event, staff, "zoom_meeting_old.csv"), by=staff, now=NOW)
    assert (applied.added, applied.known) == (0, 2)
    registered["Maria"].refresh_from_db()
    assert registered["Maria"].minutes == 80


def test_who_was_ticked_at_the_door_keeps_that_and_gets_minutes(event, staff, registered):
    tick(attendance=registered["Maria"], action="in", key=uuid.uuid4(), made_at=NOW, by=staff, now=NOW)
    imports.apply_import(report=upload(event, staff), by=staff, now=NOW)
    registered["Maria"].refresh_from_db()
    assert (registered["Maria"].check_in, registered["Maria"].minutes) == ("staff", 80)


def test_two_rows_of_one_person_are_one_stretch_of_time(event, staff):
    data = (
        b"Name (original name),Email,Join time,Leave time,Duration (minutes)\n"
        b"Ana Kim,,03/10/2026 10:00:00 AM,03/10/2026 10:40:00 AM,40\n"
        b"Annie,,03/10/2026 10:30:00 AM,03/10/2026 11:00:00 AM,30\n"
    )
    report, _new = imports.import_report(event=event, file_name="a.csv", data=data, by=staff, now=NOW)
    ana = person("Ana", "Kim", "ana@example.org")
    for one in report.people.all():
        imports.confirm(row=one, person=ana, by=staff, now=NOW)
    assert imports.apply_import(report=report, by=staff, now=NOW).added == 1
    assert event.attendances.get().minutes == 60


def test_a_decision_can_be_taken_back_until_it_is_applied(event, staff, registered):
    report = upload(event, staff)
    certain = imports.undo_decision(row=row(report, "Maria Lopez"))
    assert certain.state == "doubtful"
    out = imports.leave_out(row=row(report, "Galaxy S21"), by=staff, now=NOW)
    assert imports.undo_decision(row=out).state == "unknown"
    with pytest.raises(NotAllowed, match="Nothing was decided"):
        imports.undo_decision(row=out)
    with pytest.raises(NotAllowed, match="Choose who"):
        imports.confirm(row=out, by=staff, now=NOW)
    imports.apply_import(report=report, by=staff, now=NOW)
    with pytest.raises(NotAllowed, match="applied already"):
        imports.undo_decision(row=row(report, "Chidi Okafor"))


def test_people_of_partners_who_did_not_register_are_offered(event, staff):
    rosa = MembershipFactory(person=person("José", "Ramirez", "jose@partner.example")).person
    found = row(upload(event, staff), "Jose Ramírez")
    assert (found.state, found.person, found.reason) == ("doubtful", rosa, "elsewhere")


@pytest.mark.parametrize("data", [b"", b"hello", b"Name,Join time\n", b"\x00" * 100])
def test_what_is_no_report_is_refused_and_leaves_nothing(data, event, staff):
    with pytest.raises(NotAllowed):
        imports.import_report(event=event, file_name="x.csv", data=data, by=staff, now=NOW)
    assert not AttendanceImport.objects.exists()


def test_no_report_before_the_day_or_of_a_cancelled_event(event, staff):
    data = (REPORTS / "zoom_iso.csv").read_bytes()
    with pytest.raises(NotAllowed):
        imports.import_report(
            event=event, file_name="x.csv", data=data, by=staff, now=START - timedelta(days=1)
        )


def test_after_a_year_the_people_of_a_file_are_removed_and_attendance_stays(event, staff, registered):
    report = upload(event, staff)
    imports.apply_import(report=report, by=staff, now=NOW)
    assert imports.remove_old_rows(now=NOW + timedelta(days=364)) == 0
    assert imports.remove_old_rows(now=NOW + timedelta(days=366)) == 1
    assert imports.remove_old_rows(now=NOW + timedelta(days=367)) == 0
    report.refresh_from_db()
    assert (report.people.count(), report.problems, bool(report.emptied_at)) == (0, [], True)
    assert event.attendances.attended().count() == 2


def test_what_the_database_refuses(event):
    now = timezone.now()
    facts = {"event": event, "kind": "teams", "digest": "a" * 64, "uploaded_at": now}
    report = AttendanceImport.objects.create(**facts)
    with pytest.raises(IntegrityError, match="attendance_import_once_per_file"), transaction.atomic():
        AttendanceImport.objects.create(**facts)
    with pytest.raises(IntegrityError, match="imported_person_found_is_somebody"), transaction.atomic():
        ImportedPerson.objects.create(report=report, name="A", state="doubtful")
    with pytest.raises(IntegrityError, match="imported_person_decided_has_time"), transaction.atomic():
        ImportedPerson.objects.create(report=report, name="A", state="ignored")
