"""Hands work to Celery. Whatever matters is in the database already: a broker that is down only delays it."""

from functools import partial

import redis
import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = structlog.get_logger(__name__)


def queue(task: Task, *args: object, expires: float | None = None) -> bool:
    """Queues a task now. False when the broker did not take it; beat's sweep then does the work."""
    try:
        task.apply_async(args, expires=expires)
    except (OperationalError, redis.RedisError, OSError) as error:
        logger.warning("task not queued", task=task.name, error=str(error))
        return False
    return True


def queue_after_commit(task: Task, *args: object) -> None:
    """Queues a task once the rows it works on are committed; never if they are rolled back."""
    transaction.on_commit(partial(queue, task, *args))
