"""Withdrawing what a worker told us: a voice beside a priority, or a profile."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns.models import WorkerVoice
from campaigns.services.voices import withdraw_words as withdraw
from campaigns.tokens import LinkForged, read_words_token
from campaigns.voice_emails import page_address


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_words(request: HttpRequest, token: str) -> HttpResponse:
    """The link that a worker got. GET shows the words (mail scanners follow links); POST erases them."""
    try:
        words = read_words_token(token)
    except LinkForged:
        words = None
    if words is None:
        return render(request, "campaigns/link_trouble.html", {"trouble": "forged"}, status=404)
    if request.method == "POST":
        withdraw(words=words, by=request.user if request.user.is_authenticated else None)
        return redirect("campaigns:withdraw_words", token=token)
    is_voice = isinstance(words, WorkerVoice)
    return render(
        request,
        "campaigns/voice_withdraw.html",
        {
            "words": words,
            "is_voice": is_voice,
            "page_url": page_address(words) if words.is_public else "",
        },
    )
