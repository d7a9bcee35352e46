"""How workers send a mailing: nobody twice, nobody forgotten, whatever happens to a worker.

A worker claims rows, then sends them a window at a time. Before a window goes out, one UPDATE marks its rows
as being sent, and does so only while the rows are this worker's and the mailing is still sending. That UPDATE
is the fence against workers that were given up, the pause switch, and the note of what may have gone out.
"""

import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from mailing.message import as_wire, sender_address
from mailing.models import Delivery, Mailing, OutboxMessage, Subscription, Suppression
from mailing.services.rendering import render
from mailing.services.settling import Settled, settle
from mailing.shutdown import stop_asked
from mailing.smtp import Envelope, SmtpTransport, Transport, Verdict

logger = structlog.get_logger(__name__)

RUN_SECONDS = 110
# One more worker for so many waiting rows: a large mailing uses all hosts, a small one leaves them free.
ROWS_PER_WORKER = 2000
MAX_WORKERS = 8

_STATES = {
    Verdict.ACCEPTED: Delivery.State.ACCEPTED,
    Verdict.DEFERRED: Delivery.State.DEFERRED,
    Verdict.FAILED: Delivery.State.FAILED,
    Verdict.UNKNOWN: Delivery.State.UNKNOWN,
    Verdict.CUT: Delivery.State.PENDING,
    Verdict.UNREACHABLE: Delivery.State.PENDING,
}

# The conditions stand on the row itself, so that PostgreSQL checks them again after waiting for a lock.
_FENCE = """
UPDATE mailing_delivery AS delivery SET state = 'sending', lease_until = %(lease_until)s
FROM mailing_mailing AS mailing
WHERE delivery.id = ANY(%(ids)s)
  AND delivery.lease = %(lease)s AND delivery.state = 'claimed' AND delivery.lease_until > %(now)s
  AND mailing.id = delivery.mailing_id AND mailing.state = 'sending'
  AND (mailing.expires_at IS NULL OR mailing.expires_at > %(now)s)
RETURNING delivery.id
"""

# A row that the sweeper called unknown still carries the lease: late truth is better than "unknown".
_RECORD = """
UPDATE mailing_delivery AS delivery
SET state = result.state, response = result.response, attempts = result.attempts,
    next_attempt_at = result.next_attempt_at, lease = NULL, lease_until = NULL,
    accepted_at = CASE WHEN result.state = 'accepted' THEN %(now)s ELSE delivery.accepted_at END
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(responses)s::text[], %(attempts)s::int[],
            %(next)s::timestamptz[]) AS result(id, state, response, attempts, next_attempt_at)
WHERE delivery.id = result.id AND delivery.lease = %(lease)s AND delivery.state IN ('sending', 'unknown')
"""


@dataclass(frozen=True)
class Claim:
    """Rows that one worker has taken for a while."""

    lease: uuid.UUID
    rows: list[Delivery] = field(default_factory=list)
    # How many rows were looked at, those of people who want no mail included.
    seen: int = 0


def send_mailing(
    *,
    mailing_id: int,
    transport: Transport | None = None,
    seconds: float = RUN_SECONDS,
    should_stop: Callable[[], bool] = stop_asked,
) -> bool:
    """One worker's turn at a mailing, for at most `seconds`. True when rows were left for want of time.

    Any number of workers may take turns at one mailing at once.
    """
    until = monotonic() + seconds
    with closing(transport or SmtpTransport()) as wire:
        while not should_stop():
            if monotonic() >= until:
                return True
            claim = claim_rows(mailing_id=mailing_id, now=timezone.now())
            if not claim.seen:
                break
            if claim.rows and not _send_claim(claim, wire, should_stop):
                return False
    if Mailing.objects.filter(pk=mailing_id, state=Mailing.State.SENDING).exists():
        from mailing.services.mailings import finish_if_done

        finish_if_done(mailing_id=mailing_id)
    return False


@transaction.atomic(durable=True)
def claim_rows(*, mailing_id: int, now: datetime) -> Claim:
    """Takes the next rows of a mailing; those who said no meanwhile are marked and left out."""
    claim = Claim(lease=uuid.uuid4())
    mailing = (
        Mailing.objects.filter(pk=mailing_id, state=Mailing.State.SENDING)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .first()
    )
    if mailing is None:
        return claim
    rows = list(
        Delivery.objects.to_send(now)
        .filter(mailing=mailing)
        .order_by("id")
        .select_for_update(skip_locked=True)[: settings.MAILING_CLAIM_SIZE]
    )
    # Looked up after the rows are locked: whoever says no later finds the row claimed, and takes it back.
    refused = _refused(mailing, [row.address_hash for row in rows])
    kept = [row for row in rows if row.address_hash not in refused]
    Delivery.objects.filter(pk__in=[row.pk for row in rows if row.address_hash in refused]).update(
        state=Delivery.State.SUPPRESSED, next_attempt_at=None
    )
    Delivery.objects.filter(pk__in=[row.pk for row in kept]).update(
        state=Delivery.State.CLAIMED, lease=claim.lease, lease_until=_lease_until(now)
    )
    return Claim(lease=claim.lease, rows=kept, seen=len(rows))


def fence(*, claim: Claim, rows: Sequence[Delivery], now: datetime) -> set[int]:
    """Marks a window as being sent; the rows that may go out, none when the worker must stop."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            _FENCE,
            {
                "ids": [row.pk for row in rows],
                "lease": claim.lease,
                "now": now,
                "lease_until": _lease_until(now),
            },
        )
        return {number for (number,) in cursor.fetchall()}


def release(*, claim: Claim) -> int:
    """Gives back what was claimed and not begun."""
    return Delivery.objects.filter(lease=claim.lease, state=Delivery.State.CLAIMED).update(
        state=Delivery.State.PENDING, lease=None, lease_until=None
    )


@transaction.atomic
def settle_expired_leases(*, now: datetime) -> dict[str, int]:
    """Takes rows back from workers that are gone: claimed ones wait again, those being sent are unknown.

    Unknown rows keep their lease, so that a worker that was only slow can still say what became of them.
    """
    expired = Delivery.objects.lease_expired(now)
    waiting = expired.filter(state=Delivery.State.CLAIMED).update(
        state=Delivery.State.PENDING, lease=None, lease_until=None
    )
    unknown = expired.filter(state=Delivery.State.SENDING).update(state=Delivery.State.UNKNOWN)
    outbox = OutboxMessage.objects.lease_expired(now).update(state=OutboxMessage.State.UNKNOWN)
    if unknown or outbox:
        logger.error("messages with unknown outcome", deliveries=unknown, single=outbox)
    return {"waiting": waiting, "unknown": unknown, "outbox_unknown": outbox}


def workers_wanted(*, mailing_id: int, now: datetime) -> int:
    """How many more workers should take turns at a mailing: 0 when enough are at it or nothing is due."""
    rows = Delivery.objects.filter(mailing_id=mailing_id)
    due = rows.to_send(now)[: ROWS_PER_WORKER * MAX_WORKERS].count()
    if not due:
        return 0
    wanted = min(MAX_WORKERS, 1 + due // ROWS_PER_WORKER)
    at_it = rows.in_flight().filter(lease_until__gt=now).values("lease").distinct().count()
    return max(0, wanted - at_it)


def _send_claim(claim: Claim, wire: Transport, should_stop: Callable[[], bool]) -> bool:
    """Sends what was claimed, by windows. False when the server is unreachable or the worker should end."""
    size = settings.MAILING_WINDOW_SIZE
    mailing = Mailing.objects.select_related("topic").get(pk=claim.rows[0].mailing_id)
    try:
        for start in range(0, len(claim.rows), size):
            if should_stop():
                return False
            window = claim.rows[start : start + size]
            # Made before they are marked, so that nothing but the hand-over happens in the unsure moment.
            ready = [(row, _envelope(mailing, row)) for row in window]
            marked = fence(claim=claim, rows=window, now=timezone.now())
            if not marked:
                # Paused, over, or the rows are somebody else's by now: the next claim finds out which.
                return True
            if not _send_window(claim, [pair for pair in ready if pair[0].pk in marked], wire):
                return False
        return True
    finally:
        release(claim=claim)


def _send_window(claim: Claim, window: Sequence[tuple[Delivery, Envelope]], wire: Transport) -> bool:
    outcomes = wire.send([envelope for _row, envelope in window])
    now = timezone.now()
    settled = [
        settle(outcome, attempts=row.attempts, now=now)
        for (row, _envelope), outcome in zip(window, outcomes, strict=True)
    ]
    _record(claim, [row.pk for row, _envelope in window], settled, now)
    if outcomes[-1].verdict is Verdict.UNREACHABLE:
        logger.error("mail server unreachable", answer=outcomes[-1].answer)
        return False
    return True


def _record(claim: Claim, ids: list[int], settled: list[Settled], now: datetime) -> None:
    """Writes down what became of a window, in one statement."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            {
                "now": now,
                "lease": claim.lease,
                "ids": ids,
                "states": [str(_STATES[each.verdict]) for each in settled],
                "responses": [each.answer for each in settled],
                "attempts": [each.attempts for each in settled],
                "next": [
                    each.next_attempt_at if each.verdict is Verdict.DEFERRED else None for each in settled
                ],
            },
        )


def _envelope(mailing: Mailing, row: Delivery) -> Envelope:
    return Envelope(sender_address(), row.email, as_wire(render(mailing=mailing, delivery=row)))


def _refused(mailing: Mailing, hashes: list[str]) -> set[str]:
    """Those of the addresses that want nothing, or nothing of this topic."""
    if not hashes:
        return set()
    said_no = Subscription.objects.refusals().filter(topic=mailing.topic_id, address_hash__in=hashes)
    return Suppression.objects.hashes_among(hashes) | set(said_no.values_list("address_hash", flat=True))


def _lease_until(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.MAILING_LEASE_SECONDS)
