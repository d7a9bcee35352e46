"""P2, participants in calls to action, over a fiscal year."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from campaigns.indicators import participants
from mailing.models import Delivery, Mailing
from mailing.services.tallies import recount
from partners.fiscal_year import FiscalYear
from tests.factories.alerts import ActionAlertFactory
from tests.factories.campaigns import ActionTakenFactory, CampaignFactory
from tests.factories.partners import MembershipFactory, PersonFactory
from tests.mailing.helpers import addresses, hand_over, make_mailing

pytestmark = pytest.mark.django_db

FY26 = FiscalYear(2026)
MARCH = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)


def test_people_organizations_and_actions_each_once():
    membership = MembershipFactory()
    campaign = CampaignFactory(title="Fair pay")
    for _number in range(2):
        ActionTakenFactory(
            person=membership.person,
            organization=membership.organization,
            acted_at=MARCH,
            call_to_action__campaign=campaign,
        )
    ActionTakenFactory(acted_at=MARCH, call_to_action__campaign=None)
    ActionTakenFactory(acted_at=FY26.end)
    ActionTakenFactory(acted_at=FY26.start - timedelta(seconds=1))
    result = participants(FY26.start, FY26.end)
    assert (result.people, result.organizations, result.actions) == (2, 1, 3)
    by_campaign = [(row.campaign, row.people, row.actions) for row in result.by_campaign]
    assert by_campaign == [("Fair pay", 1, 2), ("", 1, 1)]
    assert "each counted once" in str(result.definition)


def sent_alert(started_at: datetime) -> Mailing:
    """An alert to five people: three accepted, one refused, one that bounced."""
    mailing = make_mailing(to=addresses(5))
    alert = ActionAlertFactory(mailing=mailing, state="sent", approved_at=timezone.now())
    assert alert.pk
    hand_over(mailing)
    refused, bounced, *_kept = mailing.deliveries.order_by("pk")
    for row, state in ((refused, "failed"), (bounced, "bounced")):
        Delivery.objects.filter(pk=row.pk).update(state=state)
    recount([refused.batch_id, bounced.batch_id])
    Mailing.objects.filter(pk=mailing.pk).update(started_at=started_at, state="done")
    return mailing


def test_conversion_counts_completed_actions_per_delivered_alert():
    mailing = sent_alert(MARCH)
    sent_alert(FY26.end)
    ActionTakenFactory(via=mailing.deliveries.last(), acted_at=MARCH, person=PersonFactory())
    result = participants(FY26.start, FY26.end)
    assert (result.alert_messages, result.alert_actions) == (3, 1)
    assert result.conversion == pytest.approx(1 / 3)
    assert "completed actions per delivered alert" in str(result.definition)


def test_without_alerts_there_is_no_conversion():
    assert participants(FY26.start, FY26.end).conversion is None


class TestFiscalYear:
    def test_runs_from_july_to_june_in_chicago(self):
        year = FiscalYear(2025)
        assert year.label == "FY25"
        assert (year.first, year.last) == (date(2024, 7, 1), date(2025, 6, 30))
        assert year.start == datetime(2024, 7, 1, 5, 0, tzinfo=UTC)
        assert year.end == FiscalYear(2026).start

    @pytest.mark.parametrize(
        ("day", "label"),
        [
            (date(2025, 6, 30), "FY25"),
            (date(2025, 7, 1), "FY26"),
            (datetime(2025, 7, 1, 4, 59, tzinfo=UTC), "FY25"),
            (datetime(2025, 7, 1, 5, 0, tzinfo=UTC), "FY26"),
        ],
    )
    def test_of_a_day_or_a_moment(self, day, label):
        assert FiscalYear.of(day).label == label

    def test_quarters_fill_the_year_without_gaps(self):
        quarters = FY26.quarters
        assert [quarter.label for quarter in quarters] == ["FY26 Q1", "FY26 Q2", "FY26 Q3", "FY26 Q4"]
        assert quarters[0].start == FY26.start
        assert quarters[-1].end == FY26.end
        for before, after in pairwise(quarters):
            assert before.end == after.start
