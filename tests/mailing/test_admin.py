"""Mail in the admin: what staff see, and the decisions that are theirs."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from mailing.addresses import hash_address
from mailing.models import Delivery, Mailing, OutboxMessage, Subscription, Suppression, Topic
from mailing.services import queue_message, record_click, subscribe_confirmed, suppress
from tests.mailing.helpers import addresses, make_mailing, make_topic

pytestmark = pytest.mark.django_db
MODELS = ["topic", "subscription", "suppression", "mailing", "delivery", "outboxmessage"]


@pytest.fixture
def staff(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(
        get_user_model().objects.create_superuser(email="staff@coalition.example", password="x")
    )
    return client


@pytest.fixture
def rows():
    mailing = make_mailing(to=addresses(3))
    subscribe_confirmed(email="ada@people.example", topics=[make_topic()], consent_text="x", source="x")
    suppress(email="bob@people.example", reason="staff", note="by phone")
    queue_message(to="ada@people.example", subject="Hi", text="Grüße an <b>alle</b>", html="<p>x</p>")
    record_click(delivery=mailing.deliveries.first(), link=mailing.links.first())


@pytest.mark.parametrize("model", MODELS)
def test_lists_and_records_open(staff, rows, model):
    page = staff.get(reverse(f"admin:mailing_{model}_changelist"))
    assert page.status_code == 200
    row = {
        "topic": Topic,
        "subscription": Subscription,
        "suppression": Suppression,
        "mailing": Mailing,
        "delivery": Delivery,
        "outboxmessage": OutboxMessage,
    }[model].objects.first()
    assert staff.get(reverse(f"admin:mailing_{model}_change", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("model", ["subscription", "suppression", "delivery"])
@pytest.mark.parametrize(("query", "found"), [("ADA@people.example", True), ("eve@people.example", False)])
def test_addresses_are_found_by_their_hash(staff, model, query, found):
    make_mailing(to=["ada@people.example", "zoe@people.example"])
    subscribe_confirmed(email="ada@people.example", topics=[make_topic()], consent_text="x", source="x")
    suppress(email="ada@people.example", reason="staff")
    url = reverse(f"admin:mailing_{model}_changelist")
    response = staff.get(url, {"q": query})
    assert response.context["cl"].result_count == int(found)
    assert staff.get(url, {"q": "people"}).status_code == 200


def test_the_message_is_shown_decoded_and_escaped(staff, rows):
    url = reverse("admin:mailing_outboxmessage_change", args=[OutboxMessage.objects.get().pk])
    assert "Grüße an &lt;b&gt;alle&lt;/b&gt;" in staff.get(url).content.decode()


@pytest.mark.parametrize("model", ["subscription", "mailing", "delivery", "outboxmessage"])
def test_what_the_engine_writes_staff_only_read(staff, rows, model):
    assert staff.get(reverse(f"admin:mailing_{model}_add")).status_code == 403
    row = {
        "subscription": Subscription,
        "mailing": Mailing,
        "delivery": Delivery,
        "outboxmessage": OutboxMessage,
    }[model].objects.first()
    assert (
        staff.post(reverse(f"admin:mailing_{model}_change", args=[row.pk]), {"state": "x"}).status_code == 403
    )
    assert (
        staff.post(reverse(f"admin:mailing_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code
        == 403
    )


def act(staff, model: str, action: str, pks: list[int], **data):
    url = reverse(f"admin:mailing_{model}_changelist")
    return staff.post(url, {"action": action, "_selected_action": pks} | data, follow=True)


def test_sending_again_asks_first(staff):
    unknown = queue_message(to="ada@people.example", subject="Hi", text="Text")
    sent = queue_message(to="bob@people.example", subject="Hi", text="Text")
    OutboxMessage.objects.filter(pk=unknown.pk).update(state="unknown")
    OutboxMessage.objects.filter(pk=sent.pk).update(state="sent", sent_at=timezone.now())
    pks = [unknown.pk, sent.pk]
    asked = act(staff, "outboxmessage", "send_again", pks).content.decode()
    assert "may get it twice" in asked or "may then get it twice" in asked
    unknown.refresh_from_db()
    assert unknown.state == "unknown"
    done = act(staff, "outboxmessage", "send_again", pks, confirmed="yes").content.decode()
    assert "1 message is on its way again." in done
    assert "Only a message that failed or is unknown" in done
    unknown.refresh_from_db()
    sent.refresh_from_db()
    assert (unknown.state, sent.state) == ("pending", "sent")


def test_staff_stop_an_address_and_lift_it(staff):
    mailing = make_mailing(to=["ada@people.example"])
    response = staff.post(
        reverse("admin:mailing_suppression_add"),
        {"email": "Ada@people.example", "note": "by phone"},
        follow=True,
    )
    assert response.status_code == 200
    row = Suppression.objects.get()
    assert (row.address_hash, row.reason, row.note) == (
        hash_address("ada@people.example"),
        "staff",
        "by phone",
    )
    assert mailing.deliveries.get().state == "suppressed"
    assert "breaks the law" in act(staff, "suppression", "lift", [row.pk]).content.decode()
    assert Suppression.objects.exists()
    act(staff, "suppression", "lift", [row.pk], confirmed="yes")
    assert not Suppression.objects.exists()


def test_stopping_an_address_twice_keeps_the_first_reason(staff):
    suppress(email="ada@people.example", reason="complained")
    staff.post(reverse("admin:mailing_suppression_add"), {"email": "ada@people.example", "note": "x"})
    assert Suppression.objects.get().reason == "complained"


def test_a_topics_short_name_stays(staff):
    topic = make_topic()
    staff.post(
        reverse("admin:mailing_topic_change", args=[topic.pk]),
        {"name": "New", "slug": "other", "description": "What", "order": 3},
    )
    topic.refresh_from_db()
    assert (topic.name, topic.slug) == ("New", "action-alerts")


def test_lists_stay_flat(staff, django_assert_max_num_queries):
    make_mailing(to=addresses(30))
    staff.get(reverse("admin:mailing_delivery_changelist"))
    with django_assert_max_num_queries(12):
        staff.get(reverse("admin:mailing_delivery_changelist"))
