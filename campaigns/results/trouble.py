"""Messages that were refused, sent back or reported, with the reasons, and those of which nobody knows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from campaigns.models import ActionAlert
from campaigns.results.exports import reported_reason
from mailing.models import Batch, Delivery, DeliveryEvent

State = Delivery.State
TROUBLE = (State.FAILED.value, State.BOUNCED.value, State.COMPLAINED.value)
# Reasons are counted over so many rows; a mailing with more trouble has the same reasons over and over.
LOOKED_AT = 5000
REASONS_SHOWN = 8


@dataclass(frozen=True)
class Reason:
    """Why messages did not stay with their readers, in the mail server's or the receiving side's words."""

    words: str
    messages: int


def problem_rows(alert: ActionAlert) -> QuerySet[Delivery]:
    """Refused, bounced and reported messages with `reason`. Reads only batches that have such rows."""
    return _in_states(alert, TROUBLE).annotate(
        reason=Coalesce(NullIf(reported_reason(), Value("")), "response")
    )


def unknown_rows(alert: ActionAlert) -> QuerySet[Delivery]:
    """Messages of which nobody knows whether they were handed over."""
    return _in_states(alert, (State.UNKNOWN.value,)).select_related("batch")


def reasons(alert: ActionAlert) -> list[Reason]:
    """The most frequent reasons."""
    rows: Iterator[Any] = problem_rows(alert).order_by().iterator(2000)
    counted = Counter(str(row.reason or "") for row in islice(rows, LOOKED_AT))
    return [Reason(words, messages) for words, messages in counted.most_common(REASONS_SHOWN)]


def decisions(alert: ActionAlert) -> QuerySet[DeliveryEvent]:
    """What staff decided about unknown messages of this alert, the latest first."""
    decided = DeliveryEvent.objects.filter(delivery__mailing=alert.mailing_id, kind__in=["counted", "resent"])
    return decided.select_related("delivery").order_by("-happened_at", "-pk")


def _in_states(alert: ActionAlert, states: tuple[str, ...]) -> QuerySet[Delivery]:
    if alert.mailing_id is None:
        return Delivery.objects.none()
    batches = Batch.objects.filter(mailing=alert.mailing_id, tally__has_any_keys=list(states))
    return Delivery.objects.filter(batch__in=batches, state__in=states).order_by("pk")
