"""Figures that are kept instead of counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mailing import services
from mailing.models import Batch, Delivery, Mailing
from mailing.services import change_state, mailing_progress, mailing_tally
from mailing.services.tallies import recount
from mailing.wire import Outcome, Verdict
from tests.mailing.helpers import (
    ACCEPTED,
    FakeTransport,
    addresses,
    check_figures,
    make_mailing,
    make_topic,
    send,
    states,
)

pytestmark = pytest.mark.django_db(transaction=True)
S = Delivery.State


@pytest.fixture(autouse=True)
def _small_windows(settings):
    settings.MAILING_BATCH_SIZE = 20
    settings.MAILING_WINDOW_SIZE = 5


def test_a_tally_has_every_state_and_counts_no_deliveries(django_assert_num_queries):
    mailing = make_mailing(to=[*addresses(45), "nobody"])
    with django_assert_num_queries(1):
        tally = mailing_tally(mailing.pk)
    assert tally["pending"] == 45
    assert tally["failed"] == 1
    assert set(tally) == set(S.values)
    assert sum(mailing_tally(999_999).values()) == 0


def test_a_change_moves_the_figures_with_the_rows():
    mailing = make_mailing(to=addresses(45))
    send(mailing)
    numbers = list(mailing.deliveries.order_by("id").values_list("pk", flat=True))
    assert change_state(delivery_ids=numbers[:3], to="delivered", only_from=["accepted", "unknown"]) == 3
    assert change_state(delivery_ids=numbers[:5], to="delivered", only_from=["accepted", "unknown"]) == 2
    assert change_state(delivery_ids=[numbers[0]], to="bounced", only_from=["accepted"]) == 0
    assert change_state(delivery_ids=[numbers[40]], to="bounced", only_from=["accepted"], why="550 gone") == 1
    assert states(mailing) == {"accepted": 39, "delivered": 5, "bounced": 1}
    assert Delivery.objects.get(state="bounced").response == "550 gone"
    assert Delivery.objects.filter(state="delivered").first().response == "250 ok"


def test_what_was_handed_over_has_a_moment():
    mailing = make_mailing(to=addresses(3))
    send(mailing, FakeTransport(lambda envelope: Outcome(Verdict.UNKNOWN)))
    for row, state in zip(mailing.deliveries.all(), ["accepted", "delivered", "complained"], strict=True):
        change_state(delivery_ids=[row.pk], to=state, only_from=["unknown"])
    assert not mailing.deliveries.filter(accepted_at=None).exists()


def test_only_the_engine_lets_a_row_wait_again():
    mailing = make_mailing(to=addresses(1))
    send(mailing)
    with pytest.raises(ValueError, match="engine"):
        change_state(delivery_ids=[mailing.deliveries.get().pk], to="pending", only_from=["accepted"])


def test_changing_many_rows_costs_as_many_queries_as_changing_one(django_assert_num_queries):
    mailing = make_mailing(to=addresses(60))
    send(mailing)
    numbers = list(mailing.deliveries.values_list("pk", flat=True))
    # Batches, rows, the change, the figures; and the savepoints around two of them.
    for some in (numbers[:1], numbers[1:]):
        with django_assert_num_queries(6):
            change_state(delivery_ids=some, to="delivered", only_from=["accepted"])
    check_figures()


def test_recounting_finds_the_truth():
    mailing = make_mailing(to=addresses(45))
    Batch.objects.update(tally={"accepted": 7})
    recount(list(mailing.batches.values_list("pk", flat=True)))
    check_figures(mailing)


def test_taking_back_concerns_one_topic_or_all():
    one, two = make_mailing(to=addresses(3)), make_mailing(to=addresses(3), topic=make_topic("other"))
    address_hash = one.deliveries.get(email="person1@people.example").address_hash
    assert services.take_back(address_hash=address_hash, topic=one.topic, why="They said no.") == 1
    assert states(one) == {"pending": 2, "suppressed": 1}
    assert one.deliveries.get(state="suppressed").response == "They said no."
    assert states(two) == {"pending": 3}
    assert services.take_back(address_hash=address_hash, why="They said no.") == 1
    assert services.take_back(address_hash=address_hash, why="They said no.") == 0
    assert states(two) == {"pending": 2, "suppressed": 1}


def test_progress_counts_what_a_worker_has_handed_over():
    mailing = make_mailing(to=addresses(40))
    refused = mailing.deliveries.order_by("id").first().email
    seen = []

    def look(window: int) -> None:
        mailing.refresh_from_db()
        seen.append(mailing_progress(mailing, timezone.now()))

    answer = Outcome(Verdict.FAILED, "550 no such user")
    send(mailing, FakeTransport(lambda e: answer if e.recipient == refused else ACCEPTED, before=look))
    assert [each.handled for each in seen] == [0, 5, 10, 15, 20, 25, 30, 35]
    assert {each.total for each in seen} == {40}
    assert (seen[2].tally["accepted"], seen[2].tally["failed"], seen[2].tally["pending"]) == (9, 1, 30)
    assert seen[0].rate_per_minute is None
    assert seen[4].rate_per_minute > 0
    assert seen[4].seconds_left >= 0


def test_progress_of_a_batch_that_came_back_for_a_few():
    mailing = make_mailing(to=addresses(12))
    put_off = [row.email for row in mailing.deliveries.order_by("id")[:6]]
    later = Outcome(Verdict.DEFERRED, "450 later")
    send(mailing, FakeTransport(lambda e: later if e.recipient in put_off else ACCEPTED))
    assert mailing_progress(mailing, timezone.now()).handled == 6
    Delivery.objects.filter(state="deferred").update(next_attempt_at=timezone.now())
    Batch.objects.update(not_before=timezone.now())
    seen = []
    send(
        mailing,
        FakeTransport(before=lambda w: seen.append(mailing_progress(mailing, timezone.now()).handled)),
    )
    assert seen == [6, 11]
    assert states(mailing) == {"accepted": 12}


def test_the_rate_tells_how_long_it_will_take():
    mailing = make_mailing(to=addresses(40))
    now = timezone.now()
    first = mailing.batches.order_by("id").first()
    first.deliveries.update(state="accepted", accepted_at=now)
    Batch.objects.filter(pk=first.pk).update(
        state="done", tally={"accepted": 20}, claimed_at=now - timedelta(seconds=60)
    )
    progress = mailing_progress(mailing, now)
    assert (progress.handled, progress.rate_per_minute, progress.seconds_left) == (20, 20, 60)
    Mailing.objects.update(state="paused", pause_reason="staff")
    mailing.refresh_from_db()
    assert mailing_progress(mailing, now).rate_per_minute is None


def test_progress_costs_the_same_for_many_batches(django_assert_num_queries, settings):
    settings.MAILING_BATCH_SIZE = 1
    one, many = make_mailing(to=addresses(1)), make_mailing(to=addresses(20))
    for mailing in (one, many):
        with django_assert_num_queries(3):
            mailing_progress(mailing, timezone.now())
