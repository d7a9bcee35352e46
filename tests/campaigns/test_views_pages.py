"""What visitors read: stories, campaigns, the agenda, the list of calls to action, the feed."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.caching import empty_page_cache
from tests.factories.campaigns import (
    ActionTakenFactory,
    AgendaFactory,
    CallToActionFactory,
    CampaignFactory,
    IssueOfTheWeekFactory,
    PillarFactory,
    PriorityFactory,
    StoryFactFactory,
    StoryFactory,
    TargetFactory,
    monday,
)
from tests.factories.partners import CoalitionFactory, MembershipFactory, StaffFactory

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def queries(client, django_assert_num_queries):
    """Asserts how many queries an anonymous visit takes when nothing is stored."""

    def check(path: str, number: int):
        empty_page_cache()
        with django_assert_num_queries(number):
            response = client.get(path)
        assert response.status_code == 200
        return response

    return check


class TestStories:
    def test_the_current_issue_leads_and_the_others_follow_by_week(self, client):
        this_week = monday(timezone.localdate())
        for weeks in (2, 0, 1):
            IssueOfTheWeekFactory(
                week=this_week - timedelta(weeks=weeks), story__headline=f"Issue {weeks} weeks ago"
            )
        page = client.get("/stories/").content.decode()
        assert (
            page.index("Issue 0 weeks ago")
            < page.index("Issue 1 weeks ago")
            < page.index("Issue 2 weeks ago")
        )
        assert page.count("Issue 0 weeks ago") == 1

    def test_twelve_stories_a_page_and_any_page_number_works(self, client):
        StoryFactory.create_batch(14)
        assert "Page 1 of 2" in client.get("/stories/").content.decode()
        for number in ("2", "99", "x", "-1", "1e9"):
            assert client.get("/stories/", {"page": number}).status_code == 200

    def test_nothing_published_says_what_to_do(self, client):
        StoryFactory(status="draft")
        page = client.get("/stories/").content.decode()
        assert "No story is published yet" in page
        assert reverse("mailing:subscribe") in page

    def test_a_story_tells_its_facts_its_source_and_the_one_thing_to_do(self, client):
        call = CallToActionFactory(title="Fund counseling")
        story = StoryFactory(
            call_to_action=call,
            quote="We keep the door open.",
            quote_by="Dora Maya",
            quote_role="Executive Officer",
            source="Agency report",
            source_url="https://example.org/report",
        )
        StoryFactFactory(story=story, value="1,500", label="people served")
        page = client.get(story.get_absolute_url()).content.decode()
        for words in ("1,500", "people served", "We keep the door open.", "Dora Maya", "Fund counseling"):
            assert words in page
        assert 'href="https://example.org/report"' in page
        assert f"{call.get_absolute_url()}?source=story" in page
        assert '<meta property="og:type" content="article">' in page

    def test_machines_read_a_news_article_that_nothing_can_break_out_of(self, client):
        story = StoryFactory(headline='</script><script>alert("1")</script> & more')
        page = client.get(story.get_absolute_url()).content.decode()
        (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        article = json.loads(block)
        assert article["@type"] == "NewsArticle"
        assert article["headline"] == story.headline
        assert article["datePublished"] == story.publish_at.isoformat()
        assert "<script>alert" not in page

    @pytest.mark.parametrize("status", ["draft", "scheduled", "withdrawn"])
    def test_only_staff_preview_what_is_not_published(self, client, status):
        story = StoryFactory(status=status, publish_at=timezone.now() + timedelta(days=1))
        path = story.get_absolute_url()
        assert client.get(path).status_code == 404
        assert client.get(path, {"preview": "1"}).status_code == 404
        client.force_login(StaffFactory())
        assert client.get(path).status_code == 404
        response = client.get(path, {"preview": "1"})
        assert response.status_code == 200
        assert "Only staff see this page" in response.content.decode()
        client.logout()
        assert client.get(path, {"preview": "1"}).status_code == 404

    def test_a_published_story_has_no_preview_flag(self, client):
        story = StoryFactory()
        client.force_login(StaffFactory())
        response = client.get(story.get_absolute_url(), {"preview": "1"})
        assert "Only staff see this page" not in response.content.decode()

    def test_related_stories_come_from_the_same_campaign_first(self, client):
        campaign = CampaignFactory()
        story = StoryFactory(campaign=campaign)
        old = StoryFactory(campaign=campaign, publish_at=timezone.now() - timedelta(days=400))
        newer = StoryFactory.create_batch(3)
        related = client.get(story.get_absolute_url()).context["related"]
        assert [*related] == [old, *sorted(newer, key=lambda other: other.publish_at, reverse=True)[:2]]

    def test_a_draft_call_to_action_is_not_shown(self, client):
        story = StoryFactory(call_to_action=CallToActionFactory(status="draft", title="Secret plan"))
        assert "Secret plan" not in client.get(story.get_absolute_url()).content.decode()

    def test_the_number_of_queries_does_not_grow(self, queries):
        IssueOfTheWeekFactory()
        story = StoryFactory(call_to_action=CallToActionFactory(), campaign=CampaignFactory())
        StoryFactFactory(story=story)
        list_queries, page_queries = 5, 5
        queries("/stories/", list_queries)
        queries(story.get_absolute_url(), page_queries)
        StoryFactory.create_batch(20)
        StoryFactFactory.create_batch(5, story=story)
        queries("/stories/", list_queries)
        queries(story.get_absolute_url(), page_queries)


class TestFeed:
    def test_published_stories_as_valid_atom(self, client):
        first = StoryFactory(publish_at=timezone.now() - timedelta(days=2), body="<p>Whole text</p>")
        last = StoryFactory(headline="Pay & respect")
        StoryFactory(status="draft")
        response = client.get("/stories/feed/")
        assert response["Content-Type"].startswith("application/atom+xml")
        feed = ElementTree.fromstring(response.content)
        entries = feed.findall(f"{ATOM}entry")
        assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Pay & respect", first.headline]
        assert entries[0].find(f"{ATOM}link").get("href").endswith(last.get_absolute_url())
        assert "Whole text" in entries[1].findtext(f"{ATOM}summary")

    def test_its_addresses_are_ours_whatever_host_was_asked(self, client, settings):
        settings.ALLOWED_HOSTS = ["*"]
        story = StoryFactory()
        feed = client.get("/stories/feed/", headers={"Host": "evil.example"}).content.decode()
        assert "evil.example" not in feed
        assert f'href="{settings.SITE_URL}{story.get_absolute_url()}"' in feed

    def test_control_characters_from_a_word_processor_do_not_break_it(self, client):
        StoryFactory(
            headline="Line\x0bbreak", summary="So\x0bit is", kicker="Pay\x0c", body="<p>Text\x0b</p>"
        )
        ElementTree.fromstring(client.get("/stories/feed/").content)

    def test_queries(self, queries):
        StoryFactory.create_batch(20)
        queries("/stories/feed/", 2)


class TestCampaigns:
    def test_people_and_organizations_are_counted_apart_and_once(self, client):
        campaign = CampaignFactory()
        calls = CallToActionFactory.create_batch(2, campaign=campaign)
        membership = MembershipFactory()
        for call in calls:
            ActionTakenFactory(
                call_to_action=call, person=membership.person, organization=membership.organization
            )
        ActionTakenFactory(call_to_action=calls[0])
        response = client.get(campaign.get_absolute_url())
        assert response.context["totals"] == {"people": 2, "organizations": 1, "actions": 3}

    def test_open_and_past_calls_stand_apart(self, client):
        campaign = CampaignFactory()
        opened = CallToActionFactory(campaign=campaign)
        over = CallToActionFactory(campaign=campaign, opens_at=timezone.now() - timedelta(days=20))
        closed = CallToActionFactory(campaign=campaign, status="closed", outcome="The committee agreed.")
        CallToActionFactory(campaign=campaign, status="draft")
        response = client.get(campaign.get_absolute_url())
        assert response.context["open_calls"] == [opened]
        assert set(response.context["past_calls"]) == {over, closed}
        assert "The committee agreed." in response.content.decode()

    def test_won_campaigns_say_what_came_of_it(self, client):
        campaign = CampaignFactory(status="won", outcome="Signed into law in May.")
        page = client.get(campaign.get_absolute_url()).content.decode()
        assert "Won: what came of it" in page
        assert "Signed into law in May." in page
        assert "Signed into law in May." in client.get("/campaigns/").content.decode()

    def test_an_archived_campaign_leads_to_its_successor_for_good(self, client):
        successor = CampaignFactory()
        archived = CampaignFactory(status="archived", successor=successor)
        response = client.get(archived.get_absolute_url())
        assert response.status_code == 301
        assert response["Location"] == successor.get_absolute_url()

    def test_an_archived_campaign_without_a_successor_shows_its_outcome(self, client):
        archived = CampaignFactory(status="archived", outcome="Half of it came true.")
        assert "Half of it came true." in client.get(archived.get_absolute_url()).content.decode()
        assert archived.title not in client.get("/campaigns/").content.decode()

    def test_drafts_are_for_staff(self, client):
        draft = CampaignFactory(status="draft")
        assert client.get(draft.get_absolute_url()).status_code == 404
        assert draft.title not in client.get("/campaigns/").content.decode()
        client.force_login(StaffFactory())
        assert client.get(draft.get_absolute_url(), {"preview": "1"}).status_code == 200

    def test_the_number_of_queries_does_not_grow(self, queries):
        campaign = CampaignFactory(priority=PriorityFactory())
        CallToActionFactory(campaign=campaign)
        StoryFactory(campaign=campaign)
        queries("/campaigns/", 2)
        queries(campaign.get_absolute_url(), 7)
        CampaignFactory.create_batch(19)
        CallToActionFactory.create_batch(19, campaign=campaign)
        StoryFactory.create_batch(19, campaign=campaign)
        queries("/campaigns/", 2)
        queries(campaign.get_absolute_url(), 7)


class TestCallList:
    def test_open_by_deadline_then_coming_then_past(self, client):
        now = timezone.now()
        late = CallToActionFactory(closes_at=now + timedelta(days=20))
        soon = CallToActionFactory(closes_at=now + timedelta(days=2))
        coming = CallToActionFactory(opens_at=now + timedelta(days=3))
        past = CallToActionFactory(opens_at=now - timedelta(days=30))
        CallToActionFactory(status="draft")
        CallToActionFactory(status="archived", opens_at=now - timedelta(days=30))
        context = client.get("/take-action/").context
        assert [*context["open_calls"]] == [soon, late]
        assert [*context["coming_calls"]] == [coming]
        assert [*context["past_calls"]] == [past]

    def test_calls_for_partners_are_listed_as_such(self, client):
        CallToActionFactory(audience="partners")
        page = client.get("/take-action/").content.decode()
        assert "For partners" in page
        assert "sign in to answer" in page

    def test_nothing_open_says_what_to_do(self, client):
        assert "Nothing is open right now" in client.get("/take-action/").content.decode()

    def test_the_number_of_queries_does_not_grow(self, queries):
        CallToActionFactory(campaign=CampaignFactory())
        CallToActionFactory(status="closed", campaign=CampaignFactory())
        queries("/take-action/", 4)
        for status in ("published", "closed"):
            CallToActionFactory.create_batch(20, status=status, campaign=CampaignFactory())
        queries("/take-action/", 4)


class TestAgenda:
    def test_the_newest_agenda_with_pillars_priorities_and_targets(self, client):
        older, newest = AgendaFactory(year=2024), AgendaFactory(year=2026)
        AgendaFactory(year=2027, is_published=False)
        pillar = PillarFactory(name="Robust public investment")
        PriorityFactory(agenda=newest, pillar=pillar, title="Fund loan repayment")
        PriorityFactory(agenda=older, pillar=pillar, title="Old priority")
        TargetFactory(agenda=newest, field="training", text="Ten trainings")
        response = client.get("/agenda/")
        page = response.content.decode()
        assert response.context["agenda"] == newest
        for words in ("Robust public investment", "Fund loan repayment", "Trainings", "Ten trainings"):
            assert words in page
        assert "Old priority" not in page
        assert older.get_absolute_url() in page
        assert "/agenda/2027/" not in page
        assert f'<link rel="canonical" href="http://localhost:8000{newest.get_absolute_url()}">' in page

    def test_years_without_an_agenda_are_not_found(self, client):
        AgendaFactory(year=2027, is_published=False)
        for year in (2027, 1999, 99999999999999999999):
            assert client.get(f"/agenda/{year}/").status_code == 404

    def test_before_the_first_agenda_the_page_says_so(self, client):
        assert "The agenda is being written" in client.get("/agenda/").content.decode()

    def test_a_priority_shows_the_ask_and_what_is_under_way(self, client):
        priority = PriorityFactory(
            reference="SB3925, Public Act 102-1089", partners_credited="ICOY", agenda__year=2026
        )
        campaign = CampaignFactory(priority=priority)
        call = CallToActionFactory(campaign=campaign)
        page = client.get(priority.get_absolute_url()).content.decode()
        for words in ("$15 million", "1,000 loan repayments", "SB3925", "ICOY", campaign.title, call.title):
            assert words in page

    def test_a_priority_of_an_unpublished_agenda_is_not_found(self, client):
        priority = PriorityFactory(agenda__is_published=False)
        assert client.get(priority.get_absolute_url()).status_code == 404

    def test_the_number_of_queries_does_not_grow(self, queries):
        agenda = AgendaFactory()
        priority = PriorityFactory(agenda=agenda)
        TargetFactory(agenda=agenda)
        CallToActionFactory(campaign=CampaignFactory(priority=priority))
        queries("/agenda/", 6)
        queries(priority.get_absolute_url(), 7)
        PriorityFactory.create_batch(20, agenda=agenda)
        TargetFactory.create_batch(20, agenda=agenda)
        CallToActionFactory.create_batch(20, campaign=CampaignFactory(priority=priority))
        queries("/agenda/", 6)
        queries(priority.get_absolute_url(), 7)


@pytest.mark.parametrize(
    "path",
    [
        "/stories/",
        "/stories/one/",
        "/stories/feed/",
        "/campaigns/",
        "/campaigns/one/",
        "/take-action/",
        "/take-action/one/check-your-mail/",
        "/agenda/",
        "/agenda/2026/",
        "/agenda/2026/one/",
    ],
)
def test_pages_without_a_form_are_stored_without_cookies(path, client, django_assert_num_queries):
    StoryFactory(slug="one")
    CampaignFactory(slug="one")
    CallToActionFactory(slug="one")
    PriorityFactory(slug="one", agenda__year=2026)
    first = client.get(path)
    assert first.status_code == 200
    assert not first.cookies
    assert "csrfmiddlewaretoken" not in first.content.decode()
    with django_assert_num_queries(0):
        again = client.get(path)
    assert again.content == first.content
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_titles_of_every_kind_are_shown_as_they_are(client):
    hostile = "<img src=x onerror=alert(1)> {{ 7|add:7 }} \u202eRTL 🌻"
    StoryFactory(headline=hostile)
    CallToActionFactory(title=hostile, ask=hostile)
    CampaignFactory(title=hostile)
    for path in ("/stories/", "/take-action/", "/campaigns/"):
        page = client.get(path).content.decode()
        assert "<img src=x" not in page
        assert "&lt;img src=x onerror=alert(1)&gt; {{ 7|add:7 }} \u202eRTL 🌻" in page
