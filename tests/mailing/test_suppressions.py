"""Stopped addresses at the staff desk: what led to it, who looked, who let through; and how many complain."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mailing.health import complaint_rates
from mailing.models import Batch, DeliveryEvent, Subscription, Suppression
from mailing.reports import ProviderEvent
from mailing.services import keep_suppression, subscribe_confirmed
from mailing.services.events import record_events
from tests.mailing.helpers import addresses, hand_over, make_mailing, make_topic

pytestmark = pytest.mark.django_db
ADA = "ada@people.example"
NOW = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)
LIST = "/admin/mailing/suppression/"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def desk(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(
        get_user_model().objects.create_superuser(email="staff@coalition.example", password="x")
    )
    return client


@pytest.fixture
def bounced():
    """An address that bounced, with the message that did."""
    mailing = hand_over(make_mailing(to=[ADA]))
    report(mailing.deliveries.get(), "bounced", "550 5.1.1 unknown")
    return Suppression.objects.get()


def report(delivery, kind: str, reason: str = "", at: datetime = NOW) -> None:
    event = ProviderEvent(kind=kind, happened_at=at, email=delivery.email, reason=reason)
    record_events(provider="postmark", events=[event])


def one(row: Suppression, step: str = "change") -> str:
    return f"{LIST}{row.pk}/{step}/"


# --- Review -----------------------------------------------------------------------------------------------------------


def test_the_record_shows_what_led_to_it(desk, bounced):
    text = desk.get(one(bounced)).content.decode()
    for words in ("What was reported", "550 5.1.1 unknown", "Reported by postmark.", "a…@people.example"):
        assert words in text
    assert ADA not in text


def test_keeping_names_who_looked_and_leaves_the_list(desk, bounced):
    assert "a…@people.example" in desk.get(f"{LIST}?reviewed=no").content.decode()
    assert "Keep" in desk.get(f"{LIST}{bounced.pk}/keep/").content.decode()
    assert Suppression.objects.get().reviewed_at is None
    desk.post(f"{LIST}{bounced.pk}/keep/")
    row = Suppression.objects.get()
    assert (row.reviewed_by, row.reviewed_at) == ("staff@coalition.example", NOW)
    assert "a…@people.example" not in desk.get(f"{LIST}?reviewed=no").content.decode()
    assert "kept by staff@coalition.example" in desk.get(f"{LIST}?reviewed=yes").content.decode()


def test_several_are_kept_at_once(desk, bounced):
    desk.post(LIST, {"action": "keep", "_selected_action": [bounced.pk]})
    assert Suppression.objects.get().reviewed_by == "staff@coalition.example"


def test_lifting_asks_first_and_is_remembered(desk, bounced):
    text = desk.get(f"{LIST}{bounced.pk}/lift/").content.decode()
    assert "breaks the law" in text
    assert Suppression.objects.exists()
    assert desk.post(f"{LIST}{bounced.pk}/lift/")["Location"] == LIST
    assert not Suppression.objects.exists()
    event = DeliveryEvent.objects.get(kind="lifted")
    assert (event.by, event.happened_at) == ("staff@coalition.example", NOW)
    assert "staff@coalition.example" in desk.get("/admin/mailing/deliveryevent/").content.decode()


def test_several_are_lifted_after_a_question(desk, bounced):
    data = {"action": "lift", "_selected_action": [bounced.pk]}
    assert "breaks the law" in desk.post(LIST, data).content.decode()
    assert Suppression.objects.exists()
    desk.post(LIST, data | {"confirmed": "yes"})
    assert DeliveryEvent.objects.get(kind="lifted").by == "staff@coalition.example"


def test_staff_stop_an_address_by_hand(desk):
    desk.post(f"{LIST}add/", {"email": "Bob@People.example", "note": "by phone"})
    row = Suppression.objects.get()
    assert (row.reason, row.hint, row.note) == ("staff", "b…@people.example", "by phone")


@pytest.mark.parametrize("step", ["keep", "lift"])
def test_looking_is_not_deciding(client, settings, bounced, step):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    reader = get_user_model().objects.create_user(
        email="reader@coalition.example", password="x", is_staff=True
    )
    reader.user_permissions.add(Permission.objects.get(codename="view_suppression"))
    client.force_login(reader)
    assert client.get(LIST).status_code == 200
    assert client.post(f"{LIST}{bounced.pk}/{step}/").status_code in {302, 403}
    assert client.post(f"{LIST}forget/", {"email": ADA}).status_code in {302, 403}
    row = Suppression.objects.get()
    assert (row.reason, row.reviewed_at) == ("bounced", None)


def test_a_record_that_is_gone_is_said_to_be_gone(desk, bounced):
    bounced.delete()
    for step in ("keep", "lift"):
        assert desk.get(f"{LIST}999999/{step}/").status_code == 404


# --- Forgetting -------------------------------------------------------------------------------------------------------


def test_staff_forget_an_address_for_somebody_who_asks(desk):
    subscribe_confirmed(email=ADA, topics=[make_topic()], consent_text="x", source="x")
    assert "Forget an address" in desk.get(LIST).content.decode()
    text = desk.get(f"{LIST}forget/").content.decode()
    assert "This cannot be undone" in text
    assert "Back to “suppressed addresses”" in text
    assert "People and Logins" in text
    assert "Enter the address to forget." in desk.post(f"{LIST}forget/", {"email": ""}).content.decode()
    assert Subscription.objects.exists()
    assert desk.post(f"{LIST}forget/", {"email": ADA}).status_code == 302
    assert not Subscription.objects.exists()
    row = Suppression.objects.get()
    assert (row.reason, row.note, str(row)) == ("erased", "staff@coalition.example", row.address_hash[:12])


# --- Lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["suppression", "subscription", "preference", "deliveryevent"])
def test_lists_stay_flat(desk, model):
    def grow(start: int, stop: int) -> None:
        for number in range(start, stop):
            email = f"p{number}@people.example"
            mailing = hand_over(make_mailing(to=[email]))
            subscribe_confirmed(email=email, topics=[make_topic()], consent_text="x", source="x")
            report(mailing.deliveries.get(), "complained")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert desk.get(reverse(f"admin:mailing_{model}_changelist")).status_code == 200
        return len(captured)

    grow(0, 1)
    queries()
    first = queries()
    grow(1, 20)
    assert queries() == first


def test_a_records_page_stays_flat(desk, bounced):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(one(bounced)).status_code == 200
        return len(captured)

    queries()
    first = queries()
    for number in range(19):
        mailing = make_mailing(to=[f"x{number}@people.example"])
        mailing.deliveries.update(address_hash=bounced.address_hash, state="accepted", accepted_at=NOW)
        DeliveryEvent.objects.create(
            provider="x",
            event_id=str(number),
            kind="bounced",
            delivery=mailing.deliveries.get(),
            address_hash=bounced.address_hash,
            happened_at=NOW,
        )
    assert queries() == first


# --- Complaints -------------------------------------------------------------------------------------------------------


def test_complaints_are_weighed_against_what_was_sent_by_topic(desk, clock):
    alerts, news, quiet = (make_topic(slug) for slug in ("action-alerts", "coalition-news", "weather"))
    mailing = hand_over(make_mailing(to=addresses(500), topic=alerts))
    hand_over(make_mailing(to=[f"n{number}@news.example" for number in range(400)], topic=news))
    for delivery in mailing.deliveries.all()[:1]:
        report(delivery, "complained")
    every, first, second = complaint_rates(NOW)
    assert (every.topic, every.handed_over, every.complaints) == (None, 900, 1)
    assert (first.topic, first.handed_over, first.complaints, first.level) == (alerts, 500, 1, "warn")
    assert (second.topic, second.percent, second.level) == (news, 0, "good")
    text = desk.get(LIST).content.decode()
    assert "0.200%" in text
    assert quiet.name not in text
    clock.move_to(NOW + timedelta(days=31), tick=False)
    (every,) = complaint_rates(NOW + timedelta(days=31))
    assert (every.handed_over, every.percent, every.words) == (0, None, "nothing sent")
    assert Batch.objects.exists()


def test_a_complaint_about_no_message_of_ours_counts_for_all_of_it():
    hand_over(make_mailing(to=addresses(100)))
    record_events(
        provider="x", events=[ProviderEvent(kind="complained", happened_at=NOW, email="x@else.example")]
    )
    every, alerts = complaint_rates(NOW)
    assert (every.complaints, every.level, alerts.complaints) == (1, "stop", 0)


def test_a_kept_suppression_says_so_once(bounced):
    keep_suppression(suppression=bounced, by="a@coalition.example")
    keep_suppression(suppression=bounced, by="b@coalition.example")
    assert Suppression.objects.get().reviewed_by == "a@coalition.example"
