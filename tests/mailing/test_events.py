"""What became of messages: written down once, states that only move forward, addresses that stop."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from mailing.addresses import hash_address
from mailing.composing.message import message_id
from mailing.models import Delivery, DeliveryEvent, OutboxMessage, Suppression
from mailing.reports import ProviderEvent
from mailing.reports.event import bounce_kind
from mailing.services import lift_suppression, queue_message, subscribe_confirmed, suppress, unsubscribe
from mailing.services.events import record_events
from tests.mailing.helpers import (
    FakeTransport,
    addresses,
    check_figures,
    hand_over,
    make_mailing,
    make_topic,
    send,
    states,
)

pytestmark = pytest.mark.django_db
ADA = "ada@people.example"
AT = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)
Kind = DeliveryEvent.Kind


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(AT, tick=False)
    return time_machine


@pytest.fixture
def delivery() -> Delivery:
    """One message, accepted by our mail server."""
    return hand_over(make_mailing(to=[ADA])).deliveries.get()


def our_id(delivery: Delivery) -> str:
    return message_id("m", delivery.mailing_id, delivery.pk)


def report(
    delivery: Delivery, kind: str, *, at: datetime = AT, number: str = "", **more: str
) -> ProviderEvent:
    facts = {"message_id": our_id(delivery), "email": delivery.email, "event_id": number} | more
    return ProviderEvent(kind=kind, happened_at=at, **facts)


def record(*events: ProviderEvent, provider: str = "test"):
    recorded = record_events(provider=provider, events=events)
    check_figures()
    return recorded


def state(delivery: Delivery) -> str:
    return Delivery.objects.get(pk=delivery.pk).state


# --- States -------------------------------------------------------------------------------------------------------

FINAL = {
    (): "accepted",
    (Kind.DEFERRED,): "accepted",
    (Kind.DELIVERED,): "delivered",
    (Kind.SOFT_BOUNCED,): "bounced",
    (Kind.BOUNCED,): "bounced",
    (Kind.COMPLAINED,): "complained",
    (Kind.REJECTED,): "failed",
    (Kind.UNSUBSCRIBED,): "accepted",
    (Kind.DELIVERED, Kind.BOUNCED): "bounced",
    (Kind.DELIVERED, Kind.COMPLAINED): "complained",
    (Kind.DELIVERED, Kind.REJECTED): "delivered",
    (Kind.DEFERRED, Kind.DELIVERED): "delivered",
    (Kind.BOUNCED, Kind.COMPLAINED, Kind.DELIVERED): "complained",
}


@pytest.mark.parametrize(("kinds", "final"), FINAL.items())
def test_the_order_in_which_reports_come_does_not_matter(delivery, kinds, final):
    for order in itertools.permutations(kinds):
        Delivery.objects.filter(pk=delivery.pk).update(state="accepted")
        delivery.batch.tally = {"accepted": 1}
        delivery.batch.save()
        DeliveryEvent.objects.all().delete()
        for kind in order:
            record(report(delivery, kind))
        assert state(delivery) == final, order


def test_reports_in_one_load_end_the_same(delivery):
    kinds = [Kind.COMPLAINED, Kind.DELIVERED, Kind.BOUNCED, Kind.DELIVERED]
    recorded = record(*(report(delivery, kind) for kind in kinds))
    assert state(delivery) == "complained"
    assert (recorded.new, recorded.repeated) == (3, 1)


@pytest.mark.parametrize("kind", [Kind.DELIVERED, Kind.BOUNCED, Kind.COMPLAINED, Kind.DEFERRED])
def test_any_report_tells_what_became_of_an_unknown_message(delivery, kind):
    Delivery.objects.filter(pk=delivery.pk).update(state="unknown", accepted_at=None)
    delivery.batch.tally = {"unknown": 1}
    delivery.batch.save()
    record(report(delivery, kind))
    assert state(delivery) in {"delivered", "bounced", "complained", "accepted"}
    assert Delivery.objects.get(pk=delivery.pk).accepted_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_report_faster_than_our_own_note_is_not_overwritten_by_it(clock):
    mailing = make_mailing(to=addresses(3))
    first, second, third = mailing.deliveries.order_by("pk")

    def early(window: int) -> None:
        record_events(
            provider="test",
            events=[report(first, Kind.DELIVERED), report(second, Kind.BOUNCED, reason="550")],
        )

    send(mailing, FakeTransport(before=early))
    assert [state(row) for row in (first, second, third)] == ["delivered", "bounced", "accepted"]


@pytest.mark.parametrize("now", ["suppressed", "cancelled", "summarized"])
def test_what_was_never_sent_stays_so(delivery, now):
    Delivery.objects.filter(pk=delivery.pk).update(state=now)
    delivery.batch.tally = {now: 1}
    delivery.batch.save()
    record(report(delivery, Kind.DELIVERED))
    assert state(delivery) == now
    assert DeliveryEvent.objects.count() == 1


def test_a_bounce_says_why_in_the_row(delivery):
    record(report(delivery, Kind.BOUNCED, reason=f"550 5.1.1 <{ADA}>: unknown\r\nuser\x00"))
    words = "550 5.1.1 <a…@people.example>: unknown user"
    assert Delivery.objects.get(pk=delivery.pk).response == words
    assert DeliveryEvent.objects.get().reason == words


# --- Once ---------------------------------------------------------------------------------------------------------


def test_a_report_that_comes_twice_is_written_once(delivery):
    one = report(delivery, Kind.BOUNCED, number="evt-1")
    assert record(one).new == 1
    again = record(one)
    assert (again.new, again.repeated, again.moved) == (0, 1, 0)
    assert record(one, provider="another").new == 1
    assert DeliveryEvent.objects.filter(provider="test").count() == 1


def test_a_report_without_a_number_is_known_by_its_facts(delivery):
    for _ in range(2):
        record(report(delivery, Kind.DELIVERED))
    record(report(delivery, Kind.DELIVERED, at=AT - timedelta(seconds=1)))
    assert DeliveryEvent.objects.count() == 2


def test_a_repeated_report_does_not_stop_an_address_that_staff_let_through(delivery):
    one = report(delivery, Kind.BOUNCED, number="evt-1")
    record(one)
    lift_suppression(suppression=Suppression.objects.get(), by="staff@portal.example")
    record(one)
    assert not Suppression.objects.exists()


def test_many_reports_take_a_handful_of_queries(django_assert_max_num_queries):
    mailing = hand_over(make_mailing(to=addresses(300)))
    rows = list(mailing.deliveries.all())
    with django_assert_max_num_queries(14):
        record_events(provider="test", events=[report(row, Kind.DELIVERED) for row in rows])
    assert states(mailing) == {"delivered": 300}


# --- Whose message ------------------------------------------------------------------------------------------------


def test_a_forged_message_id_moves_nothing(delivery):
    proof = our_id(delivery)
    forged = proof.replace("@", "0@") if proof[-20] != "0" else proof.replace("@", "1@")
    recorded = record(report(delivery, Kind.BOUNCED, message_id=forged, email="nobody@else.example"))
    assert state(delivery) == "accepted"
    assert (recorded.new, recorded.moved) == (1, 0)


def test_a_message_id_of_another_mailing_is_not_taken_for_ours(delivery):
    wrong = message_id("m", delivery.mailing_id + 1, delivery.pk)
    record(report(delivery, Kind.BOUNCED, message_id=wrong, email=""))
    assert state(delivery) == "accepted"


def test_without_a_message_id_the_newest_message_before_it_is_meant(clock):
    older, newer = make_mailing(to=[ADA]), make_mailing(to=[ADA])
    hand_over(older)
    clock.move_to(AT + timedelta(hours=2), tick=False)
    hand_over(newer)
    event = report(newer.deliveries.get(), Kind.BOUNCED, message_id="", at=AT + timedelta(hours=3))
    record(event)
    assert (states(older), states(newer)) == ({"accepted": 1}, {"bounced": 1})
    record(report(older.deliveries.get(), Kind.BOUNCED, message_id="", at=AT + timedelta(hours=1)))
    assert states(older) == {"bounced": 1}


@pytest.mark.parametrize("late", [timedelta(days=-1), timedelta(days=8)])
def test_a_report_from_another_time_belongs_to_no_message(delivery, clock, late):
    clock.move_to(AT + timedelta(days=9), tick=False)
    record(report(delivery, Kind.DELIVERED, message_id="", at=AT + late))
    assert state(delivery) == "accepted"


def test_an_address_we_never_wrote_to_is_stopped_all_the_same():
    record(ProviderEvent(kind=Kind.COMPLAINED, happened_at=AT, email="Stranger@People.example"))
    assert Suppression.objects.get().address_hash == hash_address("stranger@people.example")


def test_a_bounced_single_message_stops_bulk_mail_to_its_address():
    message = queue_message(to=ADA, subject="Your new password", text="…")
    record(ProviderEvent(kind=Kind.BOUNCED, happened_at=AT, message_id=message.message_id))
    assert Suppression.objects.get().address_hash == hash_address(ADA)
    assert OutboxMessage.objects.count() == 1


# --- Addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(Kind.BOUNCED, "bounced"), (Kind.COMPLAINED, "complained"), (Kind.UNSUBSCRIBED, "unsubscribed")],
)
def test_an_address_stops_before_the_next_claim_and_after_a_new_import(delivery, kind, reason):
    waiting = make_mailing(to=[ADA, "bob@people.example"])
    record(report(delivery, kind, reason="550 unknown"))
    assert Suppression.objects.get().reason == reason
    assert states(waiting) == {"pending": 1, "suppressed": 1}
    later = make_mailing(to=[" Ada@PEOPLE.example"])
    assert states(later) == {"suppressed": 1}


@pytest.mark.django_db(transaction=True)
def test_a_hard_bounce_while_a_batch_is_under_way_keeps_the_rest_of_it_back():
    mailing = make_mailing(to=addresses(31))
    last = mailing.deliveries.order_by("pk").last()
    bounce = ProviderEvent(kind=Kind.BOUNCED, happened_at=AT, email=last.email)
    transport = send(
        mailing, FakeTransport(before=lambda window: record_events(provider="x", events=[bounce]))
    )
    assert last.email not in transport.sent
    assert states(mailing) == {"accepted": 30, "suppressed": 1}


def test_what_the_provider_refuses_for_an_older_bounce_stops_the_address(delivery):
    record(report(delivery, Kind.REJECTED, stops="bounced"))
    assert state(delivery) == "failed"
    assert Suppression.objects.get().reason == "bounced"


def test_a_complaint_is_graver_than_a_bounce(delivery):
    record(report(delivery, Kind.BOUNCED), report(delivery, Kind.COMPLAINED))
    assert Suppression.objects.get().reason == "complained"


def test_an_earlier_reason_stays(delivery):
    suppress(email=ADA, reason="staff")
    record(report(delivery, Kind.COMPLAINED))
    assert Suppression.objects.get().reason == "staff"


def test_a_bounce_from_before_the_mailbox_said_yes_stops_nothing(delivery, clock):
    clock.move_to(AT + timedelta(days=1), tick=False)
    subscribe_confirmed(email=ADA, topics=[make_topic()], consent_text="x", source="x")
    record(report(delivery, Kind.BOUNCED))
    assert not Suppression.objects.exists()
    record(report(delivery, Kind.COMPLAINED))
    assert Suppression.objects.get().reason == "complained"


def soft_bounce(days: int, *, again: bool = False) -> None:
    mailing = make_mailing(to=[ADA])
    row = mailing.deliveries.get()
    at = AT + timedelta(days=days)
    record(report(row, Kind.SOFT_BOUNCED, at=at, number=f"s{days}"))
    if again:
        record(report(row, Kind.SOFT_BOUNCED, at=at + timedelta(hours=1), number=f"s{days}again"))


def test_the_third_message_that_bounces_softly_within_a_month_stops_the_address(clock):
    clock.move_to(AT + timedelta(days=60), tick=False)
    soft_bounce(0, again=True)
    soft_bounce(10, again=True)
    assert not Suppression.objects.exists()
    soft_bounce(30)
    row = Suppression.objects.get()
    assert (row.reason, row.note) == ("bounced", "3 messages bounced within 30 days")


def test_soft_bounces_further_apart_stop_nothing(clock):
    clock.move_to(AT + timedelta(days=90), tick=False)
    for days in (0, 20, 31, 60):
        soft_bounce(days)
    assert not Suppression.objects.exists()


def test_soft_bounces_from_before_staff_lifted_the_address_count_no_more(clock):
    for days in (0, 1, 2):
        soft_bounce(days)
    clock.move_to(AT + timedelta(days=3), tick=False)
    lift_suppression(suppression=Suppression.objects.get(), by="staff@portal.example")
    soft_bounce(4)
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("words", "status", "kind"),
    [
        ("550 5.1.1 User unknown", "", Kind.BOUNCED),
        ("550 User unknown", "", Kind.BOUNCED),
        ("550-5.1.1 The email account that you tried to reach does not exist", "", Kind.BOUNCED),
        ("550 5.2.1 Mailbox disabled", "", Kind.BOUNCED),
        ("552 5.2.2 Mailbox full", "", Kind.SOFT_BOUNCED),
        ("550 5.7.1 Message rejected as spam", "", Kind.SOFT_BOUNCED),
        ("unknown", "5.1.10", Kind.BOUNCED),
        ("delivery expired", "4.4.7", Kind.SOFT_BOUNCED),
        ("550 5.0.0 no such user", "", Kind.BOUNCED),
        ("552 5.0.0 too large", "", Kind.SOFT_BOUNCED),
        ("", "", Kind.SOFT_BOUNCED),
        ("connected to 10.5.1.1 and lost it", "", Kind.SOFT_BOUNCED),
    ],
)
def test_hard_is_what_speaks_of_the_mailbox_itself(words, status, kind):
    assert bounce_kind(words, status) == kind


def test_a_report_for_a_message_that_is_gone_is_kept(delivery):
    event = report(delivery, Kind.BOUNCED)
    delivery.mailing.delete()
    recorded = record(event)
    assert recorded.new == 1
    assert Suppression.objects.exists()
    assert timezone.now() == AT


# --- Several at once --------------------------------------------------------------------------------------------------


def at_once(*works) -> None:
    """Runs each in a thread with a connection of its own, all begun at the same moment; errors come out."""
    start = threading.Barrier(len(works))

    def run(work) -> None:
        try:
            start.wait(10)
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, work) for work in works]:
            done.result(timeout=60)


@pytest.mark.django_db(transaction=True)
def test_the_same_load_posted_by_several_at_once_counts_once():
    mailing = hand_over(make_mailing(to=addresses(40)))
    waiting = make_mailing(to=addresses(40))
    kinds = [Kind.DELIVERED, Kind.BOUNCED, Kind.COMPLAINED]
    load = [
        report(row, kinds[number % 3], number=f"n{number}")
        for number, row in enumerate(mailing.deliveries.all())
    ]
    loads = [load, load[::-1], load[20:] + load[:20]]
    refuses = [partial(unsubscribe, email=row.email, topic=None) for row in waiting.deliveries.all()[:20]]
    at_once(
        *(partial(record_events, provider="test", events=one) for one in loads),
        lambda: [refuse() for refuse in refuses],
        lambda: [refuse() for refuse in refuses[::-1]],
    )
    assert DeliveryEvent.objects.count() == 40
    assert states(mailing) == {"delivered": 14, "bounced": 13, "complained": 13}
    assert set(states(waiting)) == {"pending", "suppressed"}
    assert Suppression.objects.count() == states(waiting)["suppressed"]
