"""What a verdict means for the row of the message: its next state, and when to try again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailing.wire import Outcome, Verdict

# After the first attempt, the second, and so on. A message that is deferred once more than this has failed.
BACKOFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 120)]
MAX_ATTEMPTS = len(BACKOFF) + 1
UNREACHABLE_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True)
class Settled:
    """How one attempt leaves a row. UNREACHABLE and CUT mean that it waits for its next turn."""

    verdict: Verdict
    answer: str
    attempts: int
    next_attempt_at: datetime | None = None


def settle(outcome: Outcome, *, attempts: int, now: datetime) -> Settled:
    """The row's next state after one more attempt; `attempts` counts those before it."""
    verdict = outcome.verdict
    if verdict is Verdict.UNREACHABLE:
        # Nothing was tried with this message, so it costs no attempt: a relay may be down for hours.
        return Settled(verdict, outcome.answer, attempts, now + UNREACHABLE_PAUSE)
    attempts += 1
    if verdict is Verdict.CUT and attempts == 1:
        return Settled(verdict, outcome.answer, attempts)
    if verdict in {Verdict.CUT, Verdict.DEFERRED}:
        # A message whose connection is cut again and again waits like a deferred one and blocks nobody.
        if attempts >= MAX_ATTEMPTS:
            return Settled(Verdict.FAILED, outcome.answer, attempts)
        return Settled(Verdict.DEFERRED, outcome.answer, attempts, now + BACKOFF[attempts - 1])
    return Settled(verdict, outcome.answer, attempts)
