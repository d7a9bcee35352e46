"""Hands work to Celery. Whatever matters is in the database already: a broker that is down only delays it."""

from functools import partial
from time import monotonic

import redis
import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = structlog.get_logger(__name__)

# After a broker did not answer, nobody waits for it again so soon.
QUIET_SECONDS = 10.0
# A web request may be waiting. (`retry=False` would try for six seconds, as the transport's own default does.)
ONE_TRY = {"max_retries": 0, "interval_start": 0, "interval_max": 0}

_quiet_until = 0.0


def queue(task: Task, *args: object, expires: float | None = None) -> bool:
    """Queues a task now. False when the broker did not take it; beat's sweep then does the work."""
    global _quiet_until
    if monotonic() < _quiet_until:
        return False
    try:
        # Celery takes None for "never expires"; its declaration forgets that.
        task.apply_async(args, expires=expires, retry=True, retry_policy=ONE_TRY)  # type: ignore[arg-type]
    except (OperationalError, redis.RedisError, OSError) as error:
        _quiet_until = monotonic() + QUIET_SECONDS
        logger.warning("task not queued", task=task.name, error=str(error))
        return False
    return True


def queue_after_commit(task: Task, *args: object) -> None:
    """Queues a task once the rows it works on are committed; never if they are rolled back."""
    transaction.on_commit(partial(queue, task, *args))
