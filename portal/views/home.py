"""The home page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import CallToAction, IssueOfTheWeek, Pillar
from partners.caching import cached_page
from partners.models import Organization

# The home page shows a few columns of wide rows; asking for those alone halves what it costs to make.
ISSUE_COLUMNS = (
    "week",
    "story__kicker",
    "story__headline",
    "story__slug",
    "story__summary",
    "story__city",
    "story__quote",
    "story__quote_by",
    "story__quote_role",
    "story__call_to_action__title",
    "story__call_to_action__slug",
    "story__call_to_action__status",
    "story__call_to_action__opens_at",
    "story__call_to_action__closes_at",
)


@login_not_required
@cached_page
def home(request: HttpRequest) -> HttpResponse:
    """Who we are, this week's issue, what to do now, what we stand for. Six queries."""
    now = timezone.now()
    issues = IssueOfTheWeek.objects.for_day(timezone.localdate(now))
    issue = issues.select_related("story__call_to_action").only(*ISSUE_COLUMNS).first()
    calls = CallToAction.objects.open(now).filter(audience=CallToAction.Audience.EVERYONE)
    return render(
        request,
        "portal/home.html",
        {
            "issue": issue,
            "facts": issue.story.facts.all() if issue else [],
            "calls": calls.only("title", "slug", "kind", "ask", "closes_at")[:3],
            "pillars": Pillar.objects.all(),
            "partner_count": Organization.objects.active().count(),
            "today": timezone.localdate(now),
        },
    )
