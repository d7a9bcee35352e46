"""The schedule of Issues of the Week: gaps to see, a story in one step, weeks swapped; the archive and its feed."""

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from campaigns.models import IssueOfTheWeek
from campaigns.services.errors import StateError
from campaigns.services.stories import swap_weeks
from partners.caching import empty_page_cache
from tests.factories.campaigns import IssueOfTheWeekFactory, StoryFactory, monday
from tests.factories.partners import CoalitionFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

PLAN = "admin:campaigns_issueoftheweek_plan"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _coalition(settings):
    CoalitionFactory()
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def desk(client):
    client.force_login(StaffFactory())
    return client


@pytest.fixture
def this_week():
    return monday(timezone.localdate())


def plan_of() -> dict:
    return {issue.week: issue.story.headline for issue in IssueOfTheWeek.objects.select_related("story")}


class TestThePlan:
    def test_shows_gaps_and_gives_a_story_its_week_in_one_step(self, desk, this_week):
        IssueOfTheWeekFactory(week=this_week, story__headline="Leads now")
        free = StoryFactory(headline="Waits for its week", status="draft")
        page = desk.get(reverse(PLAN)).content.decode()
        assert "11 weeks ahead have no story" in page
        assert "Waits for its week" in page
        week = this_week + timedelta(weeks=2)
        answer = desk.post(
            reverse(PLAN), {"step": "assign", "week": week, "story": free.pk}, follow=True
        ).content.decode()
        assert plan_of()[week] == "Waits for its week"
        assert "not on its way to the site" in answer, "a draft would leave the week empty"

    def test_swaps_two_weeks_and_moves_into_a_free_one(self, desk, this_week):
        IssueOfTheWeekFactory(week=this_week, story__headline="One")
        IssueOfTheWeekFactory(week=this_week + timedelta(weeks=1), story__headline="Two")
        desk.post(reverse(PLAN), {"step": "swap", "week": this_week, "other": this_week + timedelta(weeks=1)})
        assert plan_of() == {this_week: "Two", this_week + timedelta(weeks=1): "One"}
        desk.post(reverse(PLAN), {"step": "swap", "week": this_week, "other": this_week + timedelta(weeks=5)})
        assert plan_of() == {this_week + timedelta(weeks=5): "Two", this_week + timedelta(weeks=1): "One"}
        desk.post(reverse(PLAN), {"step": "free", "week": this_week + timedelta(weeks=1)})
        assert plan_of() == {this_week + timedelta(weeks=5): "Two"}

    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"step": "assign", "week": "soon", "story": "1"},
            {"step": "assign", "week": "2026-11-23", "story": ""},
            {"step": "assign", "week": "2026-11-23", "story": "999999"},
            {"step": "swap", "week": "2026-11-23", "other": "2026-11-23"},
            {"step": "free", "week": "2026-11-23"},
        ],
    )
    def test_mistakes_are_said_and_change_nothing(self, desk, sent, this_week):
        IssueOfTheWeekFactory(week=this_week + timedelta(weeks=3))
        before = plan_of()
        assert desk.post(reverse(PLAN), sent).status_code == 302
        assert plan_of() == before

    def test_is_for_staff_with_the_right(self, client):
        client.force_login(UserFactory(is_staff=True))
        assert client.get(reverse(PLAN)).status_code == 403
        assert client.post(reverse(PLAN), {"step": "free", "week": "2026-11-23"}).status_code == 403

    def test_two_free_weeks_cannot_be_swapped(self, this_week):
        with pytest.raises(StateError, match="with a story"):
            swap_weeks(one=this_week, other=this_week + timedelta(weeks=1))


class TestTheArchive:
    def test_is_by_year_and_leaves_out_what_has_not_led_or_is_off_the_site(self, client, this_week):
        last_year = this_week - timedelta(weeks=53)
        IssueOfTheWeekFactory(week=this_week, story__headline="This week")
        IssueOfTheWeekFactory(week=last_year, story__headline="A year ago")
        IssueOfTheWeekFactory(week=this_week + timedelta(weeks=1), story__headline="Next week")
        IssueOfTheWeekFactory(
            week=this_week - timedelta(weeks=1), story__headline="Taken back", story__status="withdrawn"
        )
        newest = client.get(reverse("campaigns:issue_list")).content.decode()
        older = client.get(reverse("campaigns:issue_year", args=[last_year.year])).content.decode()
        assert "This week" in newest
        assert "A year ago" in older
        for page in (newest, older):
            assert "Next week" not in page
            assert "Taken back" not in page
        assert client.get(reverse("campaigns:issue_year", args=[1999])).status_code == 404

    def test_the_feed_has_the_issues_alone(self, client, this_week):
        StoryFactory(headline="Never led")
        IssueOfTheWeekFactory(week=this_week, story__headline="Leads")
        feed = ElementTree.fromstring(client.get(reverse("campaigns:issue_feed")).content)
        assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["Leads"]

    def test_a_week_without_its_own_issue_says_so(self, client, this_week):
        issue = IssueOfTheWeekFactory(week=this_week - timedelta(weeks=2))
        for page in ("/stories/", "/"):
            assert "The newest one, from the week of" in client.get(page).content.decode()
        issue.week = this_week
        issue.save()
        empty_page_cache()
        for page in ("/stories/", "/"):
            assert "The newest one" not in client.get(page).content.decode()

    def test_addresses_of_the_portal_are_no_short_names(self):
        for slug in ("feed", "issues", "people", "share"):
            story = StoryFactory.build(slug=slug)
            with pytest.raises(ValidationError, match="address of the portal"):
                story.clean_fields(exclude=["call_to_action", "campaign"])

    @pytest.mark.parametrize("count", [1, 20])
    def test_takes_the_same_queries(self, client, count, django_assert_num_queries):
        with time_machine.travel(datetime(2026, 11, 25, 18, tzinfo=UTC)):
            for weeks in range(count):
                IssueOfTheWeekFactory(
                    week=date(2026, 2, 2) + timedelta(weeks=weeks), story__headline=f"Led {weeks}"
                )
            with django_assert_num_queries(3):
                response = client.get(reverse("campaigns:issue_year", args=[2026]))
        assert response.status_code == 200
        assert f"Led {count - 1}" in response.content.decode()
