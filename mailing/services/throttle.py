"""How fast mail may go: of one alert, of this sender altogether, and to a domain that asks for patience.

What went out is counted in Redis, for all workers together. A Redis that forgets costs patience for a minute and
nothing else; while it does not answer, every worker keeps to its own share of the limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from time import monotonic

import structlog
from django.conf import settings
from django.utils import timezone
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

logger = structlog.get_logger(__name__)

# After Redis did not answer, nobody waits for it again so soon.
QUIET_SECONDS = 10.0
# A batch that found no permit is tried again after so long at the least and at the most.
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Limit:
    """At most so many messages a minute, for everything that goes by one name."""

    name: str
    rate: int


@dataclass(frozen=True)
class Permits:
    """How many messages may go now; where that is none, when to ask again."""

    granted: int
    ask_again_at: datetime


def domain_rates() -> dict[str, int]:
    """Messages a minute for domains with a limit of their own, as `settings.MAILING_DOMAIN_RATES` has them."""
    pairs = (entry.rpartition("=") for entry in settings.MAILING_DOMAIN_RATES)
    return {domain.strip().lower(): int(rate) for domain, _equals, rate in pairs if int(rate) > 0}


def limits_for(*, mailing_id: int, rate_per_minute: int | None, domain: str) -> list[Limit]:
    """What a batch has to keep to."""
    limits = []
    if rate_per_minute:
        limits.append(Limit(f"mailing {mailing_id}", rate_per_minute))
    if settings.MAILING_SENDER_RATE:
        limits.append(Limit("sender", settings.MAILING_SENDER_RATE))
    if domain and (rate := domain_rates().get(domain)):
        limits.append(Limit(f"domain {domain}", rate))
    return limits


def ask(limits: Sequence[Limit], wanted: int) -> Permits:
    """Asks for `wanted` messages under all the limits, and takes as many as there are."""
    now = timezone.now()
    if not limits:
        return Permits(wanted, now)
    global _quiet_until
    if monotonic() >= _quiet_until:
        try:
            return _ask(
                _shared(), [(RateLimitItemPerMinute(each.rate), each.name) for each in limits], wanted, now
            )
        except StorageError as error:
            _quiet_until = monotonic() + QUIET_SECONDS
            logger.warning("limits not shared: Redis does not answer", error=str(error))
    share = [
        (RateLimitItemPerMinute(max(1, each.rate // settings.MAILING_MAX_WORKERS)), each.name)
        for each in limits
    ]
    return _ask(_alone(), share, wanted, now)


_quiet_until = 0.0


def _ask(
    limiter: SlidingWindowCounterRateLimiter,
    items: Sequence[tuple[RateLimitItem, str]],
    wanted: int,
    now: datetime,
) -> Permits:
    stats = [limiter.get_window_stats(item, name) for item, name in items]
    granted = min(wanted, *(each.remaining for each in stats))
    # Another worker may have been faster in between; what was taken from the other limits then is just lost.
    if granted and all(limiter.hit(item, name, cost=granted) for item, name in items):
        return Permits(granted, now)
    resets = max(each.reset_time for each in stats) - now.timestamp()
    return Permits(0, now + min(max(timedelta(seconds=resets), SHORTEST), LONGEST))


@cache
def _shared() -> SlidingWindowCounterRateLimiter:
    storage = RedisStorage(
        settings.REDIS_URL,
        wrap_exceptions=True,
        key_prefix="mailing-rate",
        socket_connect_timeout=2,
        socket_timeout=2,
    )
    return SlidingWindowCounterRateLimiter(storage)


@cache
def _alone() -> SlidingWindowCounterRateLimiter:
    return SlidingWindowCounterRateLimiter(MemoryStorage())
