"""Lobbying class, cost and the accountant's report."""

import csv
import io
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from campaigns.models import ActionAlert
from campaigns.services.alerts import AlertRefused, approve_alert
from campaigns.services.lobbying import lobbying_report, record_cost, years_with_alerts
from mailing.models import Mailing
from partners.fiscal_year import CHICAGO, FiscalYear
from tests.factories.alerts import ActionAlertFactory, SubscriberFactory
from tests.factories.partners import CoalitionFactory, MembershipFactory, StaffFactory
from tests.mailing.helpers import hand_over

pytestmark = pytest.mark.django_db
FY26 = FiscalYear(2026)


@pytest.fixture(autouse=True)
def _setting(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    cache.clear()


@pytest.fixture
def staff(client):
    CoalitionFactory(staff_hour_cost=Decimal("60"))
    user = StaffFactory()
    client.force_login(user)
    return user


def sent(staff, at: datetime, **fields) -> ActionAlert:
    alert = approve_alert(alert=ActionAlertFactory(**fields), by=staff)
    hand_over(alert.mailing)
    Mailing.objects.filter(pk=alert.mailing_id).update(started_at=at, state="done")
    return alert


class TestReport:
    def test_alerts_of_the_year_by_class_audience_and_cost(self, staff):
        MembershipFactory.create_batch(3)
        in_year = datetime(2026, 3, 5, tzinfo=CHICAGO)
        sent(staff, in_year, lobbying="direct", staff_minutes=90, other_cost=Decimal("12.50"))
        SubscriberFactory()
        sent(staff, in_year, lobbying="grassroots", staff_minutes=60, include_subscribers=True)
        sent(staff, in_year)
        sent(staff, FY26.end, lobbying="direct", staff_minutes=600)  # The next year's first moment.
        ActionAlertFactory(lobbying="direct", staff_minutes=600)  # Never sent.
        report = lobbying_report(FY26)
        none, direct, grassroots = report.classes
        assert (direct.alerts, direct.to_members, direct.to_public) == (1, 3, 0)
        assert (direct.staff_cost, direct.other_cost, direct.cost) == (
            90,
            Decimal("12.50"),
            Decimal("102.50"),
        )
        assert (grassroots.to_members, grassroots.to_public, grassroots.cost) == (3, 1, 60)
        # An alert to both splits its cost by messages.
        assert (grassroots.public_cost, grassroots.member_cost) == (15, 45)
        assert (none.alerts, none.cost) == (1, 0)
        assert len(report.alerts) == 3

    def test_reminders_belong_to_their_alert(self, staff):
        MembershipFactory.create_batch(2)
        at = datetime(2026, 3, 5, tzinfo=CHICAGO)
        alert, child = sent(staff, at, lobbying="direct"), sent(staff, at, lobbying="direct")
        ActionAlert.objects.filter(pk=child.pk).update(reminder_of=alert, reminder_number=1)
        [row] = lobbying_report(FY26).alerts
        assert (row.alert, row.messages) == (alert, 4)

    def test_the_first_and_last_moment_of_the_year_by_chicagos_clock(self, staff):
        MembershipFactory()
        sent(staff, FY26.start)
        sent(staff, FY26.end - timedelta(seconds=1))
        assert len(lobbying_report(FY26).alerts) == 2
        assert FY26 in years_with_alerts()

    @pytest.mark.parametrize("alerts", [1, 6])
    def test_what_was_counted_is_not_counted_again(self, staff, alerts, django_assert_num_queries):
        MembershipFactory()
        for _number in range(alerts):
            sent(staff, FY26.start)
        lobbying_report(FY26)
        with django_assert_num_queries(3):
            lobbying_report(FY26)


class TestPages:
    def test_the_report_page_and_its_files(self, client, staff):
        MembershipFactory()
        sent(staff, datetime(2026, 3, 5, tzinfo=CHICAGO), lobbying="direct", subject="=cmd", staff_minutes=30)
        url = reverse("admin:campaigns_actionalert_lobbying")
        page = client.get(url, {"year": "2026"}).content.decode()
        assert "Lobbying report, FY26" in page
        assert "direct lobbying" in page
        assert "$30.00" in page
        assert client.get(url).status_code == client.get(url, {"year": "no"}).status_code == 200
        assert client.get(url, {"year": "9999"}).status_code == 404
        answer = client.get(reverse("admin:campaigns_actionalert_lobbying_file", args=[2026, "csv"]))
        lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert (lines[1][1], lines[1][2], lines[1][4]) == ("2026-03-05", "'=cmd", "direct lobbying")
        assert len(lines) == 1 + 1 + 3
        sheet = client.get(reverse("admin:campaigns_actionalert_lobbying_file", args=[2026, "xlsx"]))
        rows = list(load_workbook(io.BytesIO(b"".join(sheet.streaming_content))).active.values)
        assert rows[1][8] == 30
        nowhere = reverse("admin:campaigns_actionalert_lobbying_file", args=[2026, "pdf"])
        assert client.get(nowhere).status_code == 404

    def test_an_hour_without_a_price_is_said_aloud(self, client, staff):
        type(CoalitionFactory()).objects.update(staff_hour_cost=0)
        MembershipFactory()
        sent(staff, timezone.now())
        page = client.get(reverse("admin:campaigns_actionalert_lobbying")).content.decode()
        assert "cost of an hour of staff time is not set" in page

    def test_class_and_cost_are_noted_after_the_alert_went_out(self, client, staff):
        MembershipFactory()
        alert = sent(staff, timezone.now())
        url = reverse("admin:campaigns_actionalert_cost", args=[alert.pk])
        assert client.get(url).status_code == 200
        bad = {"lobbying": "direct", "staff_minutes": "-1", "other_cost": "1"}
        assert client.post(url, bad).status_code == 200
        client.post(url, {"lobbying": "direct", "staff_minutes": "45", "other_cost": "3.20"})
        alert.refresh_from_db()
        assert (alert.lobbying, alert.staff_minutes, alert.other_cost) == ("direct", 45, Decimal("3.20"))
        assert alert.history.latest().history_user == staff

    def test_a_reminder_has_no_cost_of_its_own(self, staff):
        parent = ActionAlertFactory()
        reminder = ActionAlertFactory(reminder_of=parent, reminder_number=1)
        with pytest.raises(AlertRefused, match="belongs to its alert"):
            record_cost(alert=reminder, by=staff, lobbying="none", staff_minutes=1, other_cost=Decimal(0))
