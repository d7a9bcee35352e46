"""What became of an alert, in numbers that say what they count."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from campaigns.models import ActionAlert, ActionTaken
from mailing.models import Click, Delivery, Mailing, Subscription, Suppression
from mailing.querysets import CLICK_COUNTS_AFTER

_WAITING = ("pending", "claimed", "sending", "deferred")


@dataclass(frozen=True)
class AlertResult:
    """What happened to each recipient's message, and what the people did; all count people, not visits.

    `accepted`, `failed`, `suppressed`, `unknown`, `waiting` and `cancelled` add up to `recipients`.
    """

    recipients: int = 0
    accepted: int = 0  # Taken by the mail server, delivered ones included.
    delivered: int = 0  # Confirmed by the receiving side; only providers that report tell us.
    failed: int = 0  # Refused at once, or sent back later.
    suppressed: int = 0
    unknown: int = 0
    waiting: int = 0
    cancelled: int = 0
    clicked: int = 0  # A visit three minutes or more after arrival, or an action.
    acted: int = 0
    unsubscribed: int = 0

    @property
    def handled(self) -> int:
        """Recipients about whom nothing is left to do."""
        return self.recipients - self.waiting

    @property
    def percent(self) -> int:
        """Share handled, 0 to 100, rounded down so that 100 means all."""
        return 100 * self.handled // self.recipients if self.recipients else 0


def with_outcomes(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Adds `acted` and `clicked` to each delivery. An action counts as a click whenever it came."""
    late_visit = Click.objects.filter(
        delivery=OuterRef("pk"), clicked_at__gte=OuterRef("accepted_at") + CLICK_COUNTS_AFTER
    )
    action = Exists(ActionTaken.objects.filter(via=OuterRef("pk")))
    return deliveries.annotate(acted=action, clicked=Q(Exists(late_visit)) | Q(action))


def alert_result(alert: ActionAlert) -> AlertResult:
    """The alert's numbers at this moment: three queries, whatever the audience."""
    if alert.mailing is None:
        return AlertResult()
    deliveries = Delivery.objects.filter(mailing=alert.mailing_id)
    states = deliveries.tally()
    people = with_outcomes(deliveries).aggregate(
        clicks=Count("pk", filter=Q(clicked=True)), actions=Count("pk", filter=Q(acted=True))
    )
    return AlertResult(
        recipients=sum(states.values()),
        accepted=states["accepted"] + states["delivered"] + states["complained"],
        delivered=states["delivered"] + states["complained"],
        failed=states["failed"] + states["bounced"],
        suppressed=states["suppressed"],
        unknown=states["unknown"],
        waiting=sum(states[state] for state in _WAITING),
        cancelled=states["cancelled"],
        clicked=people["clicks"],
        acted=people["actions"],
        unsubscribed=_unsubscribed(alert.mailing, deliveries),
    )


def _unsubscribed(mailing: Mailing, deliveries: QuerySet[Delivery]) -> int:
    """Recipients who refused action alerts, or all mail, after the alert reached them."""
    refusal = Subscription.objects.refusals().filter(
        topic=mailing.topic_id,
        address_hash=OuterRef("address_hash"),
        unsubscribed_at__gte=OuterRef("accepted_at"),
    )
    stop = Suppression.objects.filter(
        address_hash=OuterRef("address_hash"),
        reason=Suppression.Reason.UNSUBSCRIBED,
        created_at__gte=OuterRef("accepted_at"),
    )
    return deliveries.filter(Q(Exists(refusal)) | Q(Exists(stop))).count()


def problem_rows(alert: ActionAlert) -> QuerySet[Delivery]:
    """Messages that were refused or of which nobody knows whether they arrived."""
    return Delivery.objects.filter(
        mailing=alert.mailing_id, state__in=["failed", "bounced", "unknown", "complained"]
    ).order_by(F("state").asc(), "pk")
