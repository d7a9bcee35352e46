"""Legislators, their seats and offices; committees and their rosters; all real files."""

from datetime import date, timedelta

import msgspec
import pytest
from django.utils import timezone

from legislation.models import Committee, CommitteeMembership, Legislator, NameMatch, Office, Term, Vote
from legislation.records import (
    CommitteeMemberRecord,
    CommitteeRecord,
    LegislatorRecord,
    OfficeRecord,
    RollCallRecord,
    TermRecord,
    VoteRecord,
)
from legislation.services.imports.people import CommitteeImporter, LegislatorImporter
from legislation.services.imports.roll_calls import RollCallImporter
from legislation.services.names import relink_committees
from legislation.sources.base import ReadOptions
from legislation.sources.openstates_people import OpenStatesPeople
from tests.factories.legislation import (
    BillFactory,
    CommitteeFactory,
    LegislatorFactory,
    RollCallFactory,
    VoteFactory,
)
from tests.legislation.feeding import NOON, everything, feed, outcome
from tests.realdata import COMMITTEES, LEGISLATORS, realdata

pytestmark = pytest.mark.django_db
PEOPLE = ("Legislator", "Term", "Office", "Committee", "CommitteeMembership", "NameMatch", "SourceRecord")
CONVENED = date(2025, 1, 8)


def seat(district, chamber="lower", start=CONVENED, end=None):
    return TermRecord(chamber, district, start, end)


def person(number=1, name="Ann Sample", *terms, **fields):
    given, _, family = name.partition(" ")
    facts = {
        "key": f"ocd-person/{number}",
        "name": name,
        "given_name": given,
        "family_name": family,
        "party": "Democratic",
        "terms": terms or (seat(number),),
        "offices": (
            OfficeRecord("capitol", "1 Sample Hall, Springfield", "217-555-0101"),
            OfficeRecord("district", "2 Porch St., Springfield", "217-555-0102"),
        ),
    }
    return LegislatorRecord(**(facts | fields))


def sitting(chamber="lower"):
    rows = Legislator.objects.current().filter(chamber=chamber).order_by("district")
    return dict(rows.values_list("district", "name"))


class TestLegislators:
    def test_a_member_with_seat_and_offices(self):
        assert outcome(feed(LegislatorImporter, person(5, "Ana Sámple"))) == (1, 0, 0, 0)
        row = Legislator.objects.get()
        assert (row.slug, row.chamber, row.district, row.is_current) == ("ana-sample", "lower", 5, True)
        assert [(office.kind, office.phone) for office in row.offices.all()] == [
            ("capitol", "217-555-0101"),
            ("district", "217-555-0102"),
        ]

    def test_the_same_again_changes_no_row(self):
        records = [person(1, "Ann Sample"), person(2, "Bo Sample")]
        feed(LegislatorImporter, *records)
        before = everything(*PEOPLE)
        assert outcome(feed(LegislatorImporter, *records[::-1])) == (0, 0, 2, 0)
        assert everything(*PEOPLE) == before

    def test_two_of_one_name_get_two_addresses_that_stay(self):
        feed(LegislatorImporter, person(1), person(2), person(3, "Ann Sample", seat(3, "upper")))
        slugs = dict(Legislator.objects.values_list("ocd_id", "slug"))
        assert slugs == {
            "ocd-person/1": "ann-sample",
            "ocd-person/2": "ann-sample-house-2",
            "ocd-person/3": "ann-sample-senate-3",
        }
        feed(LegislatorImporter, person(1, "Ann Sample-Porch"))
        assert Legislator.objects.get(ocd_id="ocd-person/1").slug == "ann-sample"

    def test_the_latest_seat_counts_and_the_day_of_the_import(self):
        moved = person(7, "Ann Sample", seat(7, "lower", date(2019, 1, 9), CONVENED), seat(4, "upper"))
        appointed = person(8, "Bo Later", seat(8, start=timezone.localdate(NOON) + timedelta(days=3)))
        feed(LegislatorImporter, moved, appointed)
        assert sitting("upper") == {4: "Ann Sample"}
        assert sitting() == {}
        # Nothing came in, but the day did.
        feed(LegislatorImporter, moved, appointed, at=NOON + timedelta(days=3))
        assert sitting() == {8: "Bo Later"}

    def test_whoever_left_makes_room_for_the_successor_in_one_file(self):
        feed(LegislatorImporter, person(5, "Ann Sample"))
        left, new = seat(5, end=date(2026, 2, 20)), seat(5, start=date(2026, 2, 21))
        summary = feed(LegislatorImporter, person(9, "Zoe New", new), person(5, "Ann Sample", left))
        assert outcome(summary) == (1, 1, 0, 0)
        assert sitting() == {5: "Zoe New"}
        gone = Legislator.objects.get(name="Ann Sample")
        assert (gone.is_current, gone.district) == (False, 5)

    def test_two_who_change_places(self):
        feed(LegislatorImporter, person(1, "Ann Sample"), person(2, "Bo Sample"))
        feed(LegislatorImporter, person(1, "Ann Sample", seat(2)), person(2, "Bo Sample", seat(1)))
        assert sitting() == {1: "Bo Sample", 2: "Ann Sample"}

    def test_two_who_claim_one_seat(self):
        early, late = person(5, "Ann Sample"), person(9, "Zoe New", seat(5, start=date(2026, 2, 21)))
        summary = feed(LegislatorImporter, late, early)
        assert sitting() == {5: "Zoe New"}
        (rejected,) = summary.rejected
        assert rejected.identifier == early.key
        assert rejected.reason == "Ann Sample and Zoe New both claim House 5; the later start counts."

    def test_a_conflict_that_the_next_batch_solves_is_none(self, monkeypatch):
        monkeypatch.setattr(LegislatorImporter, "batch_size", 1)
        feed(LegislatorImporter, person(5, "Ann Sample"))
        left, new = seat(5, end=date(2026, 2, 20)), seat(5, start=date(2026, 2, 21))
        summary = feed(LegislatorImporter, person(9, "Zoe New", new), person(5, "Ann Sample", left))
        assert summary.rejected == []

    def test_who_is_not_in_a_file_stays(self):
        feed(LegislatorImporter, person(1, "Ann Sample"), person(2, "Bo Sample"))
        feed(LegislatorImporter, person(2, "Bo Sample"))
        assert sitting() == {1: "Ann Sample", 2: "Bo Sample"}

    def test_changes(self):
        feed(LegislatorImporter, person(1, email="old@legislature.example"))
        new = person(1, offices=(), party="Independent", terms=None)
        assert outcome(feed(LegislatorImporter, new)) == (0, 1, 0, 0)
        row = Legislator.objects.get()
        assert (row.party, row.email, row.district) == ("Independent", "old@legislature.example", 1)
        assert not Office.objects.exists()
        assert Term.objects.count() == 1

    def test_a_source_without_dates_keeps_the_dates_we_know(self):
        before = seat(9, start=date(2019, 1, 9), end=CONVENED)
        feed(LegislatorImporter, person(5, "Ann Sample", before, seat(5)))
        bare = person(5, "Ann Sample", TermRecord("lower", 5))
        feed(LegislatorImporter, bare, source="csv")
        assert set(Term.objects.values_list("district", "start")) == {(9, date(2019, 1, 9)), (5, CONVENED)}
        feed(LegislatorImporter, person(5, "Ann Sample", TermRecord("upper", 3)), source="csv")
        row = Legislator.objects.get()
        assert (row.chamber, row.district) == ("upper", 3)

    def test_a_source_with_ids_of_its_own_finds_the_member_by_seat_and_name(self):
        feed(LegislatorImporter, person(5, "Bill Sample"))
        other = LegislatorRecord("legiscan-77", "William Sample", terms=(TermRecord("lower", 5),))
        assert outcome(feed(LegislatorImporter, other, source="other")) == (0, 1, 0, 0)
        row = Legislator.objects.get()
        assert (row.ocd_id, row.name, row.other_names) == ("ocd-person/5", "Bill Sample", ["William Sample"])

    def test_a_fuller_source_takes_over_from_one_with_ids_of_its_own(self):
        other = LegislatorRecord("legiscan-77", "William Sample", terms=(TermRecord("lower", 5),))
        feed(LegislatorImporter, other, source="other")
        feed(LegislatorImporter, person(5, "Bill Sample"))
        row = Legislator.objects.get()
        assert (row.ocd_id, row.slug) == ("ocd-person/5", "william-sample")

    @pytest.mark.parametrize(
        ("record", "reason"),
        [
            (person(1, "", seat(1)), "It has no name."),
            (person(1, "Ann Sample", seat(119)), "There is no district 119"),
            (person(1, "Ann Sample", seat(60, "upper")), "There is no district 60"),
            (person(1, "Ann Sample", seat(1, end=date(2020, 1, 1))), "A term ends before it begins."),
        ],
    )
    def test_refused_in_words(self, record, reason):
        summary = feed(LegislatorImporter, record, person(2, "Bo Sample"))
        (rejected,) = summary.rejected
        assert reason in rejected.reason
        assert sitting() == {2: "Bo Sample"}

    def test_votes_that_came_before_are_linked(self):
        VoteFactory(roll_call=RollCallFactory(date=date(2025, 4, 9)), legislator=None, name="Sample, A.")
        NameMatch.objects.create(session=104, chamber="lower", name="Sample, A.", state="unknown")
        feed(LegislatorImporter, person(1))
        assert Vote.objects.get().legislator == Legislator.objects.get()

    def test_votes_of_the_same_run_are_linked_in_either_order(self):
        BillFactory(identifier="HB9001")
        call = RollCallRecord(
            "k", 104, "HB9001", "lower", date(2025, 4, 9), "Motion", True, {}, (VoteRecord("Sample", "yes"),)
        )
        feed(RollCallImporter, call)
        feed(LegislatorImporter, person(1))
        feed(RollCallImporter, msgspec.structs.replace(call, key="l"))
        assert set(Vote.objects.values_list("legislator__name", flat=True)) == {"Ann Sample"}


def committee(number=1, name="Porches", *members, **fields):
    facts = {
        "key": f"ocd-organization/{number}",
        "chamber": "lower",
        "name": name,
        "other_names": (f"House {name} Committee",),
        "members": tuple(CommitteeMemberRecord(*member) for member in members),
    }
    return CommitteeRecord(**(facts | fields))


class TestCommittees:
    def test_a_committee_with_its_roster(self):
        ann = LegislatorFactory(name="Ann Sample", given_name="Ann", family_name="Sample")
        other = LegislatorFactory(chamber="upper")
        record = committee(
            1,
            "Porches",
            ("Ann Sample", "chair"),
            ("Somebody Else", "member", other.ocd_id),
            ("Who", "member"),
        )
        assert outcome(feed(CommitteeImporter, record)) == (1, 0, 0, 0)
        row = Committee.objects.get()
        assert (row.slug, row.chamber, row.is_current) == ("house-porches", "lower", True)
        assert [(seat.legislator, seat.role) for seat in row.memberships.all()] == [
            (ann, "chair"),
            (other, "member"),
            (None, "member"),
        ]
        before = everything(*PEOPLE)
        assert outcome(feed(CommitteeImporter, record)) == (0, 0, 1, 0)
        assert everything(*PEOPLE) == before
        feed(CommitteeImporter, committee(1, "Porches", ("Ann Sample", "member")))
        assert [seat.role for seat in CommitteeMembership.objects.all()] == ["member"]

    def test_a_joint_committee_takes_names_of_both_chambers(self):
        here = LegislatorFactory(name="Ann Sample", given_name="Ann", family_name="Sample")
        there = LegislatorFactory(name="Bo Porch", given_name="Bo", family_name="Porch", chamber="upper")
        feed(CommitteeImporter, committee(1, "Rules", ("Ann Sample",), ("Bo Porch",), chamber="joint"))
        assert [seat.legislator for seat in CommitteeMembership.objects.all()] == [here, there]

    def test_a_subcommittee_waits_for_its_parent(self):
        sub = committee(2, "Steps", parent="Porches")
        summary = feed(CommitteeImporter, sub)
        assert [record.name for record in summary.waiting] == ["Steps"]
        waits = CommitteeImporter(source="test", observed_at=NOON, summary=summary).waits_for(sub)
        assert waits == "Steps: its parent committee, Porches, is not in our records."
        feed(CommitteeImporter, sub, committee(1, "Porches"))
        assert Committee.objects.get(name="Steps").parent.name == "Porches"
        by_id = committee(3, "Rails", parent="ocd-organization/1")
        feed(CommitteeImporter, by_id)
        assert Committee.objects.get(name="Rails").parent.name == "Porches"

    def test_two_of_one_name(self):
        summary = feed(CommitteeImporter, committee(1), committee(2))
        (rejected,) = summary.rejected
        assert rejected.identifier == "ocd-organization/2"
        assert "has this name in this chamber" in rejected.reason
        assert outcome(feed(CommitteeImporter, committee(3, chamber="upper"))) == (1, 0, 0, 0)

    def test_a_committee_founded_anew_is_the_same_to_us(self):
        feed(CommitteeImporter, committee(1))
        feed(CommitteeImporter, committee(9))
        assert Committee.objects.get().ocd_id == "ocd-organization/9"

    def test_one_that_a_file_lacks_stays(self):
        feed(CommitteeImporter, committee(1), committee(2, "Steps"))
        feed(CommitteeImporter, committee(2, "Steps", source_url="https://legislature.example/2"))
        assert Committee.objects.current().count() == 2

    def test_votes_taken_there_are_linked_when_it_comes(self):
        call = RollCallFactory(scope="committee", motion="Cities & Vill., Amendment 2")
        feed(CommitteeImporter, committee(1, "Cities and Villages"))
        call.refresh_from_db()
        assert call.committee.name == "Cities and Villages"


SCHOOLS = "Elementary and Secondary Education: Administration, Licensing and Charter Schools"


class TestPrintedCommitteeNames:
    @pytest.mark.parametrize(
        ("printed", "name"),
        [
            ("Executive", "Executive"),
            ("Executive Committee", "Executive"),
            ("House Executive, Amendment 2", "Executive"),
            ("Approp-Health & Human Services", "Appropriations: Health and Human Services"),
            ("Elem Sec Ed: Adm., Lic. & Charter", SCHOOLS),
            ("Prescription Drug Affordability", "Prescription Drug Affordability and Accessibility"),
            ("Judiciary", None),
            ("Education", None),
            ("Finance Subcommittee", "Finance"),
            ("Tax Policy: Finance Subcommitte", "Finance"),
            ("Finance", "Finance"),
            ("Tax Policy: Finance", "Finance"),
            ("Tax Policy", "Tax Policy"),
            ("", None),
        ],
    )
    def test_shortened_and_cut_off(self, printed, name):
        for other in (
            "Executive",
            "Executive Appointments",
            "Appropriations: Health and Human Services",
            SCHOOLS,
            "Education Policy",
            "Prescription Drug Affordability and Accessibility",
            "Judiciary: Civil",
            "Judiciary: Criminal",
        ):
            CommitteeFactory(name=other, slug=other.lower()[:40])
        CommitteeFactory(name="Finance", parent=CommitteeFactory(name="Tax Policy"))
        call = RollCallFactory(scope="committee", motion=printed)
        relink_committees()
        call.refresh_from_db()
        assert (call.committee.name if call.committee else None) == name


@realdata
class TestTheRealFiles:
    def read(self, folder):
        return [
            record
            for record in OpenStatesPeople().read(ReadOptions(location=str(folder)))
            if isinstance(record, LegislatorRecord | CommitteeRecord)
        ]

    def test_everybody_sits_and_the_59th_senate_seat_is_vacant(self):
        people, committees = self.read(LEGISLATORS), self.read(COMMITTEES)
        assert outcome(feed(LegislatorImporter, *people)) == (176, 0, 0, 0)
        assert sorted(sitting()) == list(range(1, 119))
        assert sorted(sitting("upper")) == list(range(1, 59))
        assert outcome(feed(CommitteeImporter, *committees)) == (81, 0, 0, 0)
        assert CommitteeMembership.objects.count() == sum(len(record.members) for record in committees)
        assert not CommitteeMembership.objects.filter(legislator=None).exists()
        before = everything(*PEOPLE)
        assert outcome(feed(LegislatorImporter, *people)) == (0, 0, 176, 0)
        assert outcome(feed(CommitteeImporter, *committees)) == (0, 0, 81, 0)
        assert everything(*PEOPLE) == before
