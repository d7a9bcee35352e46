"""The home page."""

from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe

from campaigns.models import CallToAction, Pillar, Story
from legislation.pages.hearings import open_soon
from partners.caching import cached_page, kept_part
from partners.models import Organization

# The home page shows a few columns of wide rows, and everybody opens it: it asks for those alone.
STORY_COLUMNS = (
    "kicker",
    "headline",
    "slug",
    "summary",
    "city",
    "quote",
    "quote_by",
    "quote_role",
    "call_to_action",
)
CALL_COLUMNS = ("title", "slug", "kind", "ask", "closes_at")
CALLS_SHOWN = 3
HEARINGS_SHOWN = 3
# What stands there changes with an import or a decision of staff, which throw it away at once, and with the clock.
HEARINGS_SECONDS = 60


@login_not_required
@cached_page
def home(request: HttpRequest) -> HttpResponse:
    """Who we are, this week's issue, what to do now, what we stand for. At most nine queries."""
    now = timezone.now()
    today = timezone.localdate(now)
    story = Story.objects.of_the_week(today).only(*STORY_COLUMNS).annotate(week=F("issue__week")).first()
    open_calls = CallToAction.objects.open(now).filter(audience=CallToAction.Audience.EVERYONE)
    calls = list(open_calls.only(*CALL_COLUMNS))
    context = {
        "story": story,
        # A week without an issue of its own shows the newest one, and says so.
        "is_of_this_week": story is not None and story.week > today - timedelta(days=7),
        "facts": list(story.facts.values("value", "label")) if story else [],
        "call_of_story": next((call for call in calls if story and call.pk == story.call_to_action_id), None),
        "calls": calls[:CALLS_SHOWN],
        "hearings": mark_safe(  # noqa: S308 - rendered by our own template
            kept_part("home hearings", HEARINGS_SECONDS, lambda: _hearings(now))
        ),
        "pillars": list(Pillar.objects.values("name", "statement")),
        "partner_count": Organization.objects.active().count(),
        "today": today,
    }
    return render(request, "portal/home.html", context)


def _hearings(now: datetime) -> str:
    """The strip of hearings that slips can be filed for; nothing when there are none."""
    hearings = open_soon(now, HEARINGS_SHOWN)
    return render_to_string("portal/_home_hearings.html", {"hearings": hearings}) if hearings else ""
