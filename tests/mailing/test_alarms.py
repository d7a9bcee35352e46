"""Staff hear when mail stands still: once, who it should be, and again when it is over."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from mailing import tasks
from mailing.models import Batch, Delivery, OutboxMessage, Relay
from mailing.services import alarms, resolve_unknown
from mailing.services.installation import note_installation
from mailing.services.pumping import pump
from mailing.wire import health
from mailing.wire.relays import members
from tests.mailing.helpers import addresses, make_mailing

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _boss(settings):
    settings.MAILING_ALARM_TO = ["boss@coalition.example"]


def told() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("subject", flat=True))


def make_down(minutes: float, name: str = "") -> Relay:
    health.note_down(name or members()[0].name, "421 try later", NOW - timedelta(minutes=minutes))
    return Relay.objects.get(name=name or members()[0].name)


def test_a_mail_server_that_blinks_is_nobodys_business():
    make_down(0.5)
    assert alarms.tell_staff_relay_down(now=NOW) == 0
    assert told() == []


def test_a_silent_mail_server_is_told_once_and_told_again_when_it_is_back():
    relay = make_down(5)
    assert alarms.tell_staff_relay_down(now=NOW) == 1
    assert alarms.tell_staff_relay_down(now=NOW + timedelta(minutes=5)) == 0
    assert alarms.tell_staff_relay_up(now=NOW) == 0
    (message,) = OutboxMessage.objects.all()
    assert (message.to, message.precedence) == ("boss@coalition.example", OutboxMessage.Precedence.NOTICE)
    text = bytes(message.message).decode()
    assert "421 try later" in text
    assert "No mail server answers" in text
    health.note_up(relay.name, NOW)
    assert alarms.tell_staff_relay_up(now=NOW) == 1
    assert alarms.tell_staff_relay_up(now=NOW) == 0
    assert told() == ["A mail server does not answer", "A mail server answers again"]
    # The next incident is told anew.
    make_down(2)
    assert alarms.tell_staff_relay_down(now=NOW) == 1


def test_with_another_mail_server_left_the_words_say_so(settings):
    settings.EMAIL_RELAYS = ["smtp://one.example:25", "smtp://two.example:25"]
    make_down(5, "one.example:25")
    alarms.tell_staff_relay_down(now=NOW)
    (message,) = OutboxMessage.objects.all()
    assert "the other mail server" in bytes(message.message).decode()


def test_the_clock_tells_and_pauses_and_tells_again(settings):
    mailing = make_mailing(to=addresses(3))
    relay = make_down(5)
    Relay.objects.update(try_again_at=timezone.now() + timedelta(hours=1))
    pump(now=timezone.now())
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pause_reason) == ("paused", "relay")
    health.note_up(relay.name, timezone.now())
    pump(now=timezone.now())
    mailing.refresh_from_db()
    assert mailing.state == "sending"
    assert told() == ["A mail server does not answer", "A mail server answers again"]


def test_with_nobody_named_all_superusers_hear(settings):
    settings.MAILING_ALARM_TO = []
    users = get_user_model().objects
    users.create_superuser(email="one@coalition.example", password="x")
    users.create_superuser(email="gone@coalition.example", password="x", is_active=False)
    users.create_user(email="member@people.example", password="x")
    make_down(5)
    alarms.tell_staff_relay_down(now=NOW)
    assert list(OutboxMessage.objects.values_list("to", flat=True)) == ["one@coalition.example"]


def lose(mailing, number: int) -> None:
    """As if a worker had been killed with these messages in its window."""
    now = timezone.now()
    ids = sorted(mailing.deliveries.filter(state="pending").values_list("pk", flat=True))[:number]
    Batch.objects.filter(mailing=mailing).update(
        state="sending",
        lease="9f0c8a52-0000-4000-8000-000000000000",
        claimed_at=now - timedelta(minutes=9),
        lease_until=now - timedelta(minutes=5),
        cursor=0,
        window_end=ids[-1],
    )


def test_unknown_messages_are_told_once_while_they_wait_for_a_decision():
    note_installation(now=timezone.now())
    first, second = make_mailing(to=addresses(5)), make_mailing(to=addresses(5))
    lose(first, 2)
    assert tasks.settle_expired_leases()["unknown"] == 2
    assert told() == ["Messages whose outcome is unknown"]
    lose(second, 1)
    assert tasks.settle_expired_leases()["unknown"] == 1
    assert len(told()) == 1
    # Everything decided: what is lost now is a new incident.
    resolve_unknown(
        deliveries=Delivery.objects.filter(state="unknown"), decision="counted", by="boss@coalition.example"
    )
    lose(second, 1)
    tasks.settle_expired_leases()
    assert len(told()) == 2


def test_nothing_unknown_is_nothing_to_tell():
    note_installation(now=timezone.now())
    assert not alarms.tell_staff_unknowns(now=NOW)
    assert told() == []
