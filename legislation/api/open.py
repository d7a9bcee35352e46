"""What holds for every address of the API: nobody signs in, other websites may read it, and nobody asks too often."""

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django_ratelimit.core import is_ratelimited
from ninja.throttling import BaseThrottle

from mailing.web.limits import client_address

WAIT_SECONDS = 60


class PerAddress(BaseThrottle):
    """As many questions as `settings.API_RATE` allows one network address."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Counts the question; False when it is one too many."""
        return not is_ratelimited(
            request, group="api", key=client_address, rate=settings.API_RATE, increment=True
        )

    def wait(self) -> float | None:
        """How long to wait, at most, in seconds."""
        return WAIT_SECONDS


def open_to_all(
    patterns: Iterable[URLPattern | URLResolver], refuse: Callable[[HttpRequest], HttpResponse]
) -> list[URLPattern]:
    """The same addresses, readable from any website. `refuse` answers what is not a reading."""
    found = [pattern for pattern in patterns if isinstance(pattern, URLPattern)]
    for pattern in found:
        pattern.callback = _opened(pattern.callback, refuse)
    return found


def _opened(
    view: Callable[..., HttpResponse], refuse: Callable[[HttpRequest], HttpResponse]
) -> Callable[..., HttpResponse]:
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
            response["Access-Control-Max-Age"] = "86400"
        elif request.method in {"GET", "HEAD"}:
            # A HEAD is answered as a GET; the server leaves the body out.
            method, request.method = request.method, "GET"
            response = view(request, *args, **kwargs)
            request.method = method
            # One answer serves all: the page cache keeps it (see partners.caching).
            response.page_cache = response.status_code == 200  # type: ignore[attr-defined]
        else:
            response = refuse(request)
            response["Allow"] = "GET, HEAD, OPTIONS"
        response["Access-Control-Allow-Origin"] = "*"
        return response

    update_wrapper(opened, view, updated=())
    opened.csrf_exempt = True  # type: ignore[attr-defined]
    return login_not_required(opened)
