"""The public sign-up, which is not one before the mailbox confirms it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mailing import services, tokens
from mailing.forms import CONSENT_TEXT, SubscribeForm
from mailing.models import Topic
from mailing.services.consent import asked_topics
from mailing.views.base import mailed_link
from mailing.web.limits import limited


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
        frequency=form.cleaned_data["frequency"],
        language=form.cleaned_data["language"],
    )
    return redirect("mailing:subscribe_sent")


@login_not_required
@require_safe
def subscribe_sent(request: HttpRequest) -> HttpResponse:
    """The same answer for every address."""
    return render(request, "mailing/subscribe_sent.html")


@mailed_link
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


def _page(form: SubscribeForm) -> dict[str, object]:
    return {"form": form, "consent_text": CONSENT_TEXT}
