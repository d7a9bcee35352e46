"""How often one visitor may send a public form."""

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any

import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_ratelimit.core import is_ratelimited


def client_address(group: str, request: HttpRequest) -> str:
    """The visitor's network address; behind proxies the one the outermost trusted proxy saw."""
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    if settings.TRUSTED_PROXIES and len(forwarded) >= settings.TRUSTED_PROXIES:
        return _network(forwarded[-settings.TRUSTED_PROXIES])
    return _network(request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    """The address; of IPv6 the first 64 bits, because one household has all the addresses behind them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))


def reads_too_often(request: HttpRequest, group: str, rate: str) -> bool:
    """Whether one address asks for what costs us more often than `rate`. Without Redis nobody can say: nobody does."""
    try:
        return is_ratelimited(request, group=group, key=client_address, rate=rate, increment=True)
    except redis.RedisError:
        return False


def limited(group: str, rate: str = "", *, method: str | tuple[None] = "POST") -> Callable:
    """Refuses a form that one address sends more often than `rate`, on a page that says so.

    Without a rate of its own `settings.FORM_RATE` holds. With `method=ALL` every request counts, also one that reads.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if is_ratelimited(
                request,
                group=group,
                key=client_address,
                rate=rate or settings.FORM_RATE,
                method=method,
                increment=True,
            ):
                return render(request, "429.html", status=429)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
