"""Research beside campaigns: reports, toolkits and fact sheets on their pages, and they on those of research."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import ReportEvent
from meetings.models import Event
from partners.caching import empty_page_cache
from partners.related import groups_beside
from research.models import FactSheet
from research.services.fact_sheet import publish_sheet
from tests.factories.campaigns import CallToActionFactory, CampaignFactory, PriorityFactory, StoryFactory
from tests.factories.campaigns_voices import AudiencePageFactory
from tests.factories.meetings import EventFactory
from tests.factories.partners import CoalitionFactory
from tests.factories.research_fact_sheet import FactSheetFactory, published_sheet
from tests.factories.research_report import published_report
from tests.factories.research_toolkit import ToolkitFactory
from tests.factories.trainings import SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


def text_of(response) -> str:
    return response.content.decode()


class TestResearchBesideCampaigns:
    def test_a_campaign_groups_calls_stories_reports_toolkits_and_progress(self, client):
        campaign = CampaignFactory()
        campaign.reports.add(published_report(title="The true cost"))
        campaign.toolkits.add(ToolkitFactory(title="Speak up"))
        StoryFactory(campaign=campaign, headline="A story of it")
        CallToActionFactory(campaign=campaign, title="Do this")
        page = text_of(client.get(campaign.get_absolute_url()))
        for words in ("The true cost", "Speak up", "A story of it", "Do this"):
            assert words in page

    def test_a_report_names_what_higher_floors_have_of_it(self):
        told = published_report()
        story = StoryFactory(headline="Told with it")
        story.reports.add(told)
        priority = PriorityFactory(title="Asked because of it")
        priority.reports.add(told)
        campaign = CampaignFactory(title="Campaign of it")
        campaign.reports.add(told)
        CallToActionFactory(title="Open call", campaign=campaign)
        shown = EventFactory(title="The release")
        Event.objects.filter(pk=shown.pk).update(state="published", audience="everyone")
        hidden = EventFactory(title="The staff's own")
        Event.objects.filter(pk=hidden.pk).update(state="published", audience="staff")
        for event in (shown, hidden):
            ReportEvent.objects.create(report=told, event=event, note="Release")
        titles = [link.title for group in groups_beside(told, timezone.now()) for link in group.links]
        for title in ("Told with it", "Asked because of it", "Campaign of it", "Open call", "The release"):
            assert title in titles
        assert "The staff's own" not in titles
        StoryFactory(headline="Off").reports.add(told)
        told.stories.update(status="withdrawn")
        groups = [group.title for group in groups_beside(told, timezone.now())]
        assert "Stories" not in groups

    def test_a_fact_sheet_stands_beside_its_priority_once_it_is_public(self, client):
        sheet = FactSheetFactory(title="On one page", kind="priority")
        priority = PriorityFactory(fact_sheet=sheet)
        assert "On one page" not in text_of(client.get(priority.get_absolute_url()))
        publish_sheet(sheet=sheet, by=None, now=timezone.now())
        empty_page_cache()
        page = text_of(client.get(priority.get_absolute_url()))
        assert "On one page" in page
        assert f'href="{sheet.get_absolute_url()}"' in page

    def test_what_only_a_fact_sheets_draft_says_stands_nowhere(self, client):
        sheet = published_sheet(title="On one page", summary="Ten porches.")
        priority = PriorityFactory(fact_sheet=sheet)
        audience = AudiencePageFactory()
        audience.fact_sheets.add(sheet)
        FactSheet.objects.filter(pk=sheet.pk).update(title="Zanzibar", summary="Zeppelins.")
        shown = text_of(client.get(audience.get_absolute_url()))
        assert "Ten porches." in shown
        for page in (shown, text_of(client.get(priority.get_absolute_url()))):
            assert "On one page" in page
            assert "Zanzibar" not in page
            assert "Zeppelins" not in page

    @pytest.mark.parametrize("occasions", ["none", "both"])
    def test_an_event_of_a_report_is_one_occasion(self, occasions):
        ties = {"event": EventFactory(), "session": SessionFactory()} if occasions == "both" else {}
        with pytest.raises(IntegrityError, match="report_event_is_one_occasion"), transaction.atomic():
            ReportEvent.objects.create(report=published_report(), **ties)

    @pytest.mark.parametrize("occasion", ["event", "session"])
    def test_and_is_named_once(self, occasion):
        tie = {occasion: EventFactory() if occasion == "event" else SessionFactory()}
        tie["report"] = published_report()
        ReportEvent.objects.create(**tie)
        with pytest.raises(IntegrityError, match=f"report_at_{occasion}_once"), transaction.atomic():
            ReportEvent.objects.create(**tie)
