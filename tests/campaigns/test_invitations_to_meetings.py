"""Calls that invite to an event of ours: one place for each person, the waiting list included; the call follows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns import kinds
from campaigns.models import CallEvent, Rsvp
from campaigns.services.errors import AnswerRefused, StateError
from campaigns.services.events import cancel_event, change_event, remind_of_events
from campaigns.services.invitations import answer_invitation
from campaigns.services.meeting_places import copy_meeting, follow_meetings
from mailing.models import OutboxMessage
from meetings.models import Attendance
from meetings.services.events import cancel_event as cancel_meeting
from meetings.services.events import change_event as change_meeting
from meetings.services.events import tell_of_changes
from meetings.services.registering import cancel_place
from tests.campaigns.answering import content
from tests.factories.campaigns import ActionTakenFactory
from tests.factories.meetings import AttendanceFactory, EventFactory
from tests.factories.partners import CoalitionFactory, OrganizationFactory, StaffFactory, member
from tests.factories.surveys import InvitationCallFactory

pytestmark = pytest.mark.django_db

YES, NO = Rsvp.Coming.YES, Rsvp.Coming.NO


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def call():
    meeting = EventFactory(
        capacity=1,
        mode="hybrid",
        join_url="https://meet.example/secret",
        starts_at=timezone.now() + timedelta(days=9),
    )
    call = InvitationCallFactory(closes_at=meeting.starts_at, event__meeting=meeting)
    copy_meeting(call.event)
    call.event.save()
    return call


def answer(call, coming=YES, action=None):
    action = action or ActionTakenFactory(call_to_action=call)
    answer_invitation(action=action, coming=coming, guests=0, needs="A ramp", now=timezone.now())
    return action


def place_of(action) -> str:
    return Attendance.objects.get(person=action.person).status


def test_yes_takes_a_seat_then_the_waiting_list_and_no_gives_it_back(call):
    first, second = answer(call), answer(call)
    assert (place_of(first), place_of(second)) == ("registered", "waitlisted")
    assert Attendance.objects.get(person=first.person).source == f"call-{call.pk}"
    answer(call, NO, first)
    assert (place_of(first), place_of(second)) == ("cancelled", "registered")


def test_yes_twice_is_one_place_and_yes_after_cancelling_takes_it_back(call):
    action = answer(call)
    answer(call, action=action)
    assert Attendance.objects.count() == 1
    assert OutboxMessage.objects.count() == 1
    cancel_place(place=Attendance.objects.get(), by=None, now=timezone.now())
    answer(call, action=action)
    assert place_of(action) == "registered"


def test_a_place_taken_at_the_event_itself_stays_the_one(call):
    action = ActionTakenFactory(call_to_action=call)
    AttendanceFactory(event=call.event.meeting, person=action.person)
    answer(call, action=action)
    assert Attendance.objects.count() == 1


def test_what_the_event_refuses_the_call_refuses(call):
    meeting = call.event.meeting
    meeting.registration_closes_at = timezone.now() - timedelta(hours=1)
    meeting.save()
    with pytest.raises(AnswerRefused, match="closed"):
        answer(call)
    assert not Rsvp.objects.exists()


def test_the_pages_name_no_address_to_join_and_ask_for_no_guests(client, call):
    user = member(OrganizationFactory())
    client.force_login(user)
    page = content(client.get(call.get_absolute_url()))
    assert "meet.example" not in page
    assert 'name="guests"' not in page
    response = client.post(call.get_absolute_url(), {"coming": "yes", "needs": "", "source": ""}, follow=True)
    assert "Your place is kept" in content(response)
    assert "meet.example" not in content(response)
    place = Attendance.objects.get(person=user.person)
    assert place.organization == user.person.memberships.get().organization
    file = client.get(f"{call.get_absolute_url()}event.ics")
    assert file["Location"].endswith(f"/events/{call.event.meeting.slug}.ics")
    own = client.get(f"{response.redirect_chain[-1][0].split('?')[0]}event.ics", follow=True)
    assert b"https://meet.example/secret" in own.content


def test_whoever_waits_is_told_so(client, call):
    AttendanceFactory(event=call.event.meeting)
    user = member(OrganizationFactory())
    client.force_login(user)
    response = client.post(call.get_absolute_url(), {"coming": "yes", "needs": "", "source": ""}, follow=True)
    assert "You are on the waiting list" in content(response)


def test_the_call_follows_the_event(call):
    meeting, staff = call.event.meeting, StaffFactory()
    answer(call)
    OutboxMessage.objects.all().delete()
    later = meeting.starts_at + timedelta(days=2)
    change_meeting(
        event=meeting,
        by=staff,
        now=timezone.now(),
        starts_at=later,
        ends_at=later + timedelta(hours=1),
        venue="Barn",
    )
    assert follow_meetings(now=timezone.now()) == 1
    assert follow_meetings(now=timezone.now()) == 0
    event = CallEvent.objects.get()
    call.refresh_from_db()
    assert (event.starts_at, event.place.split(",")[0], event.revision) == (later, "Barn", 1)
    # It closed when the event began, and does so still.
    assert call.closes_at == later
    meeting.refresh_from_db()
    cancel_meeting(event=meeting, reason="Snow.", by=staff, now=timezone.now())
    follow_meetings(now=timezone.now())
    assert CallEvent.objects.get().cancelled_at
    tell_of_changes(now=timezone.now())
    # The event wrote; the call not at all. Of the new time nobody was told yet, so nobody is any more.
    assert OutboxMessage.objects.count() == 1


def test_it_is_moved_cancelled_and_reminded_of_where_the_seats_are(call):
    staff, event = StaffFactory(), call.event
    answer(call)
    for step in (
        lambda: change_event(event=event, by=staff, place="Barn"),
        lambda: cancel_event(event=event, by=staff),
    ):
        with pytest.raises(StateError, match="event of ours"):
            step()
    assert remind_of_events(now=event.starts_at - timedelta(hours=3)) == 0


def test_a_call_to_a_draft_cannot_be_published(call):
    assert kinds.of(call).problems(call) == []
    call.event.meeting.state = "draft"
    call.event.meeting.save()
    assert any("Publish the event of ours first" in words for words in kinds.of(call).problems(call))
