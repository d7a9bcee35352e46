"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mailing.models import Delivery, Mailing, OutboxMessage, Subscription, TrackedLink
from tests.mailing.helpers import make_mailing, make_topic

pytestmark = pytest.mark.django_db


def row(**fields) -> Delivery:
    mailing = Mailing.objects.first() or make_mailing(started=False)
    return Delivery.objects.create(**({"mailing": mailing, "email": "a@people.example"} | fields))


def refuses(name: str, **fields) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row(**fields)


def test_an_address_is_in_a_mailing_once():
    row(address_hash="a")
    refuses("delivery_once_per_address", address_hash="a")


def test_a_recipient_is_in_a_mailing_once():
    row(address_hash="a", recipient=1)
    refuses("delivery_once_per_recipient", address_hash="b", recipient=1)
    row(address_hash="c")
    row(address_hash="d")


@pytest.mark.parametrize("state", ["claimed", "sending"])
def test_a_row_in_flight_has_a_lease(state):
    refuses("delivery_in_flight_has_lease", address_hash="a", state=state)


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
    ("state", "name"), [("sending", "outbox_sending_has_lease"), ("sent", "outbox_sent_has_time")]
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
