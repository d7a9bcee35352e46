"""Committees: the list, and a committee's people, hearings and bills."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.caching import empty_page_cache
from tests.factories.legislation import (
    BillFactory,
    CommitteeFactory,
    CommitteeMembershipFactory,
    HearingDocumentFactory,
    HearingFactory,
    LegislatorFactory,
)
from tests.factories.partners import CoalitionFactory

pytestmark = pytest.mark.django_db
LIST = reverse("legislation:committee_list")


@pytest.fixture(autouse=True)
def coalition():
    empty_page_cache()
    return CoalitionFactory()


def words(response):
    return " ".join(response.content.decode().split())


def page_of(client, committee, **query):
    empty_page_cache()
    return client.get(committee.get_absolute_url(), query)


def test_committees_by_chamber_with_who_leads_them(client):
    porches = CommitteeFactory(name="Porches", chamber="lower")
    CommitteeFactory(name="Old Porches", is_current=False)
    CommitteeFactory(name="Stairs", chamber="upper")
    CommitteeFactory(name="Front Porches", chamber="lower", parent=porches)
    chair = LegislatorFactory(name="Robin Sample")
    CommitteeMembershipFactory(committee=porches, legislator=chair, role="chair")
    CommitteeMembershipFactory(committee=porches, legislator=LegislatorFactory(name="A Member"))
    response = client.get(LIST)
    parts = response.context["chambers"]
    assert [(part.label, [row.committee.name for row in part.rows]) for part in parts] == [
        ("House", ["Porches"]),
        ("Senate", ["Stairs"]),
    ]
    page = words(response)
    assert "Front Porches" in page
    assert "Old Porches" not in page
    assert "Robin Sample" in page
    assert "A Member" not in page
    assert "2 members" in page


def test_without_committees_the_list_says_so(client):
    assert "No committee is on record yet" in words(client.get(LIST))


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_costs_the_same_for_any_number(client, django_assert_num_queries, number):
    for _one in range(number):
        CommitteeMembershipFactory(role="chair", committee__parent=CommitteeFactory())
    with django_assert_num_queries(3):
        client.get(LIST)


def test_the_roster_by_role(client):
    committee = CommitteeFactory()
    for family, role in (
        ("Zeta", "member"),
        ("Alpha", "member"),
        ("Spokes", "republican spokesperson"),
        ("Vice", "vice chair"),
        ("Chair", "chair"),
    ):
        CommitteeMembershipFactory(
            committee=committee,
            role=role,
            legislator=LegislatorFactory(name=f"Pat {family}", family_name=family),
        )
    CommitteeMembershipFactory(
        committee=committee, legislator=None, name="Nobody Known", role="ranking member"
    )
    response = page_of(client, committee)
    leaders = [(one.seat.name, one.role) for one in response.context["leaders"]]
    assert leaders == [
        ("Pat Chair", "Chair"),
        ("Pat Vice", "Vice chair"),
        ("Pat Spokes", "Republican spokesperson"),
        ("Nobody Known", "Ranking member"),
    ]
    assert [one.seat.name for one in response.context["members"]] == ["Pat Alpha", "Pat Zeta"]
    assert "Nobody Known" in words(response)


def test_coming_hearings_with_their_slips(client):
    committee = CommitteeFactory(chamber="lower")
    soon = HearingFactory(committee=committee)
    HearingDocumentFactory(hearing=soon)
    HearingFactory(committee=committee, starts_at=timezone.now() - timedelta(days=2), location="The past")
    HearingFactory(committee=committee, state="cancelled", location="Not any more")
    response = page_of(client, committee)
    assert [hearing for hearing, _window in response.context["hearings"]] == [soon]
    page = words(response)
    assert "Slips open" in page
    assert "1 document" in page
    assert soon.get_absolute_url() in page


def test_bills_and_subcommittees(client):
    committee = CommitteeFactory()
    sub = CommitteeFactory(parent=committee, name="Front Porches")
    bill = BillFactory(committee=committee)
    BillFactory()
    response = page_of(client, committee)
    assert list(response.context["bills"].object_list) == [bill]
    assert sub.get_absolute_url() in words(response)
    assert committee.get_absolute_url() in words(page_of(client, sub))


def test_an_empty_committee_and_one_of_the_past(client):
    page = words(page_of(client, CommitteeFactory(is_current=False)))
    assert "does not exist any more" in page
    assert "No hearing is posted now" in page
    assert "No bill lies in this committee" in page
    assert "No member is on record" in page


def test_a_committee_that_is_none(client):
    assert client.get(reverse("legislation:committee", args=["nowhere"])).status_code == 404


@pytest.mark.parametrize("number", [1, 20])
def test_a_committee_costs_the_same_for_any_number(client, django_assert_num_queries, number):
    committee = CommitteeFactory()
    for _one in range(number):
        CommitteeMembershipFactory(committee=committee)
        CommitteeFactory(parent=committee)
        BillFactory(committee=committee)
        HearingDocumentFactory(hearing=HearingFactory(committee=committee))
    with django_assert_num_queries(7):
        page_of(client, committee)
