"""The life of calls to action and campaigns, and the page cache that follows it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.counting import rolling_goal
from campaigns.models import CallToAction
from campaigns.services import campaigns as campaign_services
from campaigns.services.calls import archive_call, close_call, publish_call, refresh_pages_after_crossing
from campaigns.services.errors import StateError
from campaigns.tasks import publish_due
from partners.caching import GENERATION_KEY, cache_client
from tests.factories.campaigns import CallToActionFactory, CampaignFactory, StoryFactory
from tests.factories.partners import StaffFactory

pytestmark = pytest.mark.django_db


def generation() -> int:
    """How often the page cache was emptied."""
    return int(cache_client().get(GENERATION_KEY) or 0)


class TestCalls:
    def test_from_draft_to_archive(self):
        staff = StaffFactory()
        call = publish_call(call_to_action=CallToActionFactory(status="draft"), by=staff)
        assert call.is_open()
        call = close_call(call_to_action=call, outcome="The bill passed.", by=staff)
        assert not call.is_open()
        assert call.outcome == "The bill passed."
        assert call.history.latest().history_user == staff
        assert archive_call(call_to_action=call, by=staff).status == "archived"

    def test_a_call_whose_time_has_passed_is_not_published(self):
        opened = timezone.now() - timedelta(days=20)
        call = CallToActionFactory(status="draft", opens_at=opened)
        with pytest.raises(StateError):
            publish_call(call_to_action=call)

    @pytest.mark.parametrize("outcome", ["", "  \n "])
    def test_closing_needs_an_outcome(self, outcome):
        call = CallToActionFactory()
        with pytest.raises(StateError):
            close_call(call_to_action=call, outcome=outcome, by=StaffFactory())
        call.refresh_from_db()
        assert call.status == "published"

    def test_wrong_steps_are_refused(self):
        with pytest.raises(StateError):
            publish_call(call_to_action=CallToActionFactory())
        with pytest.raises(StateError):
            close_call(call_to_action=CallToActionFactory(status="draft"), outcome="x", by=StaffFactory())
        with pytest.raises(StateError):
            archive_call(call_to_action=CallToActionFactory())

    def test_the_database_wants_the_close_after_the_opening(self):
        now = timezone.now()
        with pytest.raises(IntegrityError, match="cta_closes_after_opening"), transaction.atomic():
            CallToActionFactory(opens_at=now, closes_at=now)

    def test_over_by_word_or_by_clock(self):
        now = timezone.now()
        by_clock = CallToActionFactory(opens_at=now - timedelta(days=9), closes_at=now)
        by_word = CallToActionFactory(status="closed")
        CallToActionFactory()
        CallToActionFactory(status="draft", opens_at=now - timedelta(days=9), closes_at=now)
        assert set(CallToAction.objects.over(now)) == {by_clock, by_word}


class TestCampaigns:
    def test_won_and_closed_need_words(self):
        for finish in (campaign_services.win, campaign_services.close):
            with pytest.raises(StateError):
                finish(campaign=CampaignFactory(), outcome=" ")
        assert campaign_services.win(campaign=CampaignFactory(), outcome="Law since May.").status == "won"

    def test_the_database_wants_an_outcome_too(self):
        with pytest.raises(IntegrityError, match="campaign_finished_has_outcome"), transaction.atomic():
            CampaignFactory(status="won", outcome="")

    def test_only_drafts_and_closed_ones_start(self):
        assert campaign_services.activate(campaign=CampaignFactory(status="draft")).status == "active"
        assert campaign_services.activate(campaign=CampaignFactory(status="closed")).status == "active"
        with pytest.raises(StateError):
            campaign_services.activate(campaign=CampaignFactory(status="won"))

    def test_archiving_leads_on_but_never_in_a_circle(self):
        first, second = CampaignFactory(), CampaignFactory()
        assert campaign_services.archive(campaign=first, successor=second).successor == second
        first.refresh_from_db()
        for successor in (second, first):
            with pytest.raises(StateError):
                campaign_services.archive(campaign=second, successor=successor)
        with pytest.raises(StateError):
            campaign_services.archive(campaign=second, successor=CampaignFactory(status="draft"))
        assert campaign_services.archive(campaign=second).status == "archived"


class TestPageCache:
    @pytest.mark.django_db(transaction=True)
    def test_publishing_and_closing_empty_it(self):
        before = generation()
        call = publish_call(call_to_action=CallToActionFactory(status="draft"))
        assert generation() == before + 1
        close_call(call_to_action=call, outcome="Done.", by=StaffFactory())
        assert generation() == before + 2

    def test_a_call_that_opens_or_closes_by_the_clock_empties_it(self):
        noon = datetime(2026, 3, 5, 18, 0, tzinfo=UTC)
        call = CallToActionFactory(opens_at=noon)
        for moment in (call.opens_at, call.closes_at):
            assert not refresh_pages_after_crossing(now=moment - timedelta(seconds=1))
            assert refresh_pages_after_crossing(now=moment)
            assert refresh_pages_after_crossing(now=moment + timedelta(seconds=59))
            assert not refresh_pages_after_crossing(now=moment + timedelta(seconds=60))

    def test_midnight_in_chicago_empties_it(self):
        midnight = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)  # Daylight saving time began the day before.
        assert not refresh_pages_after_crossing(now=midnight - timedelta(seconds=1))
        assert refresh_pages_after_crossing(now=midnight)


def test_the_task_publishes_what_is_due():
    story = StoryFactory(status="scheduled", publish_at=timezone.now() - timedelta(minutes=1))
    publish_due()
    story.refresh_from_db()
    assert story.status == "published"


def test_the_task_is_in_the_timetable():
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {publish_due.name, "campaigns.tasks.purge_unconfirmed"} <= tasks


@pytest.mark.parametrize(
    ("people", "final", "shown"),
    [
        (0, None, 25),
        (24, None, 25),
        (25, None, 50),
        (499, None, 500),
        (500, None, 1000),
        (1000, None, 2500),
        (2500, None, 5000),
        (5000, None, 10000),
        (10000, None, 25000),
        (7, 40, 25),
        (30, 40, 40),
        (40, 40, 40),
        (55, 40, 40),
    ],
)
def test_the_goal_rolls_on_up_to_the_final_one(people, final, shown):
    assert rolling_goal(people, final) == shown
