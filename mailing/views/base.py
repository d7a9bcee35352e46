"""What pages behind mailed links share.

They need no cookie: the token itself is the proof, so they carry no CSRF token either. Mail scanners follow every
link, so a GET changes nothing.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from mailing import tokens
from mailing.errors import BadToken, ExpiredToken

View = Callable[..., HttpResponse]


def mailed_link(view: View) -> View:
    """A page behind a mailed token: open to all, never stored, with plain words for a bad token."""

    @csrf_exempt
    @login_not_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        if token == tokens.PREVIEW:
            return render(request, "mailing/preview_link.html")
        try:
            return view(request, token)
        except ExpiredToken:
            return render(request, "mailing/link_expired.html", {"expired": True}, status=410)
        except BadToken:
            return render(request, "mailing/link_expired.html", {"expired": False}, status=404)

    return guarded
