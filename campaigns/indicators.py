"""Indicators of campaigns: one definition each, in code and in words."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import ActionTaken
from mailing.models import Batch, Delivery, Mailing
from mailing.querysets import MailingQuerySet
from mailing.services.tallies import HANDED_OVER

PARTICIPANTS_DEFINITION = _(
    "People who completed at least one call to action in the period, each counted once; the partner "
    "organizations they belonged to at that time, each counted once; and all their completed actions. "
    "Answers that were never confirmed do not count. Conversion from alerts: completed actions per "
    "delivered alert, of the alerts that began to go out in the period, reminders included. A delivered "
    "alert is a message that the mail server accepted and that was not sent back; an action counts when it "
    "was completed over the message's own link."
)


@dataclass(frozen=True)
class CampaignParticipants:
    """One campaign's part; `campaign` is empty for calls to action outside of campaigns."""

    campaign: str
    people: int
    organizations: int
    actions: int


@dataclass(frozen=True)
class Participants:
    """Indicator P2, participants in calls to action."""

    people: int
    organizations: int
    actions: int
    alert_messages: int
    alert_actions: int
    by_campaign: list[CampaignParticipants]
    definition: str | Promise = PARTICIPANTS_DEFINITION

    @property
    def conversion(self) -> float | None:
        """Completed actions per delivered alert, 0 to 1; None when no alert went out."""
        return self.alert_actions / self.alert_messages if self.alert_messages else None


def participants(start: datetime, end: datetime) -> Participants:
    """P2 from `start` up to but not including `end`."""
    actions = ActionTaken.objects.between(start, end)
    alerts = Mailing.objects.filter(alert__isnull=False, started_at__gte=start, started_at__lt=end)
    by_campaign = (
        actions.values("call_to_action__campaign__title")
        .annotate(
            people=Count("person", distinct=True),
            organizations=Count("organization", distinct=True),
            actions=Count("id"),
        )
        .order_by("-people", "call_to_action__campaign__title")
    )
    totals = actions.totals()
    return Participants(
        people=totals["people"],
        organizations=totals["organizations"],
        actions=totals["actions"],
        alert_messages=_delivered(alerts),
        alert_actions=ActionTaken.objects.filter(via__mailing__in=alerts).count(),
        by_campaign=[
            CampaignParticipants(
                campaign=row["call_to_action__campaign__title"] or "",
                people=row["people"],
                organizations=row["organizations"],
                actions=row["actions"],
            )
            for row in by_campaign
        ],
    )


def _delivered(mailings: MailingQuerySet) -> int:
    """Messages that were accepted and not sent back, as the batches counted them."""
    kept = HANDED_OVER - {Delivery.State.BOUNCED}
    tallies = Batch.objects.filter(mailing__in=mailings).values_list("tally", flat=True)
    return sum(tally.get(state, 0) for tally in tallies.iterator(5000) for state in kept)
