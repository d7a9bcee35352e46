"""From the audience to the act: what became of an alert's messages, in numbers that say what they count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from django.core.cache import cache
from django.db.models import Count, Exists, F, OuterRef, QuerySet

from campaigns.models import ActionAlert, ActionTaken
from mailing.models import Click, Delivery, DeliveryEvent, Mailing, Subscription, Suppression
from mailing.querysets import CLICK_COUNTS_AFTER
from mailing.services import mailing_tally
from mailing.services.tallies import HANDED_OVER, WAITING

State = Delivery.State
# From so many messages on, clicks are not counted anew each time somebody looks.
LARGE = 20_000
KEPT_SECONDS = 20
# Our mail server took these, whatever came of them later.
ACCEPTED = tuple(HANDED_OVER)
# They came to the mailbox, as the receiving side says; who reports spam has it before them.
DELIVERED = (State.DELIVERED, State.COMPLAINED)


@dataclass(frozen=True)
class Funnel:
    """Messages and people of one alert, or of several added up.

    `accepted`, `failed`, `suppressed`, `summarized`, `unknown`, `waiting` and `cancelled` add up to `audience`.
    `delivered`, `bounced` and `complained` are parts of `accepted`; `clicked` and `acted` count each person once
    per message.
    """

    audience: int = 0
    accepted: int = 0
    delivered: int = 0
    bounced: int = 0
    complained: int = 0
    failed: int = 0
    suppressed: int = 0
    summarized: int = 0
    unknown: int = 0
    waiting: int = 0
    cancelled: int = 0
    clicked: int = 0
    acted: int = 0
    unsubscribed: int = 0

    @property
    def kept(self) -> int:
        """Messages that were accepted and did not come back: what we call delivered alerts in indicator P2."""
        return self.accepted - self.bounced

    @property
    def reported(self) -> int:
        """Messages whose end the receiving side told us."""
        return self.delivered + self.bounced

    @property
    def coverage(self) -> int:
        """Share of the accepted messages whose end we were told, 0 to 100."""
        return percent(self.reported, self.accepted)

    @property
    def conversion(self) -> float | None:
        """Completed actions per delivered alert, 0 to 1; None before anything went out."""
        return self.acted / self.kept if self.kept else None

    @property
    def conversion_percent(self) -> float:
        """The conversion, 0 to 100; 0 before anything went out."""
        return 100 * (self.conversion or 0.0)

    @property
    def complaint_rate(self) -> float:
        """Reports as spam per accepted message, in percent. Providers want it under 0.1 and never at 0.3."""
        return 100 * self.complained / self.accepted if self.accepted else 0.0

    def __add__(self, other: "Funnel") -> "Funnel":
        return Funnel(
            **{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)}
        )


def percent(part: int, whole: int) -> int:
    """A share of the whole, 0 to 100, rounded down so that 100 means all."""
    return 100 * part // whole if whole else 0


def funnel_of(alert: ActionAlert, tally: Mapping[str, int] | None = None) -> Funnel:
    """One alert's numbers at this moment. `tally` spares a read where the caller has it, in rows by state."""
    if alert.mailing is None:
        return Funnel()
    counted = mailing_tally(alert.mailing.pk) if tally is None else tally
    return Funnel(**_by_states(counted), **_people(alert.mailing, sum(counted.values())))


def total(funnels: Iterable[Funnel]) -> Funnel:
    """Several alerts' numbers added up, such as an alert with its reminders."""
    return sum(funnels, Funnel())


def _people(mailing: Mailing, audience: int) -> dict[str, int]:
    """What people did. Of a large audience it is counted every few seconds, however many look at the page."""
    kept = f"alert-people:{mailing.pk}"
    if audience >= LARGE and (found := cache.get(kept)):
        return found
    acted = actions_over(mailing).count()
    found = {
        "clicked": acted + _clicked_only(mailing),
        "acted": acted,
        "unsubscribed": _unsubscribed(mailing),
    }
    if audience >= LARGE:
        cache.set(kept, found, KEPT_SECONDS)
    return found


def _by_states(tally: Mapping[str, int]) -> dict[str, int]:
    def rows(*states: str) -> int:
        return sum(tally.get(state, 0) for state in states)

    return {
        "audience": sum(tally.values()),
        "accepted": rows(*ACCEPTED),
        "delivered": rows(*DELIVERED),
        "bounced": rows(State.BOUNCED),
        "complained": rows(State.COMPLAINED),
        "failed": rows(State.FAILED),
        "suppressed": rows(State.SUPPRESSED),
        "summarized": rows(State.SUMMARIZED),
        "unknown": rows(State.UNKNOWN),
        "waiting": rows(*WAITING),
        "cancelled": rows(State.CANCELLED),
    }


def actions_over(mailing: Mailing) -> QuerySet[ActionTaken]:
    """Actions that people took over a link of the mailing. Starts from the actions, which are few."""
    return ActionTaken.objects.filter(via__mailing=mailing)


def counted_clicks(*mailings: int) -> QuerySet[Click]:
    """Visits over the mailings' links that a person made: three minutes or more after the message was accepted."""
    return Click.objects.filter(
        link__mailing__in=mailings, clicked_at__gte=F("delivery__accepted_at") + CLICK_COUNTS_AFTER
    )


def _clicked_only(mailing: Mailing) -> int:
    """People with a counted visit who did not act. Whoever acted clicked, however fast."""
    acted = Exists(ActionTaken.objects.filter(via=OuterRef("delivery")))
    clicks = counted_clicks(mailing.pk).filter(~acted)
    return clicks.aggregate(people=Count("delivery", distinct=True))["people"]


def _unsubscribed(mailing: Mailing) -> int:
    """Recipients who refused the topic, or all mail, after the message reached them. Starts from the refusals."""
    if mailing.started_at is None:
        return 0
    refusals = Subscription.objects.refusals().filter(
        topic=mailing.topic_id, unsubscribed_at__gte=mailing.started_at
    )
    stops = Suppression.objects.filter(
        reason=Suppression.Reason.UNSUBSCRIBED, created_at__gte=mailing.started_at
    )
    reached = Delivery.objects.filter(mailing=mailing, address_hash=OuterRef("address_hash"))
    of_topic = refusals.filter(Exists(reached.filter(accepted_at__lte=OuterRef("unsubscribed_at"))))
    of_all = stops.filter(Exists(reached.filter(accepted_at__lte=OuterRef("created_at"))))
    hashes = of_topic.values_list("address_hash").union(of_all.values_list("address_hash"))
    return hashes.count()


def reports_come() -> bool:
    """Whether any provider ever told us what became of a message."""
    return DeliveryEvent.objects.exclude(kind__in=["counted", "resent"]).exists()
