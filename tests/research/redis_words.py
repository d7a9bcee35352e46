"""All that Redis holds, in plain words: a dump packs longer words, and stored pages are one hash under one key."""

import base64
import json

import msgspec

from partners.caching import PAGES_KEY, QUERIED_PAGES_KEY, cache_client
from portal.page_cache import StoredPage


def words_in_redis() -> list[bytes]:
    """Every key, field and value; of stored pages their headers and bodies, of queued tasks what they were given."""
    redis = cache_client()
    found = []
    for key in redis.keys("*"):
        found.append(key)
        kind = redis.type(key)
        if kind == b"hash":
            for name, value in redis.hgetall(key).items():
                found += [
                    name,
                    *(_page(value) if key.decode() in {PAGES_KEY, QUERIED_PAGES_KEY} else [value]),
                ]
        elif kind == b"list":
            for value in redis.lrange(key, 0, -1):
                found += [value, base64.b64decode(json.loads(value)["body"])]
        elif kind == b"set":
            found += redis.smembers(key)
        elif kind == b"zset":
            found += redis.zrange(key, 0, -1)
        else:
            assert kind == b"string", f"{key!r} is a {kind!r}, which nobody looks into"
            found.append(redis.get(key))
    return found


def _page(value: bytes) -> list[bytes]:
    page = msgspec.msgpack.decode(value, type=StoredPage)
    return [page.etag.encode(), repr(page.headers).encode(), page.body]
