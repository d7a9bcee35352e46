"""Everything the mail engine stores. It knows addresses and messages and nothing of the coalition."""

from mailing.models.click import Click, TrackedLink
from mailing.models.consent import Subscription, Suppression, Topic
from mailing.models.mailing import Delivery, Mailing
from mailing.models.outbox import OutboxMessage

__all__ = [
    "Click",
    "Delivery",
    "Mailing",
    "OutboxMessage",
    "Subscription",
    "Suppression",
    "Topic",
    "TrackedLink",
]
