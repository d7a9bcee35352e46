"""The page behind an invitation's link."""

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mailing.web.limits import limited
from partners.errors import NotAllowed
from partners.forms import WelcomeForm
from partners.models import Invitation
from partners.posted import posted
from partners.services import accept_invitation, accept_invitation_as
from partners.services.invitations import invitation_by_token, is_addressed_to, login_for


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@limited("invitation")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Name and password for whoever has no login, one button for whoever has; a GET changes nothing."""
    found = invitation_by_token(token)
    if found is None or not found.is_open():
        return _closed(request, found)
    try:
        if request.user.is_authenticated:
            return _signed_in(request, found)
        if login_for(found.email):
            return render(request, "partners/invitation_sign_in.html", {"invitation": found})
        return _new_login(request, found)
    except NotAllowed:  # Used or withdrawn between opening and sending this page.
        return _closed(request, invitation_by_token(token))


def _closed(request: HttpRequest, found: Invitation | None) -> HttpResponse:
    """The link does not work: why, and what to do."""
    return render(
        request, "partners/invitation_closed.html", {"invitation": found}, status=410 if found else 404
    )


def _signed_in(request: HttpRequest, found: Invitation) -> HttpResponse:
    if not is_addressed_to(found, request.user):
        return render(request, "partners/invitation_other_login.html", {"invitation": found}, status=403)
    if request.method == "POST":
        membership = accept_invitation_as(invitation=found, user=request.user)
        messages.success(request, _("You now belong to %s.") % membership.organization)
        return redirect("my:dashboard")
    return render(request, "partners/invitation_accept.html", {"invitation": found})


def _new_login(request: HttpRequest, found: Invitation) -> HttpResponse:
    names = {"first_name": found.first_name, "last_name": found.last_name}
    form = WelcomeForm(posted(request), email=found.email, initial=names)
    if request.method == "POST" and form.is_valid():
        user = accept_invitation(invitation=found, **form.cleaned_data)
        get_adapter(request).stash_verified_email(request, user.email)
        return perform_login(request, user, email=user.email)
    return render(request, "partners/invitation_welcome.html", {"form": form, "invitation": found})
