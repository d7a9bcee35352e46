"""Events: moved and cancelled, everybody told once; those who come reminded once; staff's list of who comes."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from campaigns.models import CallEvent, Rsvp, UnconfirmedAction
from campaigns.services.actions import confirm_action, request_confirmation, take_action
from campaigns.services.errors import StateError
from campaigns.services.events import cancel_event, change_event, remind_of_events
from campaigns.services.invitations import change_answer
from campaigns.tokens import confirmation_token
from mailing.models import OutboxMessage
from tests.campaigns.answering import content, mail_text
from tests.factories.campaigns import ActionTakenFactory
from tests.factories.partners import (
    CoalitionFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    member,
)
from tests.factories.surveys import InvitationCallFactory, RsvpFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


@pytest.fixture
def call():
    return InvitationCallFactory(title="Briefing", event__capacity=20)


@pytest.fixture
def event(call):
    return call.event


@pytest.fixture
def staff():
    return StaffFactory()


def rsvp(call, coming="yes", **values):
    return RsvpFactory(action=ActionTakenFactory(call_to_action=call), coming=coming, **values)


def told():
    return sorted(OutboxMessage.objects.values_list("to", flat=True))


def until() -> set:
    """Until when the waiting messages are worth sending."""
    return set(OutboxMessage.objects.values_list("expires_at", flat=True))


class TestTooLate:
    """Nothing about an event arrives once it would mislead."""

    def test_a_reminder_never_comes_after_the_start(self, call, event):
        rsvp(call)
        assert remind_of_events(now=event.starts_at - timedelta(hours=20)) == 1
        assert until() == {event.starts_at}

    def test_news_are_over_with_the_new_time(self, call, event, staff):
        rsvp(call)
        later = event.starts_at + timedelta(days=1)
        change_event(event=event, by=staff, starts_at=later, ends_at=later + timedelta(hours=1))
        assert until() == {later}
        cancel_event(event=CallEvent.objects.get(), by=staff)
        assert until() == {later, later + timedelta(hours=1)}

    def test_an_answer_is_thanked_for_until_it_begins(self, call, event):
        details = {"coming": "yes", "guests": 0, "needs": ""}
        take_action(call_to_action=call, person=PersonFactory(), verified="login", details=details)
        assert until() == {event.starts_at}

    def test_so_a_stranger_is_asked_to_confirm_and_thanked(self, call, event):
        details = {"coming": "yes", "guests": 0, "needs": ""}
        request_confirmation(
            call_to_action=call,
            email="ana@example.org",
            first_name="Ana",
            last_name="Sample",
            zip_code="60601",
            comment="",
            show_name=False,
            wants_updates=False,
            details=details,
        )
        confirm_action(token=confirmation_token(UnconfirmedAction.objects.get()))
        assert OutboxMessage.objects.count() == 2
        assert until() == {event.starts_at}


class TestChanges:
    def test_another_time_tells_those_concerned_once_and_counts_up_the_revision(self, call, event, staff):
        come, may, cannot = rsvp(call), rsvp(call, "maybe"), rsvp(call, "no")
        new = {
            "starts_at": event.starts_at + timedelta(days=1),
            "ends_at": event.ends_at + timedelta(days=1),
        }
        assert change_event(event=event, by=staff, **new) == 2
        assert change_event(event=event, by=staff, **new) == 0
        assert told() == sorted([come.action.person.email, may.action.person.email])
        assert cannot.action.person.email not in told()
        text = mail_text(OutboxMessage.objects.first())
        assert "has changed" in text
        assert "/coming/" in text
        event.refresh_from_db()
        call.refresh_from_db()
        assert (event.revision, call.closes_at) == (1, event.starts_at)
        assert event.history.first().history_user == staff

    def test_an_earlier_time_closes_the_call_with_it_and_reminds_anew(self, call, event, staff):
        answer = rsvp(call, reminded_at=timezone.now())
        earlier = event.starts_at - timedelta(days=2)
        change_event(event=event, by=staff, starts_at=earlier)
        call.refresh_from_db()
        answer.refresh_from_db()
        assert (call.closes_at, answer.reminded_at) == (earlier, None)

    def test_more_seats_or_other_access_tell_nobody(self, call, event, staff):
        rsvp(call)
        assert change_event(event=event, by=staff, capacity=30, access="Ramp") == 0
        event.refresh_from_db()
        assert (event.capacity, event.revision, told()) == (30, 0, [])

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"capacity": 2}, "3 seats are taken already"),
            ({"ends_at": timezone.now()}, "ends after it starts"),
            ({"starts_at": timezone.now() - timedelta(hours=1)}, "still to come"),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_changes(self, call, event, staff, change, words):
        rsvp(call, guests=2)
        with pytest.raises(StateError, match=words):
            change_event(event=event, by=staff, **change)
        event.refresh_from_db()
        assert (event.capacity, event.revision, told()) == (20, 0, [])

    def test_a_cancelled_event_tells_once_and_cannot_be_changed_again(self, client, call, event, staff):
        answer = rsvp(call)
        assert cancel_event(event=event, by=staff) == 1
        for again in (cancel_event, change_event):
            with pytest.raises(StateError):
                again(event=event, by=staff)
        assert told() == [answer.action.person.email]
        assert "does not take place" in mail_text(OutboxMessage.objects.get())
        assert "This event is cancelled" in content(client.get(call.get_absolute_url()))
        file = content(client.get(f"{call.get_absolute_url()}event.ics"))
        assert "STATUS:CANCELLED" in file
        assert "SEQUENCE:1" in file
        with time_machine.travel(event.starts_at - timedelta(hours=2)):
            assert remind_of_events(now=timezone.now()) == 0


class TestReminders:
    def test_those_who_come_are_reminded_once_within_the_last_day(self, call, event):
        come = rsvp(call)
        rsvp(call, "maybe")
        rsvp(call, "no")
        assert remind_of_events(now=event.starts_at - timedelta(hours=25)) == 0
        assert remind_of_events(now=event.starts_at - timedelta(hours=23)) == 1
        assert remind_of_events(now=event.starts_at - timedelta(hours=22)) == 0
        assert told() == [come.action.person.email]
        assert "https://meet.coalition.example/briefing" in mail_text(OutboxMessage.objects.get())

    def test_nobody_is_reminded_after_the_beginning(self, call, event):
        rsvp(call)
        assert remind_of_events(now=event.starts_at + timedelta(minutes=1)) == 0

    def test_whoever_answers_on_the_last_day_has_our_message_in_hand(self, call, event):
        answer = rsvp(call, "no")
        late = event.starts_at - timedelta(hours=3)
        change_answer(action=answer.action, coming="yes", guests=0, needs=None, now=late)
        assert remind_of_events(now=late) == 0

    def test_all_of_many_are_reminded(self, call, event, monkeypatch):
        monkeypatch.setattr("campaigns.services.events.BATCH", 2)
        for _each in range(5):
            rsvp(call)
        assert remind_of_events(now=event.starts_at - timedelta(hours=1)) == 5
        assert len(told()) == 5


class TestStaffDesk:
    @pytest.fixture
    def desk(self, client, staff):
        client.force_login(staff)
        return client

    def test_who_comes_with_their_needs(self, desk, call, event, django_assert_max_num_queries):
        rsvp(call, guests=2, needs="=Interpreter <b>")
        address = reverse("admin:campaigns_callevent_who_comes", args=[event.pk])
        page = content(desk.get(address))
        assert "=Interpreter &lt;b&gt;" in page
        assert "and bring 2 guests" in page
        for _each in range(20):
            rsvp(call)
        with django_assert_max_num_queries(30):
            desk.get(address)
        file = b"".join(
            desk.get(reverse("admin:campaigns_callevent_attendance", args=[event.pk])).streaming_content
        ).decode()
        assert "'=Interpreter" in file
        assert len(file.splitlines()) == 22

    def test_needs_are_for_those_who_may_see_answers(self, client, event):
        clerk = StaffFactory(is_superuser=False)
        clerk.user_permissions.add(Permission.objects.get(codename="view_callevent"))
        client.force_login(clerk)
        for name in ("who_comes", "attendance"):
            address = reverse(f"admin:campaigns_callevent_{name}", args=[event.pk])
            assert client.get(address).status_code in {302, 403}
        client.force_login(member(OrganizationFactory()))
        assert client.get(reverse("admin:campaigns_callevent_attendance", args=[event.pk])).status_code in {
            302,
            403,
        }

    def test_a_change_is_asked_first_and_then_told(self, desk, call, event):
        rsvp(call)
        address = reverse("admin:campaigns_callevent_change_event", args=[event.pk])
        assert "People to be told" in content(desk.get(address))
        start = timezone.localtime(event.starts_at + timedelta(days=1))
        typed = {
            "starts_at_0": f"{start:%Y-%m-%d}",
            "starts_at_1": f"{start:%H:%M:%S}",
            "ends_at_0": f"{start:%Y-%m-%d}",
            "ends_at_1": "23:59:00",
            "place": "Another hall",
            "online_url": "",
            "access": "",
            "capacity": "20",
        }
        assert "ends after it starts" in content(desk.post(address, typed | {"ends_at_1": "00:00:00"}))
        assert desk.post(address, typed).status_code == 302
        event.refresh_from_db()
        assert (event.place, event.revision) == ("Another hall", 1)
        assert len(told()) == 1

    def test_cancelling_asks_first(self, desk, call, event):
        address = reverse("admin:campaigns_callevent_cancel_event", args=[event.pk])
        assert desk.get(address).status_code == 200
        assert CallEvent.objects.get().cancelled_at is None
        desk.post(address)
        assert CallEvent.objects.get().cancelled_at is not None

    def test_the_event_of_a_draft_is_edited_with_its_call_and_later_on_its_own_page(self, desk, call, event):
        address = reverse("admin:campaigns_calltoaction_change", args=[call.pk])
        published = content(desk.get(address))
        assert "event-0-place" not in published
        assert reverse("admin:campaigns_callevent_change", args=[event.pk]) in published
        call.status = "draft"
        call.save()
        assert "event-0-place" in content(desk.get(address))

    def test_lists_and_records_open(self, desk, call, event):
        rsvp(call)
        for name, args in (("changelist", []), ("change", [event.pk])):
            assert desk.get(reverse(f"admin:campaigns_callevent_{name}", args=args)).status_code == 200
        assert Rsvp.objects.count() == 1
