"""How single messages are handed over: answers first, one by one; notices by windows; each at most once.

Before the first byte of a window goes out, its rows say that it may be going out, under a lease. Whoever dies in
between leaves them to the sweeper, which calls them unknown; a person decides about those.
"""

import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing.composing.message import sender_address
from mailing.models import OutboxMessage
from mailing.services.installation import SAME_DATABASE_SQL, check_installation
from mailing.services.patience import patiently
from mailing.services.settling import Settled, settle
from mailing.shutdown import stop_asked
from mailing.wire import Envelope, Outcome, Transport, Verdict, open_transport

logger = structlog.get_logger(__name__)

TURN_SECONDS = 60
Precedence = OutboxMessage.Precedence
State = OutboxMessage.State

_STATES = {
    Verdict.ACCEPTED: State.SENT,
    Verdict.FAILED: State.FAILED,
    Verdict.UNKNOWN: State.UNKNOWN,
    Verdict.DEFERRED: State.PENDING,
    Verdict.CUT: State.PENDING,
    Verdict.UNREACHABLE: State.PENDING,
}

# In a restored backup nothing is claimed: what waits there may have gone out long ago.
_CLAIM = f"""
WITH due AS MATERIALIZED (
  SELECT id FROM mailing_outboxmessage
  WHERE state = 'pending' AND precedence = %(precedence)s AND next_attempt_at <= %(now)s
    AND (expires_at IS NULL OR expires_at > %(now)s)
    AND {SAME_DATABASE_SQL}
  ORDER BY next_attempt_at, id LIMIT %(size)s FOR UPDATE SKIP LOCKED
)
UPDATE mailing_outboxmessage AS message
SET state = 'sending', lease = %(lease)s, lease_until = %(lease_until)s
FROM due WHERE message.id = due.id
RETURNING message.id, message."to", message.message, message.attempts, message.next_attempt_at
"""  # noqa: S608 - nothing in it comes from outside

# A row that the sweeper called unknown still carries the lease: late truth is better than "unknown".
_RECORD = """
UPDATE mailing_outboxmessage AS message
SET state = result.state, attempts = result.attempts, response = result.response,
    next_attempt_at = result.next_attempt_at, lease = NULL, lease_until = NULL,
    sent_at = CASE WHEN result.state = 'sent' THEN %(now)s ELSE NULL END
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(attempts)s::int[], %(responses)s::text[],
            %(next)s::timestamptz[]) AS result(id, state, attempts, response, next_attempt_at)
WHERE message.id = result.id AND message.lease = %(lease)s AND message.state IN ('sending', 'unknown')
"""


@dataclass(frozen=True)
class _Row:
    """One message as it goes over the wire, and how often it was tried before."""

    id: int
    to: str
    data: bytes
    attempts: int


@dataclass(frozen=True)
class _Window:
    """Rows that this worker has marked as being handed over."""

    lease: uuid.UUID
    rows: list[_Row]


def send_due_messages(
    *,
    transport: Transport | None = None,
    limit: int = 500,
    answers_only: bool = False,
    seconds: float = TURN_SECONDS,
    should_stop: Callable[[], bool] = stop_asked,
) -> int:
    """Sends what waits in the outbox, at most `limit` messages; stops when the server takes nothing.

    Looks for answers again before each window of notices. Returns how many were handed over or settled. Safe to
    run in several workers at once.
    """
    check_installation(now=timezone.now())
    done, until = 0, monotonic() + seconds
    with closing(transport or open_transport()) as wire:
        while done < limit and monotonic() < until and not should_stop():
            window = _next_window(limit - done, answers_only=answers_only)
            if not window.rows:
                break
            outcomes = wire.send([Envelope(sender_address(), row.to, row.data) for row in window.rows])
            patiently(partial(_record, window, outcomes))
            if outcomes[-1].verdict is Verdict.UNREACHABLE:
                logger.error("mail server unreachable", answer=outcomes[-1].answer)
                break
            done += len(window.rows)
    return done


def settle_expired_outbox(*, now: datetime) -> int:
    """Messages whose worker went away while it handed them over are unknown; returns how many.

    They keep their lease, so that a worker that was only slow can still say what became of them.
    """
    return OutboxMessage.objects.lease_expired(now).update(state=State.UNKNOWN)


def drop_overdue_outbox(*, now: datetime) -> int:
    """Drops messages that waited until they would mislead; returns how many. No worker claims them any more."""
    words = _("Its time was over before a mail server took it.")
    return OutboxMessage.objects.overdue(now).update(state=State.EXPIRED, response=words)


def _next_window(room: int, *, answers_only: bool) -> _Window:
    """One answer, so that a crash leaves one person in doubt; where there is none, a window of notices."""
    window = _claim(Precedence.ANSWER, 1)
    if window.rows or answers_only:
        return window
    return _claim(Precedence.NOTICE, min(room, settings.MAILING_WINDOW_SIZE))


def _claim(precedence: Precedence, size: int) -> _Window:
    """Takes messages and writes down, before the first byte goes out, that they may go out."""
    now, lease = timezone.now(), uuid.uuid4()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "precedence": precedence.value,
                "now": now,
                "size": size,
                "lease": lease,
                "lease_until": now + timedelta(seconds=settings.MAILING_LEASE_SECONDS),
            },
        )
        found = sorted(cursor.fetchall(), key=lambda row: (row[4], row[0]))
    return _Window(lease, [_Row(row[0], row[1], bytes(row[2]), row[3]) for row in found])


def _record(window: _Window, outcomes: Sequence[Outcome]) -> None:
    """Writes the outcomes down in one statement, but for rows that have gone their own way meanwhile."""
    now = timezone.now()
    settled: list[Settled] = [
        settle(outcome, attempts=row.attempts, now=now)
        for row, outcome in zip(window.rows, outcomes, strict=True)
    ]
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            {
                "now": now,
                "lease": window.lease,
                "ids": [row.id for row in window.rows],
                "states": [str(_STATES[each.verdict]) for each in settled],
                "attempts": [each.attempts for each in settled],
                "responses": [each.answer for each in settled],
                "next": [each.next_attempt_at or now for each in settled],
            },
        )
