"""Stories that people shared: those the public may read, one's own, and withdrawing one."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.kinds.story import SCOPES
from campaigns.models import CallToAction, SharedStory
from campaigns.services.shared_stories import withdraw_shared_story
from campaigns.tokens import LinkForged, read_withdrawal, withdrawal_token
from partners.caching import cached_page

STORIES_PER_PAGE = 12


@login_not_required
@cached_page
@require_safe
def share_a_story(request: HttpRequest) -> HttpResponse:
    """How to tell us of one's work or life, at any time: what we ask for, what happens with it, where the form is."""
    now = timezone.now()
    stories = CallToAction.objects.filter(
        kind=CallToAction.Kind.STORY, audience=CallToAction.Audience.EVERYONE
    )
    return render(
        request,
        "campaigns/share_story.html",
        {
            "standing": stories.standing(now).first(),
            "calls": list(stories.open(now)),
            "scopes": list(SCOPES.values()),
        },
    )


@login_not_required
@cached_page
@require_safe
def shared_stories(request: HttpRequest, slug: str) -> HttpResponse:
    """Every story told for a call that the public may read."""
    calls = CallToAction.objects.visible_to(request.user).public()
    call = get_object_or_404(calls, slug=slug, kind=CallToAction.Kind.STORY)
    stories = (
        SharedStory.objects.listed().filter(action__call_to_action=call).select_related("action__person")
    )
    page = Paginator(stories, STORIES_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "campaigns/kinds/story_list.html",
        {"call": call, "page_obj": page, "is_open": call.is_open()},
    )


@never_cache
@require_safe
def my_stories(request: HttpRequest) -> HttpResponse:
    """What somebody signed in told us, and what became of it."""
    stories = SharedStory.objects.visible_to(request.user).select_related("action__call_to_action", "story")
    shown = [(shared, withdrawal_token(shared)) for shared in stories]
    return render(request, "campaigns/kinds/story_mine.html", {"stories": shown})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_story(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the receipt. GET shows the story (mail scanners follow links); POST erases it."""
    stories = SharedStory.objects.select_related("action__call_to_action", "action__person", "story")
    try:
        shared = stories.filter(pk=read_withdrawal(token)).first()
    except LinkForged:
        shared = None
    if shared is None:
        return render(request, "campaigns/link_trouble.html", {"trouble": "forged"}, status=404)
    if request.method == "POST":
        withdraw_shared_story(shared=shared, by=request.user if request.user.is_authenticated else None)
        return redirect("campaigns:withdraw_story", token=token)
    return render(
        request,
        "campaigns/kinds/story_withdraw.html",
        {"shared": shared, "call": shared.action.call_to_action},
    )
