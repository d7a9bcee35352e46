"""The shared cache of public pages: what may go in, and how it is emptied.

One Redis hash holds every stored page: emptying it is one command and works for all web processes at once.
A page that was being made while the cache was emptied is not stored: its generation no longer matches.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

PAGES_KEY = "portal:pages"
GENERATION_KEY = "portal:pages:generation"

logger = structlog.get_logger(__name__)

_client: redis.Redis | None = None


def cache_client() -> redis.Redis:
    """The process's connection pool to Redis for pages; answers within half a second or not at all."""
    global _client
    if _client is None:
        _client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5, protocol=2
        )
    return _client


def cached_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Marks a public page without a form or anything personal: one rendering serves every stranger."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: Any = view(request, *args, **kwargs)
        response.page_cache = True  # Our own mark; the page cache's middleware looks for it.
        return response

    return marked


def empty_page_cache() -> None:
    """Forgets every stored page now. Without Redis there is nothing stored that could be shown."""
    try:
        pipeline = cache_client().pipeline(transaction=True)
        pipeline.incr(GENERATION_KEY)
        pipeline.delete(PAGES_KEY)
        pipeline.execute()
    except redis.RedisError as error:
        logger.warning("page cache not emptied", error=str(error))


def empty_page_cache_on_commit() -> None:
    """Forgets every stored page once the change that made them stale is in the database."""
    transaction.on_commit(empty_page_cache, robust=True)
