"""The coverage map by its three measures, and whom to ask for their name on a bill."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.coverage import actions_by_district, coverage_page
from campaigns.models import ActionTaken
from legislation.chambers import Chamber
from legislation.models import LegislatorAsk, ZipCode
from legislation.pages.cosponsor_targets import cosponsor_targets
from legislation.places.of_partners import partners_by_district
from partners.fiscal_year import FiscalYear
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory, CampaignFactory
from tests.factories.legislation import (
    BillFactory,
    BillTrackingFactory,
    CommitteeFactory,
    CommitteeMembershipFactory,
    LegislatorFactory,
    SponsorshipFactory,
)
from tests.factories.partners import (
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    UserFactory,
    member,
)
from tests.legislation.plans import inside, load_plan

pytestmark = pytest.mark.django_db


def zip_of(house):
    """The ZIP code in the middle of a House district."""
    return f"62{house:03d}"


@pytest.fixture
def zips():
    """The sample plan, with a ZIP code in each House district."""
    load_plan()
    for house in range(1, 119):
        lat, lng = inside(house)
        # A little off the middle: areas are drawn badly around points of a perfect grid.
        off = (house * 37 % 11 - 5) / 1000
        ZipCode.objects.create(
            zip_code=zip_of(house), city="Samplefield", latitude=lat + off, longitude=lng + off
        )


@pytest.fixture
def bill():
    return BillTrackingFactory(bill=BillFactory(number=9075)).bill


def at(house, **facts):
    return OrganizationFactory(zip_code=zip_of(house), **facts)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def table(response):
    return list(csv.reader(io.StringIO(b"".join(response).decode().lstrip("\ufeff"))))


def by_number(page):
    return {row.district.number: row for row in page.rows}


class Asked(dict):
    """A query as a view hands it on."""

    def getlist(self, name):
        return [self[name]] if name in self else []


# --- Partners by district ---------------------------------------------------------------------------------------


class TestPartnersByDistrict:
    def test_by_seat_and_by_people_each_counted_once(self, zips):
        first = at(5)
        MembershipFactory(organization=first, person__zip_code=zip_of(5))
        MembershipFactory(organization=first, person__zip_code=zip_of(60))
        MembershipFactory(organization=first, person__zip_code=f"{zip_of(60)}-1234")
        at(60)
        at(7, status="lapsed")
        OrganizationFactory(zip_code="99999")
        OrganizationFactory(zip_code="")
        house = partners_by_district(Chamber.LOWER)
        assert (house.partners, house.placed, house.share_percent) == (4, 2, 50)
        assert len(house.districts) == 118
        assert (len(house.districts[5].seats), len(house.districts[5].people)) == (1, 0)
        assert (len(house.districts[60].seats), len(house.districts[60].people)) == (1, 1)
        assert house.districts[60].number == 2
        assert house.districts[60].holds([first.pk])
        assert house.districts[7].number == 0
        senate = partners_by_district(Chamber.UPPER)
        assert [number for number, found in senate.districts.items() if found.seats] == [3, 30]

    def test_without_a_plan_nobody_is_placed(self):
        OrganizationFactory()
        found = partners_by_district(Chamber.LOWER)
        assert (found.partners, found.placed) == (1, 0)

    def test_a_zip_code_in_two_districts_counts_in_the_likelier_one(self):
        load_plan()
        for house in (1, 9, 60):
            lat, lng = inside(house)
            ZipCode.objects.create(zip_code=zip_of(house), city="Wide", latitude=lat, longitude=lng)
        organization = at(9)
        found = partners_by_district(Chamber.LOWER)
        assert sum(len(one.seats) for one in found.districts.values()) == 1
        reaching = [one for one in found.districts.values() if one.reaching]
        assert reaching
        assert all(one.reaching[0].pk == organization.pk for one in reaching)


# --- The map ----------------------------------------------------------------------------------------------------


class TestTheMap:
    def test_partners(self, zips):
        for house in (5, 5, 5, 60):
            at(house)
        page = coverage_page(Asked())
        rows = by_number(page)
        assert (rows[5].value, rows[5].key, rows[60].key, rows[61].key) == (3, "some", "few", "none")
        assert [(one.key, one.number) for one in page.legend][:3] == [("none", 116), ("few", 1), ("some", 1)]
        assert len(page.coverage.empty) == 116
        state, chicago = page.maps
        assert (state.name, chicago.name) == ("state", "chicago")
        keys = {one.drawn.number: one.key for one in state.districts}
        assert keys[5] == "some"
        assert len(keys) == 118

    def test_actions_of_a_year_or_a_campaign(self, zips):
        campaign = CampaignFactory()
        call = CallToActionFactory(status="published", campaign=campaign)
        organization, other = at(5), at(60)
        lives_elsewhere = PersonFactory(zip_code=zip_of(60))
        ActionTakenFactory(call_to_action=call, organization=organization)
        ActionTakenFactory(call_to_action=call, organization=organization, person=lives_elsewhere)
        ActionTakenFactory(organization=other, person=lives_elsewhere)
        ActionTakenFactory(organization=None)
        last = FiscalYear.current().previous()
        ActionTakenFactory(organization=organization, acted_at=last.start + timedelta(days=3))
        page = coverage_page(Asked(measure="actions"))
        assert (page.actions.actions, page.actions.placed) == (4, 3)
        rows = by_number(page)
        assert (rows[5].value, rows[60].value) == (1, 2)
        assert (len(rows[60].actions.people), len(rows[60].actions.organizations)) == (1, 2)
        assert by_number(coverage_page(Asked(measure="actions", period=last.label)))[5].value == 1
        of_campaign = coverage_page(Asked(measure="actions", period=f"campaign-{campaign.pk}"))
        assert of_campaign.actions.actions == 2
        assert of_campaign.filter.period_label == str(campaign)

    def test_where_legislators_stand(self, zips, bill):
        sponsor, asked, silent = (LegislatorFactory(district=number) for number in (5, 6, 7))
        SponsorshipFactory(bill=bill, legislator=sponsor)
        LegislatorAsk.objects.create(
            bill=bill, legislator=asked, asked_on=timezone.localdate(), stance="opposes"
        )
        page = coverage_page(Asked(measure="bill", bill=str(bill.pk)))
        rows = by_number(page)
        assert [rows[number].key for number in (5, 6, 7, 8)] == ["sponsor", "against", "not_asked", "vacant"]
        assert rows[7].district.legislator == silent
        assert {one.key: one.number for one in page.legend}["vacant"] == 115

    def test_the_pages_table_says_it_in_words_and_is_sorted(self, client, zips, bill):
        client.force_login(member(at(5, name="Hope House")))
        LegislatorFactory(district=9, family_name="Aardvark", name="Zoe Aardvark")
        words = text_of(client.get(reverse("my_actions:coverage"), {"sort": "-partners"}))
        assert "117 House districts without an active partner" in words
        assert "1 of 1 active partners (100%) could be placed" in words
        assert 'aria-sort="descending"' in words
        rows = table(client.get(reverse("my_actions:coverage_csv"), {"sort": "-partners"}))
        assert rows[1][1:3] == ["5", "vacant seat"]
        named = table(client.get(reverse("my_actions:coverage_csv"), {"sort": "name"}))
        assert named[1][2] == "Zoe Aardvark"
        assert len(named) == 119
        assert len(table(client.get(reverse("my_actions:coverage_csv"), {"chamber": "senate"}))) == 60
        for measure in ("actions", "bill"):
            query = {"measure": measure, "bill": bill.pk}
            assert measure != "bill" or "Zoe Aardvark" in text_of(
                client.get(reverse("my_actions:coverage"), query)
            )
            assert len(table(client.get(reverse("my_actions:coverage_csv"), query))) == 119

    @pytest.mark.parametrize(
        "query",
        [
            {"measure": "<script>"},
            {"chamber": "both"},
            {"period": "FY99", "measure": "actions"},
            {"period": "campaign-\x00", "measure": "actions"},
            {"bill": "9" * 40, "measure": "bill"},
            {"sort": "-nothing"},
            {"sort": "x" * 10_000},
        ],
    )
    def test_nonsense_is_left_out(self, client, query):
        client.force_login(member(OrganizationFactory()))
        assert "<script>alert" not in text_of(client.get(reverse("my_actions:coverage"), query))

    @pytest.mark.parametrize("number", [1, 20])
    @pytest.mark.parametrize(("measure", "queries"), [("partners", 19), ("actions", 22), ("bill", 21)])
    def test_takes_the_same_reads(
        self, client, zips, bill, number, measure, queries, django_assert_max_num_queries
    ):
        user = member(at(5))
        for house in range(1, number + 1):
            ActionTakenFactory(organization=at(house))
            LegislatorAsk.objects.create(
                bill=bill,
                legislator=LegislatorFactory(district=house),
                asked_on=timezone.localdate(),
                stance="supports",
            )
        client.force_login(user)
        with django_assert_max_num_queries(queries):
            client.get(reverse("my_actions:coverage"), {"measure": measure})


def test_actions_are_counted_where_the_person_lives_first(zips):
    ActionTakenFactory(organization=at(5), person=PersonFactory(zip_code=zip_of(60)))
    found = actions_by_district(Chamber.LOWER, ActionTaken.objects.all())
    assert set(found.districts) == {60}


# --- Who may look -----------------------------------------------------------------------------------------------


def test_only_partners_of_today_and_staff_who_may_look(bill, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    names = ["coverage", "coverage_csv"]
    addresses = [reverse(f"my_actions:{name}") for name in names] + [
        reverse(f"my_actions:{name}", args=[bill.session, bill.identifier.lower()])
        for name in ("targets", "targets_csv")
    ]
    gone = member(OrganizationFactory(status="left"))
    allowed = [member(OrganizationFactory(), "viewer"), StaffFactory()]
    for user, status in [
        *((user, 403) for user in (UserFactory(), UserFactory(is_staff=True), gone)),
        *((user, 200) for user in allowed),
    ]:
        client = Client()
        client.force_login(user)
        for address in addresses:
            assert client.get(address).status_code == status, (user, address)
            assert client.post(address).status_code == 405
    for address in addresses:
        assert Client().get(address)["Location"].startswith("/accounts/login/")


# --- Whom to ask ------------------------------------------------------------------------------------------------


class TestTargets:
    def page(self, bill, name="targets"):
        return reverse(f"my_actions:{name}", args=[bill.session, bill.identifier.lower()])

    def test_those_whom_the_most_partners_can_ask_come_first(self, zips, bill):
        bill.committee = CommitteeFactory()
        bill.save()
        for house in (5, 5, 60):
            at(house)
        few, most, seated, nobody, on_it = (
            LegislatorFactory(district=number, family_name=f"Name {number}") for number in (60, 5, 8, 7, 9)
        )
        LegislatorFactory(chamber="upper", district=3)
        LegislatorFactory(is_current=False)
        CommitteeMembershipFactory(committee=bill.committee, legislator=seated)
        SponsorshipFactory(bill=bill, legislator=on_it)
        found = cosponsor_targets(bill, Asked(), StaffFactory())
        assert [target.legislator for target in found.rows] == [most, few, seated, nobody]
        assert [target.on_committee for target in found.rows] == [False, False, True, False]
        assert (found.names, found.missing, found.without_partner, found.seats) == (1, 4, 2, 118)

    def test_the_chamber_that_has_the_bill(self, bill):
        bill.current_chamber = "upper"
        bill.save()
        senator = LegislatorFactory(chamber="upper", district=3)
        LegislatorFactory(district=5)
        assert [row.legislator for row in cosponsor_targets(bill, Asked(), StaffFactory()).rows] == [senator]
        house = cosponsor_targets(bill, Asked(chamber="house"), StaffFactory())
        assert [row.legislator.district for row in house.rows] == [5]

    def test_filters(self, zips, bill):
        own = at(5)
        user = member(own)
        bill.committee = CommitteeFactory()
        bill.save()
        mine = LegislatorFactory(district=5, party="Republican")
        seated = LegislatorFactory(district=60)
        CommitteeMembershipFactory(committee=bill.committee, legislator=seated)
        LegislatorAsk.objects.create(
            bill=bill, legislator=seated, asked_on=timezone.localdate(), stance="leans_for"
        )

        def found(**query):
            return [row.legislator for row in cosponsor_targets(bill, Asked(query), user).rows]

        assert found() == [mine, seated]
        assert found(own="1") == found(party="Republican") == found(stance="not_asked") == [mine]
        assert found(committee="1") == found(stance="favorable") == [seated]
        assert found(party="x" * 10_000) == []
        assert found(stance="sponsor") == [mine, seated]

    def test_who_asked_is_for_all_partners_and_notes_for_their_own(self, client, bill):
        asker, reader = OrganizationFactory(name="Hope House"), OrganizationFactory()
        LegislatorAsk.objects.create(
            bill=bill,
            legislator=LegislatorFactory(),
            organization=asker,
            asked_on=timezone.localdate(),
            stance="undecided",
            note="Secret words",
        )
        for user, sees in ((member(reader), False), (member(asker, "viewer"), True), (StaffFactory(), True)):
            client.force_login(user)
            words = text_of(client.get(self.page(bill)))
            assert "Hope House" in words
            assert ("Secret words" in words) is sees
            file = str(table(client.get(self.page(bill, "targets_csv"))))
            assert "Hope House" in file
            assert "Secret words" not in file

    def test_links_to_the_open_call_about_this_bill(self, client, bill):
        LegislatorFactory()
        client.force_login(member(OrganizationFactory()))
        now = timezone.now()
        about = {"bill": bill, "opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=1)}
        call = CallToActionFactory(kind="email", status="published", **about)
        hidden = [
            CallToActionFactory(kind="phone", status="draft", **about),
            CallToActionFactory(kind="petition", status="published", **about),
            CallToActionFactory(kind="phone", status="published"),
        ]
        words = text_of(client.get(self.page(bill)))
        assert call.get_absolute_url() in words
        assert "Ask by e-mail" in words
        assert not any(other.get_absolute_url() in words for other in hidden)

    @pytest.mark.parametrize("number", [1, 20])
    def test_takes_the_same_reads(self, client, zips, bill, number, django_assert_max_num_queries):
        user = member(at(5))
        for house in range(1, number + 1):
            at(house)
            for _time in range(3):
                LegislatorAsk.objects.create(
                    bill=bill,
                    legislator=LegislatorFactory(),
                    organization=at(house),
                    asked_on=timezone.localdate(),
                    stance="supports",
                )
        client.force_login(user)
        with django_assert_max_num_queries(22):
            client.get(self.page(bill))

    def test_an_unknown_bill(self, client):
        client.force_login(member(OrganizationFactory()))
        assert client.get("/my/bills/104/hb999999/targets/").status_code == 404
