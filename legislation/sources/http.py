"""Fetches from the sources' servers: with time limits, size limits, patience where a server asks for it, and an end.

Everything that goes wrong becomes `SourceUnavailable` in words for staff. What it retries and how long it waits in all
is bounded, so that a run over a dead server ends in minutes.
"""

import logging
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import urlsplit

import httpx
import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.sources.base import SourceUnavailable

# It writes every address into the log, and some hold a key.
logging.getLogger("httpx").setLevel(logging.WARNING)

ATTEMPTS = 5
MAX_REDIRECTS = 5
MAX_ANSWER = 64 << 20
MAX_DOWNLOAD = 1 << 30
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_WEB_PAGE = (b"<!doctype html", b"<html")


class NotThere(SourceUnavailable):
    """The server works and says that it has nothing at this address."""


class TryAgain(Exception):
    """One attempt failed in a way that may pass. `wait` is what the server asked for, in seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Client:
    """Talks to one source for the length of one read. `clock` and `sleep` are seconds, as those of `time`."""

    def __init__(
        self,
        *,
        headers: Mapping[str, str] | None = None,
        gap: float = 0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        agent = f"Illinois Partners portal (+{settings.SITE_URL})"
        # Headers that only the source itself may see, such as a key; they do not follow a redirect to elsewhere.
        self.private = dict(headers or {})
        self.gap = gap
        self.clock, self.sleep = clock, sleep
        self.requests = 0
        self._waited = 0.0
        self._last = float("-inf")
        self._http = httpx.Client(
            headers={"User-Agent": agent}, timeout=settings.LEGISLATURE_TIMEOUT, follow_redirects=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    # --- What adapters ask -----------------------------------------------------------------------------------------

    def text(self, url: str, **request: Any) -> bytes:
        """The whole answer, at most `MAX_ANSWER` bytes."""
        with tempfile.SpooledTemporaryFile(max_size=8 << 20) as body:
            self.fetch(url, body, MAX_ANSWER, **request)
            body.seek(0)
            return body.read()

    def json(self, url: str, **request: Any) -> bytes:
        """The whole answer, which must begin as JSON does. A web page instead is a server that is not itself."""
        body = self.text(url, **request)
        if body.lstrip()[:1] not in {b"{", b"["}:
            raise SourceUnavailable(
                _("%(host)s answered with something other than data.") % {"host": host_of(url)}
            )
        try:
            msgspec.json.decode(body, type=msgspec.Raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise SourceUnavailable(
                _("%(host)s answered with damaged data.") % {"host": host_of(url)}
            ) from None
        return body

    def fetch(self, url: str, into: IO[bytes], limit: int, **request: Any) -> None:
        """Writes the answer into a file, trying again where that may help."""
        reason = ""
        for attempt in range(ATTEMPTS):
            into.seek(0)
            into.truncate()
            try:
                self._fetch_once(url, into, limit, request)
            except TryAgain as again:
                reason = str(again)
                if attempt + 1 < ATTEMPTS:
                    self._wait(again, attempt, url)
            else:
                return
        raise SourceUnavailable(
            _("%(host)s did not answer after %(count)s attempts: %(reason)s")
            % {"host": host_of(url), "count": ATTEMPTS, "reason": reason}
        )

    # --- How it does it --------------------------------------------------------------------------------------------

    def _wait(self, again: TryAgain, attempt: int, url: str) -> None:
        """Waits as long as the server asked for, else twice as long each time, with chance in it."""
        pause = again.wait if again.wait is not None else 2**attempt * random.uniform(0.5, 1.5)  # noqa: S311
        if self._waited + pause > settings.LEGISLATURE_MAX_WAIT:
            raise SourceUnavailable(
                _("%(host)s asks for a longer pause than a run may take: %(reason)s")
                % {"host": host_of(url), "reason": again}
            )
        self._waited += pause
        self.sleep(pause)

    def _keep_gap(self) -> None:
        """Holds to the number of requests a minute that the source allows."""
        early = self._last + self.gap - self.clock()
        if early > 0:
            self.sleep(early)
        self._last = self.clock()
        self.requests += 1

    def _fetch_once(self, url: str, into: IO[bytes], limit: int, request: dict[str, Any]) -> None:
        method = "POST" if "data" in request else "GET"
        first = urlsplit(url)
        for _hop in range(MAX_REDIRECTS + 1):
            parts = urlsplit(url)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise SourceUnavailable(
                    _("%(url)s is not an address that can be fetched.") % {"url": url[:200]}
                )
            same = (parts.scheme, parts.netloc) == (first.scheme, first.netloc)
            self._keep_gap()
            try:
                with self._http.stream(
                    method, url, headers=self.private if same else None, **request
                ) as answer:
                    if not answer.has_redirect_location:
                        self._check(answer, url)
                        self._copy(answer, into, limit, url)
                        return
                    url = str(answer.url.join(answer.headers["location"]))
                    if answer.status_code in {301, 302, 303}:
                        method, request = "GET", {}
                    else:
                        request = {name: value for name, value in request.items() if name != "params"}
            except httpx.TimeoutException:
                raise TryAgain(
                    _("no answer within %(seconds)s seconds") % {"seconds": settings.LEGISLATURE_TIMEOUT}
                ) from None
            except (httpx.TransportError, httpx.DecodingError) as error:
                raise TryAgain(str(error) or type(error).__name__) from None
            except httpx.InvalidURL:
                raise SourceUnavailable(_("%(url)s is not an address.") % {"url": url[:200]}) from None
        raise SourceUnavailable(_("%(host)s sends us in circles.") % {"host": host_of(url)})

    def _check(self, answer: httpx.Response, url: str) -> None:
        status, host = answer.status_code, host_of(url)
        if status < 300:
            return
        if status in _RETRIED:
            if status == 429:
                self._check_day(answer, host)
            raise TryAgain(
                _("it answered %(status)s") % {"status": status},
                retry_after(answer.headers.get("retry-after")),
            )
        if status in {404, 410}:
            raise NotThere(
                _("%(host)s has nothing at %(url)s.") % {"host": host, "url": url.split("?")[0][:300]}
            )
        if status in {401, 403}:
            raise SourceUnavailable(
                _("%(host)s refuses us (%(status)s). Please check the key or the address.")
                % {"host": host, "status": status}
            )
        raise SourceUnavailable(_("%(host)s answered %(status)s.") % {"host": host, "status": status})

    def _check_day(self, answer: httpx.Response, host: str) -> None:
        """A day's quota that is used up does not come back by waiting minutes."""
        try:
            words = next(answer.iter_bytes(2048), b"").decode("utf-8", "replace")
        except httpx.HTTPError:
            return
        if "/day" in words:
            raise SourceUnavailable(
                _("%(host)s says that today's quota is used up. The rest is fetched tomorrow.")
                % {"host": host}
            )

    def _copy(self, answer: httpx.Response, into: IO[bytes], limit: int, url: str) -> None:
        host = host_of(url)
        # A server that trickles keeps each single read in time; the whole answer has a limit of its own.
        end = self.clock() + 30 * settings.LEGISLATURE_TIMEOUT
        size = 0
        for chunk in answer.iter_bytes(1 << 16):
            size += len(chunk)
            if size > limit:
                raise SourceUnavailable(
                    _("%(host)s sends more than %(size)s MB.") % {"host": host, "size": limit >> 20}
                )
            if self.clock() > end:
                raise TryAgain(_("its answer does not come to an end"))
            into.write(chunk)


ClientFactory = Callable[..., Client]


class Fetching:
    """An adapter that may have to fetch. Tests hand in a client that does not sleep."""

    def __init__(self, client: ClientFactory = Client) -> None:
        self.client = client


def host_of(url: str) -> str:
    """Who is spoken of, in words for staff."""
    return urlsplit(url).hostname or url[:60]


def retry_after(text: str | None) -> float | None:
    """Seconds from a Retry-After header, which holds seconds or a date."""
    if not text:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - timezone.now()).total_seconds())
    except (ValueError, TypeError):
        return None


def is_address(location: str) -> bool:
    """Whether a location is to be fetched instead of opened."""
    return location.lower().startswith(("http://", "https://"))


@contextmanager
def located(location: str, client: ClientFactory = Client, *, pages: bool = False) -> Iterator[Path]:
    """A path to read from: the location itself, or a passing copy of what its address answers.

    `pages`: web pages are what the source reads; elsewhere one means that the server is not itself.
    """
    if not location:
        raise SourceUnavailable(_("No file, folder or address was named."))
    if not is_address(location):
        yield Path(location)
        return
    with tempfile.TemporaryDirectory(prefix="legislature-") as folder, client() as connection:
        copy = Path(folder) / (Path(urlsplit(location).path).name or "download")
        with copy.open("w+b") as into:
            connection.fetch(location, into, MAX_DOWNLOAD)
        with copy.open("rb") as begin:
            if not pages and begin.read(200).lstrip().lower().startswith(_WEB_PAGE):
                raise SourceUnavailable(
                    _("%(host)s answered with a web page instead of data.") % {"host": host_of(location)}
                )
        yield copy
