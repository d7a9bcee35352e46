"""What the database itself refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from meetings.models import Attendance, Event, EventDocument, EventInvitation, Feedback
from tests.factories.meetings import AttendanceFactory, EventFactory, council_meeting
from tests.factories.partners import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def refuses(constraint: str, write) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("event_has_seats", {"capacity": 0}),
        ("event_cancelled_has_time", {"state": "cancelled", "cancelled_at": None}),
        ("event_council_has_area", {"kind": "council", "area": None}),
        ("event_internal_is_for_staff", {"kind": "internal", "audience": "partners"}),
    ],
)
def test_events(constraint, facts):
    refuses(constraint, lambda: EventFactory(**facts))


def test_an_event_ends_after_it_starts():
    now = timezone.now()
    refuses("event_ends_after_start", lambda: EventFactory(starts_at=now, ends_at=now))


def test_an_address_is_one_events_own():
    EventFactory(slug="forum")
    refuses("slug", lambda: EventFactory(slug="forum"))


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("attendance_waiting_has_time", {"status": "waitlisted", "waiting_since": None}),
        ("attendance_attended_has_time", {"status": "attended", "checked_in_at": None}),
        ("attendance_cancelled_has_time", {"status": "cancelled", "cancelled_at": None}),
        ("attendance_is_never_offered", {"status": "offered", "waiting_since": timezone.now()}),
    ],
)
def test_attendance(constraint, facts):
    event = EventFactory()
    refuses(constraint, lambda: AttendanceFactory(event=event, **facts))


def test_one_place_for_each_person():
    place = AttendanceFactory()
    refuses("attendance_once_per_person", lambda: AttendanceFactory(event=place.event, person=place.person))


def test_a_document_is_a_file_or_a_link():
    event = EventFactory()
    for facts in ({}, {"file": "events/a.pdf", "url": "https://files.example/a.pdf"}):
        refuses(
            "event_document_file_or_link",
            lambda facts=facts: EventDocument.objects.create(event=event, title="Slides", **facts),
        )


def test_ratings_go_from_1_to_5():
    event = EventFactory()
    for rating in (0, 6):
        refuses(
            "feedback_rating_from_1_to_5",
            lambda rating=rating: Feedback.objects.create(event=event, rating=rating),
        )


def test_nobody_is_invited_twice():
    facts = {
        "event": EventFactory(),
        "organization": OrganizationFactory(),
        "person": PersonFactory(),
        "invited_at": timezone.now(),
    }
    EventInvitation.objects.create(**facts)
    refuses("event_invitation_once", lambda: EventInvitation.objects.create(**facts))


def test_events_to_come_and_past():
    now = timezone.now()
    coming = council_meeting(starts_at=now + timedelta(days=2))
    running = council_meeting(starts_at=now - timedelta(minutes=30))
    over = council_meeting(starts_at=now - timedelta(days=2))
    held = council_meeting(starts_at=now - timedelta(days=3), state="held")
    council_meeting(starts_at=now + timedelta(days=1), state="draft")
    assert list(Event.objects.coming(now)) == [running, coming]
    assert list(Event.objects.past(now)) == [over, held]


def test_history_is_kept():
    place = AttendanceFactory()
    place.status = Attendance.Status.EXCUSED
    place.save()
    assert [row.status for row in place.history.order_by("history_date")] == ["registered", "excused"]
