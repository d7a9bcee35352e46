"""What machines ask for: health, robots.txt, sitemap."""

from collections.abc import Callable

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from mailing.watching import look
from partners.caching import cache_client


@login_not_required
def health_live(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def health_ready(request: HttpRequest) -> JsonResponse:
    """200 when database and Redis answer, 503 with the name of the one that does not."""
    checks = {"database": _database_answers(), "redis": _redis_answers()}
    status = 200 if all(checks.values()) else 503
    return JsonResponse(checks, status=status, headers={"Cache-Control": "no-store"})


@login_not_required
def health_mail(request: HttpRequest) -> JsonResponse:
    """200 while mail is looked after, 503 with what is not: yes and no, and nothing about anybody's mail.

    Apart from `health_ready`, so that no web server is taken out of service because a worker is gone.
    """
    try:
        seen = look(timezone.now())
    except DatabaseError:
        return JsonResponse({"database": False}, status=503, headers={"Cache-Control": "no-store"})
    checks = {
        "pump": seen.pump_runs,
        "sweep": seen.sweep_runs,
        "answers": seen.answers_flow,
        "notices": seen.notices_flow,
        "mail_server": seen.relay_answers,
        "not_restored": seen.restored_at is None,
    }
    status = 200 if all(checks.values()) else 503
    return JsonResponse(checks, status=status, headers={"Cache-Control": "no-store"})


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis_answers() -> bool:
    try:
        return bool(cache_client().ping())
    except redis.RedisError:
        return False


@login_not_required
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read all that is public; personal and one-time addresses are not for them."""
    closed = ["/my/", "/admin/", "/accounts/", "/go/", "/updates/", "/invitation/", "/take-action/confirm/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def public_sitemap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Django's sitemap, open to everyone."""
    return login_not_required(view)
