"""Mail in the admin: what staff see, and the decisions that are theirs."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mailing.addresses import hash_address
from mailing.models import (
    Delivery,
    DeliveryEvent,
    Mailing,
    OutboxMessage,
    Subscription,
    Suppression,
    Topic,
)
from mailing.services import change_state, queue_message, record_click, subscribe_confirmed, suppress
from tests.mailing.helpers import addresses, make_mailing, make_topic, written

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


@pytest.mark.parametrize(
    ("model", "queries"), [("delivery", 8), ("mailing", 10), ("outboxmessage", 7), ("subscription", 9)]
)
@pytest.mark.parametrize("rows", [1, 20])
def test_lists_stay_flat(staff, model, queries, rows, django_assert_num_queries):
    for number in range(rows):
        make_mailing(to=addresses(2))
        email = f"reader{number}@people.example"
        queue_message(to=email, subject="Hi", text="x")
        subscribe_confirmed(email=email, topics=[make_topic()], consent_text="x", source="x")
    url = reverse(f"admin:mailing_{model}_changelist")
    staff.get(url)
    with django_assert_num_queries(queries):
        staff.get(url)


def deliveries(staff, **query) -> list[str]:
    found = staff.get(reverse("admin:mailing_delivery_changelist"), query)
    return [row.email for row in found.context["cl"].result_list]


def test_deliveries_are_filtered_by_mailing_and_state(staff):
    one, two = make_mailing(to=addresses(3)), make_mailing(to=["zoe@people.example"])
    rows = list(one.deliveries.order_by("pk"))
    first, others = rows[0], [row.email for row in rows[1:]]
    change_state(delivery_ids=[first.pk], to="failed", only_from=["pending"], why="550 no such user")
    assert deliveries(staff) == ["zoe@people.example", *reversed(others), first.email]
    assert deliveries(staff, mailing=one.pk) == [first.email, *others]
    assert deliveries(staff, mailing=two.pk) == ["zoe@people.example"]
    assert deliveries(staff, state="failed") == [first.email]
    assert deliveries(staff, mailing=two.pk, state="failed") == []
    assert deliveries(staff, mailing=one.pk, state="pending") == others
    assert deliveries(staff, q=addresses(1)[0], mailing=one.pk) == addresses(1)
    # Parts of an address would mean reading millions of rows, and nonsense is no error.
    assert deliveries(staff, q="person1") == []
    assert len(deliveries(staff, mailing="x", state="y")) == 4
    assert len(deliveries(staff, mailing="9" * 30)) == 4


def test_nobody_counts_a_million_deliveries(staff, monkeypatch):
    monkeypatch.setattr("mailing.admin.paging.COUNTED", 7)
    make_mailing(to=addresses(12))
    with CaptureQueriesContext(connection) as queries:
        page = staff.get(reverse("admin:mailing_delivery_changelist"))
    assert page.context["cl"].result_count == 7
    counting = [query["sql"] for query in queries if "COUNT(" in query["sql"] and "delivery" in query["sql"]]
    assert counting
    assert all("LIMIT 7" in sql for sql in counting)


def make_unknown(mailing: Mailing) -> list[int]:
    pks = list(mailing.deliveries.values_list("pk", flat=True))
    change_state(delivery_ids=pks, to="unknown", only_from=["pending"])
    return pks


def test_a_person_decides_about_unknown_messages(staff):
    pks = make_unknown(make_mailing(to=addresses(4)))
    asked = act(staff, "delivery", "send_again", pks[:2]).content.decode()
    assert "get the message twice" in asked
    assert set(Delivery.objects.values_list("state", flat=True)) == {"unknown"}
    done = act(staff, "delivery", "send_again", pks[:2], confirmed="yes").content.decode()
    assert "2 messages are on their way again." in done
    done = act(staff, "delivery", "count_as_sent", pks[2:], confirmed="yes").content.decode()
    assert "2 messages count as sent." in done
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == [
        *("pending", "pending", "accepted", "accepted")
    ]
    events = DeliveryEvent.objects.order_by("delivery").values_list("kind", "by")
    assert list(events) == [(kind, "staff@coalition.example") for kind in ["resent"] * 2 + ["counted"] * 2]
    assert "None of these messages is unknown." in act(staff, "delivery", "send_again", pks).content.decode()


def test_who_refused_meanwhile_is_not_sent_to_again(staff):
    pks = make_unknown(make_mailing(to=addresses(1)))
    suppress(email=addresses(1)[0], reason="staff")
    done = act(staff, "delivery", "send_again", pks, confirmed="yes").content.decode()
    assert "1 message was left alone." in done


def test_only_who_may_change_deliveries_decides(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    pks = make_unknown(make_mailing(to=addresses(1)))
    reader = get_user_model().objects.create_user(
        email="reader@coalition.example", password="x", is_staff=True
    )
    reader.user_permissions.add(Permission.objects.get(codename="view_delivery"))
    client.force_login(reader)
    act(client, "delivery", "send_again", pks, confirmed="yes")
    assert Delivery.objects.get().state == "unknown"


def test_a_delivery_tells_its_story(staff):
    mailing = make_mailing(to=addresses(1))
    (pk,) = make_unknown(mailing)
    act(staff, "delivery", "count_as_sent", [pk], confirmed="yes")
    page = staff.get(reverse("admin:mailing_delivery_change", args=[pk])).content.decode()
    assert "The mail server took it." in page
    assert "Staff count it as sent" in page
    assert staff.get(reverse("admin:mailing_delivery_change", args=[999_999])).status_code == 302
    assert staff.get("/admin/mailing/delivery/nonsense/change/").status_code == 302


def test_a_mailing_shows_what_it_says_and_how_its_batches_stand(staff, settings):
    settings.MAILING_BATCH_SIZE = 2
    spanish = written(
        language="es", subject="Noticias", text="Hola {{ first_name|amigo }}", html="<p>Hola</p>"
    )
    mailing = make_mailing(to=addresses(5), contents=[written(), spanish])
    page = staff.get(reverse("admin:mailing_mailing_change", args=[mailing.pk]))
    assert [row["batches"] for row in page.context["batches"]] == [3]
    assert [row["people"] for row in page.context["batches"]] == [5]
    assert "Noticias" in page.content.decode()
    content = mailing.contents.get(language="es")
    shown = staff.get(reverse("admin:mailing_mailing_content", args=[mailing.pk, content.pk]))
    assert "Hola Ada" in shown.content.decode()
    other = make_mailing(to=[])
    wrong = reverse("admin:mailing_mailing_content", args=[other.pk, content.pk])
    assert staff.get(wrong).status_code == 404
    empty = staff.get(reverse("admin:mailing_mailing_change", args=[other.pk])).content.decode()
    assert "No recipients yet." in empty


def test_a_single_unknown_message_may_count_as_sent(staff):
    unknown = queue_message(to="ada@people.example", subject="Hi", text="Text")
    waiting = queue_message(to="bob@people.example", subject="Hi", text="Text")
    OutboxMessage.objects.filter(pk=unknown.pk).update(state="unknown")
    pks = [unknown.pk, waiting.pk]
    assert "Nothing is sent." in act(staff, "outboxmessage", "count_as_sent", pks).content.decode()
    done = act(staff, "outboxmessage", "count_as_sent", pks, confirmed="yes").content.decode()
    assert "1 message counts as sent." in done
    assert "Only a message whose outcome is unknown" in done
    unknown.refresh_from_db()
    waiting.refresh_from_db()
    assert (unknown.state, waiting.state) == ("sent", "pending")
    assert "staff@coalition.example" in unknown.response


def test_single_messages_are_found_by_their_whole_address(staff):
    queue_message(to="ada@people.example", subject="Hi", text="Text")
    url = reverse("admin:mailing_outboxmessage_changelist")
    for words, found in [("Ada@People.example", 1), ("ada", 0), ("", 1)]:
        assert len(staff.get(url, {"q": words}).context["cl"].result_list) == found
