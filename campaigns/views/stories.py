"""Stories and the Issue of the Week."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Case, DateField, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import CallToAction, IssueOfTheWeek, Story
from campaigns.querysets import StoryQuerySet
from campaigns.structured_data import news_article
from campaigns.views.preview import get_public_or_preview
from partners.caching import cached_page
from partners.services.identity import get_coalition

STORIES_PER_PAGE = 12
RELATED = 3
CARD_COLUMNS = ("headline", "slug", "kicker", "summary", "publish_at")


@login_not_required
@cached_page
def story_list(request: HttpRequest) -> HttpResponse:
    """The current Issue of the Week large, then every other story by its week."""
    today = timezone.localdate()
    issue = (
        IssueOfTheWeek.objects.for_day(today)
        .select_related("story__call_to_action")
        .prefetch_related("story__facts")
        .first()
    )
    day = Coalesce("issue__week", TruncDate("publish_at"), output_field=DateField())
    archive = Story.objects.published().select_related("issue").annotate(day=day).order_by("-day", "-id")
    if issue:
        archive = archive.exclude(pk=issue.story_id)
    page = Paginator(archive, STORIES_PER_PAGE).get_page(request.GET.get("page"))
    call = _shown_call(issue.story) if issue else None
    return render(
        request,
        "campaigns/story_list.html",
        {
            "issue": issue,
            # A week without an issue of its own shows the newest one, and says so.
            "is_of_this_week": issue is not None and issue.last_day >= today,
            "call": call,
            "page_obj": page,
            "today": today,
        },
    )


@login_not_required
@cached_page
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """One story with its facts, its source and the one thing to do about it.

    Of a story that was withdrawn the address says so and nothing else, and search engines forget it (410).
    """
    stories = Story.objects.select_related("call_to_action", "campaign", "issue")
    try:
        told, is_preview = get_public_or_preview(
            request, public=stories.published(), everything=stories, slug=slug
        )
    except Http404:
        if not stories.taken_back().filter(slug=slug).exists():
            raise
        return render(request, "campaigns/story_withdrawn.html", status=410)
    coalition = get_coalition()
    return render(
        request,
        "campaigns/story_detail.html",
        {
            "coalition": coalition,
            "story": told,
            "facts": list(told.facts.values("value", "label")),
            "call": _shown_call(told),
            "reports": list(told.reports.published()),
            "related": list(_related(told)),
            "json_ld": news_article(told, coalition),
            "is_preview": is_preview,
        },
    )


def _shown_call(told: Story) -> CallToAction | None:
    """The story's call to action, once it has a page."""
    call = told.call_to_action
    return call if call and call.status != CallToAction.Status.DRAFT else None


def _related(told: Story) -> StoryQuerySet:
    """Other stories, those of the same campaign first."""
    others = Story.objects.published().exclude(pk=told.pk).only(*CARD_COLUMNS)
    if told.campaign_id:
        elsewhere = Case(When(campaign=told.campaign_id, then=Value(0)), default=Value(1))
        others = others.order_by(elsewhere, "-publish_at")
    return others[:RELATED]
