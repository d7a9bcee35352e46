"""What takes long to make is kept in Redis for a while; without Redis it is made anew each time."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import redis
from django.core.cache import cache

Made = TypeVar("Made")


def kept(key: str, seconds: int, make: Callable[[], Made]) -> Made:
    """What is kept under a key, else what is made now."""
    try:
        found: Made | None = cache.get(key)
    except redis.RedisError:
        return make()
    if found is not None:
        return found
    made = make()
    with suppress(redis.RedisError):
        cache.set(key, made, seconds)
    return made
