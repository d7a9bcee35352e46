"""Whom a call asks: the rule is read anew for each visitor and follows the bill."""

from collections import Counter

import pytest

from campaigns import kinds
from campaigns.legislator_targets import home_of, reach
from campaigns.models import CallToAction, LegislatorTargets
from campaigns.visitors import Visitor
from legislation.models import Sponsorship
from legislation.places.zip_areas import Candidate, ZipCandidates
from tests.campaigns.reaching import pair_of, reaching_call
from tests.factories.campaigns import CallToActionFactory
from tests.factories.legislation import (
    BillFactory,
    CommitteeFactory,
    CommitteeMembershipFactory,
    LegislatorFactory,
    SponsorshipFactory,
)
from tests.factories.partners import MembershipFactory, OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def asked(call, visitor=None, **options):
    fresh = CallToAction.objects.get(pk=call.pk)
    return [one.legislator for one in reach(fresh, visitor or Visitor(), **options).asked]


class TestMine:
    def test_both_of_ones_own_and_nobody_else(self):
        pair = pair_of(25)
        LegislatorFactory(chamber="lower", district=26)
        assert set(asked(reaching_call(), Visitor(house=25))) == set(pair)

    def test_nobody_before_one_says_where_one_lives(self):
        pair_of(25)
        found = reach(reaching_call(), Visitor())
        assert found.needs_home
        assert found.asked == []

    def test_both_stay_when_the_bill_moves_and_its_chamber_comes_first(self):
        lower, upper = pair_of(25)
        bill = BillFactory(chamber="lower", current_chamber="lower")
        call = reaching_call(bill=bill)
        assert asked(call, Visitor(house=25)) == [lower, upper]
        bill.current_chamber = "upper"
        bill.save()
        assert asked(call, Visitor(house=25)) == [upper, lower]

    def test_a_vacant_seat_leaves_one(self):
        lower, upper = pair_of(25)
        upper.is_current = False
        upper.save()
        assert asked(reaching_call(), Visitor(house=25)) == [lower]


class TestFollowingTheBill:
    def test_a_bill_that_crosses_retargets_at_once(self):
        lower, upper = pair_of(25)
        bill = BillFactory(chamber="lower", current_chamber="lower")
        call = reaching_call(rule="not_sponsors", bill=bill)
        assert asked(call) == [lower]
        bill.current_chamber, bill.stage = "upper", "crossed"
        bill.save()
        assert asked(call) == [upper]

    def test_a_new_cosponsor_leaves_those_not_yet_on_the_bill(self):
        bill = BillFactory(current_chamber="lower")
        first, second = LegislatorFactory(), LegislatorFactory()
        call = reaching_call(rule="not_sponsors", bill=bill)
        assert set(asked(call)) == {first, second}
        SponsorshipFactory(bill=bill, legislator=first)
        assert asked(call) == [second]
        Sponsorship.objects.update(removed_on="2026-03-01")
        assert set(asked(call)) == {first, second}

    def test_the_committee_where_the_bill_is_today(self):
        here, there = CommitteeFactory(), CommitteeFactory()
        first, second = LegislatorFactory(), LegislatorFactory()
        CommitteeMembershipFactory(committee=here, legislator=first)
        CommitteeMembershipFactory(committee=there, legislator=second)
        bill = BillFactory(committee=here)
        call = reaching_call(rule="committee", bill=bill)
        assert asked(call) == [first]
        bill.committee = there
        bill.save()
        assert asked(call) == [second]
        bill.committee = None
        bill.save()
        assert asked(call) == []

    def test_a_fixed_committee_stays(self):
        fixed = CommitteeFactory()
        member = LegislatorFactory()
        CommitteeMembershipFactory(committee=fixed, legislator=member)
        call = reaching_call(rule="committee", targets={"committee": fixed})
        assert asked(call) == [member]

    def test_sponsors_are_thanked_in_both_chambers(self):
        lower, upper = pair_of(25)
        bill = BillFactory(current_chamber="lower")
        for member in (lower, upper):
            SponsorshipFactory(bill=bill, legislator=member, chamber=member.chamber)
        LegislatorFactory()
        assert set(asked(reaching_call(rule="sponsors", bill=bill))) == {lower, upper}
        only = reaching_call(rule="sponsors", bill=bill, targets={"chamber": "upper"})
        assert asked(only) == [upper]

    def test_whoever_left_office_is_not_asked(self):
        gone, sits = LegislatorFactory(is_current=False), LegislatorFactory()
        assert asked(reaching_call(rule="chosen", legislators=[gone, sits])) == [sits]

    def test_what_a_page_offered_holds_although_the_bill_moved(self):
        lower, upper = pair_of(25)
        bill = BillFactory(current_chamber="lower")
        call = reaching_call(rule="not_sponsors", bill=bill)
        offer = reach(call, Visitor()).offer
        bill.current_chamber = "upper"
        bill.save()
        assert asked(call, offer=offer) == [lower]
        other = reaching_call(rule="not_sponsors", bill=bill)
        assert asked(other, offer=offer) == [upper]
        assert asked(call, offer=offer + "x") == [upper]


class TestOrder:
    def test_own_first_then_spread_evenly_and_never_more_than_so_many(self):
        pair = pair_of(118)
        others = [LegislatorFactory(chamber="lower", district=number) for number in range(1, 21)]
        call = reaching_call(rule="chosen", legislators=[*pair, *others], targets={"most": 5})
        seen: Counter = Counter()
        for _number in range(40):
            visitor = Visitor(person=PersonFactory(), house=118)
            found = asked(call, visitor)
            assert len(found) == 5
            assert set(found[:2]) == set(pair)
            assert found == asked(call, visitor)
            seen.update(found[2:])
        assert len(seen) > 15

    def test_only_own_keeps_those_who_represent_the_person(self):
        lower, _upper = pair_of(25)
        other = LegislatorFactory(chamber="lower", district=3)
        call = reaching_call(rule="chosen", legislators=[lower, other], targets={"only_own": True})
        assert asked(call, Visitor(house=25)) == [lower]
        assert reach(call, Visitor()).needs_home

    def test_who_was_written_to_is_left_out(self):
        lower, upper = pair_of(25)
        assert asked(reaching_call(), Visitor(house=25), without=[lower.pk]) == [upper]

    def test_few_queries_however_many_come_into_question(self, django_assert_num_queries):
        call = reaching_call(rule="not_sponsors", bill=BillFactory(current_chamber="lower"))
        for _number in range(30):
            LegislatorFactory()
        call = CallToAction.objects.select_related("bill").get(pk=call.pk)
        with django_assert_num_queries(4):
            reach(call, Visitor())


class TestHome:
    @pytest.fixture(autouse=True)
    def places(self, monkeypatch):
        """Two ZIP codes that lie in one district each, and one that lies in two."""
        known = {"60001": (25,), "60002": (60,), "60003": (3, 4)}

        def candidates(zip_code):
            houses = known.get(zip_code[:5])
            found = tuple(Candidate(house, 0.5) for house in houses or ())
            return ZipCandidates(zip_code, "Samplefield", "area", found) if houses else None

        monkeypatch.setattr("campaigns.legislator_targets.zip_candidates", candidates)

    def test_the_profiles_zip_code_then_the_organizations(self):
        organization = OrganizationFactory(zip_code="60002-1234")
        membership = MembershipFactory(organization=organization)
        call = CallToActionFactory()
        visitor = Visitor(person=membership.person, call=call)
        assert (home_of(visitor).house, home_of(visitor).basis) == (60, "organization")
        membership.person.zip_code = "60001"
        assert (home_of(visitor).house, home_of(visitor).basis) == (25, "profile")

    def test_what_the_visitor_says_counts_more(self):
        visitor = Visitor(person=PersonFactory(zip_code="60001"), house=7)
        assert (home_of(visitor).house, home_of(visitor).basis) == (7, "given")

    def test_a_zip_code_in_two_districts_is_no_answer(self):
        home = home_of(Visitor(person=PersonFactory(zip_code="60003")))
        assert (home.house, home.candidates) == (None, (3, 4))

    def test_an_unknown_zip_code_says_nothing(self):
        assert home_of(Visitor(person=PersonFactory(zip_code="99999"))).house is None


class TestProblems:
    def test_a_new_call_lacks_everything(self):
        call = CallToActionFactory(kind="email")
        assert len(kinds.of(call).problems(call)) == 2

    @pytest.mark.parametrize("rule", ["committee", "sponsors", "not_sponsors"])
    def test_a_rule_that_follows_the_bill_wants_one(self, rule):
        call = reaching_call(rule=rule)
        assert "bill" in " ".join(kinds.of(call).problems(call))
        call = reaching_call(rule=rule, bill=BillFactory())
        assert kinds.of(call).problems(call) == []

    def test_chosen_ones_must_be_chosen(self):
        call = reaching_call(rule="chosen")
        assert len(kinds.of(call).problems(call)) == 1

    def test_a_telephone_call_wants_its_script(self):
        call = reaching_call("phone")
        assert kinds.of(call).problems(call) == []
        LegislatorTargets.objects.update(script=" ")
        assert "script" in " ".join(kinds.of(call).problems(call))
