"""Batches whose worker is gone: what it noted before each window tells what became of every row."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from mailing.models import Batch, Delivery
from mailing.services.recording import Result, give_back, lock, record
from mailing.services.tallies import WAITING, due_in_claim

logger = structlog.get_logger(__name__)


def settle_expired_leases(*, now: datetime) -> dict[str, int]:
    """Takes batches back from workers that are gone. Counts batches, and rows whose outcome nobody knows."""
    batches = unknown = 0
    for batch_id in list(Batch.objects.lease_expired(now).values_list("pk", flat=True)):
        found = settle_expired(batch_id=batch_id, now=now)
        if found is not None:
            batches, unknown = batches + 1, unknown + found
    if unknown:
        logger.error("messages with unknown outcome", deliveries=unknown)
    return {"batches": batches, "unknown": unknown}


@transaction.atomic
def settle_expired(*, batch_id: int, now: datetime) -> int | None:
    """Settles one such batch and returns how many rows are unknown; None when somebody else was faster.

    Up to the cursor everything was handed over, with the outcome that the batch noted; in the window nobody
    knows; the rest was not begun. The batch keeps its lease's number, which means nothing any more.
    """
    mailing, batch = lock(batch_id, skip_locked=True)
    if batch is None or not Batch.objects.filter(pk=batch.pk).lease_expired(now).exists():
        return None
    rows = Delivery.objects.filter(due_in_claim(batch), pk__lte=batch.window_end)
    found = list(
        rows.exclude(pk__in=batch.withdrawn).order_by("pk").values_list("pk", "attempts")
    )  # fmt: skip
    results = _what_the_batch_tells(batch, found)
    record(batch.pk, results, only_from=WAITING)
    give_back(mailing, batch, not_before=now)
    return sum(result.state == Delivery.State.UNKNOWN for result in results)


def _what_the_batch_tells(batch: Batch, rows: list[tuple[int, int]]) -> list[Result]:
    # When the last window was marked, which is later than what the rows before it needed.
    at = (batch.lease_until or batch.not_before) - timedelta(seconds=settings.MAILING_LEASE_SECONDS)
    noted = {
        number: Result(number, state, answer, attempts, again and parse_datetime(again), at)
        for number, state, answer, again, attempts in batch.exceptions
    }
    handed_over = Result(0, str(Delivery.State.ACCEPTED), "", 0, None, at)
    lost = Result(
        0,
        str(Delivery.State.UNKNOWN),
        _("The worker was lost while it handed the message over."),
        0,
        None,
        at,
    )
    return [
        noted.get(number)
        or (handed_over if number <= batch.cursor else lost)._replace(number=number, attempts=attempts + 1)
        for number, attempts in rows
    ]
