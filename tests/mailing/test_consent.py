"""Yes, no, and no to everything: only the mailbox itself decides."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mailing import tasks, tokens
from mailing.addresses import hash_address, normalize_address
from mailing.errors import BadToken, ExpiredToken
from mailing.models import DeliveryEvent, OutboxMessage, Preference, Subscription, Suppression, Topic
from mailing.services import (
    confirm_subscription,
    keep_suppression,
    lift_suppression,
    subscribe,
    subscribe_confirmed,
    suppress,
    unsubscribe,
)
from mailing.services.tallies import recount
from tests.mailing.helpers import addresses, make_mailing, make_topic, states

pytestmark = pytest.mark.django_db
ADA = "ada@people.example"
State = Subscription.State


@pytest.fixture
def alerts() -> Topic:
    return make_topic("action-alerts")


@pytest.fixture
def news() -> Topic:
    return make_topic("coalition-news")


def ask(*topics: Topic, email: str = ADA) -> None:
    subscribe(email=email, topics=topics, consent_text="Yes please.", source="test")


def state(topic: Topic, email: str = ADA) -> str | None:
    row = Subscription.objects.filter(address_hash=hash_address(email), topic=topic).first()
    return row.state if row else None


def test_typing_an_address_subscribes_nobody(alerts):
    ask(alerts)
    assert state(alerts) == State.PENDING
    assert not Subscription.objects.active().exists()
    mail = OutboxMessage.objects.get()
    assert mail.to == ADA
    assert "confirm" in mail.subject.lower()


def test_the_mailbox_says_yes(alerts, news):
    ask(alerts, news)
    topics = confirm_subscription(token=tokens.confirm_token(ADA))
    assert set(topics) == {alerts, news}
    row = Subscription.objects.get(topic=alerts)
    assert (row.state, row.consent_text, row.source) == (State.SUBSCRIBED, "Yes please.", "test")
    assert row.confirmed_at
    assert confirm_subscription(token=tokens.confirm_token(ADA)) == []


@pytest.mark.parametrize("known", [True, False])
def test_a_thousand_sign_ups_make_one_mail_an_hour(alerts, known, time_machine):
    if known:
        subscribe_confirmed(email=ADA, topics=[alerts], consent_text="x", source="x")
    time_machine.move_to("2026-03-05T20:00:00Z", tick=False)
    for number in range(50):
        ask(alerts, email=["Ada@people.example", " ada@PEOPLE.example"][number % 2])
    assert OutboxMessage.objects.count() == 1
    time_machine.move_to("2026-03-05T21:00:01Z", tick=False)
    ask(alerts)
    assert OutboxMessage.objects.count() == 2


def test_how_often_and_in_which_language_counts_once_the_mailbox_says_yes(alerts):
    subscribe(email=ADA, topics=[alerts], consent_text="x", source="x", frequency="weekly", language="es")
    assert not Preference.objects.exists()
    confirm_subscription(token=tokens.confirm_token(ADA, "es"))
    assert Subscription.objects.get().frequency == "weekly"
    assert Preference.objects.get().language == "es"


def test_a_stranger_changes_no_wish_of_a_subscriber(alerts):
    subscribe_confirmed(email=ADA, topics=[alerts], consent_text="x", source="x")
    subscribe(email=ADA, topics=[alerts], consent_text="x", source="x", frequency="weekly", language="es")
    assert Subscription.objects.get().frequency == "each"
    # The token a subscriber gets in such a mail confirms nothing, so it chooses no language either.
    confirm_subscription(token=tokens.confirm_token(ADA, "es"))
    assert not Preference.objects.exists()


@pytest.mark.parametrize("language", ["", "es"])
def test_a_confirmation_token_carries_address_and_language(language):
    token = tokens.confirm_token(" Ada@BÜCHER.example", language)
    assert tokens.open_confirm(token) == "ada@xn--bcher-kva.example"
    assert tokens.confirmed_language(token) == language


def test_a_topic_asked_for_within_the_hour_is_confirmed_by_the_same_mail(alerts, news):
    ask(alerts)
    ask(news)
    assert OutboxMessage.objects.count() == 1
    assert set(confirm_subscription(token=tokens.confirm_token(ADA))) == {alerts, news}


def test_a_stranger_cannot_undo_a_refusal(alerts):
    unsubscribe(email=ADA, topic=alerts)
    ask(alerts)
    assert state(alerts) == State.UNSUBSCRIBED
    confirm_subscription(token=tokens.confirm_token(ADA))
    assert state(alerts) == State.SUBSCRIBED


def test_a_sign_up_waits_a_week_and_is_then_forgotten(alerts, time_machine):
    time_machine.move_to("2026-03-05T20:00:00Z", tick=False)
    ask(alerts)
    token = tokens.confirm_token(ADA)
    time_machine.move_to("2026-03-12T20:00:01Z", tick=False)
    with pytest.raises(ExpiredToken):
        confirm_subscription(token=token)
    assert confirm_subscription(token=tokens.confirm_token(ADA)) == []
    assert tasks.purge_unconfirmed_subscriptions() == 1


def test_the_purge_keeps_every_yes_and_no(alerts, news, time_machine):
    subscribe_confirmed(email=ADA, topics=[alerts], consent_text="x", source="x")
    unsubscribe(email=ADA, topic=news)
    ask(alerts, email="new@people.example")
    assert tasks.purge_unconfirmed_subscriptions() == 0
    assert Subscription.objects.count() == 3


@pytest.mark.parametrize("token", ["", "x", "ada.1.sig", "YWRh.1svv.xxxx"])
def test_forged_tokens_confirm_nothing(token, alerts):
    ask(alerts)
    with pytest.raises(BadToken):
        confirm_subscription(token=token)


def test_a_token_of_another_purpose_confirms_nothing(alerts):
    ask(alerts)
    with pytest.raises(BadToken):
        confirm_subscription(token=tokens.address_token(ADA))


def test_unsubscribing_twice_does_no_harm_and_keeps_waiting_mail_back(alerts, news):
    waiting, other = make_mailing(to=addresses(2), topic=alerts), make_mailing(to=addresses(2), topic=news)
    for _ in range(2):
        unsubscribe(email="Person1@people.example", topic=alerts)
    assert states(waiting) == {"pending": 1, "suppressed": 1}
    assert states(other) == {"pending": 2}
    unsubscribe(email="person1@people.example", topic=None)
    unsubscribe(email="person1@people.example", topic=None)
    assert states(other) == {"pending": 1, "suppressed": 1}
    assert Suppression.objects.get().reason == Suppression.Reason.UNSUBSCRIBED


def test_what_has_gone_out_is_not_rewritten(alerts):
    mailing = make_mailing(to=addresses(3), topic=alerts)
    for number, (row, gone) in enumerate(
        zip(mailing.deliveries.all(), ["accepted", "unknown", "failed"], strict=True), 1
    ):
        type(row).objects.filter(pk=row.pk).update(state=gone, accepted_at=timezone.now())
        recount([row.batch_id])
        unsubscribe(email=f"person{number}@people.example", topic=alerts)
    mailing.batches.update(state="done")
    assert states(mailing) == {"accepted": 1, "unknown": 1, "failed": 1}


def test_a_suppression_keeps_its_first_reason_and_a_hint_only():
    suppress(email=ADA, reason=Suppression.Reason.COMPLAINED, note="from the provider")
    suppress(email=ADA.upper(), reason=Suppression.Reason.STAFF)
    row = Suppression.objects.get()
    assert (row.reason, row.hint) == ("complained", "a…@people.example")


def test_coming_back_for_one_topic_is_no_yes_to_the_others(alerts, news):
    """Partners get some topics by belonging; "stop everything" meant those too."""
    unsubscribe(email=ADA, topic=None)
    subscribe_confirmed(email=ADA, topics=[alerts], consent_text="x", source="x")
    assert not Suppression.objects.exists()
    assert state(news) == State.UNSUBSCRIBED


def test_what_staff_stopped_only_staff_lift(alerts):
    suppression = suppress(email=ADA, reason=Suppression.Reason.STAFF)
    subscribe_confirmed(email=ADA, topics=[alerts], consent_text="x", source="x")
    assert Suppression.objects.exists()
    lift_suppression(suppression=suppression, by="staff@portal.example")
    assert not Suppression.objects.exists()


def test_lifting_says_for_good_who_did_it_and_what_was_lifted():
    suppression = suppress(email=ADA, reason=Suppression.Reason.BOUNCED, note="550 unknown")
    lift_suppression(suppression=suppression, by="staff@portal.example")
    event = DeliveryEvent.objects.get(kind="lifted")
    assert (event.by, event.address_hash) == ("staff@portal.example", hash_address(ADA))
    assert event.reason == "the mailbox does not exist. 550 unknown"


def test_the_first_to_review_a_suppression_stays_named():
    suppression = suppress(email=ADA, reason=Suppression.Reason.BOUNCED)
    keep_suppression(suppression=suppression, by="first@portal.example")
    kept = keep_suppression(suppression=suppression, by="second@portal.example")
    assert kept.reviewed_by == "first@portal.example"
    assert kept.reviewed_at is not None


def test_a_private_topic_is_offered_only_to_those_who_got_it(alerts):
    private = make_topic("staff-notes", is_public=False)
    assert private not in Topic.objects.offered_to(hash_address(ADA))
    make_mailing(to=[ADA], topic=private)
    assert private in Topic.objects.offered_to(hash_address(ADA))
    assert set(Topic.objects.mailed_to(hash_address(ADA))) == {private}
    unsubscribe(email=ADA, topic=private)
    assert not Topic.objects.mailed_to(hash_address(ADA)).exists()


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        (" Ada@People.Example ", "ada@people.example"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("no-at-sign", "no-at-sign"),
        ("a@" + "x" * 100 + ".example", "a@" + "x" * 100 + ".example"),
    ],
)
def test_one_address_has_one_form(written, compared):
    assert normalize_address(written) == compared
    assert hash_address(written) == hash_address(compared)


def test_an_address_is_hashed_with_our_key(settings):
    before = hash_address(ADA)
    settings.MAILING_HASH_KEY = "another"
    assert hash_address(ADA) != before


def test_the_confirmation_says_what_is_confirmed(alerts):
    from mailing import emails

    message = emails.confirmation(ADA, [alerts], tokens.confirm_token(ADA))
    for part in (message.text, message.html):
        assert "Action alerts" in part
        assert "/updates/confirm/" in part
        assert "Illinois Partners" in part
    assert "&lt;" not in message.text


def test_signing_up_again_for_the_same_tells_the_mailbox_so(alerts):
    subscribe_confirmed(email=ADA, topics=[alerts], consent_text="x", source="x")
    ask(alerts)
    assert "already" in OutboxMessage.objects.get().subject
    assert state(alerts) == State.SUBSCRIBED


def test_asking_for_one_more_topic_leaves_the_first_alone(alerts, news):
    subscribe_confirmed(email=ADA, topics=[alerts], consent_text="first words", source="x")
    ask(alerts, news)
    assert confirm_subscription(token=tokens.confirm_token(ADA)) == [news]
    assert Subscription.objects.get(topic=alerts).consent_text == "first words"


def test_old_requests_do_not_ride_on_new_ones(alerts, news):
    ask(news)
    Subscription.objects.update(asked_at=timezone.now() - timedelta(days=8), asked_by_mail_at=None)
    ask(alerts)
    assert confirm_subscription(token=tokens.confirm_token(ADA)) == [alerts]
