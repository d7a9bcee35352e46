"""Invitations: answers and seats, the mailed link, calendar files; nothing personal over a link that is passed on."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from icalendar import Calendar

from campaigns import kinds
from campaigns.models import ActionTaken, CallEvent, Rsvp, UnconfirmedAction
from campaigns.services.actions import take_action
from campaigns.services.errors import AnswerRefused
from campaigns.services.invitations import change_answer, seats_taken
from campaigns.tokens import confirmation_token
from mailing.models import OutboxMessage
from mailing.tokens import recipient_token
from tests.campaigns.answering import ANSWER, content, delivery_to, mail_text
from tests.factories.campaigns import ActionTakenFactory
from tests.factories.partners import CoalitionFactory, OrganizationFactory, PersonFactory, member
from tests.factories.surveys import InvitationCallFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def call():
    return InvitationCallFactory(title="Briefing & lunch", event__capacity=3)


def answer(call, person=None, *, coming="yes", guests=0, needs=""):
    """An answer of somebody signed in."""
    return take_action(
        call_to_action=call,
        person=person or PersonFactory(),
        verified="login",
        details={"coming": coming, "guests": guests, "needs": needs},
    )[0]


class TestSeats:
    def test_guests_take_seats_and_only_surely_coming_counts(self, call):
        answer(call, guests=1)
        answer(call, coming="maybe", guests=5)
        answer(call, coming="no", guests=5)
        assert seats_taken(call) == 2
        assert list(Rsvp.objects.order_by("pk").values_list("guests", flat=True)) == [1, 0, 0]

    def test_more_than_the_free_seats_are_refused_in_words(self, call):
        answer(call, guests=1)
        with pytest.raises(AnswerRefused, match="Only 1 seat is left, and you asked for 2"):
            answer(call, guests=1)
        answer(call)
        with pytest.raises(AnswerRefused, match="No seat is left"):
            answer(call)
        assert seats_taken(call) == 3

    def test_changing_to_no_frees_the_seats_and_ones_own_seat_counts_as_free(self, call):
        person = PersonFactory()
        answer(call, person, guests=2)
        answer(call, person, guests=1)
        assert seats_taken(call) == 2
        answer(call, person, coming="no")
        assert seats_taken(call) == 0
        assert ActionTaken.objects.count() == 1

    def test_without_a_number_of_seats_there_is_room_for_everybody(self):
        call = InvitationCallFactory()
        for _each in range(5):
            answer(call, guests=5)
        assert seats_taken(call) == 30

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"cancelled_at": timezone.now()}, "cancelled"),
            ({"starts_at": timezone.now() - timedelta(minutes=1)}, "has begun"),
        ],
    )
    def test_nothing_is_answered_after_the_beginning_or_a_cancellation(self, call, change, words):
        CallEvent.objects.filter(call_to_action=call).update(**change)
        with pytest.raises(AnswerRefused, match=words):
            answer(call)
        assert not ActionTaken.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_goes_to_one_of_two_who_ask_at_once():
    CoalitionFactory()
    call = InvitationCallFactory(event__capacity=1)
    people, outcomes, start = PersonFactory.create_batch(4), [], threading.Barrier(4)

    def ask(person):
        start.wait()
        try:
            answer(call, person)
            outcomes.append("seat")
        except AnswerRefused as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("seat") == 1
    assert sum("No seat is left" in outcome for outcome in outcomes) == 3
    assert seats_taken(call) == 1
    assert ActionTaken.objects.count() == 1


class TestPages:
    def test_the_page_says_when_where_and_how_many_seats_are_free(self, client, call):
        answer(call, guests=1)
        page = content(client.get(call.get_absolute_url()))
        assert "Sample Library, Springfield" in page
        assert "1 of 3 are free" in page
        assert "meet.coalition.example" not in page

    def test_a_stranger_confirms_and_gets_the_address_to_join(self, client, call):
        client.post(
            call.get_absolute_url(),
            ANSWER | {"coming": "yes", "guests": "1", "needs": "Captions\r\n  please"},
        )
        waiting = UnconfirmedAction.objects.get()
        assert waiting.details == {"coming": "yes", "guests": 1, "needs": "Captions please"}
        assert seats_taken(call) == 0
        response = client.post(f"/take-action/confirm/{confirmation_token(waiting)}/")
        page = content(client.get(response["Location"]))
        assert "We look forward to seeing you" in page
        assert "https://meet.coalition.example/briefing" in page
        receipt = mail_text(OutboxMessage.objects.get(subject__startswith="Thank you"))
        assert "https://meet.coalition.example/briefing" in receipt
        assert "/coming/" in receipt
        assert "/event.ics" in receipt
        assert "Briefing & lunch" in receipt
        # One message of thanks is enough.
        assert OutboxMessage.objects.count() == 2

    def test_a_stranger_is_told_at_once_when_it_is_full_and_keeps_what_they_typed(self, client, call):
        answer(call, guests=2)
        response = client.post(
            call.get_absolute_url(), ANSWER | {"coming": "yes", "guests": "0", "needs": "Captions"}
        )
        assert response.status_code == 409
        page = content(response)
        assert "No seat is left" in page
        assert "Captions" in page
        assert "maria@example.org" in page
        assert not UnconfirmedAction.objects.exists()

    def test_a_confirmation_that_finds_no_seat_says_so(self, client, call):
        client.post(call.get_absolute_url(), ANSWER | {"coming": "yes", "guests": "0", "needs": ""})
        answer(call, guests=2)
        waiting = UnconfirmedAction.objects.get()
        response = client.post(f"/take-action/confirm/{confirmation_token(waiting)}/")
        assert response.status_code == 409
        assert "No seat is left" in content(response)

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({}, "Say whether you will come."),
            ({"coming": "perhaps"}, "Say whether you will come."),
            ({"coming": "yes", "guests": "6"}, "You can bring at most 5 people along."),
            ({"coming": "yes", "needs": "x" * 10_000}, "Shorten what you need to 300 characters."),
        ],
    )
    def test_what_makes_no_sense_is_said_at_the_field(self, client, call, typed, words):
        page = content(client.post(call.get_absolute_url(), ANSWER | typed))
        assert "<title>Error: " in page
        assert words in page

    def test_two_posts_at_once_make_one_answer_and_no_second_mail(self, client, call):
        client.force_login(member(OrganizationFactory()))
        typed = {"coming": "yes", "guests": "1", "needs": "🦽 رمل <b>"}
        for _twice in range(2):
            assert client.post(call.get_absolute_url(), typed).status_code == 302
        assert Rsvp.objects.get().needs == "🦽 رمل <b>"
        assert OutboxMessage.objects.count() == 1
        page = content(client.get(call.get_absolute_url()))
        assert "🦽 رمل &lt;b&gt;" in page

    def test_a_mailed_link_shows_no_needs_and_leaves_them(self, client, call):
        person = PersonFactory()
        answer(call, person, needs="Interpreter")
        token = recipient_token(delivery_to(call, person))
        assert "Interpreter" not in content(client.get(f"{call.get_absolute_url()}?r={token}"))
        client.post(call.get_absolute_url(), {"r": token, "coming": "maybe", "guests": "0", "needs": ""})
        rsvp = Rsvp.objects.get()
        assert (rsvp.coming, rsvp.needs) == ("maybe", "Interpreter")

    def test_partners_events_keep_their_calendar_file_to_those_invited(self, client):
        call = InvitationCallFactory(audience="partners")
        assert client.get(f"{call.get_absolute_url()}event.ics").status_code == 404
        assert "Sample Library" not in content(client.get(call.get_absolute_url()))


class TestMailedLink:
    @pytest.fixture
    def rsvp(self, call):
        return answer(call, needs="Interpreter", guests=1).rsvp

    def test_it_shows_and_a_post_changes_also_once_the_call_is_closed(self, client, call, rsvp):
        call.status, call.outcome = "closed", "Done."
        call.save()
        page = content(client.get(rsvp.answer_url))
        assert "You answer as" in page
        assert "Interpreter" not in page
        assert Rsvp.objects.get().coming == "yes"
        response = client.post(rsvp.answer_url, {"coming": "no", "guests": "0", "needs": ""})
        assert response["Location"].endswith("?changed=1")
        rsvp.refresh_from_db()
        assert (rsvp.coming, rsvp.guests, rsvp.needs) == ("no", 0, "Interpreter")

    def test_it_ends_when_the_event_begins(self, client, call, rsvp):
        with time_machine.travel(call.event.starts_at):
            assert "Answers can no longer be changed" in content(client.get(rsvp.answer_url))
            response = client.post(rsvp.answer_url, {"coming": "no"})
        assert response.status_code == 409
        assert Rsvp.objects.get().coming == "yes"

    def test_forged_and_foreign_links_find_nothing(self, client, rsvp):
        for token in ("forged", "1.forged", confirmation_token(UnconfirmedAction(pk=rsvp.action_id))):
            assert client.get(f"/coming/{token}/").status_code == 404
            assert client.post(f"/coming/{token}/", {"coming": "no"}).status_code == 404

    def test_too_many_guests_are_refused_there_too(self, client, call, rsvp):
        response = client.post(rsvp.answer_url, {"coming": "yes", "guests": "4", "needs": ""})
        assert response.status_code == 409
        assert "Only 3 seats are left" in content(response)
        with pytest.raises(AnswerRefused):
            change_answer(action=rsvp.action, coming="yes", guests=4, needs=None)


class TestCalendarFiles:
    def read(self, client, address):
        response = client.get(address)
        assert response["Content-Type"].startswith("text/calendar")
        return next(part for part in Calendar.from_ical(response.content).walk("VEVENT"))

    def test_the_public_file_holds_no_address_to_join(self, client, call):
        event = self.read(client, f"{call.get_absolute_url()}event.ics")
        assert event["UID"].startswith(f"event-{call.pk}@")
        assert event["SEQUENCE"] == 0
        assert event["DTSTART"].dt == call.event.starts_at.replace(microsecond=0)
        assert str(event["SUMMARY"]) == "Briefing & lunch"
        assert "meet.coalition.example" not in event["DESCRIPTION"]

    @pytest.mark.parametrize(("coming", "is_told"), [("yes", True), ("maybe", False), ("no", False)])
    def test_ones_own_file_holds_it_where_one_comes(self, client, call, coming, is_told):
        action = answer(call, coming=coming)
        event = self.read(client, f"{call.get_absolute_url()}thanks/{action.reference}/event.ics")
        assert ("meet.coalition.example" in event["DESCRIPTION"]) == is_told

    def test_anothers_reference_or_call_finds_nothing(self, client, call):
        other = ActionTakenFactory()
        for reference in (other.reference, "A-22222222"):
            assert client.get(f"{call.get_absolute_url()}thanks/{reference}/event.ics").status_code == 404


def test_a_call_needs_an_event_with_a_place_that_begins_after_it_closes():
    call = InvitationCallFactory(event__place="", event__online_url="")
    call.closes_at += timedelta(days=1)
    assert len(kinds.of(call).problems(call)) == 2
    CallEvent.objects.all().delete()
    assert kinds.of(call).problems(call) == ["Enter when and where the event is."]
