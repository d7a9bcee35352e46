"""After an event: notes, follow-ups, and how it was."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from mailing.models import OutboxMessage
from meetings.afterwards_emails import feedback_token
from meetings.feedback_results import feedback_of
from meetings.models import Attendance, Event, Feedback, FollowUp
from meetings.services.afterwards import (
    ask_for_feedback,
    finish_follow_up,
    give_feedback,
    publish_notes,
    remind_of_follow_ups,
    reopen_follow_up,
    save_follow_up,
    take_back_notes,
)
from partners.errors import NotAllowed
from tests.factories.meetings import AttendanceFactory, EventFactory, FollowUpFactory
from tests.factories.partners import OrganizationFactory, PersonFactory, StaffFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def staff():
    return StaffFactory()


@pytest.fixture
def event(now) -> Event:
    return EventFactory(
        title="Council of the river",
        state="held",
        starts_at=now - timedelta(hours=3),
        held_at=now - timedelta(minutes=30),
    )


def subjects() -> list[tuple[str, str]]:
    return list(OutboxMessage.objects.order_by("pk").values_list("to", "subject"))


# --- Notes --------------------------------------------------------------------------------------------------


def test_notes_are_a_draft_until_they_are_published(event, staff, now):
    with pytest.raises(NotAllowed, match="Write the notes"):
        publish_notes(event=event, by=staff, now=now)
    Event.objects.filter(pk=event.pk).update(notes="<p>We met.</p>")
    published = publish_notes(event=event, by=staff, now=now)
    assert (published.notes_published_at, published.notes_published_by) == (now, staff)
    assert publish_notes(event=event, by=staff, now=now + timedelta(hours=1)).notes_published_at == now
    assert take_back_notes(event=event, by=staff).notes_published_at is None


def test_no_notes_before_the_event(staff, now):
    coming = EventFactory(notes="<p>Already?</p>")
    with pytest.raises(NotAllowed, match="begun"):
        publish_notes(event=coming, by=staff, now=now)


# --- Follow-ups ---------------------------------------------------------------------------------------------


def test_the_owner_is_told_once_and_reminded_once(event, staff, now):
    owner = PersonFactory(email="rosa@example.org")
    follow_up = FollowUp(event=event, task="Call the clerk", owner=owner, due_on=timezone.localdate(now))
    save_follow_up(follow_up=follow_up, by=staff, now=now)
    save_follow_up(follow_up=follow_up, by=staff, now=now)
    assert subjects() == [("rosa@example.org", "You took this on: Call the clerk")]
    assert (follow_up.assigned_at, follow_up.assigned_by) == (now, staff)
    assert remind_of_follow_ups(now=now - timedelta(days=1)) == 0
    assert remind_of_follow_ups(now=now) == 1
    assert remind_of_follow_ups(now=now + timedelta(days=1)) == 0
    assert subjects()[1:] == [("rosa@example.org", "Due today: Call the clerk")]


def test_another_owner_is_told_and_another_day_reminded_of(event, staff, now):
    today = timezone.localdate(now)
    follow_up = FollowUpFactory(event=event, owner=PersonFactory(), due_on=today, reminded_at=now)
    follow_up.due_on = today + timedelta(days=7)
    save_follow_up(follow_up=follow_up, by=staff, now=now)
    assert subjects() == []
    assert remind_of_follow_ups(now=now + timedelta(days=7)) == 1
    follow_up.owner = PersonFactory(email="new@example.org")
    save_follow_up(follow_up=follow_up, by=staff, now=now)
    assert subjects()[-1][0] == "new@example.org"


def test_what_is_done_reminds_nobody(event, staff, now):
    follow_up = FollowUpFactory(event=event, owner=PersonFactory(), due_on=timezone.localdate(now))
    done = finish_follow_up(follow_up=follow_up, by=staff, now=now)
    assert (done.done_at, done.done_by) == (now, staff)
    assert finish_follow_up(follow_up=follow_up, by=staff, now=now + timedelta(hours=1)).done_at == now
    assert remind_of_follow_ups(now=now) == 0
    assert reopen_follow_up(follow_up=follow_up, by=staff).done_at is None


@pytest.mark.parametrize("task", ["<b>bold</b>", "line\r\nBcc: all@example.org", "م" * 300, "😀"])
def test_hostile_tasks_stay_text(task, event, staff, now):
    save_follow_up(follow_up=FollowUp(event=event, task=task, owner=PersonFactory()), by=staff, now=now)
    message = OutboxMessage.objects.get()
    assert "\n" not in message.subject
    assert b"\nBcc: all@example.org" not in bytes(message.message).split(b"\r\n\r\n")[0]


def test_my_follow_ups_are_mine(event, client, now):
    organization = OrganizationFactory()
    me, other = member(organization), member(organization)
    mine = FollowUpFactory(event=event, owner=me.person, task="Write to the mayor")
    FollowUpFactory(event=event, owner=other.person, task="Book the room")
    FollowUpFactory(event=event, owner=me.person, task="Long done", done_at=now)
    client.force_login(me)
    page = client.get(reverse("my_meetings:events")).content.decode()
    assert "Write to the mayor" in page
    assert "Book the room" not in page
    assert "Long done" not in page
    done = reverse("my_meetings:follow_up_done", args=[mine.pk])
    assert client.get(done).status_code == 405
    client.force_login(other)
    assert client.post(done).status_code == 404
    client.force_login(me)
    assert client.post(done).status_code == client.post(done).status_code == 302
    mine.refresh_from_db()
    assert mine.done_by == me


# --- Feedback -----------------------------------------------------------------------------------------------


def there(event: Event, **facts) -> Attendance:
    return AttendanceFactory(event=event, status="attended", **facts)


def test_those_who_were_there_are_asked_once(event, now):
    person = PersonFactory(email="rosa@example.org")
    there(event, person=person)
    AttendanceFactory(event=event, status="absent")
    assert ask_for_feedback(now=now) == 1
    Event.objects.filter(pk=event.pk).update(revision=3)
    assert ask_for_feedback(now=now + timedelta(minutes=5)) == 0
    assert subjects() == [("rosa@example.org", "How was it? Council of the river")]
    there(event)  # A correction by staff.
    assert ask_for_feedback(now=now + timedelta(minutes=10)) == 1
    assert ask_for_feedback(now=now + timedelta(days=8)) == 0


def test_nobody_is_asked_before_attendance_is_closed(now):
    open_event = EventFactory(starts_at=now - timedelta(hours=3))
    there(open_event)
    assert ask_for_feedback(now=now) == 0


def answer(client, place: Attendance, **facts):
    return client.post(reverse("meetings:feedback", args=[feedback_token(place)]), facts)


def test_an_answer_is_kept_once_and_without_a_name(event, client):
    place = there(event)
    page = client.get(reverse("meetings:feedback", args=[feedback_token(place)]))
    assert "Council of the river" in page.content.decode()
    assert place.person.email not in page.content.decode()
    assert answer(client, place).status_code == 200  # Says what is missing.
    assert answer(client, place, rating="6").status_code == 200
    assert answer(client, place, rating="4", comment="x" * 1001).status_code == 200
    assert not Feedback.objects.exists()
    assert answer(client, place, rating="4", comment="<b>Good</b> 😀 مرحبا").status_code == 302
    assert "Thank you" in answer(client, place, rating="1").content.decode()
    kept = Feedback.objects.get()
    assert (kept.rating, kept.comment) == (4, "<b>Good</b> 😀 مرحبا")


def test_nothing_ties_an_answer_to_a_person(event, now):
    places = [there(event) for _number in range(12)]
    for number, place in enumerate(places):
        give_feedback(place=place, rating=number % 5 + 1, comment=str(number), now=now)
    lines = Attendance.history.filter(event=event).count()
    assert lines == len(places)  # No line of history says when somebody answered.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT comment, xmin::text, id FROM meetings_feedback WHERE event_id = %s ORDER BY ctid",
            [event.pk],
        )
        rows = cursor.fetchall()
    assert len({xmin for _comment, xmin, _id in rows}) == 1
    assert [comment for comment, *_rest in rows] != [str(number) for number in range(12)]
    by_number = [comment for comment, _xmin, _id in sorted(rows, key=lambda row: row[2])]
    assert by_number != [str(number) for number in range(12)]


def test_who_was_not_there_or_comes_late_gives_no_answer(event, client, now):
    absent = AttendanceFactory(event=event, status="absent")
    assert "no longer taken" in answer(client, absent, rating="4").content.decode()
    place = there(event)
    with pytest.raises(NotAllowed, match="no longer"):
        give_feedback(place=place, rating=4, comment="", now=now + timedelta(days=40))
    assert client.get(reverse("meetings:feedback", args=["1:forged"])).status_code == 404
    assert not Feedback.objects.exists()


def test_a_handful_of_answers_is_not_shown(event, now):
    for number in range(4):
        give_feedback(place=there(event), rating=5, comment=f"Words {number}", now=now)
    few = feedback_of(event)
    assert (few.answers, few.mean, few.comments, few.is_shown) == (4, None, [], False)
    give_feedback(place=there(event), rating=1, comment="", now=now)
    enough = feedback_of(event)
    assert (enough.answers, enough.mean, len(enough.comments)) == (5, 4.2, 4)
    assert enough.spread[0] == ("5, very useful", 4)
