"""How one mailbox wants its mail."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mailing import services, tokens
from mailing.addresses import hash_address
from mailing.forms import PreferencesForm
from mailing.models import Delivery
from mailing.services.preferences import start_again as end_pause
from mailing.views.base import mailed_link
from mailing.wishes import Wishes, changes_in_words, wishes_of


@mailed_link
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Which topics a mailbox gets, how often, in which language, at what time, and for how long not."""
    email = tokens.open_address(token)
    before = wishes_of(email, now=timezone.now())
    data = request.POST if request.method == "POST" else None
    form = PreferencesForm(data, wishes=before, language=_language_so_far(email))
    if form.is_valid():
        services.save_preferences(email=email, choices=form.choices())
        return _saved(request, token, email, before)
    context = {"form": form, "wishes": before, "forget_token": tokens.forget_token(email)}
    return render(request, "mailing/preferences.html", _page(token, email) | context)


@mailed_link
@require_POST
def start_again(request: HttpRequest, token: str) -> HttpResponse:
    """Ends a pause at once."""
    email = tokens.open_address(token)
    before = wishes_of(email, now=timezone.now())
    end_pause(email=email)
    return _saved(request, token, email, before)


@never_cache
@require_safe
def own_preferences(request: HttpRequest) -> HttpResponse:
    """Leads a signed-in person to the page of their own mailbox, with a fresh token."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return redirect("mailing:preferences", tokens.address_token(request.user.email))


def _saved(request: HttpRequest, token: str, email: str, before: Wishes) -> HttpResponse:
    after = wishes_of(email, now=timezone.now())
    context = {"wishes": after, "changes": changes_in_words(before, after)}
    return render(request, "mailing/preferences_saved.html", _page(token, email) | context)


def _page(token: str, email: str) -> dict[str, object]:
    return {"email": email, "token": token}


def _language_so_far(email: str) -> str:
    """The language of the newest message to an address; empty when it got none."""
    rows = Delivery.objects.filter(address_hash=hash_address(email)).order_by("-pk")
    return rows.values_list("language", flat=True).first() or ""
