"""Forgetting an address: nothing readable stays, and nobody mails it again."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from mailing import tokens
from mailing.addresses import hash_address
from mailing.models import Delivery, DeliveryEvent, OutboxMessage, Preference, Subscription, Suppression
from mailing.reports import ProviderEvent
from mailing.services import lift_suppression, queue_message, subscribe, subscribe_confirmed, suppress
from mailing.services.erasure import OWNER, erase_address
from mailing.services.events import record_events
from mailing.services.preferences import pause_mail
from tests.mailing.helpers import check_figures, hand_over, make_mailing, make_topic, states

pytestmark = pytest.mark.django_db
ADA, BOB = "ada.lovelace@people.example", "bob@people.example"
NOW = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def topic():
    return make_topic("action-alerts")


@pytest.fixture
def known(topic):
    """Ada, with everything the mail engine can know of somebody."""
    sent = hand_over(make_mailing(to=[ADA, BOB], topic=topic))
    waiting = make_mailing(to=[ADA, BOB], topic=topic)
    subscribe_confirmed(email=ADA, topics=[topic], consent_text="x", source="x")
    pause_mail(email=ADA, until=NOW)
    queue_message(to=ADA, subject=f"For {ADA}", text=f"Hello {ADA}")
    delivery = sent.deliveries.get(email=ADA)
    words = f"450 <{ADA.upper()}> is full"
    record_events(
        provider="test",
        events=[ProviderEvent(kind="deferred", happened_at=NOW, email=ADA, reason=words)],
    )
    return sent, waiting, delivery


def everything() -> str:
    """All that the mail engine's tables hold, as text."""
    texts = []
    with connection.cursor() as cursor:
        for model in apps.get_app_config("mailing").get_models():
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" AS t')
            texts += [row for (row,) in cursor.fetchall()]
        cursor.execute("SELECT encode(message, 'escape') FROM mailing_outboxmessage")
        texts += [row for (row,) in cursor.fetchall()]
    return "\n".join(texts).lower()


def test_nothing_readable_stays(known):
    assert "lovelace" in everything()
    erased = erase_address(email=f" {ADA.upper()} ", by=OWNER)
    assert (erased.deliveries, erased.subscriptions, erased.messages) == (2, 1, 1)
    assert "lovelace" not in everything()
    assert "a…@" not in everything()
    assert BOB in everything()


def test_what_waits_is_taken_back_and_what_went_out_still_adds_up(known):
    sent, waiting, _delivery = known
    erase_address(email=ADA, by=OWNER)
    assert states(sent) == {"accepted": 2}
    assert states(waiting) == {"pending": 1, "suppressed": 1}
    check_figures()


def test_nobody_mails_it_again_however_often_it_is_imported(known, topic):
    erase_address(email=ADA, by=OWNER)
    assert states(make_mailing(to=[ADA], topic=topic)) == {"suppressed": 1}
    row = Suppression.objects.get()
    assert (row.address_hash, row.reason, row.hint, row.note) == (hash_address(ADA), "erased", "", "")


def test_twice_does_no_harm(known):
    erase_address(email=ADA, by=OWNER)
    again = erase_address(email=ADA, by=OWNER)
    assert (again.deliveries, again.subscriptions, again.messages) == (0, 0, 0)
    assert Suppression.objects.count() == 1


def test_an_earlier_suppression_forgets_its_hint_and_words(known):
    suppress(email=ADA, reason="bounced", note=f"{ADA} is gone")
    erase_address(email=ADA, by="staff@portal.example")
    row = Suppression.objects.get()
    assert (row.reason, row.hint, row.note) == ("erased", "", "staff@portal.example")


def test_what_staff_stopped_stays_stopped_by_staff(known):
    suppress(email=ADA, reason="staff")
    erase_address(email=ADA, by=OWNER)
    assert Suppression.objects.get().reason == "staff"


def test_the_owner_can_come_back_from_the_mailbox_itself(known, topic):
    erase_address(email=ADA, by=OWNER)
    subscribe(email=ADA, topics=[topic], consent_text="x", source="x")
    assert Suppression.objects.exists()
    client = Client()
    client.post(reverse("mailing:subscribe_confirm", args=[tokens.confirm_token(ADA)]))
    assert not Suppression.objects.exists()
    assert Subscription.objects.active().get().email == ADA


def test_a_late_report_brings_nothing_readable_back(known):
    _sent, _waiting, delivery = known
    erase_address(email=ADA, by=OWNER)
    from mailing.composing.message import message_id

    late = ProviderEvent(
        kind="bounced",
        happened_at=NOW,
        message_id=message_id("m", delivery.mailing_id, delivery.pk),
        email=ADA,
        reason=f"550 5.1.1 {ADA} unknown",
    )
    record_events(provider="test", events=[late])
    assert "lovelace" not in everything()
    assert Delivery.objects.get(pk=delivery.pk).state == "bounced"
    assert Suppression.objects.get().reason == "erased"


def test_old_links_say_so_and_one_click_still_answers(known):
    _sent, _waiting, delivery = known
    links = {
        "view_online": tokens.view_token(delivery),
        "why": tokens.why_token(delivery),
    }
    one_click = reverse("mailing:unsubscribe", args=[tokens.unsubscribe_token(delivery)])
    erase_address(email=ADA, by=OWNER)
    client = Client(enforce_csrf_checks=True)
    for name, token in links.items():
        assert client.get(reverse(f"mailing:{name}", args=[token])).status_code == 404
    assert client.get(one_click).status_code == 200
    for data in ({"List-Unsubscribe": "One-Click"}, {"instead": "weekly"}, {}):
        assert client.post(one_click, data).status_code == 200
    assert not Subscription.objects.exists()


def test_lifting_an_erased_address_tells_nothing_but_who(known):
    erase_address(email=ADA, by=OWNER)
    lift_suppression(suppression=Suppression.objects.get(), by="staff@portal.example")
    assert DeliveryEvent.objects.get(kind="lifted").by == "staff@portal.example"
    assert "lovelace" not in everything()


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_asks_and_only_its_button_forgets(known):
    client = Client(enforce_csrf_checks=True)
    text = client.get(reverse("mailing:preferences", args=[tokens.address_token(ADA)])).content.decode()
    path = reverse("mailing:forget", args=[tokens.forget_token(ADA)])
    assert path in text
    text = client.get(path).content.decode()
    assert "Shall we forget this address?" in text
    assert "this page does not reach them" in text
    assert Preference.objects.exists()
    assert "We have forgotten your address" in client.post(path).content.decode()
    assert "lovelace" not in everything()
    assert not OutboxMessage.objects.exists()
    assert client.post(path).status_code == 200


@pytest.mark.parametrize("token", [tokens.address_token, tokens.confirm_token, tokens.summary_token])
def test_another_purposes_token_forgets_nothing(known, token):
    assert Client().post(reverse("mailing:forget", args=[token(ADA)])).status_code == 404
    assert "lovelace" in everything()


def test_the_link_is_good_for_a_day(known, clock):
    path = reverse("mailing:forget", args=[tokens.forget_token(ADA)])
    clock.move_to(datetime(2026, 3, 6, 20, 0, 1, tzinfo=UTC), tick=False)
    assert Client().post(path).status_code == 410
    assert "lovelace" in everything()
