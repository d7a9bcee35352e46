"""Opportunities, citations and press mentions: their steps, what is known already, and indicators R2 and R3."""

import threading
from datetime import date
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from partners.errors import NotAllowed
from partners.fiscal_year import FiscalYear
from research.indicators.citations import external_citations
from research.indicators.opportunities import opportunities_to_present
from research.models import Citation, Opportunity, PressMention
from research.services import citation as citations
from research.services import opportunity as opportunities
from tests.factories.partners import CoalitionFactory, StaffFactory, UserFactory
from tests.factories.research_uptake import (
    AnnouncementFactory,
    CitationFactory,
    DistributionStepFactory,
    OpportunityFactory,
    PressMentionFactory,
    UptakeReportFactory,
)
from tests.meetings.reading import content

pytestmark = pytest.mark.django_db
FY25 = FiscalYear(2025)
TODAY = date(2025, 8, 1)


@pytest.fixture(autouse=True)
def _coalition(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


@pytest.fixture
def staff():
    return StaffFactory()


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    return client


class TestOpportunities:
    def test_from_the_offer_to_the_audience(self, staff):
        one = OpportunityFactory(offered_on=date(2025, 1, 15))
        with pytest.raises(NotAllowed):
            opportunities.deliver(opportunity=one, on=date(2025, 2, 1), by=staff)
        with pytest.raises(NotAllowed):
            opportunities.accept(opportunity=one, answered_on=date(2025, 1, 14), by=staff)
        opportunities.accept(opportunity=one, answered_on=date(2025, 1, 20), by=staff)
        done = opportunities.deliver(opportunity=one, on=date(2025, 2, 1), audience_size=60, by=staff)
        assert (done.state, done.audience_size) == ("delivered", 60)
        with pytest.raises(NotAllowed):
            opportunities.withdraw(opportunity=one, why="ill", by=staff)

    @pytest.mark.parametrize(
        "fields",
        [
            {"state": "accepted"},
            {"state": "offered", "answered_on": date(2025, 2, 1)},
            {"state": "delivered", "answered_on": date(2025, 2, 1)},
            {"state": "accepted", "answered_on": date(2025, 1, 1)},
            {"audience_size": 20},
        ],
    )
    def test_the_days_fit_the_state(self, fields):
        with pytest.raises(IntegrityError), transaction.atomic():
            OpportunityFactory(**fields)

    def test_r2_counts_what_others_host(self):
        yes = {"answered_on": date(2025, 2, 1)}
        report = UptakeReportFactory(title="True cost")
        delivered = {"state": "delivered", "on": date(2025, 3, 5), **yes}
        OpportunityFactory(host="City Club", report=report, audience_size=40, **delivered)
        OpportunityFactory(host="city  club", kind="panel", **delivered)
        OpportunityFactory(state="withdrawn", **yes)
        OpportunityFactory(state="withdrawn")
        OpportunityFactory(state="declined", **yes)
        OpportunityFactory()
        # Ours; offered in the year before and held in this one; offered in this one and held in the next.
        OpportunityFactory(is_external=False, audience_size=500, **delivered)
        before = {"offered_on": date(2024, 6, 30), "answered_on": date(2024, 7, 1)}
        OpportunityFactory(state="delivered", on=date(2024, 7, 1), audience_size=9, **before)
        late = {"offered_on": date(2025, 6, 30), "answered_on": date(2025, 7, 1)}
        OpportunityFactory(state="delivered", on=date(2025, 7, 1), audience_size=1000, **late)
        found = opportunities_to_present(FY25, TODAY)
        total = found.total
        assert (total.offered, total.accepted, total.delivered) == (7, 4, 3)
        assert total.coverage_percent == round(100 * 6 / 7, 1)
        assert (total.presentations, total.hosts, total.audience) == (3, 2, 49)
        assert total.reach_coverage_percent == round(100 * 2 / 3, 1)
        assert [(line.offered, line.presentations) for line in found.quarters] == [
            (0, 1),
            (0, 0),
            (6, 2),
            (1, 0),
        ]
        assert {str(line.label): line.offered for line in found.kinds} == {"talk": 6, "panel": 1}
        assert {str(line.label): line.presentations for line in found.reports}["True cost"] == 1

    def test_quarters_to_come_are_left_out(self):
        assert len(opportunities_to_present(FY25, date(2024, 12, 31)).quarters) == 2


class TestCitations:
    def test_verified_rejected_and_looked_at_again(self, staff):
        one = CitationFactory(state="suggested")
        seen = citations.verify(citation=one, kind="legislator", by=staff)
        assert (seen.state, seen.kind, seen.verified_by) == ("verified", "legislator", staff)
        with pytest.raises(NotAllowed):
            citations.verify(citation=one, kind="media", by=staff)
        gone = citations.reject(citation=one, why="the page is another one", by=staff)
        assert (gone.state, gone.verified_at, gone.verified_by) == ("rejected", None, None)
        assert one.report.citations.verified().count() == 0

    def test_an_address_is_entered_once_for_a_report(self):
        known = CitationFactory(url="https://www.news.example/a/?utm_source=x", state="suggested")
        report = known.report
        assert citations.known_citation(report, "http://news.example/a#top") == known
        assert citations.known_citation(report, "http://news.example/a#top", but=known) is None
        assert citations.known_citation(UptakeReportFactory(), "http://news.example/a") is None
        with pytest.raises(NotAllowed):
            citations.known_citation(report, "http://localhost/a")
        with pytest.raises(IntegrityError), transaction.atomic():
            CitationFactory(report=report, url="https://news.example/a/")
        with pytest.raises(IntegrityError), transaction.atomic():
            CitationFactory(verified_at=None)

    def test_the_press_suggests_what_somebody_then_looks_up(self, staff):
        costs = UptakeReportFactory(title="The True Cost of Care")
        short = UptakeReportFactory(title="Rates")
        hidden = UptakeReportFactory(title="Nobody knows this title yet", state="draft", published_at=None)
        for number, facts in enumerate(
            (
                {"headline": "“The true cost—of CARE” is out"},
                {"headline": "Rates go up"},
                {"headline": "About wages", "report": short},
                {"headline": hidden.title},
            ),
            start=1,
        ):
            PressMentionFactory(outlet="Herald", url=f"https://herald.example/{number}", **facts)
        assert citations.suggest_citations() == 2
        found = {(one.report, one.url): one for one in Citation.objects.all()}
        assert set(found) == {(costs, "https://herald.example/1"), (short, "https://herald.example/3")}
        suggested = found[costs, "https://herald.example/1"]
        assert (suggested.state, suggested.kind, suggested.outlet) == ("suggested", "media", "Herald")
        citations.reject(citation=suggested, why="a review of another book", by=staff)
        # What somebody decided stays decided, however often the press is looked through.
        assert citations.suggest_citations() == 0
        assert Citation.objects.count() == 2

    def test_r3_counts_verified_pages_once(self):
        report, other = UptakeReportFactory(title="One"), UptakeReportFactory(title="Other")
        url = "https://news.example/both"
        CitationFactory(report=report, url=url, outlet="News")
        CitationFactory(report=other, url=f"{url}/?fbclid=1", outlet="NEWS")
        CitationFactory(report=report, kind="government", cited_on=date(2024, 7, 1))
        CitationFactory(report=report, kind="academic")
        CitationFactory(report=report, state="suggested")
        CitationFactory(report=report, state="rejected")
        CitationFactory(report=report, cited_on=date(2025, 7, 1))
        CitationFactory(report=report, cited_on=date(2024, 6, 30))
        found = external_citations(FY25, TODAY)
        assert (found.total.pages, found.total.sources, found.total.reports) == (2, 2, 2)
        assert found.total.coverage_percent == 80.0
        assert [line.pages for line in found.quarters] == [1, 0, 1, 0]
        assert {str(line.label): line.pages for line in found.kinds} == {
            "media": 1,
            "state government": 1,
            "sector leader": 0,
            "legislator": 0,
        }
        assert found.academic.pages == 1
        assert {str(line.label): line.pages for line in found.reports} == {"One": 2, "Other": 1}

    def test_many_rows_take_as_many_queries_as_one(self):
        for number in (1, 19):
            report = UptakeReportFactory()
            CitationFactory.create_batch(number, report=report)
            OpportunityFactory.create_batch(number, report=report)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                external_citations(FY25, TODAY)
                opportunities_to_present(FY25, TODAY)
            assert len(queries) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["citation", "pressmention"])
def test_two_people_who_enter_one_address_at_once_enter_it_once(name):
    report, staff = UptakeReportFactory(), StaffFactory()
    facts = {
        "citation": {
            "report": report.pk,
            "kind": "media",
            "title": "T",
            "outlet": "O",
            "cited_on": "2025-02-01",
        },
        "pressmention": {"outlet": "O", "headline": "H", "published_on": "2025-02-01"},
    }[name]
    start, answers = threading.Barrier(2), []

    def enter(url: str) -> None:
        desk = Client()
        desk.force_login(staff)
        try:
            start.wait(20)
            page = desk.post(reverse(f"admin:research_{name}_add"), facts | {"url": url})
            answers.append(
                "entered already" in content(page) if page.status_code == 200 else page.status_code
            )
        finally:
            connection.close()

    urls = ("https://www.news.example/a?utm_source=x", "http://news.example/a/")
    people = [threading.Thread(target=enter, args=[url]) for url in urls]
    for one in people:
        one.start()
    for one in people:
        one.join(30)
    assert sorted(answers) == [True, 302]
    assert {"citation": Citation, "pressmention": PressMention}[name].objects.count() == 1


class TestDesk:
    def test_a_known_address_is_said_with_a_link(self, desk):
        known = CitationFactory(url="https://news.example/known", title="The known one")
        said = {
            "report": known.report_id,
            "kind": "media",
            "title": "Again",
            "outlet": "News",
            "url": "http://www.news.example/known/?utm_source=mail",
            "cited_on": "2025-02-01",
        }
        page = desk.post(reverse("admin:research_citation_add"), said)
        assert page.status_code == 200
        words = content(page)
        assert "entered already" in words
        assert reverse("admin:research_citation_change", args=[known.pk]) in words
        answer = desk.post(reverse("admin:research_citation_add"), said | {"url": "https://news.example/new"})
        assert answer.status_code == 302
        assert Citation.objects.get(title="Again").state == "suggested"

    def test_a_mention_is_entered_once_and_suggests_a_citation(self, desk):
        report = UptakeReportFactory()
        said = {
            "outlet": "Herald",
            "headline": "About costs",
            "url": "https://herald.example/x?fbclid=3",
            "published_on": "2025-02-01",
            "report": report.pk,
            "is_public": "on",
        }
        add = reverse("admin:research_pressmention_add")
        assert "suggested for review" in content(desk.post(add, said, follow=True))
        page = desk.post(add, said | {"url": "http://herald.example/x/"})
        assert "entered already" in content(page)
        assert "web" in content(desk.post(add, said | {"url": "http://localhost/x"}))
        assert PressMention.objects.count() == 1
        assert Citation.objects.get().source_mention == PressMention.objects.get()

    def test_the_press_is_looked_through_on_request(self, desk):
        PressMentionFactory(report=UptakeReportFactory())
        address = reverse("admin:research_citation_changelist") + "suggest/"
        assert "Look through the press?" in content(desk.get(address))
        assert not Citation.objects.exists()
        assert "1 new suggestion." in content(desk.post(address, follow=True))
        assert Citation.objects.get().state == "suggested"
        assert "0 new suggestions." in content(desk.post(address, follow=True))

    def test_buttons_take_the_steps(self, desk, staff):
        citation = CitationFactory(state="suggested")
        base = reverse("admin:research_citation_changelist") + f"{citation.pk}/"
        assert citation.url in content(desk.get(f"{base}verify/"))
        desk.post(f"{base}verify/", {"kind": "leader"})
        citation.refresh_from_db()
        assert (citation.state, citation.kind, citation.verified_by) == ("verified", "leader", staff)
        one = OpportunityFactory()
        base = reverse("admin:research_opportunity_changelist") + f"{one.pk}/"
        desk.post(f"{base}accept/", {"answered_on": "2025-02-01"})
        desk.post(f"{base}delivered/", {"on": "2025-03-01", "audience_size": "30"})
        one.refresh_from_db()
        assert (one.state, one.audience_size) == ("delivered", 30)
        assert Opportunity.history.filter(id=one.pk, history_user=staff).count() == 2

    def test_the_numbers_on_the_page_in_files_and_on_paper(self, desk):
        CitationFactory(title="=cmd()")
        delivered = {"state": "delivered", "answered_on": date(2025, 2, 1), "on": date(2025, 3, 5)}
        OpportunityFactory(audience_size=40, report=UptakeReportFactory(title="=HYPERLINK(1)"), **delivered)
        page = content(desk.get(reverse("admin:research_citation_uptake") + "?year=2025"))
        assert "Only what somebody has opened and verified counts" in page
        assert "1 → 1 → 1" in page
        printed = desk.get(reverse("admin:research_citation_uptake_print") + "?year=2025")
        assert "Opportunities to present that somebody else hosts" in content(printed)
        csv = desk.get(reverse("admin:research_citation_uptake_file", args=["csv"]) + "?year=2025")
        lines = csv.getvalue().decode("utf-8-sig").splitlines()
        assert "R2,FY25,fiscal year,FY25,people in counted audiences,40" in lines
        assert not any(",=HYPERLINK" in line for line in lines)
        xlsx = desk.get(reverse("admin:research_citation_uptake_file", args=["xlsx"]) + "?year=2025")
        rows = list(load_workbook(BytesIO(xlsx.content)).active.values)
        assert ("R3", "FY25", "fiscal year", "FY25", "verified citations", 1) in rows
        assert desk.get(reverse("admin:research_citation_uptake_file", args=["pdf"])).status_code == 404

    @pytest.mark.parametrize("rows", [1, 20])
    def test_lists_take_the_same_queries_for_one_and_for_twenty(self, desk, rows):
        for _row in range(rows):
            mention = PressMentionFactory(report=UptakeReportFactory())
            CitationFactory(source_mention=mention, report=mention.report)
            OpportunityFactory(report=mention.report)
            step = DistributionStepFactory(report=mention.report, owner=StaffFactory())
            AnnouncementFactory(step=step)
        asked = {}
        for name in ("citation", "opportunity", "pressmention", "distributionstep", "announcement"):
            with CaptureQueriesContext(connection) as queries:
                page = desk.get(reverse(f"admin:research_{name}_changelist"))
            assert page.context["cl"].result_count == rows
            asked[name] = len(queries)
        assert asked == {
            "citation": 11, "opportunity": 11, "pressmention": 11, "distributionstep": 11, "announcement": 9,
        }  # fmt: skip

    def test_the_numbers_ask_for_the_right_to_see_both(self, client):
        one = UserFactory(is_staff=True)
        one.user_permissions.set(Permission.objects.filter(codename="view_citation"))
        client.force_login(one)
        assert client.get(reverse("admin:research_citation_changelist")).status_code == 200
        for name, arguments in (("uptake", []), ("uptake_print", []), ("uptake_file", ["csv"])):
            assert client.get(reverse(f"admin:research_citation_{name}", args=arguments)).status_code == 403
