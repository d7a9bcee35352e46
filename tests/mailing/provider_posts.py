"""Posts as providers' documentation shows them, made out to a message of ours and signed as the provider signs."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mailing.composing.message import message_id
from mailing.models import Delivery

SECRET = "portal:a-long-shared-secret"
MAILGUN_KEY = "key-0123456789abcdef"
SENDGRID_PRIVATE = ec.generate_private_key(ec.SECP256R1())
SENDGRID_KEY = base64.b64encode(
    SENDGRID_PRIVATE.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
).decode()
AT = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)


def our_id(delivery: Delivery) -> str:
    return message_id("m", delivery.mailing_id, delivery.pk)


def basic(secret: str = SECRET) -> dict[str, str]:
    """The header of HTTP basic authentication."""
    return {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(secret.encode()).decode()}


# --- SendGrid: a list of events, signed with a key pair ---------------------------------------------------------------


def sendgrid_event(delivery: Delivery, event: str, number: str = "sg-1", **more: object) -> dict:
    """https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event"""
    return {
        "email": delivery.email,
        "timestamp": int(AT.timestamp()),
        "smtp-id": our_id(delivery),
        "event": event,
        "sg_event_id": number,
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
        "category": ["alert"],
    } | more


def sendgrid_bounce(delivery: Delivery, number: str = "sg-1", kind: str = "bounce", **more: object) -> dict:
    bounce = {"reason": "550 5.1.1 The email account does not exist", "status": "5.1.1", "type": kind}
    return sendgrid_event(delivery, "bounce", number, **bounce | more)


def post_sendgrid(client, events: list[dict], signer=SENDGRID_PRIVATE, tampered: bool = False):
    body, timestamp = json.dumps(events).encode(), str(int(AT.timestamp()))
    signature = signer.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return client.post(
        "/mail-events/sendgrid/",
        body.replace(b"people.example", b"victim.example") if tampered else body,
        content_type="application/json",
        headers={
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        },
    )


# --- Mailgun: one event, signed over a token --------------------------------------------------------------------------


def mailgun_event(delivery: Delivery, event: str, number: str = "mg-1", **more: object) -> dict:
    """https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-payloads"""
    return {
        "event": event,
        "id": number,
        "timestamp": AT.timestamp(),
        "recipient": delivery.email,
        "message": {"headers": {"message-id": our_id(delivery).strip("<>"), "to": delivery.email}},
        "user-variables": {},
        "tags": [],
    } | more


def mailgun_failure(delivery: Delivery, number: str, severity: str, code: int, words: str) -> dict:
    status = {"code": code, "message": words, "description": "", "attempt-no": 1}
    return mailgun_event(
        delivery, "failed", number, **{"severity": severity, "reason": "generic", "delivery-status": status}
    )


def post_mailgun(client, event: dict, key: str = MAILGUN_KEY, token: str = "t" * 50):
    timestamp = str(int(AT.timestamp()))
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    body = {
        "signature": {"timestamp": timestamp, "token": token, "signature": signature},
        "event-data": event,
    }
    return client.post("/mail-events/mailgun/", json.dumps(body), content_type="application/json", **basic())


# --- Postmark: one record, with a password in the address -------------------------------------------------------------


def postmark_record(delivery: Delivery, record: str, **more: object) -> dict:
    """https://postmarkapp.com/developer/webhooks/bounce-webhook and /delivery-webhook"""
    return {
        "RecordType": record,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Recipient": delivery.email,
        "ServerID": 23,
        "Metadata": {"message_id": our_id(delivery).strip("<>")},
    } | more


def postmark_delivery(delivery: Delivery) -> dict:
    return postmark_record(delivery, "Delivery", DeliveredAt=AT.isoformat(), Details="smtp;250 2.0.0 OK")


def postmark_bounce(delivery: Delivery, kind: str, number: int = 4323372036854775807) -> dict:
    more = {"ID": number, "Type": kind, "Email": delivery.email, "BouncedAt": AT.isoformat()}
    words = {
        "Description": "The server was unable to deliver your message.",
        "Details": "smtp;550 5.1.1 unknown",
    }
    return postmark_record(delivery, "Bounce", **more | words)


def postmark_complaint(delivery: Delivery, number: int = 42) -> dict:
    more = {"ID": number, "Type": "SpamComplaint", "Email": delivery.email, "BouncedAt": AT.isoformat()}
    return postmark_record(delivery, "SpamComplaint", **more)


def post_postmark(client, record: dict, secret: str = SECRET):
    return client.post(
        "/mail-events/postmark/", json.dumps(record), content_type="application/json", **basic(secret)
    )
