"""Campaigns: their goal, what is open, what came of them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import ActionTaken, CallToAction, Campaign, Story
from campaigns.views.preview import get_public_or_preview
from partners.caching import cached_page

STORIES_SHOWN = 6


@login_not_required
@cached_page
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Campaigns under way, then those that were won or closed. Archived ones are found over their links."""
    campaigns = list(Campaign.objects.public().exclude(status=Campaign.Status.ARCHIVED))
    active = [campaign for campaign in campaigns if campaign.status == Campaign.Status.ACTIVE]
    finished = [campaign for campaign in campaigns if campaign.status != Campaign.Status.ACTIVE]
    return render(request, "campaigns/campaign_list.html", {"active": active, "finished": finished})


@login_not_required
@cached_page
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """One campaign. An archived one leads on to its successor for good."""
    campaigns = Campaign.objects.select_related("priority__agenda", "priority__pillar", "successor")
    shown, is_preview = get_public_or_preview(
        request, public=campaigns.public(), everything=campaigns, slug=slug
    )
    if shown.status == Campaign.Status.ARCHIVED and shown.successor:
        return HttpResponsePermanentRedirect(shown.successor.get_absolute_url())
    now = timezone.now()
    calls = list(CallToAction.objects.public().filter(campaign=shown).with_counts().order_by("closes_at"))
    return render(
        request,
        "campaigns/campaign_detail.html",
        {
            "campaign": shown,
            "open_calls": [call for call in calls if call.is_open(now)],
            "past_calls": [call for call in reversed(calls) if call.is_over(now)],
            "totals": ActionTaken.objects.filter(call_to_action__campaign=shown).totals(),
            "reports": list(shown.reports.published()),
            "toolkits": list(shown.toolkits.public()),
            "stories": Story.objects.published().filter(campaign=shown)[:STORIES_SHOWN],
            "now": now,
            "is_preview": is_preview,
        },
    )
