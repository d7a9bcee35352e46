"""Sending a mailing: nobody twice, nobody forgotten."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from mailing import services, tasks
from mailing.models import Delivery, Mailing, Suppression
from mailing.services.sending import (
    claim_rows,
    fence,
    release,
    send_mailing,
    settle_expired_leases,
    workers_wanted,
)
from mailing.services.settling import MAX_ATTEMPTS
from mailing.smtp import Outcome, Verdict
from tests.mailing.helpers import FakeTransport, addresses, make_mailing, make_topic, states
from tests.mailing.servers import CUT, scripted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _small_windows(settings):
    settings.MAILING_CLAIM_SIZE = 20
    settings.MAILING_WINDOW_SIZE = 5


def send(mailing: Mailing, transport: FakeTransport | None = None, **options) -> FakeTransport:
    transport = transport or FakeTransport()
    send_mailing(mailing_id=mailing.pk, transport=transport, **options)
    mailing.refresh_from_db()
    return transport


def test_everybody_gets_it_once(smtp_catcher):
    mailing = make_mailing(to=addresses(43))
    assert send_mailing(mailing_id=mailing.pk) is False
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.DONE
    assert mailing.finished_at
    assert states(mailing) == {"accepted": 43}
    assert sorted(mail.recipients[0] for mail in smtp_catcher.messages) == sorted(addresses(43))
    row = mailing.deliveries.first()
    assert row.attempts == 1
    assert row.accepted_at
    assert row.lease is None
    assert row.response.startswith("250")


def test_the_message_has_what_bulk_mail_owes_its_reader(smtp_catcher):
    mailing = make_mailing(to=["ada@people.example"], reply_to="office@coalition.example")
    send_mailing(mailing_id=mailing.pk)
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


def test_a_second_turn_sends_nothing():
    mailing = make_mailing(to=addresses(10))
    send(mailing)
    assert send(mailing).sent == []
    tasks.send_mailings(mailing.pk)
    assert states(mailing) == {"accepted": 10}


def test_two_workers_never_claim_the_same_row():
    mailing = make_mailing(to=addresses(60))
    barrier = threading.Barrier(3)
    claims = []

    def claim() -> None:
        barrier.wait()
        claims.append(claim_rows(mailing_id=mailing.pk, now=timezone.now()))
        connections.close_all()

    threads = [threading.Thread(target=claim) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = [row.pk for claim in claims for row in claim.rows]
    assert len(taken) == len(set(taken)) == 60


def test_rows_locked_by_another_worker_are_skipped():
    mailing = make_mailing(to=addresses(25))
    held = threading.Event()
    go_on = threading.Event()

    def hold() -> None:
        from django.db import transaction

        with transaction.atomic():
            list(Delivery.objects.filter(mailing=mailing).order_by("id").select_for_update()[:20])
            held.set()
            go_on.wait(10)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    claim = claim_rows(mailing_id=mailing.pk, now=timezone.now())
    go_on.set()
    thread.join()
    assert len(claim.rows) == 5


def test_the_fence_stops_a_worker_whose_rows_are_somebody_elses():
    mailing = make_mailing(to=addresses(5))
    first = claim_rows(mailing_id=mailing.pk, now=timezone.now())
    later = timezone.now() + timedelta(hours=1)
    settle_expired_leases(now=later)
    second = claim_rows(mailing_id=mailing.pk, now=timezone.now())
    assert fence(claim=first, rows=first.rows, now=timezone.now()) == set()
    assert fence(claim=second, rows=second.rows, now=timezone.now()) == {row.pk for row in second.rows}
    # Not twice either: a doubled call finds the rows on their way.
    assert fence(claim=second, rows=second.rows, now=timezone.now()) == set()


def test_the_fence_refuses_an_expired_lease_that_nobody_swept_yet():
    mailing = make_mailing(to=addresses(5))
    claim = claim_rows(mailing_id=mailing.pk, now=timezone.now())
    assert fence(claim=claim, rows=claim.rows, now=timezone.now() + timedelta(hours=1)) == set()


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
    tasks.pump_mailings()
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.EXPIRED
    assert states(mailing) == {"accepted": 10, "cancelled": 30}


@pytest.mark.parametrize("whole", [True, False])
def test_who_says_no_before_the_claim_gets_nothing(whole):
    topic = make_topic()
    mailing = make_mailing(to=addresses(6), topic=topic)
    services.unsubscribe(email="Person2@people.example", topic=None if whole else topic)
    assert "person2@people.example" not in send(mailing).sent
    assert states(mailing) == {"accepted": 5, "suppressed": 1}


def test_a_refusal_between_rows_and_claim_is_seen_at_the_claim():
    """The row was added after the refusal, so nothing marked it then."""
    services.unsubscribe(email="person1@people.example", topic=make_topic())
    mailing = make_mailing(to=addresses(2))
    assert states(mailing) == {"pending": 2}
    assert send(mailing).sent == ["person2@people.example"]
    assert states(mailing) == {"accepted": 1, "suppressed": 1}


def test_a_refusal_of_another_topic_does_not_count():
    services.unsubscribe(email="person1@people.example", topic=make_topic("coalition-news"))
    assert len(send(make_mailing(to=addresses(2))).sent) == 2


def test_who_says_no_after_the_claim_gets_nothing():
    mailing = make_mailing(to=addresses(12))

    def refuse(window: int) -> None:
        if window == 0:
            services.unsubscribe(email="person9@people.example", topic=mailing.topic)

    assert "person9@people.example" not in send(mailing, FakeTransport(before=refuse)).sent
    assert states(mailing) == {"accepted": 11, "suppressed": 1}


def test_a_claim_of_only_refusals_does_not_end_the_turn():
    mailing = make_mailing(to=addresses(30))
    for number in range(1, 26):
        Suppression.objects.create(
            address_hash=Delivery.objects.get(email=f"person{number}@people.example").address_hash,
            reason=Suppression.Reason.BOUNCED,
        )
    assert len(send(mailing).sent) == 5
    assert states(mailing) == {"accepted": 5, "suppressed": 25}
    assert mailing.state == Mailing.State.DONE


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
    mailing = make_mailing(to=addresses(1))
    transport = FakeTransport(lambda envelope: Outcome(Verdict.DEFERRED, "450 later"))
    waits = []
    for _attempt in range(MAX_ATTEMPTS):
        send(mailing, transport)
        row = mailing.deliveries.get()
        if row.state == Delivery.State.FAILED:
            break
        assert row.state == Delivery.State.DEFERRED
        waits.append(round((row.next_attempt_at - timezone.now()).total_seconds() / 60))
        assert mailing.state == Mailing.State.SENDING
        Delivery.objects.update(next_attempt_at=timezone.now())
    assert waits == [1, 5, 30, 120, 120]
    assert row.attempts == MAX_ATTEMPTS
    assert mailing.state == Mailing.State.DONE


def test_a_deferred_row_is_left_alone_until_it_is_due():
    mailing = make_mailing(to=addresses(1))
    send(mailing, FakeTransport(lambda envelope: Outcome(Verdict.DEFERRED)))
    assert send(mailing).sent == []
    assert workers_wanted(mailing_id=mailing.pk, now=timezone.now()) == 0
    assert workers_wanted(mailing_id=mailing.pk, now=timezone.now() + timedelta(minutes=2)) == 1


def test_an_unreachable_server_costs_no_attempt_and_ends_the_turn():
    mailing = make_mailing(to=addresses(30))
    transport = send(mailing, FakeTransport(lambda envelope: Outcome(Verdict.UNREACHABLE, "refused")))
    assert transport.windows == 1
    assert states(mailing) == {"pending": 30}
    assert set(mailing.deliveries.values_list("attempts", flat=True)) == {0}
    assert len(send(mailing).sent) == 30


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
        send_mailing(mailing_id=mailing.pk)
        tasks.pump_mailings()
        send_mailing(mailing_id=mailing.pk)
    assert states(mailing) == {"accepted": 2, "unknown": 1}
    assert len(server.messages) == 3
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.DONE


def test_a_cut_within_the_handover_goes_out_again(settings):
    mailing = make_mailing(to=addresses(3))
    with scripted(settings, RCPT=["250 ok", CUT, "250 ok"]) as server:
        send_mailing(mailing_id=mailing.pk)
    assert states(mailing) == {"accepted": 3}
    assert len(server.messages) == 3


def test_the_sweeper_frees_claimed_rows_and_calls_sent_ones_unknown():
    mailing = make_mailing(to=addresses(12))
    claim = claim_rows(mailing_id=mailing.pk, now=timezone.now())
    fence(claim=claim, rows=claim.rows[:5], now=timezone.now())
    assert settle_expired_leases(now=timezone.now())["unknown"] == 0
    assert states(mailing) == {"claimed": 7, "sending": 5}
    settled = settle_expired_leases(now=timezone.now() + timedelta(hours=1))
    assert settled == {"waiting": 7, "unknown": 5, "outbox_unknown": 0}
    assert states(mailing) == {"pending": 7, "unknown": 5}
    send(mailing)
    assert states(mailing) == {"accepted": 7, "unknown": 5}


def test_a_worker_that_was_only_slow_still_tells_the_truth():
    """Stopped for longer than its lease within a window, then going on: no duplicate, and no row left unknown."""
    mailing = make_mailing(to=addresses(12))

    def long_stop(window: int) -> None:
        if window == 0:
            settle_expired_leases(now=timezone.now() + timedelta(hours=1))
            assert states(mailing) == {"unknown": 5, "pending": 7}

    transport = send(mailing, FakeTransport(before=long_stop))
    assert sorted(transport.sent) == sorted(addresses(12))
    assert states(mailing) == {"accepted": 12}


def test_a_fault_while_sending_gives_back_what_was_not_begun():
    mailing = make_mailing(to=addresses(12))

    def broken(window: int) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        send(mailing, FakeTransport(before=broken))
    assert states(mailing) == {"pending": 7, "sending": 5}


def test_a_worker_that_is_asked_to_end_finishes_its_window():
    mailing = make_mailing(to=addresses(20))
    transport = FakeTransport()
    send(mailing, transport, should_stop=lambda: transport.windows >= 2)
    assert len(transport.sent) == 10
    assert states(mailing) == {"accepted": 10, "pending": 10}
    assert transport.closed


def test_a_turn_ends_when_its_time_is_over():
    mailing = make_mailing(to=addresses(20))
    assert send_mailing(mailing_id=mailing.pk, transport=FakeTransport(), seconds=0) is True
    assert states(mailing) == {"pending": 20}


def test_release_only_touches_its_own_claim():
    mailing = make_mailing(to=addresses(30))
    one, two = (claim_rows(mailing_id=mailing.pk, now=timezone.now()) for _ in range(2))
    assert release(claim=one) == 20
    assert Delivery.objects.filter(lease=two.lease).count() == 10


def test_workers_wanted_grows_with_the_mailing_and_counts_those_at_work(monkeypatch):
    monkeypatch.setattr("mailing.services.sending.ROWS_PER_WORKER", 10)
    mailing = make_mailing(to=addresses(45))
    now = timezone.now()
    assert workers_wanted(mailing_id=mailing.pk, now=now) == 5
    claim_rows(mailing_id=mailing.pk, now=now)
    assert workers_wanted(mailing_id=mailing.pk, now=now) == 2
    claim_rows(mailing_id=mailing.pk, now=now)
    claim_rows(mailing_id=mailing.pk, now=now)
    assert workers_wanted(mailing_id=mailing.pk, now=now) == 0


def test_a_task_for_a_mailing_that_is_gone_does_nothing():
    tasks.send_mailings(999_999)


def test_a_lease_is_a_number_nobody_guesses():
    mailing = make_mailing(to=addresses(1))
    assert isinstance(claim_rows(mailing_id=mailing.pk, now=timezone.now()).lease, uuid.UUID)
