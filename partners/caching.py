"""The shared cache of public pages: what may go in, and how it is emptied.

One Redis hash holds every stored page, a second one those that were asked for with a query: emptying both is one
command and works for all web processes at once.
A page that was being made while the cache was emptied is not stored: its generation no longer matches.
"""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

PAGES_KEY = "portal:pages"
# Queries are without number, so they have a place of their own and never push out the pages that everybody opens.
QUERIED_PAGES_KEY = "portal:pages:queried"
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


class _Line(threading.local):
    """A thread's own connection, and the pool it was made by."""

    connection: Any = None
    pool: Any = None


_line = _Line()


def ask(*words: str | bytes) -> Any:
    """One command over this thread's own connection, for the one question every visitor causes.

    Without the pool's bookkeeping it costs half. A connection that the server closed meanwhile is opened again
    once; then `redis.RedisError`.
    """
    pool = cache_client().connection_pool
    if _line.pool is not pool:
        _line.connection, _line.pool = pool.make_connection(), pool
    connection = _line.connection
    reused = connection.is_connected
    try:
        return _answer(connection, words)
    except redis.ConnectionError:
        if not reused:
            raise
        return _answer(connection, words)


def _answer(connection: Any, words: tuple[str | bytes, ...]) -> Any:
    try:
        connection.send_command(*words, check_health=False)
        return connection.read_response()
    except BaseException:
        # What is left of a half-read answer must not become the next question's.
        connection.disconnect()
        raise


def cached_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Marks a public page without a form or anything personal: one rendering serves every stranger."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: Any = view(request, *args, **kwargs)
        response.page_cache = True  # Our own mark; the page cache's middleware looks for it.
        return response

    return marked


def kept_part(name: str, seconds: int, make: Callable[[], str]) -> str:
    """A part of a page that costs more than the rest: kept like stored pages, and gone with them.

    One language's own. Without Redis it is made each time.
    """
    try:
        generation = ask("GET", GENERATION_KEY) or b"0"
        key = f"portal:part:{name}:{get_language()}:{generation.decode()}"
        kept = ask("GET", key)
        if kept is None:
            made = make()
            ask("SET", key, made, "EX", str(seconds))
            return made
        return kept.decode()
    except redis.RedisError:
        return make()


def empty_page_cache() -> None:
    """Forgets every stored page now. Without Redis there is nothing stored that could be shown."""
    try:
        pipeline = cache_client().pipeline(transaction=True)
        pipeline.incr(GENERATION_KEY)
        pipeline.unlink(PAGES_KEY, QUERIED_PAGES_KEY)
        pipeline.execute()
    except redis.RedisError as error:
        logger.warning("page cache not emptied", error=str(error))


def empty_page_cache_on_commit() -> None:
    """Forgets every stored page once the change that made them stale is in the database."""
    transaction.on_commit(empty_page_cache, robust=True)
