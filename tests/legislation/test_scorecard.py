"""What counts as agreeing with us, and what does not."""

from datetime import date

import pytest
import time_machine

from legislation.models import RollCall
from legislation.scorecard import LEAST_COUNTED, scorecard, scorecards
from tests.factories.legislation import (
    BillFactory,
    BillTrackingFactory,
    LegislatorFactory,
    RollCallFactory,
    SponsorshipFactory,
    VoteFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_session():
    with time_machine.travel("2025-05-01T12:00:00Z", tick=False):
        yield


@pytest.fixture
def member():
    return LegislatorFactory(chamber="lower")


def track(position="support", **bill):
    return BillTrackingFactory(bill=BillFactory(**bill), position=position).bill


def vote(bill, member, option="Y", **roll_call):
    return VoteFactory(roll_call=RollCallFactory(bill=bill, **roll_call), legislator=member, option=option)


def line(member, bill):
    (found,) = [line for line in scorecard(member).lines if line.bill == bill]
    return found


@pytest.mark.parametrize(
    ("position", "option", "agrees"),
    [
        ("support", "Y", True),
        ("support", "N", False),
        ("oppose", "N", True),
        ("oppose", "Y", False),
        *((position, option, None) for position in ("support", "oppose") for option in ("P", "NV", "E", "A")),
    ],
)
def test_a_floor_vote_decides(member, position, option, agrees):
    bill = track(position)
    vote(bill, member, option)
    assert line(member, bill).agrees is agrees


@pytest.mark.parametrize(("position", "agrees"), [("support", True), ("oppose", False)])
@pytest.mark.parametrize("role", ["chief", "chief_cosponsor", "cosponsor"])
def test_a_sponsor_stands_for_the_bill(member, position, role, agrees):
    bill = track(position)
    SponsorshipFactory(bill=bill, legislator=member, role=role)
    assert line(member, bill).agrees is agrees


def test_the_vote_outweighs_the_name(member):
    bill = track()
    SponsorshipFactory(bill=bill, legislator=member)
    vote(bill, member, "N")
    assert line(member, bill).agrees is False
    assert line(member, bill).did == "Co-sponsor, voted no in the House"


def test_a_sponsor_who_did_not_vote_is_not_counted(member):
    """They could have voted and did not: the name alone says less than the vote that is missing."""
    bill = track()
    SponsorshipFactory(bill=bill, legislator=member)
    vote(bill, member, "NV")
    assert line(member, bill).agrees is None


def test_a_name_that_was_taken_off_does_not_count(member):
    bill = track()
    SponsorshipFactory(bill=bill, legislator=member, removed_on=date(2025, 3, 1))
    assert line(member, bill).agrees is None
    assert line(member, bill).did == "No floor vote and not a sponsor"


def test_the_latest_vote_counts(member):
    bill = track()
    vote(bill, member, "N", date=date(2025, 4, 9))
    vote(bill, member, "Y", date=date(2025, 5, 1), motion="Concurrence")
    vote(bill, member, "N", date=date(2025, 3, 1))
    assert line(member, bill).agrees is True


def test_committee_votes_do_not_count(member):
    bill = track()
    vote(bill, member, "N", scope=RollCall.Scope.COMMITTEE, motion="Executive")
    assert line(member, bill).agrees is None


@pytest.mark.parametrize(
    ("motion", "counts"),
    [
        ("Third Reading", True),
        ("Concurrence, Amendment 2", True),
        ("Motion To Override Veto", True),
        ("Accept Amendatory Veto", True),
        ("Conference Committee Report", True),
        ("Motion", False),
        ("Motion To Table", False),
        ("Motion To Reconsider Vote On Third Reading", False),
        ("Motion To Discharge Committee", False),
    ],
)
def test_only_votes_on_the_bill_itself_count(member, motion, counts):
    bill = track()
    vote(bill, member, "N", motion=motion)
    assert (line(member, bill).agrees is False) is counts


def test_a_bare_motion_is_the_vote_on_a_resolution(member):
    resolution = track(kind="resolution", prefix="HR")
    vote(resolution, member, "Y", motion="Motion")
    assert line(member, resolution).agrees is True


def test_a_name_under_a_replaced_text_does_not_count_but_a_vote_does(member):
    named, voted = track(replaces_everything=True), track(replaces_everything=True)
    SponsorshipFactory(bill=named, legislator=member)
    vote(voted, member, "Y")
    assert line(member, named).agrees is None
    assert line(member, voted).agrees is True


def test_unresolved_names_count_for_nobody(member):
    bill = track()
    VoteFactory(roll_call=RollCallFactory(bill=bill), legislator=None, name=member.family_name)
    SponsorshipFactory(bill=bill, legislator=None, name=member.name)
    assert line(member, bill).agrees is None


def test_what_we_do_not_take_sides_on_is_left_out(member):
    track("neutral")
    BillTrackingFactory(is_public=False)
    BillFactory()
    track(kind="appointment", prefix="AM")
    track(kind="resolution", prefix="SR", chamber="upper")
    assert scorecard(member).lines == ()
    assert scorecard(member).percent is None


def test_the_number_and_what_it_stands_for(member):
    bills = [track() for _one in range(5)] + [track("oppose")]
    for bill in bills[:3]:
        vote(bill, member, "Y")
    vote(bills[5], member, "Y")
    card = scorecard(member)
    assert (card.agreed, card.counted, card.tracked, card.percent) == (3, 4, 6, 75)


def test_too_few_bills_give_no_number(member):
    for _one in range(LEAST_COUNTED - 1):
        vote(track(), member)
    card = scorecard(member)
    assert not card.is_enough
    assert card.percent is None
    vote(track(), member)
    assert scorecard(member).percent == 100


def test_roll_calls_with_disputed_counts_are_counted_by_name_and_said(member):
    bill = track()
    vote(bill, member, "Y", counts_agree=False)
    assert line(member, bill).agrees is True
    assert scorecard(member).disputed == 1


def test_only_one_general_assembly_is_compared(member):
    old, new = track(session=103), track(session=104)
    assert [line.bill for line in scorecard(member).lines] == [new]
    assert [line.bill for line in scorecard(member, session=103).lines] == [old]
    assert scorecard(member).assembly.ordinal == "104th"


@pytest.mark.parametrize(
    ("position", "facts", "sponsor", "chamber", "words"),
    [
        ("support", {}, False, "lower", "Ask them to co-sponsor"),
        ("support", {"replaces_everything": True}, True, "lower", "Ask them to vote yes"),
        ("support", {}, True, "lower", "Thank them"),
        ("oppose", {}, False, "lower", "Ask them to vote no"),
        ("oppose", {}, True, "lower", "Tell them why we oppose it"),
        ("support", {}, False, "upper", "Ask for their yes when it comes to their chamber"),
        ("oppose", {}, False, "upper", "Ask for their no when it comes to their chamber"),
        ("support", {"current_chamber": "upper"}, False, "upper", "Ask them to co-sponsor"),
        ("support", {"current_chamber": "upper"}, False, "lower", ""),
        ("support", {"stage": "public_act"}, False, "lower", ""),
        ("support", {"stage": "dead"}, False, "lower", ""),
        ("support", {"session": 103}, False, "lower", ""),
    ],
)
def test_what_to_say_next(position, facts, sponsor, chamber, words):
    member = LegislatorFactory(chamber=chamber)
    bill = track(position, **facts)
    if sponsor:
        SponsorshipFactory(bill=bill, legislator=member)
    assert line(member, bill).next_step == words


def test_a_vote_against_us_is_asked_about(member):
    bill = track()
    vote(bill, member, "N")
    assert line(member, bill).next_step.startswith("Ask why")


@pytest.mark.parametrize("number", [1, 20])
def test_scorecards_cost_the_same_for_any_number(django_assert_num_queries, number):
    members = LegislatorFactory.create_batch(3)
    for _one in range(number):
        bill = track()
        for member in members:
            vote(bill, member)
            SponsorshipFactory(bill=bill, legislator=member)
    with django_assert_num_queries(3):
        cards = scorecards(members)
        assert all(line.did and line.next_step for card in cards.values() for line in card.lines)
    assert all(card.counted == number for card in cards.values())
