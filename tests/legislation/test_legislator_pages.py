"""The list of legislators with its vacant seats, a member's page, and the desk where staff put addresses right."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from legislation.models import Legislator, Office
from partners.caching import empty_page_cache
from tests.factories.legislation import (
    BillFactory,
    BillTrackingFactory,
    CommitteeFactory,
    CommitteeMembershipFactory,
    LegislatorFactory,
    RollCallFactory,
    SponsorshipFactory,
    TermFactory,
    VoteFactory,
)
from tests.factories.partners import CoalitionFactory, StaffFactory, UserFactory
from tests.legislation.plans import load_plan

pytestmark = pytest.mark.django_db
LIST = reverse("legislation:legislator_list")


@pytest.fixture(autouse=True)
def coalition():
    empty_page_cache()
    return CoalitionFactory()


def words(response):
    return " ".join(response.content.decode().split())


def listed(client, **query):
    """Names in the list; a vacant seat by its district."""
    empty_page_cache()
    found = client.get(LIST, query).context["list"]
    return [
        seat.legislator.name if seat.legislator else seat.name
        for part in found.chambers
        for seat in part.seats
    ]


def names(client, **query):
    return [name for name in listed(client, **query) if "District" not in name]


def test_members_are_found(client):
    LegislatorFactory(
        name="Ana Sample", family_name="Sample", party="Democratic", chamber="lower", district=1
    )
    LegislatorFactory(
        name="Bo Porch",
        family_name="Porch",
        party="Republican",
        chamber="upper",
        district=2,
        other_names=["Robert Porch"],
    )
    LegislatorFactory(name="Gone Member", is_current=False)
    assert names(client) == ["Ana Sample", "Bo Porch"]
    assert names(client, q="porch") == ["Bo Porch"]
    assert names(client, q="robert") == ["Bo Porch"]
    assert names(client, chamber="house") == ["Ana Sample"]
    assert names(client, party="Republican") == ["Bo Porch"]
    assert names(client, district="1") == ["Ana Sample"]
    assert names(client, q="nobody") == []
    assert "No legislator matches" in words(client.get(LIST, {"q": "nobody"}))


def test_vacant_seats_are_named(client):
    for district in range(1, 59):
        LegislatorFactory(chamber="upper", district=district, name=f"Senator {district}")
    assert listed(client, chamber="senate")[-1] == "Senate District 59"
    assert "58 members, 1 vacant seat" in words(client.get(LIST))
    assert listed(client, district="59") == ["Senate District 59"]
    assert "Senate District 59" not in listed(client, q="senator")
    # Of a chamber that was never loaded nothing is said.
    assert not [name for name in listed(client) if name.startswith("House")]


def test_before_the_first_import_nothing_is_called_vacant(client):
    page = words(client.get(LIST))
    assert "No legislator is on record yet" in page
    assert "Vacant" not in page


@pytest.mark.parametrize(
    "query",
    [
        {"chamber": "nave"},
        {"party": "' or 1=1"},
        {"district": "x"},
        {"district": "9" * 30},
        {"q": "%_\\"},
        {"district": "²"},
    ],
)
def test_filters_that_make_no_sense_do_no_harm(client, query):
    LegislatorFactory()
    assert client.get(LIST, query).status_code == 200


def test_the_filter_keeps_its_values(client):
    LegislatorFactory(party="Democratic")
    page = client.get(LIST, {"q": 'a"b', "chamber": "senate", "party": "Democratic", "district": "7"})
    page = page.content.decode()
    assert 'value="a&quot;b"' in page
    assert '<option value="senate" selected>' in page
    assert "<option selected>Democratic</option>" in page
    assert 'value="7"' in page


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_costs_the_same_for_any_number(client, django_assert_num_queries, number):
    LegislatorFactory.create_batch(number)
    with django_assert_num_queries(2):
        assert len(names(client)) == number


# --- A member's page -------------------------------------------------------------------------------------------------


def page_of(client, member, **query):
    empty_page_cache()
    return client.get(member.get_absolute_url(), query)


def test_a_member_with_everything_around(client):
    load_plan()
    member = LegislatorFactory(
        name="Robin Sample",
        chamber="lower",
        district=25,
        email="robin@legislature.example",
        website="https://robin.example",
    )
    LegislatorFactory(name="Jo Porch", chamber="upper", district=13)
    TermFactory(legislator=member, start=date(2023, 1, 11))
    Office.objects.create(
        legislator=member, kind="capitol", address="Room 1, Springfield", phone="217-555-0101"
    )
    committee = CommitteeFactory(name="Porches and Stairs")
    CommitteeMembershipFactory(committee=committee, legislator=member, role="vice chair")
    page = words(page_of(client, member))
    for expected in (
        "State Representative",
        "House District 25",
        "217-555-0101",
        "robin@legislature.example",
        "Porches and Stairs</a>".replace("</a>", ""),
        "(Vice chair)",
        "Jan. 11, 2023",
        "Jo Porch",
        "map__district--here",
        "We hold no public position",
    ):
        assert expected in page
    # Pictures of the General Assembly's site would tell it who looks.
    assert "<img" not in page.split("<main")[1].split("</main>")[0]


def test_the_scorecard_shows_the_bills_behind_it(client):
    member = LegislatorFactory(chamber="lower")
    for number, option in enumerate("YYYN"):
        tracking = BillTrackingFactory(plain_title=f"Plain title {number}")
        VoteFactory(roll_call=RollCallFactory(bill=tracking.bill), legislator=member, option=option)
    page = words(page_of(client, member))
    assert "75%" in page
    assert "3 of 4 bills that count" in page
    assert "How we count" in page
    assert all(f"Plain title {number}" in page for number in range(4))
    assert "Voted no in the House" in page


def test_too_few_votes_are_said(client):
    member = LegislatorFactory()
    BillTrackingFactory()
    assert "Not enough votes" in words(page_of(client, member))


def test_chief_sponsorships_come_first(client):
    member = LegislatorFactory()
    newest = BillFactory(title="NEWEST", last_action_on=date(2025, 9, 1))
    chief = BillFactory(title="CHIEF", last_action_on=date(2025, 1, 1))
    left = BillFactory(title="LEFT")
    SponsorshipFactory(bill=newest, legislator=member)
    SponsorshipFactory(bill=chief, legislator=member, role="chief")
    SponsorshipFactory(bill=left, legislator=member, removed_on=date(2025, 3, 1))
    # Two spellings of the same name on one bill.
    SponsorshipFactory(bill=newest, legislator=member, name="R. Sample")
    response = page_of(client, member)
    assert list(response.context["bills"].object_list) == [chief, newest]
    assert response.context["roles"] == {"chief": 1, "chief_cosponsor": 0, "cosponsor": 1}


def test_bills_come_in_pages(client):
    member = LegislatorFactory()
    for _one in range(21):
        SponsorshipFactory(legislator=member)
    assert len(page_of(client, member).context["bills"].object_list) == 20
    assert len(page_of(client, member, page="2").context["bills"].object_list) == 1
    assert page_of(client, member, page="x").status_code == 200


def test_a_member_of_the_past(client):
    load_plan()
    member = LegislatorFactory(is_current=False, chamber="lower", district=25)
    LegislatorFactory(name="The Successor", chamber="lower", district=25)
    page = words(page_of(client, member))
    assert "Former member" in page
    assert "map__district" not in page
    assert "The Successor" not in page


def test_members_who_are_signed_in_can_follow(client):
    member = LegislatorFactory()
    follow = reverse("my_legislation:follow")
    page = words(page_of(client, member))
    assert f'href="{follow}?kind=legislator&amp;id={member.pk}"' in page
    assert "csrfmiddlewaretoken" not in page
    client.force_login(UserFactory())
    assert f'action="{follow}"' in words(page_of(client, member))


@pytest.mark.parametrize("number", [1, 20])
def test_a_member_costs_the_same_for_any_number(client, django_assert_num_queries, number):
    load_plan()
    member = LegislatorFactory(chamber="lower", district=25)
    for one in range(number):
        tracking = BillTrackingFactory()
        SponsorshipFactory(bill=tracking.bill, legislator=member)
        VoteFactory(roll_call=RollCallFactory(bill=tracking.bill), legislator=member)
        CommitteeMembershipFactory(legislator=member)
        TermFactory(legislator=member)
        Office.objects.create(legislator=member, kind="district", phone=f"217-555-01{one:02}")
    page_of(client, member)
    with django_assert_num_queries(12):
        page_of(client, member)


# --- The desk --------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client = Client()
    client.force_login(StaffFactory(is_superuser=True))
    return client


def test_staff_put_the_website_right_and_nothing_else(desk):
    member = LegislatorFactory(name="Robin Sample", email="old@legislature.example")
    address = reverse("admin:legislation_legislator_change", args=[member.pk])
    page = desk.get(address).content.decode()
    assert 'name="email"' in page
    assert 'name="name"' not in page
    inlines = {}
    for prefix in ("offices", "committee_memberships", "terms"):
        inlines |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    posted = {
        "email": "new@legislature.example",
        "website": "https://robin.example",
        "name": "Other",
        **inlines,
    }
    assert desk.post(address, posted).status_code == 302
    member.refresh_from_db()
    assert (member.name, member.email) == ("Robin Sample", "new@legislature.example")
    assert desk.get(reverse("admin:legislation_legislator_add")).status_code == 403
    assert desk.post(reverse("admin:legislation_legislator_delete", args=[member.pk])).status_code == 403
    assert Legislator.objects.exists()


def test_the_desk_lists_what_imports_brought(desk):
    load_plan()
    LegislatorFactory()
    committee = CommitteeFactory()
    for model in ("legislator", "committee", "districtplan", "zipcode"):
        assert desk.get(reverse(f"admin:legislation_{model}_changelist")).status_code == 200
    page = desk.get(reverse("admin:legislation_districtplan_changelist")).content.decode()
    assert "Sample plan" in page
    assert ">118<" in page.replace("\n", "").replace(" ", "")
    assert desk.get(reverse("admin:legislation_committee_change", args=[committee.pk])).status_code == 200
