"""Every read of the mail engine that is used twice."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from mailing.models import Batch, Delivery, Mailing, OutboxMessage, Subscription, Suppression, Topic

# Scanners open every link within moments of arrival; a visit this much later is a person's.
CLICK_COUNTS_AFTER = timedelta(minutes=3)


class TopicQuerySet(models.QuerySet["Topic"]):
    def public(self) -> "TopicQuerySet":
        """Topics anybody may sign up for."""
        return self.filter(is_public=True)

    def offered_to(self, address_hash: str) -> "TopicQuerySet":
        """Topics an address may choose from: the public ones and those it has to do with already."""
        known = self.filter(subscriptions__address_hash=address_hash)
        return self.filter(
            Q(is_public=True) | Q(pk__in=known.values("pk")) | Q(pk__in=self._written_about(address_hash))
        )

    def mailed_to(self, address_hash: str) -> "TopicQuerySet":
        """Topics an address gets mail of: it subscribed, or it was written to and has not said no."""
        yes = self.filter(subscriptions__address_hash=address_hash, subscriptions__state="subscribed")
        no = self.filter(subscriptions__address_hash=address_hash, subscriptions__state="unsubscribed")
        return self.filter(Q(pk__in=yes.values("pk")) | Q(pk__in=self._written_about(address_hash))).exclude(
            pk__in=no.values("pk")
        )

    def _written_about(self, address_hash: str) -> "models.QuerySet[Topic, Any]":
        """Topics of the messages to an address. By itself: beside an OR it would read every delivery there is."""
        return self.filter(mailings__deliveries__address_hash=address_hash).values("pk")


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def active(self) -> "SubscriptionQuerySet":
        """Confirmed and not taken back."""
        return self.filter(state="subscribed")

    def of_address(self, address_hash: str) -> "SubscriptionQuerySet":
        """One address's words on all topics."""
        return self.filter(address_hash=address_hash)

    def asked_since(self, moment: datetime) -> "SubscriptionQuerySet":
        """Sign-ups that wait for the mailbox to say yes, not older than `moment`."""
        return self.exclude(state="subscribed").filter(asked_at__gte=moment)

    def refusals(self) -> "SubscriptionQuerySet":
        """Addresses that said no to a topic, which a member of a partner may do too."""
        return self.filter(state="unsubscribed")


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def hashes_among(self, address_hashes: list[str]) -> set[str]:
        """Those of the given address hashes that must get no bulk mail."""
        return set(self.filter(address_hash__in=address_hashes).values_list("address_hash", flat=True))


class MailingQuerySet(models.QuerySet["Mailing"]):
    def due(self, now: datetime) -> "MailingQuerySet":
        """Mailings a worker should be sending at this moment."""
        return self.filter(state__in=["ready", "sending"], send_at__lte=now)

    def known_format(self) -> "MailingQuerySet":
        """Mailings that this engine knows how to send; it leaves alone what a newer one has filled."""
        from mailing.models import ENGINE_FORMAT

        return self.filter(engine_format__lte=ENGINE_FORMAT)

    def may_be_sent(self, now: datetime) -> "MailingQuerySet":
        """Mailings under way whose time is not over."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), state="sending")

    def with_batches_left_open(self) -> "MailingQuerySet":
        """Mailings that were stopped and whose waiting rows are not all marked as cancelled yet."""
        from mailing.models import Batch

        return self.filter(
            state__in=["cancelled", "expired"], pk__in=Batch.objects.filter(state="waiting").values("mailing")
        )


class BatchQuerySet(models.QuerySet["Batch"]):
    def to_send(self, now: datetime) -> "BatchQuerySet":
        """Batches that a worker may claim now, of whatever mailing."""
        return self.filter(state="waiting", not_before__lte=now).exclude(variant="")

    def unfinished(self) -> "BatchQuerySet":
        """Batches of which a row may still be sent, held ones included."""
        return self.filter(state__in=["waiting", "sending"])

    def in_flight(self) -> "BatchQuerySet":
        """Batches that a worker has."""
        return self.filter(state="sending")

    def lease_expired(self, now: datetime) -> "BatchQuerySet":
        """Batches whose worker is gone."""
        return self.in_flight().filter(lease_until__lt=now)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> "DeliveryQuerySet":
        """Rows that are still to be sent, due or not."""
        return self.filter(state__in=["pending", "deferred"])

    def with_counted_click(self) -> "DeliveryQuerySet":
        """Rows whose recipient visited a link at least three minutes after the message was accepted."""
        return self.filter(clicks__clicked_at__gte=models.F("accepted_at") + CLICK_COUNTS_AFTER).distinct()


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self, now: datetime) -> "OutboxQuerySet":
        """Messages to hand over now."""
        return self.filter(state="pending", next_attempt_at__lte=now)

    def lease_expired(self, now: datetime) -> "OutboxQuerySet":
        """Messages whose worker went away while it handed them over."""
        return self.filter(state="sending", lease_until__lt=now)

    def overdue(self, now: datetime) -> "OutboxQuerySet":
        """Messages that waited so long that they would mislead by now."""
        return self.filter(state="pending", expires_at__lte=now)

    def may_be_sent_again(self) -> "OutboxQuerySet":
        """Messages that a person may decide to send once more."""
        return self.filter(state__in=["failed", "unknown"])
