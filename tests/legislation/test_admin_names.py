"""Staff say who a printed name means, take it back, and the links follow."""

import pytest

from legislation.models import NameMatch
from tests.factories.legislation import LegislatorFactory, SponsorshipFactory, TermFactory, VoteFactory
from tests.factories.partners import StaffFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/legislation/namematch/"


@pytest.fixture
def desk(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(StaffFactory())
    return client


@pytest.fixture
def davis():
    """Two members fit "Davis"; a vote bears the name."""
    people = [LegislatorFactory(given_name=given, family_name="Davis") for given in ("Pat", "Robin")]
    for person in people:
        TermFactory(legislator=person, chamber="lower", district=person.district)
    match = NameMatch.objects.create(session=104, chamber="lower", name="Davis", state="ambiguous")
    match.candidates.set(people)
    vote = VoteFactory(legislator=None, name="Davis", roll_call__chamber="lower")
    return match, people, vote


def test_the_list_starts_with_what_needs_a_decision(desk, davis):
    NameMatch.objects.create(session=104, chamber="lower", name="Sample", state="matched")
    page = desk.get(LIST)
    assert [match.name for match in page.context["cl"].result_list] == ["Davis"]


def test_the_likely_members_come_first_and_the_places_are_told(desk, davis):
    match, people, vote = davis
    other = LegislatorFactory(family_name="Zimmer")
    page = desk.get(f"{LIST}{match.pk}/decide/")
    form = page.context["form"]
    likely = dict(form.fields["legislator"].choices)["Fits the spelling"]
    assert {pk for pk, _words in likely} == {person.pk for person in people}
    words = page.content.decode()
    assert f"{vote.roll_call.bill}, Third Reading" in words
    assert str(other) in words


def test_a_names_page_says_its_state_in_words(desk, davis):
    page = desk.get(f"{LIST}{davis[0].pk}/change/").content.decode()
    assert davis[0].get_state_display() in page
    assert "&#x27;ambiguous&#x27;" not in page


def test_a_decision_links_the_votes_and_holds_until_it_is_taken_back(desk, davis):
    match, (pat, _robin), vote = davis
    desk.post(f"{LIST}{match.pk}/decide/", {"legislator": pat.pk})
    vote.refresh_from_db()
    match.refresh_from_db()
    assert (vote.legislator, match.state) == (pat, "decided")
    assert match.decided_by is not None
    assert not NameMatch.objects.for_review().exists()
    desk.post(f"{LIST}{match.pk}/undo/")
    vote.refresh_from_db()
    match.refresh_from_db()
    assert (vote.legislator, match.state) == (None, "ambiguous")


def test_a_name_can_be_nobodys(desk, davis):
    match, _people, _vote = davis
    SponsorshipFactory(legislator=None, name="Davis", chamber="lower", bill__session=104)
    desk.post(f"{LIST}{match.pk}/nobody/")
    match.refresh_from_db()
    assert (match.state, match.legislator) == ("nobody", None)


def test_without_a_choice_nothing_is_decided(desk, davis):
    match, _people, _vote = davis
    page = desk.post(f"{LIST}{match.pk}/decide/", {})
    assert "Choose who is meant." in page.content.decode()
    match.refresh_from_db()
    assert match.state == "ambiguous"
