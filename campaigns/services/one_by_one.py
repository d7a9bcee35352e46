"""Work that the clock brings, one record after the other, so that one that fails costs the others nothing."""

from collections.abc import Callable, Iterable

import structlog
from django.db import transaction

logger = structlog.get_logger(__name__)


def one_by_one(numbers: Iterable[int], work: Callable[[int], int], *, failure: str) -> int:
    """Does the work for each number in a transaction of its own; how much was done. A failure is logged by its words."""
    done = 0
    for number in numbers:
        try:
            with transaction.atomic():
                done += work(number)
        except Exception:
            logger.exception(failure, number=number)
    return done
