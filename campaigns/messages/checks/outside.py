"""Whether links to other sites answer. Only ever asked for by a person at the desk, never on the way to sending."""

import hashlib
import ipaddress
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

SECONDS = 4.0
MOST = 30
AT_ONCE = 6
KEPT = 600
USER_AGENT = "Mozilla/5.0 (compatible; link check of an e-mail before it is sent)"
# What sites answer to programs although people can open the page.
_SHY = {401, 403, 405, 406, 429, 501, 503, 999}


class NotPublic(httpx.RequestError):
    """The address leads into a private network, where a reader could not follow."""


def try_links(urls: Sequence[str], *, transport: httpx.BaseTransport | None = None) -> dict[str, str]:
    """Opens each address and says what went wrong in words, "" for those that answer.

    Waits a few seconds at most; what is known from the last ten minutes is not asked again. Nothing is asked
    where `settings.ALERT_LINK_CHECK` is off.
    """
    if not settings.ALERT_LINK_CHECK:
        return {}
    asked = list(dict.fromkeys(urls))[:MOST]
    known = {} if transport else cache.get_many([_key(url) for url in asked])
    found = {url: known[_key(url)] for url in asked if _key(url) in known}
    fresh = [url for url in asked if url not in found]
    if fresh:
        with (
            httpx.Client(
                timeout=SECONDS,
                follow_redirects=True,
                max_redirects=5,
                headers={"User-Agent": USER_AGENT},
                transport=transport,
                event_hooks={} if transport else {"request": [_only_public]},
            ) as client,
            ThreadPoolExecutor(AT_ONCE) as pool,
        ):
            answers = dict(zip(fresh, pool.map(lambda url: _trouble(client, url), fresh), strict=True))
        cache.set_many({_key(url): trouble for url, trouble in answers.items()}, KEPT)
        found |= answers
    return {url: found[url] for url in asked}


def _trouble(client: httpx.Client, url: str) -> str:
    try:
        status = client.head(url).status_code
        if status >= 400:
            # Some sites answer only to those who want the page.
            with client.stream("GET", url) as answer:
                status = answer.status_code
    except httpx.TimeoutException:
        return _("did not answer within %(n)d seconds") % {"n": SECONDS}
    except NotPublic:
        return _("leads into a private network")
    except httpx.TooManyRedirects:
        return _("leads in a circle")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
        return _("cannot be reached")
    if status in _SHY:
        return _("does not answer to programs (%(status)d); open it yourself") % {"status": status}
    return _("answers with the error %(status)d") % {"status": status} if status >= 400 else ""


def _only_public(request: httpx.Request) -> None:
    """Raises `NotPublic` for a host inside of our own or any other private network."""
    try:
        found = socket.getaddrinfo(request.url.host, request.url.port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpx.ConnectError("no such host", request=request) from error
    if not all(ipaddress.ip_address(str(row[4][0]).partition("%")[0]).is_global for row in found):
        raise NotPublic("a private address", request=request)


def _key(url: str) -> str:
    return f"alert-link:{hashlib.sha256(url.encode()).hexdigest()}"
