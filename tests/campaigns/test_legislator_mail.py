"""Messages that we send for people: by the hour, once, whoever works at it; and what people say of replies."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaigns.models import LegislatorContact
from campaigns.reply_links import read_reply_token, reply_token
from campaigns.services import legislator_mail
from campaigns.services.actions import take_action
from campaigns.services.errors import AnswerRefused, StateError
from campaigns.services.legislator_contacts import (
    note_replies,
    record_calls,
    record_messages,
    take_back_waiting,
)
from campaigns.services.legislator_mail import ask_about_replies, hand_over_waiting, settle_handed_over
from campaigns.tokens import LinkForged
from mailing.models import OutboxMessage
from mailing.services import suppress
from tests.campaigns.reaching import pair_of, reaching_call
from tests.factories.campaigns import ActionTakenFactory
from tests.factories.partners import CoalitionFactory, PersonFactory, StaffFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def coalition():
    return CoalitionFactory()


def write(call, *legislators, way="through_us", now=NOW, text="Please vote yes.", **person):
    """Somebody's message to legislators."""
    action = ActionTakenFactory(call_to_action=call, person=PersonFactory(**person), acted_at=now)
    ways = {one.pk: way for one in legislators}
    return record_messages(action=action, subject="Vote yes", text=text, story="", ways=ways, now=now)


def outbox():
    return [
        message_from_bytes(bytes(row.message), policy=policy.default)
        for row in OutboxMessage.objects.order_by("pk")
    ]


class TestRecording:
    def test_through_us_waits_and_own_mail_is_done(self):
        call = reaching_call()
        lower, upper = pair_of()
        (waiting,) = write(call, lower)
        (own,) = write(call, upper, way="own_mail")
        assert (waiting.state, own.state) == ("waiting", "done")
        assert waiting.text.startswith("Dear Representative House,\n\nPlease vote yes.")
        assert own.text.startswith("Dear Senator Senate,")

    def test_name_and_zip_code_stand_under_it(self):
        (row,) = write(reaching_call(), pair_of()[0], first_name="Mária", last_name="Gómez", zip_code="60604")
        assert row.text.endswith("Mária Gómez\nZIP code 60604")

    def test_without_a_usable_address_the_person_learns_it(self):
        lower, upper = pair_of()
        lower.email = "not an address"
        lower.save()
        suppress(email=upper.email, reason="staff")
        rows = write(reaching_call(), lower, upper)
        assert [row.state for row in rows] == ["failed", "failed"]

    def test_again_changes_only_what_still_waits(self):
        call = reaching_call()
        lower, upper = pair_of()
        first, second = write(call, lower, upper)
        hand_over_waiting(now=NOW)
        LegislatorContact.objects.filter(pk=second.pk).update(state="waiting", message=None)
        record_messages(
            action=first.action,
            subject="New",
            text="New words.",
            story="",
            ways={lower.pk: "through_us", upper.pk: "own_mail"},
        )
        first.refresh_from_db()
        second.refresh_from_db()
        assert first.subject == "Vote yes"
        assert (second.subject, second.way) == ("New", "through_us")

    def test_nobody_twice_in_the_database_either(self):
        (row,) = write(reaching_call(), pair_of()[0])
        with pytest.raises(IntegrityError, match="contact_once_per_legislator"), transaction.atomic():
            LegislatorContact.objects.create(
                action=row.action, legislator=row.legislator, way="phone", contacted_at=NOW
            )
        with pytest.raises(IntegrityError, match="contact_reply_has_time"), transaction.atomic():
            LegislatorContact.objects.filter(pk=row.pk).update(reply="none")

    def test_unknown_legislators_are_refused(self):
        with pytest.raises(AnswerRefused):
            record_messages(
                action=ActionTakenFactory(), subject="a", text="b", story="", ways={987654: "own_mail"}
            )
        with pytest.raises(AnswerRefused):
            record_calls(action=ActionTakenFactory(), calls={987654: ("spoke", "")})

    def test_a_second_call_replaces_the_first_and_a_double_click_nothing(self):
        action, lower = ActionTakenFactory(), pair_of()[0]
        record_calls(action=action, calls={lower.pk: ("no_answer", "")})
        record_calls(action=action, calls={lower.pk: ("spoke", "Undecided")})
        assert record_calls(action=action, calls={lower.pk: ("spoke", "Undecided")}) == []
        row = action.contacts.get()
        assert (row.outcome, row.note, row.shown_state) == ("spoke", "Undecided", "spoke with somebody")


class TestHandingOver:
    def test_a_plain_message_whose_answer_goes_to_the_person(self):
        write(reaching_call(), pair_of()[0], first_name="Maria", last_name="Gomez", email="maria@example.org")
        assert hand_over_waiting(now=NOW) == 1
        (message,) = outbox()
        assert message["To"] == "ida@assembly.example"
        assert message["Reply-To"] == "maria@example.org"
        assert message["Subject"] == "Vote yes"
        assert message["Auto-Submitted"] == "no"
        assert "maria" not in message["From"].lower()
        text = message.get_content()
        assert "Please vote yes." in text
        assert "Maria Gomez wrote this message" in text

    def test_no_header_comes_out_of_the_words(self):
        call = reaching_call()
        action = ActionTakenFactory(
            call_to_action=call, person=PersonFactory(first_name="A\r\nBcc: x@example.org", last_name="B")
        )
        record_messages(
            action=action,
            subject="Yes\r\nBcc: everybody@example.org",
            text="a\r\n.\r\nRCPT TO:<x@example.org>\u202e",
            story="",
            ways={pair_of()[0].pk: "through_us"},
        )
        hand_over_waiting(now=timezone.now())
        (message,) = outbox()
        assert message["Bcc"] is None
        assert set(message.keys()) == {
            "From", "To", "Subject", "Reply-To", "Date", "Message-ID", "Auto-Submitted",
            "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
        }  # fmt: skip

    def test_an_office_gets_only_so_many_in_an_hour(self):
        call = reaching_call(targets={"hourly_cap": 2, "through_us": True})
        lower, upper = pair_of()
        for _number in range(5):
            write(call, lower, upper)
        assert hand_over_waiting(now=NOW) == 4
        assert hand_over_waiting(now=NOW + timedelta(minutes=59)) == 0
        assert hand_over_waiting(now=NOW + timedelta(minutes=61)) == 4
        assert hand_over_waiting(now=NOW + timedelta(hours=3)) == 2
        assert OutboxMessage.objects.count() == 10

    def test_the_office_counts_all_calls_together(self):
        lower, _upper = pair_of()
        first = reaching_call(targets={"hourly_cap": 2})
        second = reaching_call(targets={"hourly_cap": 3})
        for call in (first, first, second, second):
            write(call, lower)
        assert hand_over_waiting(now=NOW) == 3

    def test_what_was_confirmed_goes_out_after_the_call_closed(self):
        call = reaching_call()
        write(call, pair_of()[0])
        call.status, call.outcome = "closed", "Won."
        call.save()
        assert hand_over_waiting(now=NOW) == 1

    def test_staff_take_back_what_waits(self):
        call, other = reaching_call(), reaching_call()
        lower, upper = pair_of()
        (first,) = write(call, lower)
        (kept,) = write(other, upper)
        by = StaffFactory()
        assert take_back_waiting(call_to_action=call, by=by) == 1
        assert hand_over_waiting(now=NOW) == 1
        first.refresh_from_db()
        kept.refresh_from_db()
        assert (first.state, kept.state) == ("cancelled", "handed_over")
        assert first.history.first().history_user == by
        with pytest.raises(StateError):
            take_back_waiting(call_to_action=call, by=by)

    def test_an_address_that_asked_for_no_mail_in_the_meantime(self):
        lower, _upper = pair_of()
        (row,) = write(reaching_call(), lower)
        suppress(email=lower.email, reason="staff")
        assert hand_over_waiting(now=NOW) == 0
        row.refresh_from_db()
        assert row.state == "failed"
        assert not OutboxMessage.objects.exists()

    @pytest.mark.parametrize(
        ("outbox_state", "shown", "state"),
        [
            ("pending", "waiting", "handed_over"),
            ("sent", "accepted by the mail server", "done"),
            ("failed", "refused", "failed"),
            ("unknown", "unknown: may have been sent", "handed_over"),
        ],
    )
    def test_its_state_is_that_of_the_outbox(self, outbox_state, shown, state):
        (row,) = write(reaching_call(), pair_of()[0])
        assert row.shown_state == "waits for its turn"
        hand_over_waiting(now=NOW)
        OutboxMessage.objects.update(state=outbox_state, sent_at=NOW)
        row = LegislatorContact.objects.get(pk=row.pk)
        assert row.shown_state == shown
        settle_handed_over()
        row.refresh_from_db()
        assert row.state == state


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once():
    call = reaching_call(targets={"hourly_cap": 7})
    lower, upper = pair_of()
    for _number in range(12):
        write(call, lower, upper)
    barrier = threading.Barrier(3)

    def work(_number: int) -> int:
        try:
            barrier.wait()
            return hand_over_waiting(now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        handed = sum(pool.map(work, range(3)))
    assert handed == OutboxMessage.objects.count()
    for legislator in (lower, upper):
        assert OutboxMessage.objects.filter(to=legislator.email).count() <= 7
    hand_over_waiting(now=NOW)
    assert OutboxMessage.objects.count() == 14


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(monkeypatch):
    write(reaching_call(), pair_of()[0])
    queue = legislator_mail.queue_messages

    def die_after(**arguments):
        queue(**arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    connection.close()
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(legislator_mail, "queue_messages", die_after)
        hand_over_waiting(now=NOW)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert not OutboxMessage.objects.exists()
    assert hand_over_waiting(now=NOW) == 1
    assert OutboxMessage.objects.count() == 1


class TestReplies:
    def test_asked_once_after_two_weeks(self):
        lower, upper = pair_of()
        rows = write(reaching_call(), lower, upper, way="own_mail", email="maria@example.org")
        assert ask_about_replies(now=NOW + timedelta(days=13)) == 0
        assert ask_about_replies(now=NOW + timedelta(days=15)) == 1
        assert ask_about_replies(now=NOW + timedelta(days=16)) == 0
        (message,) = outbox()
        assert message["To"] == "maria@example.org"
        text = message.get_body(("plain",)).get_content()
        assert "/replies/" in text
        assert "House" not in text
        rows[0].refresh_from_db()
        assert rows[0].reply_asked_at is not None

    def test_two_weeks_count_from_when_we_sent_it(self):
        write(reaching_call(), pair_of()[0])
        hand_over_waiting(now=NOW + timedelta(days=3))
        OutboxMessage.objects.update(state="sent", sent_at=NOW)
        settle_handed_over()
        assert ask_about_replies(now=NOW + timedelta(days=15)) == 0
        assert ask_about_replies(now=NOW + timedelta(days=18)) == 1

    def test_nobody_is_asked_about_calls_old_letters_or_against_their_wish(self):
        lower, upper = pair_of()
        record_calls(action=ActionTakenFactory(), calls={lower.pk: ("spoke", "")}, now=NOW)
        write(reaching_call(), lower, way="own_mail", now=NOW - timedelta(days=100))
        write(reaching_call(), upper, way="own_mail", email="stop@example.org")
        suppress(email="stop@example.org", reason="unsubscribed")
        assert ask_about_replies(now=NOW + timedelta(days=15)) == 0
        assert not OutboxMessage.objects.exists()

    def test_notes_only_the_answers_own_contacts(self):
        call = reaching_call()
        lower, _upper = pair_of()
        (mine,) = write(call, lower, way="own_mail")
        (other,) = write(call, lower, way="own_mail")
        noted = note_replies(
            action=mine.action, replies={mine.pk: ("personal", "Yes!"), other.pk: ("none", "")}
        )
        assert noted == [mine]
        other.refresh_from_db()
        assert other.reply == ""

    def test_the_link_is_signed(self):
        action = ActionTakenFactory()
        assert read_reply_token(reply_token(action)) == action.pk
        with pytest.raises(LinkForged):
            read_reply_token(reply_token(action)[:-1] + "x")


def test_an_answer_without_words_keeps_the_action_alone():
    action, created = take_action(call_to_action=reaching_call(), person=PersonFactory(), verified="login")
    assert created
    assert not action.contacts.exists()
