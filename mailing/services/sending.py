"""How workers send: nobody twice, nobody forgotten, whatever happens to a worker.

A worker takes a batch and sends it a window at a time. Before a window goes out, one UPDATE moves the batch's
cursor to it, and does so only while the batch is this worker's and the mailing is sending. That UPDATE is the
fence against workers that were given up, the pause switch, and the note of what may have gone out. The rows
themselves are written once, when the batch ends.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from json import dumps
from time import monotonic

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from mailing.composing.message import sender_address
from mailing.plans import fetch
from mailing.services import throttle
from mailing.services.claiming import Claim, Row, claim_batch, lease_until
from mailing.services.installation import check_installation
from mailing.services.patience import patiently
from mailing.services.recording import Result, record_late, result_of, settle_batch
from mailing.services.rendering import wire_messages
from mailing.shutdown import stop_asked
from mailing.wire import Envelope, Outcome, Transport, Verdict, open_transport

logger = structlog.get_logger(__name__)

# What no mail server takes is tried again after so long; the mail servers themselves are asked sooner.
UNREACHABLE_PAUSE = timedelta(seconds=15)
# A batch whose worker failed in a way that nobody foresaw.
FAULT_PAUSE = timedelta(minutes=1)

# The conditions stand on the batch itself, so that PostgreSQL checks them again after waiting for its lock.
_FENCE = """
UPDATE mailing_batch AS batch
SET cursor = %(cursor)s, window_end = %(end)s, lease_until = %(until)s,
    exceptions = batch.exceptions || %(exceptions)s::jsonb
FROM mailing_mailing AS mailing
WHERE batch.id = %(batch)s AND batch.lease = %(lease)s AND batch.state = 'sending' AND batch.lease_until > %(now)s
  AND mailing.id = batch.mailing_id AND mailing.state = 'sending'
  AND (mailing.expires_at IS NULL OR mailing.expires_at > %(now)s)
RETURNING batch.withdrawn
"""


def send_batches(
    *,
    transport: Transport | None = None,
    seconds: float | None = None,
    should_stop: Callable[[], bool] = stop_asked,
) -> bool:
    """One worker's turn: batch after batch, of whatever mailing. True when the turn's time ended it.

    Any number of workers may take turns at once.
    """
    if not check_installation(now=timezone.now()):
        return False
    until = monotonic() + (settings.MAILING_TURN_SECONDS if seconds is None else seconds)
    with closing(transport or open_transport()) as wire:
        while not should_stop():
            if monotonic() >= until:
                return True
            claim = claim_batch(now=timezone.now())
            if claim is None or not BatchSender(claim, wire).run(until=until, should_stop=should_stop):
                return False
    return False


class BatchSender:
    """One worker's way through one batch: what it knows, and what the batch knows of it so far."""

    def __init__(self, claim: Claim, wire: Transport) -> None:
        self.claim, self.wire = claim, wire
        self.results: list[Result] = []
        self.not_before = claim.claimed_at
        self._sender = sender_address()
        # The first results that the batch does not know yet; the rows that are with the mail server right now.
        self._untold, self._window_end = 0, 0
        self._envelopes: list[Envelope] = []
        self._out: Sequence[Row] = ()
        self._limits = throttle.limits_for(
            mailing_id=claim.mailing.pk, rate_per_minute=claim.mailing.rate_per_minute, domain=claim.domain
        )

    def run(self, *, until: float, should_stop: Callable[[], bool]) -> bool:
        """Sends the batch, or as much of it as may be. False when no mail server takes anything."""
        rows, position = self.claim.rows, 0
        try:
            while position < len(rows) and not should_stop() and monotonic() < until:
                window = self._permitted(rows[position : position + settings.MAILING_WINDOW_SIZE])
                if not window or not self._may_send(window):
                    break
                position += len(window)
                if not self._send():
                    return False
            return True
        except BaseException:
            # Whatever it was, it may come again: let other batches go first, so that one cannot hold up all.
            self.not_before = timezone.now() + FAULT_PAUSE
            raise
        finally:
            self._settle()

    def _permitted(self, window: Sequence[Row]) -> Sequence[Row]:
        """As much of the window as the limits let through; with nothing left, the batch waits for its permits."""
        permits = throttle.ask(self._limits, len(window))
        if not permits.granted:
            self.not_before = permits.ask_again_at
        return window[: permits.granted]

    def _may_send(self, window: Sequence[Row]) -> bool:
        """Makes the window's messages and moves the cursor. False when the worker must stop."""
        now = timezone.now()
        # Made before they are marked, so that nothing but the hand-over happens in the unsure moment.
        messages = wire_messages(
            mailing=self.claim.mailing, variant=self.claim.variant, deliveries=window, now=now
        )
        withdrawn = self._fence(window[-1].pk)
        if withdrawn is None:
            return False
        kept = [pair for pair in zip(window, messages, strict=True) if pair[0].pk not in withdrawn]
        self._out = [row for row, _message in kept]
        self._envelopes = [Envelope(self._sender, row.email, message) for row, message in kept]
        return True

    def _fence(self, window_end: int) -> list[int] | None:
        """Moves the batch's cursor to the next window; the rows taken back, or None when the worker must stop."""
        if connection.in_atomic_block:
            raise RuntimeError("A fence that is not committed before the window goes out protects nothing.")
        now = timezone.now()
        untold = [result for result in self.results[self._untold :] if result.state != "accepted"]
        marked = fetch(
            _FENCE,
            {
                "batch": self.claim.batch_id,
                "lease": self.claim.lease,
                "now": now,
                "until": lease_until(now),
                "cursor": self._window_end,
                "end": window_end,
                "exceptions": dumps([_exception(result) for result in untold]),
            },
        )
        if not marked:
            # Paused, over, or the batch is somebody else's by now: the next claim finds out which.
            return None
        self._untold, self._window_end = len(self.results), window_end
        return marked[0][0]

    def _send(self) -> bool:
        """Hands the window over. False when the rest is better left for later."""
        outcomes = self.wire.send(self._envelopes) if self._out else []
        now = timezone.now()
        self.results += [
            result_of(row.pk, row.attempts, outcome, now)
            for row, outcome in zip(self._out, outcomes, strict=True)
        ]
        self._out = ()
        if outcomes and outcomes[-1].verdict is Verdict.UNREACHABLE:
            logger.error("no mail server takes mail", answer=outcomes[-1].answer)
            self.not_before = now + UNREACHABLE_PAUSE
            return False
        return True

    def _settle(self) -> None:
        """Writes everything down. A database that is gone for a moment is waited for."""
        now = timezone.now()
        lost = Outcome(Verdict.UNKNOWN, "The worker failed while it handed the message over.")
        results = self.results + [result_of(row.pk, row.attempts, lost, now) for row in self._out]
        patiently(lambda: self._write(results))

    def _write(self, results: list[Result]) -> None:
        claim = self.claim
        if not settle_batch(
            batch_id=claim.batch_id, lease=claim.lease, results=results, not_before=self.not_before
        ):
            record_late(batch_id=claim.batch_id, results=results)


def _exception(result: Result) -> list[object]:
    again = result.next_attempt_at.isoformat() if result.next_attempt_at else None
    return [result.number, result.state, result.answer, again, result.attempts]
