"""Stories: scheduling, publishing, withdrawing, the Issue of the Week, and what may stay in rich text."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import IssueOfTheWeek, Story
from campaigns.services.errors import StateError
from campaigns.services.stories import publish_due, schedule_story, set_issue_of_the_week, withdraw_story
from tests.factories.campaigns import CallToActionFactory, IssueOfTheWeekFactory, StoryFactory, monday
from tests.factories.partners import StaffFactory

pytestmark = pytest.mark.django_db


def test_a_story_scheduled_for_later_waits_for_its_moment():
    later = timezone.now() + timedelta(hours=2)
    story = schedule_story(story=StoryFactory(status="draft"), publish_at=later, by=StaffFactory())
    assert story.status == "scheduled"
    assert publish_due(now=later - timedelta(seconds=1)) == 0
    assert publish_due(now=later) == 1
    assert Story.objects.published().get() == story
    assert publish_due(now=later) == 0


def test_a_story_scheduled_for_now_is_published_at_once():
    staff = StaffFactory()
    story = schedule_story(story=StoryFactory(status="draft"), publish_at=timezone.now(), by=staff)
    assert story.status == "published"
    assert story.history.latest().history_user == staff


def test_a_published_story_is_not_scheduled_again():
    with pytest.raises(StateError):
        schedule_story(story=StoryFactory(), publish_at=timezone.now(), by=StaffFactory())


def test_withdrawing_takes_a_story_off_and_only_then_can_it_come_back():
    story = StoryFactory()
    withdraw_story(story=story, by=StaffFactory())
    assert not Story.objects.published().exists()
    with pytest.raises(StateError):
        withdraw_story(story=story, by=StaffFactory())
    assert schedule_story(story=story, publish_at=timezone.now(), by=StaffFactory()).status == "published"


def test_any_day_names_its_week():
    issue = set_issue_of_the_week(story=StoryFactory(), week=date(2026, 3, 5))
    assert issue.week == date(2026, 3, 2)
    assert issue.last_day == date(2026, 3, 8)


def test_choosing_another_week_moves_the_issue():
    story = StoryFactory()
    set_issue_of_the_week(story=story, week=date(2026, 3, 2))
    set_issue_of_the_week(story=story, week=date(2026, 3, 9))
    assert IssueOfTheWeek.objects.get().week == date(2026, 3, 9)


def test_a_taken_week_names_the_story_that_has_it():
    issue = IssueOfTheWeekFactory(story__headline="First come")
    with pytest.raises(StateError, match="First come"):
        set_issue_of_the_week(story=StoryFactory(), week=issue.week)


def test_a_withdrawn_story_never_leads():
    with pytest.raises(StateError):
        set_issue_of_the_week(story=StoryFactory(status="withdrawn"), week=timezone.localdate())


def test_the_issue_to_show_is_the_weeks_own_or_the_last_before():
    this_week = monday(timezone.localdate())
    last = IssueOfTheWeekFactory(week=this_week - timedelta(days=7))
    IssueOfTheWeekFactory(week=this_week + timedelta(days=7))
    assert IssueOfTheWeek.objects.for_day(timezone.localdate()).first() == last
    IssueOfTheWeekFactory(week=this_week, story__status="scheduled")
    assert IssueOfTheWeek.objects.for_day(timezone.localdate()).first() == last


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"status": "published", "publish_at": None}, "story_public_has_time"),
        ({"quote": "Words", "quote_by": ""}, "story_quote_has_speaker"),
    ],
)
def test_the_database_guards_stories(values, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StoryFactory(**values)


def test_the_database_wants_mondays():
    with pytest.raises(IntegrityError, match="issue_week_is_monday"), transaction.atomic():
        IssueOfTheWeekFactory(week=date(2026, 3, 3))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<p>Plain</p><script>alert(1)</script>", "<p>Plain</p>"),
        ('<p onclick="x()">Text</p>', "<p>Text</p>"),
        ('<a href="javascript:alert(1)">go</a>', '<a rel="noopener">go</a>'),
        ('<p style="color:red">Red</p>', "<p>Red</p>"),
        ('<img src="x" onerror="alert(1)">Text', "Text"),
        ("<h2>Kept</h2><ul><li>One</li></ul>", "<h2>Kept</h2><ul><li>One</li></ul>"),
    ],
)
def test_rich_text_is_sanitised_whoever_saves_it(typed, kept):
    story = StoryFactory(body=typed)
    story.refresh_from_db()
    assert story.body == kept


@pytest.mark.parametrize("factory", [StoryFactory, CallToActionFactory])
@pytest.mark.parametrize("name", ["feed", "confirm"])
def test_a_short_name_cannot_hide_an_address_of_the_portal(factory, name):
    with pytest.raises(ValidationError) as refused:
        factory.build(slug=name).clean_fields()
    assert "slug" in refused.value.message_dict
