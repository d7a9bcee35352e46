"""Serves stored public pages before anything else of Django runs.

Hits cost one round trip to Redis. What is stored is the final response: body, gzip body, headers, ETag.
"""

import gzip
import hashlib
from collections.abc import Callable

import msgspec
import redis
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from partners.caching import GENERATION_KEY, PAGES_KEY, QUERIED_PAGES_KEY, ask, cache_client

MAX_PAGES = 5000
MAX_QUERIED_PAGES = 1000
MAX_QUERY_LENGTH = 120
# Headers that depend on one visitor or one moment and never go into the store.
UNSTORED_HEADERS = {"set-cookie", "content-encoding", "content-length", "etag", "vary"}

_STORE = """
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[1] then return 0 end
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[4]) then redis.call('UNLINK', KEYS[1]) end
local fresh = redis.call('EXISTS', KEYS[1]) == 0
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
if fresh then redis.call('EXPIRE', KEYS[1], ARGV[5]) end
return 1
"""


class StoredPage(msgspec.Struct, array_like=True):
    """One page as it goes out."""

    etag: str
    headers: list[tuple[str, str]]
    body: bytes
    gzipped: bytes


_decode = msgspec.msgpack.Decoder(StoredPage).decode
_encode = msgspec.msgpack.Encoder().encode


class PageCacheMiddleware:
    """Outermost: answers anonymous GETs from the store, and stores what `cached_page` marked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.session_cookie = settings.SESSION_COOKIE_NAME
        self.seconds = settings.PAGE_CACHE_SECONDS
        # Pages name static files by their contents: those that an earlier version stored are not ours to answer with.
        self.build = getattr(staticfiles_storage, "manifest_hash", "")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.seconds or not self._is_cacheable(request):
            return self.get_response(request)
        key = self._key(request)
        shelf, most = self._shelf(request)
        try:
            stored = ask("HGET", shelf, key)
            if stored:
                return self._answer(request, _decode(stored))
            generation = ask("GET", GENERATION_KEY) or b""
        except redis.RedisError:
            return self.get_response(request)
        response = self.get_response(request)
        page = self._page_of(response)
        if page is None:
            return response
        try:
            cache_client().eval(
                _STORE, 2, shelf, GENERATION_KEY, generation, key, _encode(page), most, self.seconds
            )
        except redis.RedisError:
            return response
        return self._answer(request, page)

    def _is_cacheable(self, request: HttpRequest) -> bool:
        return (
            request.method in {"GET", "HEAD"}
            # Without the "=": cookie parsers let blanks stand before it.
            and self.session_cookie not in request.META.get("HTTP_COOKIE", "")
            and len(request.META.get("QUERY_STRING", "")) <= MAX_QUERY_LENGTH
            # Whatever would be redirected to HTTPS must not be answered from the store.
            and not (settings.SECURE_SSL_REDIRECT and not request.is_secure())
        )

    def _shelf(self, request: HttpRequest) -> tuple[str, int]:
        """Where a page is kept, and how many pages there may be: whoever makes up queries fills only the place of those."""
        if request.META.get("QUERY_STRING"):
            return QUERIED_PAGES_KEY, MAX_QUERIED_PAGES
        return PAGES_KEY, MAX_PAGES

    def _key(self, request: HttpRequest) -> str:
        host = request.META.get("HTTP_HOST", "")
        return f"{self.build}{host}{request.path}?{request.META.get('QUERY_STRING', '')}"

    def _page_of(self, response: HttpResponse) -> StoredPage | None:
        """What to store of a response, or nothing where it is not the same for everybody."""
        if not getattr(response, "page_cache", False) or response.status_code != 200:
            return None
        if response.cookies or response.streaming:
            return None
        body = response.content
        if response.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        headers = [(name, value) for name, value in response.items() if name.lower() not in UNSTORED_HEADERS]
        headers.append(("Cache-Control", "public, no-cache"))
        return StoredPage(
            etag=f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"',
            headers=headers,
            body=body,
            gzipped=gzip.compress(body, 6, mtime=0),
        )

    def _answer(self, request: HttpRequest, page: StoredPage) -> HttpResponse:
        headers = dict(page.headers)
        # One address serves signed-in people too, so shared caches outside must ask again for them.
        headers["Vary"] = "Accept-Encoding, Cookie"
        headers["ETag"] = page.etag
        asked = request.META.get("HTTP_IF_NONE_MATCH")
        if asked and page.etag in asked.replace("W/", ""):
            response = HttpResponseNotModified(headers=headers)
            del response.headers["Content-Type"]
            return response
        if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
            headers["Content-Encoding"] = "gzip"
            return HttpResponse(page.gzipped, headers=headers)
        return HttpResponse(page.body, headers=headers)
