"""The reach of a report at the desk, and "In the news" for everybody."""

from datetime import date, timedelta
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from mailing.models import Batch, Mailing
from research.models import ReportDownload
from research.reach import reach_of, reach_rows
from tests.factories.campaigns import ActionTakenFactory
from tests.factories.meetings import AttendanceFactory
from tests.factories.partners import CoalitionFactory, StaffFactory, UserFactory
from tests.factories.research_uptake import (
    AnnouncementFactory,
    CitationFactory,
    DistributionStepFactory,
    MailTopicFactory,
    OpportunityFactory,
    PressMentionFactory,
    UptakeReportFactory,
)
from tests.factories.trainings import EnrollmentFactory, SessionFactory
from tests.meetings.reading import content

pytestmark = pytest.mark.django_db
# A Wednesday.
TODAY = date(2025, 6, 18)


@pytest.fixture(autouse=True)
def _coalition(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


def announced(report, **tally):
    """A step whose announcement went out to so many."""
    now = timezone.now()
    mailing = Mailing.objects.create(topic=MailTopicFactory(), name="Out", send_at=now, state="done")
    Batch.objects.create(mailing=mailing, state="done", tally=tally)
    step = DistributionStepFactory(report=report, state="done", done_on=TODAY)
    AnnouncementFactory(step=step, mailing=mailing, sent_at=now)
    return step


def fill(report, rows: int) -> None:
    """Everything that may stand on a report's page of reach, so many times."""
    for number in range(rows):
        announced(report, accepted=3, delivered=5, bounced=1, suppressed=2)
        late = TODAY - timedelta(days=1 + number)
        DistributionStepFactory(
            report=report, channel="media", planned_on=late, source_code=f"media-{report.pk}-{number}"
        )
        OpportunityFactory(report=report)
        CitationFactory(report=report)
        PressMentionFactory(report=report)
        ReportDownload.objects.create(report=report, day=TODAY - timedelta(days=number), kind="pdf", count=2)


class TestReach:
    def test_every_part_is_counted_for_itself(self):
        report = UptakeReportFactory()
        announced(report, accepted=3, delivered=5, bounced=1, suppressed=2)
        DistributionStepFactory(report=report, state="done", done_on=TODAY)
        DistributionStepFactory(report=report, channel="print", state="done", done_on=TODAY, sent_count=250)
        DistributionStepFactory(report=report, channel="print", planned_on=TODAY - timedelta(days=1))
        DistributionStepFactory(report=report, channel="print", planned_on=TODAY)
        DistributionStepFactory(report=report, channel="media", state="dropped", planned_on=TODAY)
        announced(UptakeReportFactory(), accepted=1000)
        for day, kind, count in [(-9, "pdf", 4), (-1, "csv", 2), (0, "pdf", 3), (-300, "pdf", 50)]:
            ReportDownload.objects.create(
                report=report, day=TODAY + timedelta(days=day), kind=kind, count=count
            )
        delivered = {"state": "delivered", "answered_on": date(2025, 2, 1), "on": date(2025, 3, 1)}
        OpportunityFactory(report=report, audience_size=30, **delivered)
        OpportunityFactory(report=report, is_external=False, **delivered)
        OpportunityFactory(report=report)
        CitationFactory(report=report)
        CitationFactory(report=report, state="suggested")
        PressMentionFactory(report=report, is_public=False)
        found = reach_of(report, TODAY)
        channels = {line.label: line for line in found.channels}
        assert (channels["e-mail"].done, channels["e-mail"].sent, channels["e-mail"].uncounted) == (2, 9, 1)
        assert (channels["print"].done, channels["print"].sent) == (1, 250)
        assert (channels["print"].planned, channels["print"].overdue) == (2, 1)
        assert channels["media"].dropped == 1
        assert (found.mail_total.readers, found.mail_total.not_sent) == (11, 2)
        assert found.mail_total.coverage_percent == round(100 * 6 / 9, 1)
        # The weeks from the first download of the last half year on, those without any between them too.
        assert [(week.first, week.total) for week in found.weeks] == [
            (date(2025, 6, 9), 4),
            (date(2025, 6, 16), 5),
        ]
        assert (found.downloads, dict(found.download_kinds)["PDF"]) == (59, 57)
        assert (len(found.presented), found.audience, found.audiences_counted) == (2, 30, 1)
        assert (len(found.external), found.verified_total, found.to_review, len(found.press)) == (2, 1, 1, 1)
        rows = [tuple(row) for row in reach_rows(found)]
        assert ("distribution", "print", "sent or handed out", 250) in rows
        assert ("opportunities to present", "hosted by others", "delivered", 1) in rows

    def test_links_with_a_source_code_are_credited_where_somebody_registered_or_acted(self):
        report = UptakeReportFactory()
        DistributionStepFactory(report=report, source_code="webinar-june")
        DistributionStepFactory(report=report, source_code="nobody-came")
        session = SessionFactory()
        EnrollmentFactory.create_batch(2, session=session, source="webinar-june")
        EnrollmentFactory(session=session, source="another")
        AttendanceFactory(source="webinar-june")
        ActionTakenFactory(source_code="webinar-june")
        found = reach_of(report, TODAY)
        assert {one.code: one.numbers for one in found.credits} == {
            "nobody-came": [0, 0, 0],
            "webinar-june": [2, 1, 1],
        }
        assert found.credit_kinds[0] == "registrations for trainings"

    def test_as_many_queries_for_twenty_as_for_one(self, client):
        client.force_login(StaffFactory())
        counts = []
        for rows in (1, 20):
            report = UptakeReportFactory()
            fill(report, rows)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse("admin:research_report_reach", args=[report.pk])).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_page_files_and_paper(self, client):
        client.force_login(StaffFactory())
        report = UptakeReportFactory(title="True cost of care")
        fill(report, 1)
        change = content(client.get(reverse("admin:research_report_change", args=[report.pk])))
        assert reverse("admin:research_report_reach", args=[report.pk]) in change
        page = content(client.get(reverse("admin:research_report_reach", args=[report.pk])))
        assert "Counted by the mail engine, never typed in" in page
        printed = client.get(reverse("admin:research_report_reach_print", args=[report.pk]))
        assert "True cost of care" in content(printed)
        csv = client.get(reverse("admin:research_report_reach_file", args=[report.pk, "csv"]))
        assert "mail,e-mail: Everybody who reads our news,readers,11" in csv.getvalue().decode("utf-8-sig")
        xlsx = client.get(reverse("admin:research_report_reach_file", args=[report.pk, "xlsx"]))
        assert ("press", None, "mentions", 1) in list(load_workbook(BytesIO(xlsx.content)).active.values)
        assert client.get(reverse("admin:research_report_reach_print", args=[0])).status_code == 404

    def test_it_takes_the_right_to_see_all_of_it(self, client):
        one = UserFactory(is_staff=True)
        one.user_permissions.set(Permission.objects.filter(codename__in=["view_report", "view_citation"]))
        client.force_login(one)
        report = UptakeReportFactory()
        for name, more in (("reach", []), ("reach_print", []), ("reach_file", ["csv"])):
            url = reverse(f"admin:research_report_{name}", args=[report.pk, *more])
            assert client.get(url).status_code == 403


class TestInTheNews:
    def test_public_mentions_by_year(self, client):
        report = UptakeReportFactory(title="True cost of care")
        draft = UptakeReportFactory(title="Still secret", state="draft", published_at=None)
        PressMentionFactory(headline="New", published_on=date(2025, 2, 3), report=report)
        PressMentionFactory(headline="Old <script>", published_on=date(2024, 2, 3), report=draft)
        PressMentionFactory(headline="Kept back", published_on=date(2023, 2, 3), is_public=False)
        page = client.get(reverse("research:press")).content.decode()
        assert page.index("New") < page.index("Old &lt;script&gt;")
        assert report.get_absolute_url() in page
        assert "Still secret" not in page
        assert "Kept back" not in page
        older = client.get(reverse("research:press") + "?year=2024").content.decode()
        assert "Old" in older
        assert "True cost of care" not in older
        for year in ("2023", "x", "99999999999"):
            assert client.get(reverse("research:press") + f"?year={year}").status_code == 404
        assert client.post(reverse("research:press")).status_code == 405

    def test_an_empty_page_says_what_to_do(self, client):
        assert "No mention is listed yet" in content(client.get(reverse("research:press")))

    def test_the_feed_leads_to_the_articles(self, client):
        mention = PressMentionFactory(headline="Bad \x07 sign", url="https://herald.example/story?a=1&b=2")
        PressMentionFactory(is_public=False)
        answer = client.get(reverse("research:press_feed"))
        assert answer["Content-Type"].startswith("application/atom+xml")
        space = {"a": "http://www.w3.org/2005/Atom"}
        (entry,) = ElementTree.fromstring(answer.content).findall("a:entry", space)
        assert entry.find("a:link", space).get("href") == mention.url
        assert entry.find("a:updated", space).text.startswith("2025-02-03T12:00:00")

    def test_the_list_asks_as_much_for_twenty_as_for_one(self, client, django_assert_num_queries):
        PressMentionFactory(report=UptakeReportFactory())
        client.get(reverse("research:press"))
        counts = []
        for number in (0, 19):
            for _row in range(number):
                PressMentionFactory(report=UptakeReportFactory())
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("research:press") + f"?page=1&x={number}")
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_an_address_has_one_mention(self):
        PressMentionFactory(url="https://herald.example/a")
        with pytest.raises(IntegrityError), transaction.atomic():
            PressMentionFactory(url="http://www.herald.example/a/?utm_medium=x")

    def test_a_mention_taken_off_is_gone_at_once(self, client, settings, django_capture_on_commit_callbacks):
        mention = PressMentionFactory(headline="Taken off soon")
        assert "Taken off soon" in content(client.get(reverse("research:press")))
        staff = StaffFactory()
        client.force_login(staff)
        said = {
            "outlet": mention.outlet,
            "headline": mention.headline,
            "url": mention.url,
            "published_on": "2025-02-03",
        }
        with django_capture_on_commit_callbacks(execute=True):
            change = reverse("admin:research_pressmention_change", args=[mention.pk])
            assert client.post(change, said).status_code == 302
        client.logout()
        assert "Taken off soon" not in content(client.get(reverse("research:press")))
