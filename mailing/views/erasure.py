"""Forgetting an address because its owner wants it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from mailing import tokens
from mailing.services.erasure import OWNER, erase_address
from mailing.views.base import mailed_link


@mailed_link
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, token: str) -> HttpResponse:
    """Says what forgetting means and what it does not reach, with one button; the button forgets."""
    email = tokens.open_forget(token)
    if request.method != "POST":
        context = {"email": email, "token": tokens.address_token(email)}
        return render(request, "mailing/forget.html", context)
    erase_address(email=email, by=OWNER)
    return render(request, "mailing/forgotten.html")
