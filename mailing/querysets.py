"""Every read of the mail engine that is used twice."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q

if TYPE_CHECKING:
    from mailing.models import Delivery, Mailing, OutboxMessage, Subscription, Suppression, Topic

# Scanners open every link within moments of arrival; a visit this much later is a person's.
CLICK_COUNTS_AFTER = timedelta(minutes=3)


class TopicQuerySet(models.QuerySet["Topic"]):
    def public(self) -> "TopicQuerySet":
        """Topics anybody may sign up for."""
        return self.filter(is_public=True)

    def offered_to(self, address_hash: str) -> "TopicQuerySet":
        """Topics an address may choose from: the public ones and those it has to do with already."""
        return self.filter(
            Q(is_public=True)
            | Q(subscriptions__address_hash=address_hash)
            | Q(mailings__deliveries__address_hash=address_hash)
        ).distinct()

    def mailed_to(self, address_hash: str) -> "TopicQuerySet":
        """Topics an address gets mail of: it subscribed, or it was written to and has not said no."""
        yes = self.filter(subscriptions__address_hash=address_hash, subscriptions__state="subscribed")
        no = self.filter(subscriptions__address_hash=address_hash, subscriptions__state="unsubscribed")
        return (
            self.filter(Q(pk__in=yes.values("pk")) | Q(mailings__deliveries__address_hash=address_hash))
            .exclude(pk__in=no.values("pk"))
            .distinct()
        )


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


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def to_send(self, now: datetime) -> "DeliveryQuerySet":
        """Rows that may be claimed now: waiting, or deferred and due again."""
        # `waiting` is the condition of the index `delivery_to_send`.
        return self.waiting().filter(Q(state="pending") | Q(next_attempt_at__lte=now))

    def waiting(self) -> "DeliveryQuerySet":
        """Rows that nobody has taken, due or not."""
        return self.filter(state__in=["pending", "deferred"])

    def in_flight(self) -> "DeliveryQuerySet":
        """Rows that a worker has taken."""
        return self.filter(state__in=["claimed", "sending"])

    def stoppable(self) -> "DeliveryQuerySet":
        """Rows not yet on their way: they can still be kept back."""
        return self.filter(state__in=["pending", "claimed", "deferred"])

    def lease_expired(self, now: datetime) -> "DeliveryQuerySet":
        """Rows whose worker is gone."""
        return self.in_flight().filter(lease_until__lt=now)

    def tally(self) -> dict[str, int]:
        """Rows by state, each state present, in deliveries."""
        from mailing.models import Delivery

        counts = dict(self.values_list("state").annotate(rows=Count("id")).order_by())
        return {state: counts.get(state, 0) for state in Delivery.State.values}

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

    def may_be_sent_again(self) -> "OutboxQuerySet":
        """Messages that a person may decide to send once more."""
        return self.filter(state__in=["failed", "unknown"])
