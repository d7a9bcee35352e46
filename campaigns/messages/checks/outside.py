"""Whether links to other sites answer. Only ever asked for by a person at the desk, never on the way to sending."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from partners.outside import SHY, NotPublic, only_public

SECONDS = 4.0
MOST = 30
AT_ONCE = 6
KEPT = 600
USER_AGENT = "Mozilla/5.0 (compatible; link check of an e-mail before it is sent)"


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
                event_hooks={} if transport else {"request": [only_public]},
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
    if status in SHY:
        return _("does not answer to programs (%(status)d); open it yourself") % {"status": status}
    return _("answers with the error %(status)d") % {"status": status} if status >= 400 else ""


def _key(url: str) -> str:
    return f"alert-link:{hashlib.sha256(url.encode()).hexdigest()}"
