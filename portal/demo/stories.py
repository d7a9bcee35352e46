"""Writes the demonstration's stories and which of them leads which week."""

from datetime import datetime, timedelta

from django.utils import timezone

from campaigns.models import CallToAction, Campaign, IssueOfTheWeek, Story, StoryFact
from portal.demo.calls import at
from portal.demo.story_texts import STORIES, StoryText


def write_stories(
    *, campaigns: dict[str, Campaign], calls: dict[str, CallToAction], now: datetime
) -> list[Story]:
    """All stories with facts; every one with a week becomes that week's Issue of the Week."""
    monday = timezone.localdate(now) - timedelta(days=timezone.localdate(now).weekday())
    stories = []
    for text in STORIES:
        story = _write_story(text, campaigns[text.campaign], calls[text.call], now)
        if text.week is not None:
            IssueOfTheWeek.objects.create(week=monday + timedelta(weeks=text.week), story=story)
        stories.append(story)
    return stories


def _write_story(text: StoryText, campaign: Campaign, call: CallToAction, now: datetime) -> Story:
    story = Story.objects.create(
        slug=text.slug,
        kicker=text.kicker,
        headline=text.headline,
        summary=text.summary,
        agency=text.agency,
        city=text.city,
        body=text.body,
        quote=text.quote,
        quote_by=text.quote_by,
        quote_role=text.quote_role,
        source=text.source,
        consent=text.consent,
        consent_note=text.consent_note,
        call_to_action=call,
        campaign=campaign,
        status=text.status,
        publish_at=_publish_at(text, now),
    )
    StoryFact.objects.bulk_create(
        StoryFact(story=story, value=value, label=label, order=place)
        for place, (value, label) in enumerate(text.facts, start=1)
    )
    return story


def _publish_at(text: StoryText, now: datetime) -> datetime | None:
    """Monday morning of its week. What is already published cannot lie ahead, even early on a Monday."""
    if text.week is None:
        return None
    monday = at(now, 8, days=7 * text.week - timezone.localdate(now).weekday())
    return min(monday, now - timedelta(hours=1)) if text.status == Story.Status.PUBLISHED else monday
