"""What holds on the staff's path only."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _


class StaffDeskMiddleware:
    """Under the admin's path: a second factor for staff, the relaxed CSP that django-unfold needs, no caching.

    Must stand inside CSPMiddleware and after the authentication.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.prefix = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
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
            _("The staff desk needs a second factor. Set one up here: an authenticator app or a passkey."),
        )
        return redirect("mfa_index")
