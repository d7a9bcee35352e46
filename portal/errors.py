"""What people see when something is wrong on our side."""

import sys

import redis
import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

OUTAGES = (OperationalError, InterfaceError, redis.ConnectionError, redis.TimeoutError)

logger = structlog.get_logger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 for our own mistakes; 503 with "come back in a minute" while the database or Redis is down.

    Django calls this while the exception is being handled, so whatever layer raised it is covered.
    """
    error = sys.exc_info()[1]
    if isinstance(error, OUTAGES):
        logger.error("service unavailable", path=request.path, error=str(error))
        return HttpResponse(
            loader.get_template("503.html").render(),
            status=503,
            headers={"Retry-After": "60", "Cache-Control": "no-store"},
        )
    return HttpResponse(loader.get_template("500.html").render(), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 in words. Unlike Django's own view it does not read the body again, which may be what was bad."""
    return HttpResponse(loader.get_template("400.html").render(), status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more was sent than any form of ours takes. The body is not read."""
    return HttpResponse(loader.get_template("413.html").render(), status=413)
