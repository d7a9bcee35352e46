"""Pages of sign-up and preferences, and the addresses inside of mail.

Pages behind a mailed token need no cookie: the token itself is the proof, so they carry no CSRF token either.
Mail scanners follow every link, so a GET changes nothing.
"""

from collections.abc import Callable
from functools import wraps

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from mailing import services, tokens
from mailing.addresses import hash_address
from mailing.errors import BadToken, ExpiredToken
from mailing.forms import CONSENT_TEXT, PreferencesForm, SubscribeForm
from mailing.models import Topic
from mailing.services.consent import asked_topics, is_stopped
from mailing.web.limits import limited

View = Callable[..., HttpResponse]

# A message brings its own styles and pictures of ours, and does nothing.
_MESSAGE_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}


def _mailed_link(view: View) -> View:
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


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("subscribe")
def subscribe(request: HttpRequest) -> HttpResponse:
    """The public sign-up for updates."""
    if request.method != "POST":
        chosen = Topic.objects.public().filter(slug=request.GET.get("topic", "")[:50])
        return render(request, "mailing/subscribe.html", _page(SubscribeForm(initial={"topics": chosen})))
    form = SubscribeForm(request.POST)
    if form.is_trap:
        return redirect("mailing:subscribe_sent")
    if not form.is_valid():
        return render(request, "mailing/subscribe.html", _page(form))
    services.subscribe(
        email=form.cleaned_data["email"],
        topics=form.cleaned_data["topics"],
        consent_text=str(CONSENT_TEXT),
        source="updates page",
    )
    return redirect("mailing:subscribe_sent")


@login_not_required
@require_safe
def subscribe_sent(request: HttpRequest) -> HttpResponse:
    """The same answer for every address."""
    return render(request, "mailing/subscribe_sent.html")


@_mailed_link
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what was asked for with one button; the button confirms it."""
    email = tokens.open_confirm(token)
    preferences_url = reverse("mailing:preferences", args=[tokens.address_token(email)])
    context = {"email": email, "preferences_url": preferences_url}
    if request.method == "POST":
        topics = services.confirm_subscription(token=token)
        return render(request, "mailing/subscribe_confirmed.html", context | {"topics": topics})
    topics = asked_topics(email=email, now=timezone.now())
    if not topics:
        return render(request, "mailing/subscribe_confirmed.html", context | {"topics": []})
    return render(request, "mailing/subscribe_confirm.html", context | {"topics": topics})


@_mailed_link
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Which topics a mailbox gets."""
    email = tokens.open_address(token)
    address_hash = hash_address(email)
    offered, stopped = Topic.objects.offered_to(address_hash), is_stopped(email)
    if request.method == "POST":
        form = PreferencesForm(request.POST, offered=offered)
        if form.is_valid():
            services.set_preferences(
                email=email,
                subscribed=set(form.cleaned_data["topics"]),
                stop_all=form.cleaned_data["stop_all"],
            )
            context = {
                "email": email,
                "topics": _now_mailed(email),
                "stopped": is_stopped(email),
                "token": token,
            }
            return render(request, "mailing/preferences_saved.html", context)
    else:
        form = PreferencesForm(initial={"topics": _now_mailed(email), "stop_all": stopped}, offered=offered)
    return render(request, "mailing/preferences.html", {"form": form, "email": email, "stopped": stopped})


@_mailed_link
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stops a topic. Mail programs post here by themselves when their reader unsubscribes (RFC 8058)."""
    delivery = tokens.open_unsubscribe(token)
    topic = delivery.mailing.topic
    preferences_url = reverse("mailing:preferences", args=[tokens.address_token(delivery.email)])
    context = {"topic": topic, "email": delivery.email, "preferences_url": preferences_url}
    if request.method != "POST":
        return render(request, "mailing/unsubscribe.html", context)
    services.unsubscribe(email=delivery.email, topic=topic)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return HttpResponse(_("You are unsubscribed."), content_type="text/plain; charset=utf-8")
    return render(request, "mailing/unsubscribed.html", context)


@_mailed_link
@require_safe
@csp(_MESSAGE_POLICY)
def view_online(request: HttpRequest, token: str) -> HttpResponse:
    """A message as its recipient got it, in the browser."""
    delivery = tokens.open_view(token)
    rendered = services.render_delivery(mailing=delivery.mailing, delivery=delivery)
    response = (
        HttpResponse(rendered.html)
        if rendered.html
        else HttpResponse(rendered.text, content_type="text/plain; charset=utf-8")
    )
    response["X-Robots-Tag"] = "noindex"
    return response


@_mailed_link
@require_safe
def go(request: HttpRequest, token: str) -> HttpResponse:
    """A link inside of mail: notes the visit and leads on."""
    try:
        delivery, link = tokens.open_link(token)
    except ExpiredToken:
        _delivery, link = tokens.open_link(token, any_age=True)
        # Ours, only too old to tell who comes: the way on is still worth something.
        context = {"expired": True, "target": link.url}
        return render(request, "mailing/link_expired.html", context, status=410)
    if request.method == "HEAD":
        return _leading_to(settings.SITE_URL)
    return _leading_to(services.record_click(delivery=delivery, link=link))


def _leading_to(target: str) -> HttpResponse:
    response = HttpResponseRedirect(target)
    response["Cache-Control"] = "no-store"
    return response


def _now_mailed(email: str) -> list[Topic]:
    """Topics that an address gets mail of at present."""
    return [] if is_stopped(email) else list(Topic.objects.mailed_to(hash_address(email)))


def _page(form: SubscribeForm) -> dict[str, object]:
    return {"form": form, "consent_text": CONSENT_TEXT}
