"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from mailing.models import (
    Batch,
    Delivery,
    DeliveryEvent,
    Mailing,
    MailingContent,
    OutboxMessage,
    Subscription,
    TrackedLink,
)
from tests.mailing.helpers import addresses, make_mailing, make_topic

pytestmark = pytest.mark.django_db


def row(**fields) -> Delivery:
    mailing = Mailing.objects.first() or make_mailing(started=False)
    batch = mailing.batches.first() or Batch.objects.create(mailing=mailing)
    return Delivery.objects.create(
        **({"mailing": mailing, "batch": batch, "email": "a@people.example"} | fields)
    )


def refuses(name: str, **fields) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row(**fields)


def test_rows_batches_and_mailings_belong_together_though_no_key_says_so():
    mailing = make_mailing(to=addresses(7), started=False)
    other = make_mailing(to=addresses(3), started=False)
    strays = Delivery.objects.exclude(batch__mailing=F("mailing"))
    assert not strays.exists()
    mailing.delete()
    assert not strays.exists()
    assert set(Delivery.objects.values_list("mailing", flat=True)) == {other.pk}
    assert set(Batch.objects.values_list("mailing", flat=True)) == {other.pk}


def test_an_address_is_in_a_mailing_once():
    row(address_hash="a")
    refuses("delivery_once_per_address", address_hash="a")


def test_a_recipient_is_in_a_mailing_once():
    row(address_hash="a", recipient=1)
    refuses("delivery_once_per_recipient", address_hash="b", recipient=1)
    row(address_hash="c")
    row(address_hash="d")


def test_a_batch_under_way_says_who_has_it_until_when():
    batch = row(address_hash="a").batch
    with pytest.raises(IntegrityError, match="batch_sending_has_lease"):
        Batch.objects.filter(pk=batch.pk).update(state="sending", claimed_at=timezone.now())


def test_a_window_does_not_end_before_it_begins():
    batch = row(address_hash="a").batch
    with pytest.raises(IntegrityError, match="batch_window_after_cursor"):
        Batch.objects.filter(pk=batch.pk).update(cursor=5, window_end=4)


def test_a_deferred_row_says_until_when():
    refuses("delivery_deferred_has_time", address_hash="a", state="deferred")


def test_only_a_paused_mailing_has_a_reason_to_be():
    mailing = make_mailing(started=False)
    with pytest.raises(IntegrityError, match="mailing_paused_has_reason"):
        Mailing.objects.filter(pk=mailing.pk).update(pause_reason="relay")


def test_a_mailing_has_each_version_once():
    mailing = make_mailing(started=False)
    with pytest.raises(IntegrityError, match="content_once"):
        MailingContent.objects.create(mailing=mailing, subject="x", text="x", html="x")


def test_an_event_of_a_provider_is_written_once():
    fields = {"provider": "p", "event_id": "1", "kind": "delivered", "happened_at": timezone.now()}
    DeliveryEvent.objects.create(**fields)
    with pytest.raises(IntegrityError, match="event_once_per_provider"):
        DeliveryEvent.objects.create(**fields)


def test_an_answer_touches_no_index():
    """PostgreSQL writes it beside the row. What an index names would have to be written there too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'mailing_delivery'")
        indexes = " ".join(definition for (definition,) in cursor.fetchall())
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'mailing_delivery'")
        assert cursor.fetchone()[0] == ["fillfactor=50"]
    for column in ("state", "response", "attempts", "next_attempt_at", "accepted_at", "slots"):
        assert column not in indexes


def test_an_accepted_row_says_when():
    refuses("delivery_accepted_has_time", address_hash="a", state="accepted")


def test_a_link_is_in_a_mailing_once():
    mailing = make_mailing(started=False)
    with pytest.raises(IntegrityError, match="link_once_per_mailing"):
        TrackedLink.objects.create(mailing=mailing, url=mailing.links.get().url)


def test_a_mailing_does_not_expire_before_it_is_sent():
    mailing = make_mailing(started=False)
    with pytest.raises(IntegrityError, match="mailing_expires_after_send"):
        Mailing.objects.filter(pk=mailing.pk).update(expires_at=mailing.send_at)


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ("sending", "outbox_sending_has_lease"),
        ("sent", "outbox_sent_has_time"),
        ("expired", "outbox_expired_has_time"),
    ],
)
def test_a_single_message_says_who_has_it_and_when_it_went(state, name):
    with pytest.raises(IntegrityError, match=name):
        OutboxMessage.objects.create(
            to="a@people.example",
            subject="x",
            message=b"",
            message_id="x",
            state=state,
            next_attempt_at=timezone.now(),
        )


def test_a_message_id_is_used_once():
    fields = {"to": "a@people.example", "message": b"", "message_id": "x", "next_attempt_at": timezone.now()}
    OutboxMessage.objects.create(**fields)
    with pytest.raises(IntegrityError):
        OutboxMessage.objects.create(**fields)


def test_nobody_is_subscribed_without_a_confirmation():
    topic = make_topic()
    with pytest.raises(IntegrityError, match="subscription_confirmed_before_subscribed"):
        Subscription.objects.create(
            email="a@people.example", address_hash="a", topic=topic, state="subscribed"
        )


def test_an_address_has_one_word_on_a_topic():
    topic = make_topic()
    Subscription.objects.create(email="a@people.example", address_hash="a", topic=topic)
    with pytest.raises(IntegrityError, match="subscription_once_per_topic"):
        Subscription.objects.create(email="A@people.example", address_hash="a", topic=topic)
