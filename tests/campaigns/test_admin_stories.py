"""Stories, campaigns and calls to action in the staff desk: their buttons, and the page cache behind them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Agenda, CallToAction, Campaign, IssueOfTheWeek, Pillar, Story
from campaigns.staff_forms import tone_hints, week_calendar
from partners.caching import GENERATION_KEY, cache_client
from tests.factories.alerts import ActionAlertFactory
from tests.factories.campaigns import (
    ActionTakenFactory,
    AgendaFactory,
    CallToActionFactory,
    CampaignFactory,
    IssueOfTheWeekFactory,
    StoryFactory,
    monday,
)
from tests.factories.partners import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


def address(obj, name: str) -> str:
    return reverse(f"admin:campaigns_{obj._meta.model_name}_{name}", args=[obj.pk])


def words(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def generation() -> int:
    """How often the page cache was emptied."""
    return int(cache_client().get(GENERATION_KEY) or 0)


def story_data(story: Story, **changes) -> dict:
    names = [
        "kicker",
        "headline",
        "slug",
        "summary",
        "body",
        "agency",
        "city",
        "quote",
        "quote_by",
        "quote_role",
    ]
    names += ["source", "source_url", "consent", "consent_note"]
    counts = {"facts-TOTAL_FORMS": "1", "facts-INITIAL_FORMS": "0"}
    fact = {"facts-0-value": "1,500", "facts-0-label": "clients", "facts-0-order": "0"}
    return {name: getattr(story, name) for name in names} | counts | fact | changes


class TestStories:
    def test_saving_keeps_facts_and_empties_the_page_cache(
        self, client, staff, django_capture_on_commit_callbacks
    ):
        story, before = StoryFactory(), generation()
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(address(story, "change"), story_data(story, headline="New words"))
        assert response.status_code == 302
        story.refresh_from_db()
        assert story.headline == "New words"
        assert [fact.value for fact in story.facts.all()] == ["1,500"]
        assert generation() > before

    def test_the_status_is_read_only(self, client, staff):
        story = StoryFactory(status="draft")
        client.post(address(story, "change"), story_data(story, status="published"))
        story.refresh_from_db()
        assert story.status == "draft"

    @pytest.mark.parametrize("word", ["Vulnerable", "neediest"])
    def test_a_hint_on_tone_never_blocks(self, client, staff, word):
        story = StoryFactory()
        response = client.post(
            address(story, "change"), story_data(story, summary=f"The {word} of us"), follow=True
        )
        assert "People are more than their need" in words(response)
        story.refresh_from_db()
        assert word in story.summary
        assert tone_hints(StoryFactory(headline="Skilled people at work")) == []

    def test_publish_schedule_withdraw(self, client, staff):
        story = StoryFactory(status="draft")
        at = timezone.localtime(timezone.now() + timedelta(days=1)).replace(second=0, microsecond=0)
        client.post(address(story, "schedule"), {"at_0": f"{at:%Y-%m-%d}", "at_1": f"{at:%H:%M}"})
        story.refresh_from_db()
        assert (story.status, story.publish_at) == ("scheduled", at)
        for name, status in (("publish", "published"), ("withdraw", "withdrawn")):
            client.get(address(story, name))
            client.post(address(story, name))
            story.refresh_from_db()
            assert story.status == status
        assert "Only a published or scheduled story" in words(
            client.post(address(story, "withdraw"), follow=True)
        )

    def test_a_published_story_is_not_deleted_but_withdrawn(self, client, staff):
        assert client.post(address(StoryFactory(), "delete"), {"post": "yes"}).status_code == 403
        assert (
            client.post(address(StoryFactory(status="draft"), "delete"), {"post": "yes"}).status_code == 302
        )

    def test_the_preview_leads_to_the_site(self, client, staff):
        story = StoryFactory(status="draft")
        assert client.get(address(story, "look")).url == f"{story.get_absolute_url()}?preview=1"

    def test_issue_of_the_week_in_a_free_week_only(self, client, staff):
        this_monday = monday(timezone.localdate())
        taken = IssueOfTheWeekFactory(week=this_monday)
        story = StoryFactory()
        page = client.get(address(story, "lead")).content.decode()
        assert taken.story.headline in page
        refused = client.post(address(story, "lead"), {"week": this_monday.isoformat()})
        assert refused.context["form"].errors["week"]
        for week in (this_monday + timedelta(weeks=2), this_monday + timedelta(weeks=1)):
            client.post(address(story, "lead"), {"week": week.isoformat()})
            assert IssueOfTheWeek.objects.get(story=story).week == week

    def test_the_calendar_shows_the_weeks_ahead(self, client, staff):
        issue = IssueOfTheWeekFactory()
        weeks = week_calendar()
        assert weeks[0] == (issue.week, issue)
        assert len(weeks) == 12
        assert weeks[1][1] is None
        page = client.get(reverse("admin:campaigns_issueoftheweek_changelist")).content.decode()
        assert issue.story.headline in page


class TestCampaigns:
    def test_from_draft_to_archive_with_outcome_and_successor(self, client, staff):
        campaign, successor = CampaignFactory(status="draft"), CampaignFactory()
        client.post(address(campaign, "activate"))
        response = client.post(address(campaign, "win"), {"outcome": " "})
        assert response.context["form"].errors["outcome"]
        client.post(address(campaign, "win"), {"outcome": "Passed unanimously."})
        campaign.refresh_from_db()
        assert (campaign.status, campaign.outcome) == ("won", "Passed unanimously.")
        client.post(address(campaign, "archive"), {"successor": successor.pk})
        campaign.refresh_from_db()
        assert (campaign.status, campaign.successor) == ("archived", successor)
        assert campaign.history.latest().history_user == staff

    def test_close_and_start_again(self, client, staff):
        campaign = CampaignFactory()
        client.post(address(campaign, "close"), {"outcome": "No vote this year."})
        campaign.refresh_from_db()
        assert campaign.status == "closed"
        client.post(address(campaign, "activate"))
        campaign.refresh_from_db()
        assert campaign.status == "active"

    def test_every_button_asks_first(self, client, staff):
        campaign = CampaignFactory()
        for name in ("activate", "win", "close", "archive"):
            assert client.get(address(campaign, name)).status_code == 200
        assert Campaign.objects.get().status == "active"

    def test_its_calls_are_listed(self, client, staff):
        call = CallToActionFactory(campaign=CampaignFactory())
        assert call.title in client.get(address(call.campaign, "change")).content.decode()


class TestCalls:
    def test_publish_close_archive(self, client, staff):
        call = CallToActionFactory(status="draft")
        client.post(address(call, "publish"))
        call.refresh_from_db()
        assert call.status == "published"
        client.post(address(call, "close"), {"outcome": "300 people wrote."})
        client.post(address(call, "archive"))
        call.refresh_from_db()
        assert (call.status, call.outcome) == ("archived", "300 people wrote.")

    def test_a_refusal_is_a_message(self, client, staff):
        call = CallToActionFactory(status="draft", opens_at=timezone.now() - timedelta(days=30))
        assert "deadline has passed" in words(client.post(address(call, "publish"), follow=True))

    def test_counts_people_and_organizations_apart(self, client, staff):
        call = CallToActionFactory()
        ActionTakenFactory.create_batch(2, call_to_action=call)
        page = client.get(address(call, "change")).content.decode()
        assert "2 people, 0 organizations" in page

    def test_leads_to_a_new_alert_about_it(self, client, staff):
        call = CallToActionFactory()
        response = client.get(address(call, "write_alert"), follow=True)
        assert response.context["adminform"].form.initial["call_to_action"] == call.pk
        assert f'<option value="{call.pk}" selected>' in response.content.decode()

    def test_a_call_with_alerts_is_never_deleted(self, client, staff):
        alert = ActionAlertFactory()
        response = client.post(address(alert.call_to_action, "delete"), {"post": "yes"})
        assert response.status_code == 403
        assert CallToAction.objects.exists()


class TestAgenda:
    def test_saving_empties_the_page_cache(self, client, staff, django_capture_on_commit_callbacks):
        agenda, before = AgendaFactory(), generation()
        data = {
            "year": agenda.year,
            "title": "New title",
            "introduction": "Words",
            "commitment": "",
            "is_published": "on",
            "priorities-TOTAL_FORMS": "0",
            "priorities-INITIAL_FORMS": "0",
            "targets-TOTAL_FORMS": "1",
            "targets-INITIAL_FORMS": "0",
            "targets-0-field": "policy",
            "targets-0-text": "Distribute $5.25 million",
            "targets-0-order": "0",
        }
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(address(agenda, "change"), data).status_code == 302
        assert Agenda.objects.get().title == "New title"
        assert agenda.targets.get().text == "Distribute $5.25 million"
        assert generation() > before

    def test_deleting_empties_it_too(self, client, staff, django_capture_on_commit_callbacks):
        pillar, before = Pillar.objects.create(slug="p", name="P", statement="S"), generation()
        with django_capture_on_commit_callbacks(execute=True):
            client.post(address(pillar, "delete"), {"post": "yes"})
        assert generation() > before
