"""The home page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import CallToAction, Campaign, IssueOfTheWeek, Pillar
from partners.caching import cached_page
from partners.models import Organization


@login_not_required
@cached_page
def home(request: HttpRequest) -> HttpResponse:
    """Who we are, this week's issue, what to do now, what we stand for. Seven queries."""
    now = timezone.now()
    issue = (
        IssueOfTheWeek.objects.for_day(timezone.localdate(now))
        .select_related("story__call_to_action")
        .first()
    )
    calls = CallToAction.objects.open(now).filter(audience=CallToAction.Audience.EVERYONE)
    return render(
        request,
        "portal/home.html",
        {
            "issue": issue,
            "facts": issue.story.facts.all() if issue else [],
            "calls": calls.with_people()[:3],
            "campaigns": Campaign.objects.active()[:3],
            "pillars": Pillar.objects.all(),
            "partner_count": Organization.objects.active().count(),
            "today": timezone.localdate(now),
        },
    )
