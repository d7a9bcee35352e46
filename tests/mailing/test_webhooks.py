"""What providers post: believed when it is signed, written down once, and the address closed while nothing is set."""

import json
from datetime import timedelta

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from mailing.models import Delivery, DeliveryEvent, Suppression
from mailing.views.events import PROVIDERS
from tests.mailing import provider_posts as posts
from tests.mailing.helpers import hand_over, make_mailing

pytestmark = pytest.mark.django_db
ADA = "ada@people.example"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(posts.AT, tick=False)


@pytest.fixture
def visitor() -> Client:
    """A program without cookie and CSRF token."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def configured(settings):
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": posts.SECRET,
        "MAILGUN_WEBHOOK_SIGNING_KEY": posts.MAILGUN_KEY,
        "POSTMARK_SERVER_TOKEN": "unused",
    }


@pytest.fixture
def sendgrid_only(settings):
    settings.ANYMAIL = {"SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": posts.SENDGRID_KEY}


@pytest.fixture
def delivery() -> Delivery:
    return hand_over(make_mailing(to=[ADA])).deliveries.get()


def state(delivery: Delivery) -> str:
    return Delivery.objects.get(pk=delivery.pk).state


# --- Closed, forged, broken -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", [*PROVIDERS, "nobody"])
def test_without_a_secret_there_is_nothing_to_post_to(visitor, settings, provider):
    settings.ANYMAIL = {"MAILGUN_API_KEY": "an API key is no webhook key"}
    response = visitor.post(f"/mail-events/{provider}/", "[]", content_type="application/json")
    assert response.status_code == 404
    assert not DeliveryEvent.objects.exists()


def test_a_forged_signature_changes_nothing(visitor, sendgrid_only, delivery):
    forger = ec.generate_private_key(ec.SECP256R1())
    bounce = [posts.sendgrid_bounce(delivery)]
    assert posts.post_sendgrid(visitor, bounce, signer=forger).status_code == 403
    assert posts.post_sendgrid(visitor, bounce, tampered=True).status_code == 403
    unsigned = visitor.post("/mail-events/sendgrid/", json.dumps(bounce), content_type="application/json")
    assert unsigned.status_code == 403
    assert not DeliveryEvent.objects.exists()
    assert not Suppression.objects.exists()
    assert state(delivery) == "accepted"


def test_a_wrong_key_or_password_changes_nothing(visitor, configured, delivery):
    event = posts.mailgun_event(delivery, "complained")
    assert posts.post_mailgun(visitor, event, key="key-of-somebody-else").status_code == 403
    assert posts.post_postmark(visitor, posts.postmark_complaint(delivery), "a:b").status_code == 403
    assert not DeliveryEvent.objects.exists()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider_refuses_a_post_without_its_proof(visitor, settings, provider, delivery):
    settings.ANYMAIL = dict.fromkeys((proof for known in PROVIDERS.values() for proof in known.proofs), "a:b")
    settings.ANYMAIL["SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY"] = posts.SENDGRID_KEY
    body = json.dumps(posts.postmark_complaint(delivery))
    response = visitor.post(f"/mail-events/{provider}/", body, content_type="application/json")
    assert response.status_code == 403
    assert not DeliveryEvent.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"event-data": 7}', "\x00", '{"RecordType": {}}'])
def test_a_signed_post_that_makes_no_sense_is_refused(visitor, configured, body):
    response = visitor.post("/mail-events/postmark/", body, content_type="application/json", **posts.basic())
    assert response.status_code in {200, 400}
    assert not DeliveryEvent.objects.exists()


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_posts_are_taken(visitor, configured, method):
    assert getattr(visitor, method)("/mail-events/postmark/").status_code == 405


def test_the_answer_to_a_true_post_sets_nothing_and_leads_nowhere(visitor, configured, delivery):
    response = posts.post_postmark(visitor, posts.postmark_delivery(delivery))
    assert response.status_code == 200
    assert not response.cookies
    assert visitor.head("/mail-events/postmark/").status_code == 200


# --- Providers --------------------------------------------------------------------------------------------------------


def test_sendgrid_posts_many_at_once_in_any_order(visitor, sendgrid_only):
    mailing = hand_over(make_mailing(to=[f"p{number}@people.example" for number in range(4)]))
    first, second, third, fourth = mailing.deliveries.order_by("pk")
    load = [
        posts.sendgrid_event(first, "spamreport", "e1"),
        posts.sendgrid_event(first, "delivered", "e2", response="250 OK"),
        posts.sendgrid_bounce(second, "e3"),
        posts.sendgrid_bounce(third, "e4", kind="blocked", status="5.7.1", reason="550 5.7.1 blocked"),
        posts.sendgrid_event(fourth, "processed", "e5"),
        posts.sendgrid_event(fourth, "open", "e6", useragent="x"),
        posts.sendgrid_event(fourth, "deferred", "e7", response="450 later", attempt="1"),
    ]
    for _ in range(2):
        assert posts.post_sendgrid(visitor, load).status_code == 200
    assert [state(row) for row in (first, second, third, fourth)] == [
        *("complained", "bounced", "bounced", "accepted")
    ]
    assert dict(DeliveryEvent.objects.values_list("event_id", "kind")) == {
        "e1": "complained",
        "e2": "delivered",
        "e3": "bounced",
        "e4": "soft_bounced",
        "e7": "deferred",
    }
    assert set(Suppression.objects.values_list("address_hash", "reason")) == {
        (first.address_hash, "complained"),
        (second.address_hash, "bounced"),
    }


def test_sendgrid_tells_of_addresses_it_refuses(visitor, sendgrid_only, delivery):
    dropped = posts.sendgrid_event(delivery, "dropped", reason="Bounced Address", status="5.0.0")
    assert posts.post_sendgrid(visitor, [dropped]).status_code == 200
    assert state(delivery) == "failed"
    assert Suppression.objects.get().reason == "bounced"


def test_mailgun_posts_the_same_event_again_under_a_new_token(visitor, configured, delivery):
    failure = posts.mailgun_failure(delivery, "mg-7", "permanent", 550, "5.1.1 no such user")
    for token in ("a" * 50, "b" * 50):
        assert posts.post_mailgun(visitor, failure, token=token).status_code == 200
    assert DeliveryEvent.objects.get().kind == "bounced"
    assert state(delivery) == "bounced"
    assert Suppression.objects.get().note == "5.1.1 no such user"


@pytest.mark.parametrize(
    ("severity", "code", "words", "kind", "final"),
    [
        ("temporary", 421, "4.7.0 try again later", "deferred", "accepted"),
        ("permanent", 552, "5.2.2 mailbox full", "soft_bounced", "bounced"),
        ("permanent", 550, "no such user", "bounced", "bounced"),
    ],
)
def test_mailgun_failures_are_told_apart(visitor, configured, delivery, severity, code, words, kind, final):
    failure = posts.mailgun_failure(delivery, "mg-1", severity, code, words)
    assert posts.post_mailgun(visitor, failure).status_code == 200
    assert (DeliveryEvent.objects.get().kind, state(delivery)) == (kind, final)
    assert Suppression.objects.exists() == (kind == "bounced")


@pytest.mark.parametrize(
    ("bounce", "kind", "stopped"),
    [
        ("HardBounce", "bounced", True),
        ("SoftBounce", "soft_bounced", False),
        ("Transient", "deferred", False),
        ("SpamNotification", "complained", True),
        ("BadEmailAddress", "rejected", True),
        ("Blocked", "rejected", False),
    ],
)
def test_postmark_bounces_are_told_apart(visitor, configured, delivery, bounce, kind, stopped):
    assert posts.post_postmark(visitor, posts.postmark_bounce(delivery, bounce)).status_code == 200
    assert DeliveryEvent.objects.get().kind == kind
    assert Suppression.objects.exists() == stopped


def test_postmark_early_late_and_twice(visitor, configured, delivery):
    complaint, arrival = posts.postmark_complaint(delivery), posts.postmark_delivery(delivery)
    for record in (complaint, arrival, arrival, complaint):
        assert posts.post_postmark(visitor, record).status_code == 200
    assert DeliveryEvent.objects.count() == 2
    assert state(delivery) == "complained"


def test_mailjet_says_apart_whether_a_bounce_is_hard(visitor, configured, delivery):
    """https://dev.mailjet.com/email/guides/webhooks/"""
    for hard, number in ((False, 1), (True, 2)):
        event = {
            "event": "bounce",
            "time": int(posts.AT.timestamp()) - number,
            "MessageID": 19421777396190490,
            "email": delivery.email,
            "Payload": json.dumps({"message_id": posts.our_id(delivery).strip("<>")}),
            "hard_bounce": hard,
            "error": "mailbox inactive" if hard else "quota exceeded",
            "error_related_to": "recipient",
        }
        visitor.post("/mail-events/mailjet/", json.dumps([event]), "application/json", **posts.basic())
        assert Suppression.objects.exists() == hard
    assert set(DeliveryEvent.objects.values_list("kind", "delivery")) == {
        ("soft_bounced", delivery.pk),
        ("bounced", delivery.pk),
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [("hard_bounce", "bounced"), ("soft_bounce", "soft_bounced"), ("delivered", "delivered")],
)
def test_brevo_events_have_no_number_of_their_own(visitor, configured, delivery, name, kind):
    """https://developers.brevo.com/docs/transactional-webhooks"""
    event = {
        "event": name,
        "email": delivery.email,
        "message-id": posts.our_id(delivery),
        "ts_epoch": int(posts.AT.timestamp() * 1000),
        "reason": "550 5.1.1 unknown",
    }
    for _ in range(2):
        response = visitor.post(
            "/mail-events/brevo/", json.dumps(event), content_type="application/json", **posts.basic()
        )
        assert response.status_code == 200
    assert DeliveryEvent.objects.get().kind == kind


@pytest.mark.parametrize(
    "moment", ["2026-03-05T19:00:00", "2026-03-05T13:00:00-06:00", "2031-01-01T00:00:00Z", None]
)
def test_a_time_may_lack_its_zone_or_lie_ahead(visitor, configured, delivery, moment):
    record = posts.postmark_delivery(delivery) | {"DeliveredAt": moment}
    if moment is None:
        del record["DeliveredAt"]
    assert posts.post_postmark(visitor, record).status_code == 200
    happened = DeliveryEvent.objects.get().happened_at
    assert happened in {posts.AT, posts.AT - timedelta(hours=1)}


def test_an_event_of_the_signal_itself_is_written_too(delivery):
    """A site may bring further providers of django-anymail's by a route of its own."""
    event = AnymailTrackingEvent(
        event_type="complained", timestamp=None, message_id=posts.our_id(delivery), esp_event={}
    )
    tracking.send(sender=object, event=event, esp_name="Mailjet")
    assert DeliveryEvent.objects.get().provider == "mailjet"
    assert state(delivery) == "complained"
