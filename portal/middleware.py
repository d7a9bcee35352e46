"""What is refused before any view sees it, what holds for signed-in people, and on the staff's path only."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.errors import too_large


class RequestGuardMiddleware:
    """Keeps out what no visitor of ours sends, so that no view, form or library has to expect it.

    A NUL has no place in an address or a cookie, and PostgreSQL fails on it: in a query it becomes a blank, all
    else is refused. A body larger than any form of ours would otherwise fill the disk with an upload nobody asked
    for: a POST is read before a view decides on it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.META
        # In a cookie's quoted value a NUL is written as an octal number.
        if "\x00" in request.path or "\\000" in asked.get("HTTP_COOKIE", ""):
            raise BadRequest("A NUL in the address or a cookie.")
        if "%00" in asked.get("QUERY_STRING", ""):
            asked["QUERY_STRING"] = asked["QUERY_STRING"].replace("%00", "%20")
        length = asked.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.MAX_BODY_BYTES:
            return too_large(request)
        return self.get_response(request)


class PrivatePagesMiddleware:
    """What was made for somebody with a session is kept by nobody: no shared cache, no browser after signing out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class StaffDeskMiddleware:
    """Under the admin's path: a second factor for staff, the relaxed CSP that django-unfold needs, no caching.

    Must stand inside CSPMiddleware and after the authentication.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.prefix = reverse("admin:index")
        self.partners_prefix = f"{reverse('my:dashboard')}organizations/"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(self.partners_prefix):
            # Staff may open every organization's own pages, so their second factor is asked for there too.
            return self._second_factor_missing(request) or self.get_response(request)
        if not request.path.startswith(self.prefix):
            return self.get_response(request)
        response: Any = self._second_factor_missing(request) or self.get_response(request)
        response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _second_factor_missing(self, request: HttpRequest) -> HttpResponse | None:
        """Where to send a staff member who has not set up a second factor yet."""
        if not settings.STAFF_SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
            return None
        from allauth.mfa.utils import is_mfa_enabled

        if not request.user.is_staff or is_mfa_enabled(request.user):
            return None
        messages.info(
            request,
            _("Staff need a second factor. Set one up here: an authenticator app or a passkey."),
        )
        return redirect("mfa_index")
