"""The JSON API: what it tells, in which shape, what it never tells, and how it refuses."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.utils import timezone

from legislation.api.documentation import documentation
from legislation.models import BillDocument, BillRelation
from legislation.services.search_index import fill_search
from tests.factories.legislation import (
    BillActionFactory,
    BillEventFactory,
    BillFactory,
    BillTrackingFactory,
    CommitteeFactory,
    CommitteeMembershipFactory,
    HearingDocumentFactory,
    HearingFactory,
    LegislatorFactory,
    OrganizationPositionFactory,
    RollCallFactory,
    SponsorshipFactory,
    VoteFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_page_cache(settings):
    settings.PAGE_CACHE_SECONDS = 0
    settings.SITE_URL = "https://portal.example"


class TestBills:
    def test_a_row_has_open_civic_datas_names(self, client):
        bill = BillTrackingFactory(bill__number=1075, bill__stage="in_committee").bill
        (row,) = client.get("/api/v1/bills").json()["results"]
        assert row["id"] == bill.ocd_id
        assert row["identifier"] == "HB 1075"
        assert row["session"] == "104th"
        assert row["from_organization"] == "lower"
        assert row["classification"] == ["bill"]
        assert row["latest_action_date"] == "2025-02-04"
        assert row["coalition"]["position"] == "support"
        assert row["url"] == "https://portal.example/bills/104/hb1075/"

    def test_the_search_is_the_lists(self, client):
        BillFactory(number=1, title="FOSTER CARE", stage="in_committee")
        BillFactory(number=2, title="FOSTER CARE", stage="dead")
        BillFactory(number=3, title="BUSES")
        fill_search()

        def numbers(query: str) -> list[str]:
            return [row["identifier"] for row in client.get(f"/api/v1/bills?{query}").json()["results"]]

        assert numbers("q=hb-0003") == ["HB 3"]
        assert numbers("q=foster&stage=in_committee") == ["HB 1"]
        assert set(numbers("q=foster&stage=in_committee,dead")) == {"HB 1", "HB 2"}
        assert numbers("sort=number&chamber=lower") == ["HB 1", "HB 2", "HB 3"]
        assert numbers("hearing=true") == []

    def test_updated_since_gives_what_changed_the_oldest_change_first(self, client):
        now = timezone.now()
        for number, days in ((1, 5), (2, 1), (3, 3)):
            BillFactory(number=number, changed_at=now - timedelta(days=days))
        since = (now - timedelta(days=4)).strftime("%Y-%m-%dT%H:%M:%SZ")
        rows = client.get(f"/api/v1/bills?updated_since={since}").json()["results"]
        assert [row["identifier"] for row in rows] == ["HB 3", "HB 2"]

    def test_pages_tell_where_they_stand(self, client):
        for _number in range(5):
            BillFactory()
        page = client.get("/api/v1/bills?per_page=2&page=3").json()
        assert len(page["results"]) == 1
        assert page["pagination"] == {"page": 3, "per_page": 2, "max_page": 3, "total_items": 5}

    def test_the_detail_tells_everything_public(self, client):
        bill = BillFactory(number=1075, source_url="https://ilga.example/1075")
        sponsor = SponsorshipFactory(bill=bill, role="chief")
        BillActionFactory(bill=bill, description="First Reading", stage="introduced")
        BillActionFactory(bill=bill, description="Gone", removed_on=timezone.localdate())
        vote = RollCallFactory(bill=bill, stated_yes=60, named_yes=59, counts_agree=False)
        BillDocument.objects.create(
            bill=bill, kind="text", note="Introduced", pdf_url="https://ilga.example/a.pdf"
        )
        BillRelation.objects.create(bill=bill, session=103, identifier="HB77", outcome="Died")
        HearingDocumentFactory(bill=bill)
        detail = client.get("/api/v1/bills/104/HB1075").json()
        assert detail["sponsorships"][0]["person_id"] == sponsor.legislator.ocd_id
        assert detail["sponsorships"][0]["primary"] is True
        assert [action["description"] for action in detail["actions"]] == ["First Reading"]
        assert detail["votes"][0]["id"] == vote.pk
        assert detail["votes"][0]["counts"][0] == {"option": "yes", "value": 60, "by_name": 59}
        assert detail["documents"][0]["links"] == [
            {"url": "https://ilga.example/a.pdf", "media_type": "application/pdf", "note": ""}
        ]
        assert detail["related_bills"][0]["identifier"] == "HB 77"
        assert detail["related_bills"][0]["legislative_session"] == "103rd"
        assert detail["hearings"][0]["status"] == "scheduled"
        assert detail["sources"][0]["url"] == "https://ilga.example/1075"
        assert client.get(f"/api/v1/bills/{bill.ocd_id}").json() == detail

    def test_a_roll_call_tells_every_vote_by_name(self, client):
        vote = RollCallFactory(bill__number=1075)
        named = VoteFactory(roll_call=vote, option="Y")
        VoteFactory(roll_call=vote, option="NV", legislator=None, name="Mr. Speaker")
        detail = client.get(f"/api/v1/bills/104/HB1075/votes/{vote.pk}").json()
        assert {
            "option": "yes",
            "voter_name": named.legislator.name,
            "voter_id": named.legislator.ocd_id,
        } in detail["votes"]
        assert {"option": "not voting", "voter_name": "Mr. Speaker", "voter_id": None} in detail["votes"]


class TestPrivacy:
    def test_nothing_that_is_not_public_is_told(self, client):
        tracking = BillTrackingFactory(
            is_public=False, plain_title="Secret plan", summary="Hush", bill__number=1075
        )
        tracking.fact_sheet.save("sheet.pdf", ContentFile(b"%PDF-1.7"))
        bill = tracking.bill
        OrganizationPositionFactory(bill=bill, organization__name="Listed Friend")
        OrganizationPositionFactory(
            bill=bill, organization__name="Quiet Friend", organization__is_listed=False
        )
        OrganizationPositionFactory(
            bill=bill, organization__name="Undecided", state="proposed", decided_at=None
        )
        BillEventFactory(bill=bill)
        HearingDocumentFactory(bill=bill)
        told = "".join(
            client.get(f"/api/v1/{path}").content.decode()
            for path in ("bills", "bills/104/HB1075", "events", "hearings", "bills?position=any")
        )
        for word in ("Secret plan", "Hush", "Quiet Friend", "Undecided", "sheet.pdf"):
            assert word not in told
        assert client.get("/api/v1/bills/104/HB1075").json()["partner_positions"] == [
            {"position": "support", "number": 2, "organizations": ["Listed Friend"]}
        ]


class TestOthers:
    def test_legislators(self, client):
        member = LegislatorFactory(district=25)
        LegislatorFactory(is_current=False, district=None, chamber="upper")
        (row,) = client.get("/api/v1/legislators?chamber=lower&district=25").json()["results"]
        assert row["id"] == member.ocd_id
        assert row["division_id"] == "ocd-division/country:us/state:il/sldl:25"
        assert len(client.get("/api/v1/legislators?current=false").json()["results"]) == 2
        assert client.get(f"/api/v1/legislators/{member.ocd_id}").json() == row

    def test_committees_with_their_members(self, client):
        seat = CommitteeMembershipFactory(role="chair")
        (row,) = client.get("/api/v1/committees").json()["results"]
        assert row["parent"] == "lower"
        detail = client.get(f"/api/v1/committees/{row['id']}").json()
        assert detail["memberships"] == [
            {"name": seat.name, "role": "chair", "person_id": seat.legislator.ocd_id}
        ]

    def test_hearings_with_what_they_take_up(self, client):
        committee = CommitteeFactory(slug="house-porches")
        hearing = HearingFactory(committee=committee)
        HearingDocumentFactory(hearing=hearing, bill__number=1075, amendment="House Amendment 1")
        HearingFactory(starts_at=timezone.now() - timedelta(days=3))
        (row,) = client.get("/api/v1/hearings?committee=house-porches").json()["results"]
        assert row["slips"] == "open"
        assert row["agenda"][0]["identifier"] == "HB 1075"
        assert row["agenda"][0]["amendment"] == "House Amendment 1"
        assert len(client.get("/api/v1/hearings?since=2020-01-01T00:00:00Z").json()["results"]) == 2

    def test_events_in_words(self, client):
        event = BillEventFactory(bill__number=1075)
        BillEventFactory(is_news=False)
        BillEventFactory(kind="title", after="NEW")
        rows = client.get(f"/api/v1/events?kind=stage&bill_id={event.bill.ocd_id}").json()["results"]
        assert [row["words"] for row in rows] == ["Now in committee (was introduced)."]
        assert len(client.get("/api/v1/events").json()["results"]) == 2


class TestManners:
    def test_any_website_may_read_it(self, client):
        for path in ("bills", "openapi.json", "nothing", "bills/104/HB9"):
            assert client.get(f"/api/v1/{path}")["Access-Control-Allow-Origin"] == "*"
        asked = client.options("/api/v1/bills")
        assert asked.status_code == 204
        assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("bills/104/HB9", 404),
            ("bills/ocd-bill/no", 404),
            ("nothing", 404),
            ("bills?per_page=101", 422),
            ("bills?page=x", 422),
        ],
    )
    def test_errors_are_problem_details(self, client, path, status):
        response = client.get(f"/api/v1/{path}")
        assert response.status_code == status
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == status
        assert response.json()["title"]

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_nothing_can_be_written(self, client, method):
        response = getattr(client, method)("/api/v1/bills")
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, OPTIONS"
        assert response["Content-Type"] == "application/problem+json"

    def test_a_head_has_no_body(self, client):
        response = client.head("/api/v1/bills")
        assert response.status_code == 200
        assert response.content == b""

    def test_too_many_questions_are_refused_for_a_while(self, client, settings):
        settings.API_RATE = "2/m"
        cache.clear()
        answers = [client.get(f"/api/v1/bills?page={number}") for number in (1, 2, 3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2]["Retry-After"] == "60"
        assert answers[2]["Content-Type"] == "application/problem+json"
        other = client.get("/api/v1/bills", REMOTE_ADDR="192.0.2.7")
        assert other.status_code == 200

    def test_stored_answers_are_answers(self, client, settings):
        settings.PAGE_CACHE_SECONDS = 60
        BillFactory()
        first, second = client.get("/api/v1/bills"), client.get("/api/v1/bills")
        assert second.json() == first.json()
        assert second["Access-Control-Allow-Origin"] == "*"
        assert second["Content-Type"].startswith("application/json")

    @pytest.mark.parametrize("rows", [1, 20])
    @pytest.mark.parametrize(
        ("path", "reads"),
        [
            ("bills", 2),
            ("bills?q=porch", 5),
            ("bills?updated_since=2020-01-01T00:00:00Z", 2),
            ("hearings", 3),
            ("events", 2),
            ("legislators", 2),
            ("committees", 2),
        ],
    )
    def test_lists_take_the_same_reads_however_long(
        self, client, rows, path, reads, django_assert_num_queries
    ):
        for _number in range(rows):
            bill = BillTrackingFactory().bill
            BillEventFactory(bill=bill)
            HearingDocumentFactory(bill=bill)
            LegislatorFactory()
        fill_search()
        client.get(f"/api/v1/{path}")
        with django_assert_num_queries(reads):
            client.get(f"/api/v1/{path}")

    @pytest.mark.parametrize("rows", [1, 20])
    def test_a_bill_takes_the_same_reads_however_much_it_has(self, client, rows, django_assert_num_queries):
        bill = BillTrackingFactory(bill__number=1075).bill
        for _number in range(rows):
            SponsorshipFactory(bill=bill)
            BillActionFactory(bill=bill)
            VoteFactory(
                roll_call=RollCallFactory(bill=bill), legislator__district=None, legislator__is_current=False
            )
            HearingDocumentFactory(bill=bill)
            OrganizationPositionFactory(bill=bill)
        client.get("/api/v1/bills/104/HB1075")
        with django_assert_num_queries(14):
            client.get("/api/v1/bills/104/HB1075")


class TestDocumentation:
    def test_the_page_names_every_address_and_every_parameter(self, client):
        page = client.get("/api/v1/").content.decode()
        schema = client.get("/api/v1/openapi.json").json()
        for path, methods in schema["paths"].items():
            assert path in page
            for parameter in methods["get"].get("parameters", []):
                assert f"<code>{parameter['name']}</code>" in page
        assert "<script" not in page

    def test_every_answer_is_described(self):
        told = documentation()
        names = {thing.name for thing in told.things}
        answers = {question.answer for questions in told.subjects.values() for question in questions}
        assert {answer.removeprefix("page of ") for answer in answers} <= names
        assert all(thing.words for thing in told.things)
        assert all(question.words for questions in told.subjects.values() for question in questions)
