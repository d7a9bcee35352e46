"""Sending a mailing: nobody twice, nobody forgotten."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from mailing import services, tasks
from mailing.models import ENGINE_FORMAT, Batch, Delivery, Mailing, MailingContent, Preference, Suppression
from mailing.queueing import queue_after_commit
from mailing.services.claiming import claim_batch
from mailing.services.sending import BatchSender, send_batches
from mailing.services.settling import MAX_ATTEMPTS
from mailing.services.sweeping import settle_expired_leases
from mailing.wire import Outcome, Verdict
from tests.mailing.helpers import (
    FakeTransport,
    addresses,
    check_figures,
    make_due,
    make_mailing,
    make_topic,
    send,
    states,
    written,
)
from tests.mailing.servers import CUT, scripted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _small_windows(settings):
    settings.MAILING_BATCH_SIZE = 20
    settings.MAILING_WINDOW_SIZE = 5


def numbers(mailing: Mailing) -> dict[str, str]:
    """Addresses by state of their row."""
    return dict(mailing.deliveries.values_list("email", "state"))


def test_everybody_gets_it_once(smtp_catcher):
    mailing = make_mailing(to=addresses(43))
    assert send_batches() is False
    tasks.pump_mailings()
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.DONE
    assert mailing.finished_at
    assert states(mailing) == {"accepted": 43}
    assert sorted(mail.recipients[0] for mail in smtp_catcher.messages) == sorted(addresses(43))
    row = mailing.deliveries.first()
    assert row.attempts == 1
    assert row.accepted_at
    assert row.response.startswith("250")
    assert set(mailing.batches.values_list("state", flat=True)) == {"done"}


def test_the_message_has_what_bulk_mail_owes_its_reader(smtp_catcher):
    make_mailing(to=["ada@people.example"], reply_to="office@coalition.example")
    send_batches()
    (mail,) = smtp_catcher.messages
    message = mail.message
    assert mail.sender == "portal@illinoispartners.example"
    assert message["From"].addresses[0].addr_spec == "portal@illinoispartners.example"
    assert message["Reply-To"] == "office@coalition.example"
    assert message["Subject"] == "News for Ada"
    assert message["List-Id"] == "<action-alerts.illinoispartners.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].startswith("<http://localhost:8000/updates/unsubscribe/")
    assert message["Message-ID"]
    assert message["Date"]
    assert message["Auto-Submitted"] is None
    text = message.get_body(("plain",)).get_content()
    assert "Hello Ada," in text
    assert "/go/" in text
    assert "take-action" not in text
    assert message["List-Unsubscribe"].strip("<>") in text
    assert "{{" not in text + message.get_body(("html",)).get_content()


def test_everybody_gets_their_variant_in_their_language(smtp_catcher):
    from mailing.services import Recipient, add_recipients, choose_variant

    mailing = make_mailing(
        contents=[
            written(subject="One"),
            written(subject="Uno", language="es"),
            written(subject="Two", variant="B"),
        ]
    )
    people = [Recipient(f"person{n}@people.example", n, language="es" if n == 1 else "") for n in (1, 2)]
    add_recipients(mailing=mailing, recipients=people)
    send_batches()
    assert [smtp_catcher.to(f"person{n}@people.example")[0]["Subject"] for n in (1, 2)] == ["Uno", "One"]
    add_recipients(mailing=mailing, recipients=[Recipient("held@people.example", 3)])
    Batch.objects.filter(state="waiting").update(variant="")
    send_batches()
    assert not smtp_catcher.to("held@people.example")
    choose_variant(mailing=mailing, variant="B")
    send_batches()
    assert smtp_catcher.to("held@people.example")[0]["Subject"] == "Two"


def test_a_second_turn_sends_nothing():
    mailing = make_mailing(to=addresses(10))
    send(mailing)
    assert send(mailing).sent == []
    assert states(mailing) == {"accepted": 10}


def test_the_same_task_three_times_sends_once(smtp_catcher):
    mailing = make_mailing(to=addresses(10))
    for _delivery in range(3):
        tasks.pump_mailings()
        tasks.send_batches()
    assert len(smtp_catcher.messages) == 10
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.DONE


def test_a_task_queued_in_a_transaction_that_is_rolled_back_never_runs(monkeypatch):
    queued = []
    monkeypatch.setattr("mailing.queueing.queue", lambda task, *args, **options: queued.append(task.name))

    def approve_and_fail() -> None:
        with transaction.atomic():
            make_mailing(to=addresses(3))
            queue_after_commit(tasks.send_batches)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        approve_and_fail()
    assert queued == []
    assert not Mailing.objects.exists()


def test_the_fence_stops_a_worker_whose_batch_is_somebody_elses():
    make_mailing(to=addresses(5))
    first = claim_batch(now=timezone.now())
    settle_expired_leases(now=timezone.now() + timedelta(hours=1))
    Batch.objects.update(not_before=timezone.now())
    second = claim_batch(now=timezone.now())
    one, two = FakeTransport(), FakeTransport()
    assert BatchSender(first, one).run(until=float("inf"), should_stop=lambda: False)
    assert one.sent == []
    assert BatchSender(second, two).run(until=float("inf"), should_stop=lambda: False)
    assert len(two.sent) == 5
    check_figures()


def test_the_fence_refuses_an_expired_lease_that_nobody_swept_yet():
    mailing = make_mailing(to=addresses(5))
    claim = claim_batch(now=timezone.now())
    Batch.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    transport = FakeTransport()
    BatchSender(claim, transport).run(until=float("inf"), should_stop=lambda: False)
    assert transport.sent == []
    assert states(mailing) == {"pending": 5}


def test_a_fence_inside_of_a_transaction_is_refused():
    make_mailing(to=addresses(5))
    claim = claim_batch(now=timezone.now())
    transport = FakeTransport()
    with pytest.raises(RuntimeError), transaction.atomic():
        BatchSender(claim, transport)._fence(1)
    assert transport.sent == []


def test_pausing_stops_within_a_window_and_resuming_goes_on():
    mailing = make_mailing(to=addresses(40))

    def pause(window: int) -> None:
        if window == 1:
            services.pause_mailing(mailing=mailing)

    transport = send(mailing, FakeTransport(before=pause))
    assert len(transport.sent) == 10
    assert mailing.state == Mailing.State.PAUSED
    assert states(mailing) == {"accepted": 10, "pending": 30}
    services.resume_mailing(mailing=mailing)
    again = send(mailing)
    assert set(again.sent).isdisjoint(transport.sent)
    assert states(mailing) == {"accepted": 40}


def test_cancelling_stops_within_a_window():
    mailing = make_mailing(to=addresses(40))
    send(
        mailing, FakeTransport(before=lambda window: window == 1 and services.cancel_mailing(mailing=mailing))
    )
    assert states(mailing) == {"accepted": 10, "cancelled": 30}
    assert mailing.state == Mailing.State.CANCELLED


def test_nothing_goes_out_after_the_expiry():
    mailing = make_mailing(to=addresses(40), expires_at=timezone.now() + timedelta(hours=1))

    def expire(window: int) -> None:
        if window == 1:
            past = timezone.now() - timedelta(minutes=1)
            Mailing.objects.filter(pk=mailing.pk).update(send_at=past - timedelta(hours=1), expires_at=past)

    assert len(send(mailing, FakeTransport(before=expire)).sent) == 10
    assert send(mailing).sent == []
    tasks.pump_mailings()
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.EXPIRED
    assert states(mailing) == {"accepted": 10, "cancelled": 30}


def test_an_expiry_that_the_pump_sees_first_stops_the_worker_too():
    mailing = make_mailing(to=addresses(40), expires_at=timezone.now() + timedelta(hours=1))

    def expire(window: int) -> None:
        if window == 1:
            past = timezone.now() - timedelta(minutes=1)
            Mailing.objects.filter(pk=mailing.pk).update(send_at=past - timedelta(hours=1), expires_at=past)
            tasks.pump_mailings()
            assert states(mailing) == {"pending": 20, "cancelled": 20}

    assert len(send(mailing, FakeTransport(before=expire)).sent) == 10
    assert states(mailing) == {"accepted": 10, "cancelled": 30}


def test_one_refused_address_fails_alone():
    mailing = make_mailing(to=addresses(7))

    def answer(envelope):
        if envelope.recipient.startswith("person4"):
            return Outcome(Verdict.FAILED, "550 no such user")
        return Outcome(Verdict.ACCEPTED, "250 ok")

    send(mailing, FakeTransport(answer))
    assert states(mailing) == {"accepted": 6, "failed": 1}
    assert Delivery.objects.get(state="failed").response == "550 no such user"


def test_a_deferred_row_waits_longer_each_time_and_then_fails():
    mailing = make_mailing(to=addresses(3))
    transport = FakeTransport(lambda envelope: Outcome(Verdict.DEFERRED, "450 later"))
    send(mailing, FakeTransport(lambda e: transport.answer(e) if e.recipient.startswith("person2") else Outcome(Verdict.ACCEPTED, "250 ok")))  # fmt: skip
    waits = []
    for _attempt in range(MAX_ATTEMPTS):
        row = mailing.deliveries.get(email="person2@people.example")
        if row.state == Delivery.State.FAILED:
            break
        assert row.state == Delivery.State.DEFERRED
        waits.append(round((row.next_attempt_at - timezone.now()).total_seconds() / 60))
        assert Batch.objects.get().not_before == row.next_attempt_at
        assert mailing.state == Mailing.State.SENDING
        make_due()
        send(mailing, transport)
    assert waits == [1, 5, 30, 120, 120]
    assert row.attempts == MAX_ATTEMPTS
    assert set(transport.sent) == {"person2@people.example"}
    assert states(mailing) == {"accepted": 2, "failed": 1}


def test_a_deferred_row_is_left_alone_until_it_is_due():
    mailing = make_mailing(to=addresses(1))
    send(mailing, FakeTransport(lambda envelope: Outcome(Verdict.DEFERRED)))
    assert send(mailing).sent == []
    from mailing.services.pumping import pump

    assert pump(now=timezone.now()) == 0
    assert pump(now=timezone.now() + timedelta(minutes=2)) == 1
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.SENDING


def test_a_deferred_row_that_is_not_due_stays_behind_when_its_batch_comes_back_for_others():
    mailing = make_mailing(to=addresses(2))
    send(mailing, FakeTransport(lambda envelope: Outcome(Verdict.DEFERRED)))
    Delivery.objects.filter(email="person1@people.example").update(next_attempt_at=timezone.now())
    Batch.objects.update(not_before=timezone.now())
    assert send(mailing).sent == ["person1@people.example"]
    assert states(mailing) == {"accepted": 1, "deferred": 1}
    assert Batch.objects.get().not_before == Delivery.objects.get(state="deferred").next_attempt_at


def test_an_unreachable_server_costs_no_attempt_and_ends_the_turn():
    mailing = make_mailing(to=addresses(30))
    transport = send(mailing, FakeTransport(lambda envelope: Outcome(Verdict.UNREACHABLE, "refused")))
    assert transport.windows == 1
    assert states(mailing) == {"pending": 30}
    assert set(mailing.deliveries.values_list("attempts", flat=True)) == {0}
    # The other batch is free at once, this one soon.
    assert len(send(mailing).sent) == 10
    make_due()
    assert len(send(mailing).sent) == 20
    assert states(mailing) == {"accepted": 30}


def test_a_server_that_goes_away_within_a_window_keeps_what_it_took():
    mailing = make_mailing(to=addresses(20))
    taken = []

    def answer(envelope):
        if len(taken) >= 7:
            return Outcome(Verdict.UNREACHABLE, "421 closing")
        taken.append(envelope.recipient)
        return Outcome(Verdict.ACCEPTED, "250 ok")

    send(mailing, FakeTransport(answer))
    assert states(mailing) == {"accepted": 7, "pending": 13}
    make_due()
    assert set(send(mailing).sent).isdisjoint(taken)
    assert states(mailing) == {"accepted": 20}


def test_a_cut_before_the_end_means_pending_and_only_then_waiting():
    mailing = make_mailing(to=addresses(1))
    transport = FakeTransport(lambda envelope: Outcome(Verdict.CUT, "gone"))
    send(mailing, transport)
    # Once at once, then as a deferred one: a message that breaks the line does not block the others.
    assert transport.windows == 2
    assert states(mailing) == {"deferred": 1}


def test_a_cut_after_the_final_dot_is_unknown_and_never_sent_again(settings):
    mailing = make_mailing(to=addresses(3))
    with scripted(settings, DOT=["250 ok", CUT, "250 ok"]) as server:
        send_batches()
        tasks.pump_mailings()
        make_due()
        send_batches()
    assert states(mailing) == {"accepted": 2, "unknown": 1}
    assert len(server.messages) == 3
    tasks.pump_mailings()
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.DONE


def test_a_cut_within_the_handover_goes_out_again(settings):
    mailing = make_mailing(to=addresses(3))
    with scripted(settings, RCPT=["250 ok", CUT, "250 ok"]) as server:
        send_batches()
    assert states(mailing) == {"accepted": 3}
    assert len(server.messages) == 3


def test_a_fault_while_sending_says_what_is_known_and_gives_back_the_rest():
    mailing = make_mailing(to=addresses(12))

    def broken(window: int) -> None:
        if window == 1:
            raise MemoryError

    with pytest.raises(MemoryError):
        send(mailing, FakeTransport(before=broken))
    assert states(mailing) == {"accepted": 5, "unknown": 5, "pending": 2}
    assert send(mailing).sent == []
    make_due()
    assert len(send(mailing).sent) == 2


def test_a_mailing_that_breaks_its_worker_holds_up_no_other():
    broken, other = make_mailing(to=addresses(3)), make_mailing(to=addresses(3))
    broken.contents.all().delete()
    with pytest.raises(MailingContent.DoesNotExist):
        send(broken)
    assert len(send(other).sent) == 3
    assert states(broken) == {"pending": 3}


def test_a_worker_that_is_asked_to_end_finishes_its_window():
    mailing = make_mailing(to=addresses(20))
    transport = FakeTransport()
    send(mailing, transport, should_stop=lambda: transport.windows >= 2)
    assert len(transport.sent) == 10
    assert states(mailing) == {"accepted": 10, "pending": 10}
    assert transport.closed
    assert len(send(mailing).sent) == 10


def test_a_turn_ends_when_its_time_is_over():
    mailing = make_mailing(to=addresses(20))
    assert send_batches(transport=FakeTransport(), seconds=0) is True
    assert states(mailing) == {"pending": 20}


def test_a_turn_ends_within_a_batch_too(monkeypatch):
    mailing = make_mailing(to=addresses(20))
    clock = iter(range(100))
    monkeypatch.setattr("mailing.services.sending.monotonic", lambda: next(clock))
    transport = FakeTransport()
    assert send_batches(transport=transport, seconds=4) is True
    assert 0 < len(transport.sent) < 20
    assert states(mailing) == {"accepted": len(transport.sent), "pending": 20 - len(transport.sent)}


def test_an_answer_that_is_faster_than_our_own_note_stays():
    """The receiving side reports a delivery while the batch is still under way."""
    mailing = make_mailing(to=addresses(12))

    def report(window: int) -> None:
        if window == 1:
            done = Delivery.objects.order_by("id")[:2].values_list("pk", flat=True)
            services.change_state(delivery_ids=[done[0]], to="delivered", only_from=["pending", "accepted"])
            services.change_state(delivery_ids=[done[1]], to="bounced", only_from=["pending", "accepted"])

    assert len(send(mailing, FakeTransport(before=report)).sent) == 12
    assert states(mailing) == {"delivered": 1, "bounced": 1, "accepted": 10}
    assert not Delivery.objects.filter(accepted_at=None).exists()


def test_a_row_that_is_settled_elsewhere_before_its_turn_is_not_sent():
    mailing = make_mailing(to=addresses(12))
    last = Delivery.objects.order_by("id").last()

    def settle(window: int) -> None:
        if window == 0:
            services.change_state(delivery_ids=[last.pk], to="delivered", only_from=["pending"])

    assert last.email not in send(mailing, FakeTransport(before=settle)).sent
    assert states(mailing) == {"delivered": 1, "accepted": 11}


# Who says no


@pytest.mark.parametrize("whole", [True, False])
def test_who_says_no_before_the_claim_gets_nothing(whole):
    topic = make_topic()
    mailing = make_mailing(to=addresses(6), topic=topic)
    services.unsubscribe(email="Person2@people.example", topic=None if whole else topic)
    assert "person2@people.example" not in send(mailing).sent
    assert states(mailing) == {"accepted": 5, "suppressed": 1}


def test_a_refusal_that_took_nothing_back_is_seen_at_the_claim():
    """It was written while the rows were being added, so nobody found them."""
    mailing = make_mailing(to=addresses(4))
    hashes = dict(mailing.deliveries.values_list("email", "address_hash"))
    Suppression.objects.create(address_hash=hashes["person1@people.example"], reason="bounced")
    Preference.objects.create(
        email="person2@people.example",
        address_hash=hashes["person2@people.example"],
        paused_until=timezone.now() + timedelta(days=3),
    )
    Preference.objects.create(
        email="person3@people.example",
        address_hash=hashes["person3@people.example"],
        paused_until=timezone.now() - timedelta(days=3),
    )
    assert sorted(send(mailing).sent) == ["person3@people.example", "person4@people.example"]
    assert states(mailing) == {"accepted": 2, "suppressed": 2}
    assert set(Delivery.objects.filter(state="suppressed").values_list("response", flat=True)) == {
        "bounced",
        "paused",
    }


def test_a_refusal_of_another_topic_does_not_count():
    services.unsubscribe(email="person1@people.example", topic=make_topic("coalition-news"))
    assert len(send(make_mailing(to=addresses(2))).sent) == 2


def test_who_says_no_after_the_claim_gets_nothing():
    mailing = make_mailing(to=addresses(12))
    last = Delivery.objects.order_by("id").last().email

    def refuse(window: int) -> None:
        if window == 0:
            services.unsubscribe(email=last, topic=mailing.topic)

    assert last not in send(mailing, FakeTransport(before=refuse)).sent
    assert states(mailing) == {"accepted": 11, "suppressed": 1}


def test_who_says_no_while_it_is_being_handed_over_has_got_it():
    mailing = make_mailing(to=addresses(12))
    first, second, *_rest = Delivery.objects.order_by("id").values_list("email", flat=True)

    def refuse(window: int) -> None:
        if window == 0:
            services.unsubscribe(email=first, topic=mailing.topic)
        if window == 1:
            services.unsubscribe(email=second, topic=mailing.topic)

    assert len(send(mailing, FakeTransport(before=refuse)).sent) == 12
    assert states(mailing) == {"accepted": 12}


def test_a_whole_window_that_was_taken_back_is_passed_over():
    mailing = make_mailing(to=addresses(12))
    rows = list(Delivery.objects.order_by("id").values_list("email", flat=True))

    def refuse(window: int) -> None:
        if window == 0:
            for email in rows[5:10]:
                services.unsubscribe(email=email, topic=None)

    assert sorted(send(mailing, FakeTransport(before=refuse)).sent) == sorted(rows[:5] + rows[10:])
    assert states(mailing) == {"accepted": 7, "suppressed": 5}


def test_who_says_no_while_a_message_is_put_off_gets_nothing():
    mailing = make_mailing(to=addresses(2))
    send(mailing, FakeTransport(lambda envelope: Outcome(Verdict.DEFERRED, "450 later")))
    services.unsubscribe(email="person1@people.example", topic=mailing.topic)
    make_due()
    assert send(mailing).sent == ["person2@people.example"]
    assert states(mailing) == {"accepted": 1, "suppressed": 1}


def test_a_claim_of_only_refusals_does_not_end_the_turn():
    mailing = make_mailing(to=addresses(30))
    first = list(Batch.objects.order_by("id").first().deliveries.values_list("address_hash", flat=True))
    Suppression.objects.bulk_create(Suppression(address_hash=each, reason="bounced") for each in first)
    assert len(send(mailing).sent) == 10
    assert states(mailing) == {"accepted": 10, "suppressed": 20}
    tasks.pump_mailings()
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.DONE


# Who may claim


def test_what_a_newer_engine_filled_is_not_claimed_and_older_ones_are():
    newer, older = make_mailing(to=addresses(1)), make_mailing(to=addresses(2))
    Mailing.objects.filter(pk=newer.pk).update(engine_format=ENGINE_FORMAT + 1)
    Mailing.objects.filter(pk=older.pk).update(engine_format=1)
    assert len(send(older).sent) == 2
    assert states(newer) == {"pending": 1}


def test_nothing_is_claimed_in_a_database_that_was_restored_elsewhere():
    from mailing.models import Installation

    mailing = make_mailing(to=addresses(1))
    Installation.objects.update_or_create(
        id=1, defaults={"fingerprint": "another", "noted_at": timezone.now()}
    )
    assert send(mailing).sent == []
    assert states(mailing) == {"pending": 1}


def test_a_small_mailing_does_not_wait_behind_a_large_one():
    large = make_mailing(to=addresses(200))
    one, two = claim_batch(now=timezone.now()), claim_batch(now=timezone.now())
    assert {one.mailing.pk, two.mailing.pk} == {large.pk}
    small = make_mailing(to=addresses(3))
    assert claim_batch(now=timezone.now()).mailing.pk == small.pk
    assert claim_batch(now=timezone.now()).mailing.pk == large.pk


def test_a_task_with_nothing_to_do_does_nothing():
    tasks.send_batches()


def test_a_lease_is_a_number_nobody_guesses():
    make_mailing(to=addresses(1))
    assert isinstance(claim_batch(now=timezone.now()).lease, uuid.UUID)
