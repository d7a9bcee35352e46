"""What a batch remembers when its worker is gone, and who may still say what."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from mailing import services, tasks
from mailing.models import Batch, Delivery, DeliveryEvent, Mailing, Suppression
from mailing.services import claiming, resolve_unknown
from mailing.services.claiming import claim_batch
from mailing.services.pumping import pump
from mailing.services.sending import BatchSender, send_batches
from mailing.services.sweeping import settle_expired_leases
from mailing.wire import Outcome, Verdict
from tests.mailing.helpers import (
    ACCEPTED,
    FakeTransport,
    addresses,
    check_figures,
    make_due,
    make_mailing,
    send,
    states,
)
from tests.mailing.selects import people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _small_windows(settings):
    settings.MAILING_BATCH_SIZE = 20
    settings.MAILING_WINDOW_SIZE = 5


class Killed(BaseException):
    """The worker is gone from one moment to the next: nothing after this is written by it."""


def die_in_window(number: int, answer=lambda envelope: ACCEPTED):
    """A turn whose worker is killed while it hands over the window of this number."""

    def die(window: int) -> None:
        if window == number:
            raise Killed

    claim = claim_batch(now=timezone.now())
    sender = BatchSender(claim, FakeTransport(answer, before=die))
    sender._settle = lambda: None
    with pytest.raises(Killed):
        sender.run(until=float("inf"), should_stop=lambda: False)


def sweep(hours: float = 1) -> dict[str, int]:
    found = settle_expired_leases(now=timezone.now() + timedelta(hours=hours))
    check_figures()
    make_due()
    return found


def rows(mailing: Mailing) -> list[Delivery]:
    return list(mailing.deliveries.order_by("id"))


# A worker that is gone


def test_killed_between_claim_and_first_message_nothing_is_lost_and_nothing_unknown():
    mailing = make_mailing(to=addresses(12))
    claim_batch(now=timezone.now())
    assert settle_expired_leases(now=timezone.now()) == {"batches": 0, "unknown": 0}
    assert sweep() == {"batches": 1, "unknown": 0}
    assert states(mailing) == {"pending": 12}
    assert len(send(mailing).sent) == 12


def test_killed_within_a_window_only_that_window_is_unknown():
    mailing = make_mailing(to=addresses(18))
    die_in_window(2)
    assert states(mailing) == {"pending": 18}
    assert sweep() == {"batches": 1, "unknown": 5}
    found = rows(mailing)
    assert [row.state for row in found] == ["accepted"] * 10 + ["unknown"] * 5 + ["pending"] * 3
    assert all(row.accepted_at and row.attempts == 1 for row in found[:10])
    assert send(mailing).sent == [row.email for row in found[15:]]
    assert states(mailing) == {"accepted": 13, "unknown": 5}
    pump(now=timezone.now())
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.DONE


def test_killed_later_what_the_windows_before_found_is_not_forgotten():
    mailing = make_mailing(to=addresses(18))
    first, second, third, *_rest = rows(mailing)
    answers = {
        first.email: Outcome(Verdict.FAILED, "550 no such user"),
        second.email: Outcome(Verdict.DEFERRED, "450 later"),
        third.email: Outcome(Verdict.CUT, "gone"),
    }
    die_in_window(1, lambda envelope: answers.get(envelope.recipient, ACCEPTED))
    sweep()
    assert states(mailing) == {"failed": 1, "deferred": 1, "pending": 9, "accepted": 2, "unknown": 5}
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.response, second.response) == ("550 no such user", "450 later")
    assert (second.attempts, second.next_attempt_at is not None) == (1, True)
    assert sorted(send(mailing).sent) == sorted(
        [second.email, third.email, *(r.email for r in rows(mailing)[10:])]
    )
    assert states(mailing) == {"failed": 1, "accepted": 12, "unknown": 5}


def test_a_batch_that_came_back_for_a_few_is_settled_for_these_few():
    mailing = make_mailing(to=addresses(12))
    found = rows(mailing)
    put_off = {found[1].email, found[7].email, found[9].email}
    later = Outcome(Verdict.DEFERRED, "450 later")
    send(mailing, FakeTransport(lambda e: later if e.recipient in put_off else ACCEPTED))
    Delivery.objects.filter(email__in=[found[1].email, found[9].email]).update(next_attempt_at=timezone.now())
    Batch.objects.update(not_before=timezone.now())
    die_in_window(0)
    sweep()
    assert states(mailing) == {"accepted": 9, "unknown": 2, "deferred": 1}
    assert rows(mailing)[7].state == "deferred"


def test_who_says_no_to_a_batch_whose_worker_is_gone_gets_nothing():
    mailing = make_mailing(to=addresses(12))
    claim_batch(now=timezone.now())
    email = rows(mailing)[3].email
    services.unsubscribe(email=email, topic=mailing.topic)
    check_figures()
    assert sweep()["unknown"] == 0
    assert email not in send(mailing).sent
    assert states(mailing) == {"accepted": 11, "suppressed": 1}


def test_a_worker_lost_in_a_mailing_that_was_cancelled_leaves_nothing_waiting():
    mailing = make_mailing(to=addresses(12))
    die_in_window(1)
    services.cancel_mailing(mailing=mailing)
    sweep()
    assert states(mailing) == {"accepted": 5, "unknown": 5, "cancelled": 2}
    assert send(mailing).sent == []


def test_the_sweeper_and_a_second_sweeper_settle_once():
    mailing = make_mailing(to=addresses(12))
    die_in_window(1)
    assert sweep() == {"batches": 1, "unknown": 5}
    assert sweep() == {"batches": 0, "unknown": 0}
    assert states(mailing)["unknown"] == 5


# A worker that was only slow


def test_a_worker_that_was_only_slow_still_tells_the_truth():
    """Stopped for longer than its lease within a window, then going on: no duplicate, and no row left unknown."""
    mailing = make_mailing(to=addresses(12))

    def long_stop(window: int) -> None:
        if window == 0:
            sweep()
            assert states(mailing) == {"unknown": 5, "pending": 7}

    transport = send(mailing, FakeTransport(before=long_stop))
    assert sorted(transport.sent) == sorted(addresses(12))
    assert states(mailing) == {"accepted": 12}


def test_late_truth_that_a_message_was_not_sent_sends_it():
    mailing = make_mailing(to=addresses(5))

    def long_stop(window: int) -> None:
        if window == 0:
            sweep()
            pump(now=timezone.now())
            assert Mailing.objects.get().state == Mailing.State.DONE

    later = Outcome(Verdict.DEFERRED, "450 later")
    first = rows(mailing)[0].email
    send(mailing, FakeTransport(lambda e: later if e.recipient == first else ACCEPTED, before=long_stop))
    assert states(mailing) == {"accepted": 4, "deferred": 1}
    assert mailing.state == Mailing.State.SENDING
    make_due()
    assert send(mailing).sent == [first]
    assert states(mailing) == {"accepted": 5}


def test_late_truth_about_a_mailing_that_was_cancelled_sends_nothing():
    mailing = make_mailing(to=addresses(5))

    def long_stop(window: int) -> None:
        if window == 0:
            sweep()
            pump(now=timezone.now())
            Mailing.objects.update(state="cancelled")

    send(mailing, FakeTransport(lambda e: Outcome(Verdict.DEFERRED, "450 later"), before=long_stop))
    assert states(mailing) == {"cancelled": 5}
    assert mailing.state == Mailing.State.CANCELLED


def test_late_truth_while_another_worker_has_the_batch_confuses_nobody():
    mailing = make_mailing(to=addresses(12))
    others: list[BatchSender] = []

    def long_stop(window: int) -> None:
        if window == 0:
            sweep()
            claim = claim_batch(now=timezone.now())
            assert len(claim.rows) == 7
            others.append(BatchSender(claim, FakeTransport()))

    first = rows(mailing)[0].email
    later = Outcome(Verdict.CUT, "gone")
    send(mailing, FakeTransport(lambda e: later if e.recipient == first else ACCEPTED, before=long_stop))
    assert states(mailing) == {"accepted": 4, "pending": 8}
    # The other is killed in its first window: the row that came back is not among what it handed over.
    other = others[0]
    other._settle = lambda: None
    assert other.run(until=float("inf"), should_stop=lambda: other.wire.windows == 1)
    sweep()
    assert states(mailing) == {"accepted": 4, "unknown": 5, "pending": 3}
    assert first in send(mailing).sent
    assert states(mailing) == {"accepted": 7, "unknown": 5}


def test_late_truth_is_worth_nothing_against_what_the_receiver_said():
    mailing = make_mailing(to=addresses(5))

    def long_stop(window: int) -> None:
        if window == 0:
            sweep()
            for row, state in zip(rows(mailing), ["delivered", "bounced", "complained"], strict=False):
                services.change_state(delivery_ids=[row.pk], to=state, only_from=["unknown"])
            resolve_unknown(deliveries=[rows(mailing)[3]], decision="counted", by="staff@office.example")

    send(mailing, FakeTransport(lambda e: Outcome(Verdict.DEFERRED, "450 later"), before=long_stop))
    assert [row.state for row in rows(mailing)] == [
        "delivered",
        "bounced",
        "complained",
        "accepted",
        "deferred",
    ]


def test_a_resent_message_belongs_to_its_new_batch_and_to_nobody_before():
    mailing = make_mailing(to=addresses(5))

    def long_stop(window: int) -> None:
        if window == 0:
            sweep()
            resolve_unknown(deliveries=rows(mailing)[:1], decision="resend", by="staff@office.example")
            assert len(send(mailing).sent) == 1

    transport = FakeTransport(lambda e: Outcome(Verdict.DEFERRED, "450 later"), before=long_stop)
    send(mailing, transport)
    assert [row.state for row in rows(mailing)] == ["accepted", *["deferred"] * 4]


# A database that is away


def test_a_database_that_is_away_for_a_moment_costs_no_result(monkeypatch):
    mailing = make_mailing(to=addresses(5))
    from mailing.services import patience, sending

    waits, real = [], sending.settle_batch

    def away(**kwargs):
        if len(waits) < 3:
            raise OperationalError("the database is starting up")
        return real(**kwargs)

    monkeypatch.setattr(sending, "settle_batch", away)
    monkeypatch.setattr(patience, "sleep", waits.append)
    send(mailing)
    assert states(mailing) == {"accepted": 5}
    assert waits == [0.5, 1, 2]


def test_a_connection_that_breaks_before_the_fence_sends_nothing(monkeypatch):
    mailing = make_mailing(to=addresses(15))

    def cut(window: int) -> None:
        if window == 0:
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (own,) = cursor.fetchone()
            other = connection.copy()
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [own])
            other.close()

    monkeypatch.setattr("mailing.services.patience.sleep", lambda seconds: None)
    transport = FakeTransport(before=cut)
    with pytest.raises(OperationalError):
        send_batches(transport=transport)
    assert len(transport.sent) == 5
    assert states(mailing) == {"accepted": 5, "pending": 10}
    make_due()
    assert len(send(mailing).sent) == 10


# Several at once


def test_two_workers_never_claim_the_same_batch():
    make_mailing(to=addresses(60))
    barrier = threading.Barrier(3)
    claims = []

    def claim() -> None:
        barrier.wait()
        claims.append(claim_batch(now=timezone.now()))
        connections.close_all()

    in_threads([claim] * 3)
    taken = [row.pk for claim in claims for row in claim.rows]
    assert len(taken) == len(set(taken)) == 60


def test_a_batch_locked_by_somebody_is_passed_over():
    make_mailing(to=addresses(25))
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Batch.objects.select_for_update().order_by("id").first()
            held.set()
            go_on.wait(10)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    claim = claim_batch(now=timezone.now())
    go_on.set()
    thread.join()
    assert len(claim.rows) == 5


def test_several_turns_at_once_send_everything_once(settings):
    settings.MAILING_BATCH_SIZE = 7
    mailing = make_mailing(to=addresses(200))
    transports = [FakeTransport() for _worker in range(4)]

    def turn(transport: FakeTransport) -> None:
        send_batches(transport=transport)
        connections.close_all()

    in_threads([lambda transport=transport: turn(transport) for transport in transports])
    sent = [email for transport in transports for email in transport.sent]
    assert sorted(sent) == sorted(addresses(200))
    assert states(mailing) == {"accepted": 200}


def test_approving_twice_at_once_adds_everybody_once():
    mailing = make_mailing(started=False)
    added = []

    def approve() -> None:
        added.append(services.fill_mailing(mailing=mailing, select=people(addresses(50))).added)
        connections.close_all()

    in_threads([approve] * 3)
    assert sorted(added) == [0, 0, 50]
    assert states(mailing) == {"pending": 50}


def test_a_claim_reads_one_batch_of_many():
    """Thousands of batches wait for the same moment; each claim must not sort them all."""
    mailing = make_mailing(to=addresses(1))
    Batch.objects.bulk_create(Batch(mailing=mailing, not_before=timezone.now()) for _batch in range(2000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mailing_batch")
        cursor.execute("EXPLAIN " + claiming._TAKE, {"mailing": mailing.pk, "lease": uuid.uuid4(), "until": timezone.now(), "now": timezone.now()})  # fmt: skip
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "batch_to_send" in plan
    assert "Sort" not in plan


def test_many_say_no_while_many_send(settings):
    """Nobody waits for each other for good, and the figures stay true."""
    settings.MAILING_BATCH_SIZE = 30
    mailing = make_mailing(to=addresses(240))
    transports = [FakeTransport() for _worker in range(2)]

    def turn(transport: FakeTransport) -> None:
        send_batches(transport=transport)
        connections.close_all()

    def refuse(which: int) -> None:
        for email in addresses(240)[which::6]:
            services.unsubscribe(email=email, topic=mailing.topic if which else None)
        connections.close_all()

    in_threads(
        [lambda transport=transport: turn(transport) for transport in transports]
        + [lambda which=which: refuse(which) for which in range(2)]
    )
    found = states(mailing)
    sent = [email for transport in transports for email in transport.sent]
    assert len(sent) == len(set(sent)) == found["accepted"]
    assert found["accepted"] + found.get("suppressed", 0) == 240


def in_threads(steps) -> None:
    threads = [threading.Thread(target=step) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# What a person decides


def make_unknown(count: int = 3) -> Mailing:
    mailing = make_mailing(to=addresses(count))
    send(mailing, FakeTransport(lambda envelope: Outcome(Verdict.UNKNOWN, "no answer")))
    tasks.pump_mailings()
    mailing.refresh_from_db()
    assert (mailing.state, states(mailing)) == (Mailing.State.DONE, {"unknown": count})
    return mailing


def test_unknown_counted_as_sent_is_accepted_and_says_who_decided():
    mailing = make_unknown()
    found = resolve_unknown(deliveries=rows(mailing)[:2], decision="counted", by="staff@office.example")
    assert (found.done, found.refused) == (2, 0)
    assert states(mailing) == {"accepted": 2, "unknown": 1}
    assert set(DeliveryEvent.objects.values_list("kind", "by")) == {("counted", "staff@office.example")}
    assert DeliveryEvent.objects.count() == 2
    assert resolve_unknown(deliveries=rows(mailing)[:2], decision="counted", by="x").done == 0
    assert DeliveryEvent.objects.count() == 2


def test_unknown_sent_again_goes_out_once_more_and_the_mailing_goes_on():
    mailing = make_unknown()
    Suppression.objects.create(address_hash=rows(mailing)[2].address_hash, reason="bounced")
    found = resolve_unknown(deliveries=rows(mailing), decision="resend", by="staff@office.example")
    assert (found.done, found.refused, len(found.reasons)) == (2, 1, 1)
    assert states(mailing) == {"pending": 2, "suppressed": 1}
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.SENDING
    again = send(mailing)
    assert sorted(again.sent) == sorted(addresses(3)[number] for number in range(3) if addresses(3)[number] != rows(mailing)[2].email)  # fmt: skip
    assert states(mailing) == {"accepted": 2, "suppressed": 1}
    assert DeliveryEvent.objects.filter(kind="resent").count() == 2


@pytest.mark.parametrize("over", ["cancelled", "expired", "late"])
def test_nothing_of_a_mailing_that_is_over_is_sent_again(over):
    mailing = make_unknown()
    if over == "late":
        past = timezone.now() - timedelta(hours=1)
        Mailing.objects.update(send_at=past - timedelta(hours=1), expires_at=past)
    else:
        Mailing.objects.update(state=over)
    found = resolve_unknown(deliveries=rows(mailing), decision="resend", by="staff@office.example")
    assert (found.done, found.refused) == (0, 3)
    assert states(mailing) == {"unknown": 3}


def test_what_is_known_by_now_is_left_alone():
    mailing = make_unknown(2)
    services.change_state(delivery_ids=[rows(mailing)[0].pk], to="delivered", only_from=["unknown"])
    stale = rows(mailing)
    assert resolve_unknown(deliveries=stale, decision="resend", by="x").done == 1
    assert states(mailing) == {"delivered": 1, "pending": 1}
