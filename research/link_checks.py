"""Opens a source's address the way a reader would, to see whether its page is still there.

A first answer to HEAD is enough where it is good; everything else is asked again with GET, whose body is never read
beyond its first bytes. Each hop of a redirect is resolved first and asked at what it resolved to: no address leads us
into a private network. One host is asked one thing at a time, with a pause in between.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from partners.outside import SHY, NotPublic, pinned_to_public
from research.deadlines import Deadline, DeadlineTransport
from research.models import SourceCheck

MAX_REDIRECTS = 5
ATTEMPTS = 2
# Between two requests to one host, and before what failed is tried again, in seconds.
HOST_GAP = 1.0
RETRY_AFTER = 3.0
# A page that takes longer than this in all is slow, however often it sends a byte.
MOST_SECONDS = 30.0
_PASSING = frozenset({408, 425, 500, 502, 504})
_GONE = frozenset({404, 410})

Outcome = SourceCheck.Outcome


@dataclass(frozen=True)
class Look:
    """How one look at an address went. `moved_to`: where it lives now, when it moved for good."""

    outcome: str
    status: int | None = None
    moved_to: str = ""

    @property
    def failed(self) -> bool:
        """Whether a reader could not have opened the page."""
        return self.outcome in SourceCheck.FAILURES


class Looker:
    """Looks at addresses, politely. Tests hand in their own guard and clock."""

    def __init__(
        self,
        *,
        guard: Callable[[httpx.Request], None] = pinned_to_public,
        timeout: float | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._guard, self._sleep, self._clock = guard, sleep, clock
        self._last: dict[str, float] = {}
        self._deadline = Deadline(clock)
        self._http = httpx.Client(
            transport=DeadlineTransport(self._deadline),
            timeout=timeout if timeout is not None else settings.SOURCE_CHECK_TIMEOUT,
            follow_redirects=False,
            headers={
                "User-Agent": f"Mozilla/5.0 (compatible; check of sources; +{settings.SITE_URL})",
                "Accept": "*/*",
            },
            event_hooks={"request": [self._guard]},
            # Nothing of the machine's own surroundings: a proxy would resolve names past the guard.
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def look(self, url: str) -> Look:
        """One address, tried twice where that may help."""
        for attempt in range(ATTEMPTS):
            found = self._look_once(url)
            passing = found.outcome in (Outcome.SLOW, Outcome.UNREACHABLE) or found.status in _PASSING
            if not passing or attempt + 1 == ATTEMPTS:
                break
            self._sleep(RETRY_AFTER)
        return found

    def _look_once(self, url: str) -> Look:
        try:
            try:
                found = self._follow("HEAD", url)
            except (httpx.RemoteProtocolError, httpx.ReadError):
                found = Look(Outcome.UNREACHABLE)
            # Some sites answer only to those who want the page itself.
            return found if found.outcome in (Outcome.FOUND, Outcome.MOVED) else self._follow("GET", url)
        except NotPublic:
            return Look(Outcome.REFUSED)
        except httpx.TimeoutException:
            return Look(Outcome.SLOW)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return Look(Outcome.UNREACHABLE)

    def _follow(self, method: str, url: str) -> Look:
        self._deadline.begin(MOST_SECONDS)
        moved_to, only_for_good = "", True
        for _hop in range(MAX_REDIRECTS + 1):
            if urlsplit(url).scheme not in {"http", "https"}:
                return Look(Outcome.UNREACHABLE)
            self._keep_gap(url)
            # The answer is left unread: its size never matters.
            with self._http.stream(method, url) as answer:
                if not answer.has_redirect_location:
                    return _read(answer.status_code, moved_to if only_for_good else "")
                only_for_good = only_for_good and answer.status_code in {301, 308}
                # From the address by its name; the request itself may have gone to a number.
                url = moved_to = str(httpx.URL(url).join(answer.headers["location"]))
        return Look(Outcome.BROKEN)

    def _keep_gap(self, url: str) -> None:
        host = urlsplit(url).hostname or ""
        early = self._last.get(host, float("-inf")) + HOST_GAP - self._clock()
        if early > 0:
            self._sleep(early)
        self._last[host] = self._clock()


def _read(status: int, moved_to: str) -> Look:
    if status < 400:
        moved = moved_to[:2000]
        return Look(Outcome.MOVED if moved else Outcome.FOUND, status, moved)
    if status in _GONE:
        return Look(Outcome.GONE, status)
    return Look(Outcome.UNSURE if status in SHY else Outcome.BROKEN, status)
