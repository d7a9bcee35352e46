"""Everything the mail engine stores. It knows addresses and messages and nothing of the coalition."""

from mailing.models.click import Click, TrackedLink
from mailing.models.consent import Preference, Subscription, Suppression, Topic
from mailing.models.mailing import ENGINE_FORMAT, Batch, Delivery, DeliveryEvent, Mailing, MailingContent
from mailing.models.outbox import OutboxMessage
from mailing.models.relay import Installation, Relay

__all__ = [
    "ENGINE_FORMAT",
    "Batch",
    "Click",
    "Delivery",
    "DeliveryEvent",
    "Installation",
    "Mailing",
    "MailingContent",
    "OutboxMessage",
    "Preference",
    "Relay",
    "Subscription",
    "Suppression",
    "Topic",
    "TrackedLink",
]
