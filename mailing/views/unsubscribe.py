"""Stopping mail: at once, and without a question where a mail program asks for it (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mailing import services, tokens
from mailing.forms import PAUSES, pause_end
from mailing.models import Delivery
from mailing.services.preferences import choose_weekly, pause_mail
from mailing.services.preferences import stop_summary as say_no_to_summary
from mailing.views.base import mailed_link
from mailing.wishes import changes_in_words, wishes_of


@mailed_link
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stops a topic. Mail programs post here by themselves when their reader unsubscribes."""
    delivery = tokens.open_unsubscribe(token)
    context = _page(delivery)
    if request.method != "POST":
        return render(request, "mailing/unsubscribe.html", context)
    if not delivery.email:
        # Forgotten since: nothing is sent any more, whatever the button says.
        return _stopped(request, context)
    if instead := request.POST.get("instead", ""):
        return _less(request, delivery, instead, context)
    services.unsubscribe(email=delivery.email, topic=delivery.mailing.topic)
    return _stopped(request, context)


@mailed_link
@require_http_methods(["GET", "HEAD", "POST"])
def stop_summary(request: HttpRequest, token: str) -> HttpResponse:
    """Stops the weekly summary, with all topics that come in it."""
    email = tokens.open_summary(token)
    context = {"email": email, "preferences_url": _preferences_url(email), "what": _("the weekly summary")}
    if request.method != "POST":
        return render(request, "mailing/unsubscribe.html", context)
    say_no_to_summary(email=email)
    return _stopped(request, context)


def _less(request: HttpRequest, delivery: Delivery, instead: str, context: dict[str, object]) -> HttpResponse:
    """Not gone, only less: a weekly summary, or a pause."""
    email, now = delivery.email, timezone.now()
    before = wishes_of(email, now=now)
    if instead == "weekly":
        choose_weekly(email=email, topic=delivery.mailing.topic)
    elif instead in PAUSES:
        pause_mail(email=email, until=pause_end(PAUSES[instead]))
    else:
        return render(request, "mailing/unsubscribe.html", context)
    after = wishes_of(email, now=now)
    context |= {"wishes": after, "changes": changes_in_words(before, after)}
    return render(request, "mailing/preferences_saved.html", context)


def _stopped(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return HttpResponse(_("You are unsubscribed."), content_type="text/plain; charset=utf-8")
    return render(request, "mailing/unsubscribed.html", context)


def _page(delivery: Delivery) -> dict[str, object]:
    topic, email = delivery.mailing.topic, delivery.email
    return {
        "email": email,
        "what": f"“{topic.name}”",
        "topic": topic,
        "token": tokens.address_token(email) if email else "",
        "preferences_url": _preferences_url(email) if email else "",
    }


def _preferences_url(email: str) -> str:
    return reverse("mailing:preferences", args=[tokens.address_token(email)])
