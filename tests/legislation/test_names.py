"""Printed names: who is meant, who is not, what staff must look at, and what their decision does."""

from datetime import date

import pytest
from django.utils import timezone

from legislation.models import Bill, Legislator, NameMatch, Sponsorship, Vote
from legislation.naming.names import NameIndex, people_changed
from legislation.naming.printed_names import (
    GIVEN,
    INITIAL,
    NO_FIT,
    KnownSpellings,
    PrintedName,
    normalize_name,
)
from legislation.records import LegislatorRecord, RollCallRecord
from legislation.services.imports.people import LegislatorImporter
from legislation.services.names import decide_name, rematch, settle_readings, undo_decision
from legislation.sources.base import ReadOptions
from legislation.sources.openstates_files import OpenStatesFiles
from legislation.sources.openstates_people import OpenStatesPeople
from tests.factories.legislation import (
    BillFactory,
    LegislatorFactory,
    RollCallFactory,
    SponsorshipFactory,
    TermFactory,
    VoteFactory,
)
from tests.factories.partners import UserFactory
from tests.legislation.feeding import feed
from tests.realdata import LEGISLATORS, MEASURES, ROLL_CALLS, realdata

APRIL = date(2025, 4, 9)
GA = 104


def member(name, chamber="lower", start=None, end=None, **fields):
    """Someone with one term; given and family name are the first word and the rest."""
    given, _, family = name.partition(" ")
    facts = {"given_name": given, "family_name": family, "name": name, "is_current": end is None}
    person = LegislatorFactory(chamber=chamber, **(facts | fields))
    TermFactory(legislator=person, chamber=chamber, district=person.district, start=start, end=end)
    return person


@pytest.mark.parametrize(
    ("printed", "same"),
    [
        ("Sample, Laura M", "laura m sample"),
        ("Laura M. Sample", "laura m sample"),
        ("Sen. Laura M. Sample", "laura m sample"),
        ("Samplé Jr., Jaime M", "jaime m sample"),
        ("Jaime M. Sample, Jr.", "jaime m sample"),
        ('Sample, Elizabeth "Lisa"', "elizabeth lisa sample"),
        ("Sample-O’Test, Jen", "jen sample otest"),
        ("Sample II, Curtis J", "curtis j sample"),
        ("", ""),
    ],
)
def test_one_spelling_for_comparing(printed, same):
    assert normalize_name(printed) == same


@pytest.mark.parametrize(
    ("printed", "fits"),
    [
        ("Porchman", True),
        ("Porchmán", True),
        ("Porchman, Bill", True),
        ("Porchman, William", True),
        ("Porchman, William E", True),
        ("Rep. William E. Porchman", True),
        ('William "Bill" Porchman', True),
        ("Porchman, B.", True),
        ("B. Porchman", True),
        ("Porchman III, Bill", True),
        ("Porchman, Robert", False),
        ("Porchman, William Q", False),
        ("Porchman, Z.", False),
        ("Porch", False),
        ("Porchmann", False),
        ("", False),
        ("Mr. Speaker", False),
    ],
)
def test_a_spelling_fits_a_person_or_does_not(printed, fits):
    known = KnownSpellings.of("Bill Porchman", "Bill", "Porchman", ["Porchman, William E", "W.E. Porchman"])
    assert (known.fit(PrintedName.parse(printed))[0] != NO_FIT) is fits


def test_a_father_is_not_his_son():
    son = KnownSpellings.of("Emil Sample", "Emil", "Sample", ["Emil Sample, III"])
    assert son.fit(PrintedName.parse("Sample III, Emil"))[0] == GIVEN
    assert son.fit(PrintedName.parse("Sample, E."))[0] == INITIAL
    assert son.fit(PrintedName.parse("Emil Sample, Jr."))[0] == NO_FIT


def test_other_family_names_come_from_the_other_spellings():
    person = KnownSpellings.of(
        "Meg Porch Step", "Meg", "Porch Step", ["Meg Step", "Railing, Meg", "Meg J. Banister"]
    )
    for printed in ("Porch Step", "Step", "Railing, M.", "Banister", "Porch Step, Margaret"):
        assert person.fit(PrintedName.parse(printed))[0] != NO_FIT, printed


@pytest.mark.django_db
class TestReading:
    def resolve(self, name, chamber="lower", **how):
        return NameIndex.load(GA).resolve(name, chamber, **how)

    def test_the_chamber_tells_two_of_one_name_apart(self):
        here, there = member("Ann Sample"), member("Bo Sample", "upper")
        assert self.resolve("Sample").legislator_id == here.pk
        assert self.resolve("Sample", "upper").legislator_id == there.pk
        both = self.resolve("Sample", "")
        assert (both.legislator_id, both.state, set(both.candidates)) == (
            None,
            "ambiguous",
            {here.pk, there.pk},
        )

    def test_a_bare_surname_of_several_is_nobody_and_an_initial_tells_them_apart(self):
        ann, bo = member("Ann Sample"), member("Bo Sample")
        assert self.resolve("Sample").state == "ambiguous"
        assert self.resolve("Sample, B.").legislator_id == bo.pk
        assert self.resolve("Sample, Ann").legislator_id == ann.pk

    def test_who_was_there_only_earlier_or_later_is_not_meant(self):
        member("Ann Sample", start=date(2011, 1, 12), end=date(2025, 1, 8))
        later = member("Bo Sample", start=date(2025, 5, 1))
        assert self.resolve("Sample", on=APRIL).state == "unknown"
        assert self.resolve("Sample").legislator_id == later.pk
        assert self.resolve("Sample", on=date(2025, 5, 1)).legislator_id == later.pk

    def test_a_successor_of_the_same_name_takes_over_on_the_day(self):
        first = member("Ann Sample", start=date(2019, 1, 9), end=date(2025, 4, 30))
        then = member("Bo Sample", start=date(2025, 5, 1))
        assert self.resolve("Sample", on=date(2025, 4, 30)).legislator_id == first.pk
        assert self.resolve("Sample", on=date(2025, 5, 1)).legislator_id == then.pk
        assert self.resolve("Sample").state == "ambiguous"

    def test_a_member_who_changed_chambers_is_found_in_each_in_its_time(self):
        person = member("Ann Sample", "upper", start=date(2025, 6, 1))
        TermFactory(
            legislator=person, chamber="lower", district=5, start=date(2019, 1, 9), end=date(2025, 5, 31)
        )
        assert self.resolve("Sample", "lower", on=APRIL).legislator_id == person.pk
        assert self.resolve("Sample", "upper", on=APRIL).state == "unknown"
        assert self.resolve("Sample", "upper", on=date(2025, 9, 1)).legislator_id == person.pk

    def test_an_id_counts_more_than_the_spelling(self):
        member("Ann Sample")
        other = member("Zoe Different")
        assert self.resolve("Sample", person_id=other.ocd_id).legislator_id == other.pk

    def test_somebody_with_an_id_we_do_not_know_is_not_whoever_has_that_name(self):
        member("Ann Sample")
        index = NameIndex.load(GA)
        assert index.resolve("Sample", "lower", person_id="ocd-person/gone").state == "unknown"
        assert index.resolve("Sample", "lower", on=APRIL).legislator_id is None

    def test_a_member_without_terms_sits_where_our_records_say(self):
        person = LegislatorFactory(name="Ann Sample", family_name="Sample")
        assert self.resolve("Ann Sample").legislator_id == person.pk
        LegislatorFactory(name="Bo Gone", family_name="Gone", is_current=False)
        assert self.resolve("Gone").state == "unknown"

    def test_members_who_come_while_an_import_runs_are_found(self):
        index = NameIndex.load(GA)
        assert index.resolve("Sample", "lower").state == "unknown"
        person = member("Ann Sample")
        people_changed()
        assert index.resolve("Sample", "lower").legislator_id == person.pk


@pytest.mark.django_db
class TestReviewList:
    def test_each_name_once_and_nothing_when_nothing_is_new(self, django_assert_num_queries):
        ann, bo = member("Ann Sample"), member("Bo Sample")
        index = NameIndex.load(GA)
        for name in ("Sample", "Sample, Ann", "Nobody", "Sample"):
            index.resolve(name, "lower", on=APRIL)
        index.save_reviews()
        rows = {row.name: row for row in NameMatch.objects.all()}
        assert {name: row.state for name, row in rows.items()} == {
            "Sample": "ambiguous",
            "Sample, Ann": "matched",
            "Nobody": "unknown",
        }
        assert set(rows["Sample"].candidates.all()) == {ann, bo}
        assert set(NameMatch.objects.for_review()) == {rows["Sample"], rows["Nobody"]}
        again = NameIndex.load(GA)
        again.resolve("Sample", "lower")
        with django_assert_num_queries(0):
            again.save_reviews()

    def test_two_imports_meet_the_same_name(self):
        one, other = NameIndex.load(GA), NameIndex.load(GA)
        for index in (one, other):
            index.resolve("Nobody", "lower")
            index.save_reviews()
        assert NameMatch.objects.count() == 1

    def test_a_decision_is_law_for_later_imports(self):
        member("Ann Sample")
        bo = member("Zoe Different")
        for name, state, who in (("Sample", "decided", bo), ("Sample, Ann", "nobody", None)):
            NameMatch.objects.create(
                session=GA,
                chamber="lower",
                name=name,
                state=state,
                legislator=who,
                decided_at=timezone.now(),
            )
        index = NameIndex.load(GA)
        assert index.resolve("Sample", "lower", on=APRIL).legislator_id == bo.pk
        assert index.resolve("Sample, Ann", "lower").legislator_id is None
        index.reread()
        assert set(NameMatch.objects.values_list("state", flat=True)) == {"decided", "nobody"}


@pytest.fixture
def printed_alike(db):
    """A vote and a sponsorship under a name that fits two."""
    ann, bo = member("Ann Sample"), member("Bo Sample")
    bill = BillFactory(search=None)
    call = RollCallFactory(bill=bill, date=APRIL)
    VoteFactory(roll_call=call, legislator=None, name="Sample")
    VoteFactory(roll_call=call, legislator=ann, name="Sample, Ann")
    SponsorshipFactory(bill=bill, legislator=None, name="Sample")
    match = NameMatch.objects.create(session=GA, chamber="lower", name="Sample", state="ambiguous")
    match.candidates.set([ann, bo])
    return match, ann, bo


def links():
    return [
        Vote.objects.get(name="Sample").legislator_id,
        Sponsorship.objects.get(name="Sample").legislator_id,
    ]


class TestDecisions:
    def test_links_what_is_there_and_can_be_taken_back(self, printed_alike):
        match, _ann, bo = printed_alike
        other = VoteFactory(
            roll_call=RollCallFactory(chamber="upper", date=APRIL), legislator=None, name="Sample"
        )
        by = UserFactory()
        decided = decide_name(match=match, legislator=bo, by=by)
        assert (decided.state, decided.decided_by) == ("decided", by)
        assert Vote.objects.exclude(pk=other.pk).get(name="Sample").legislator == bo
        assert Sponsorship.objects.get().legislator == bo
        other.refresh_from_db()
        assert other.legislator is None
        assert "bo" in Bill.objects.get(sponsorships__isnull=False).search
        undone = undo_decision(match=decided)
        assert (undone.state, undone.decided_at) == ("ambiguous", None)
        assert undone.candidates.count() == 2
        other.delete()
        assert links() == [None, None]

    def test_nobody_stays_nobody_after_members_come(self, printed_alike):
        match, ann, _bo = printed_alike
        decide_name(match=match, legislator=None, by=UserFactory())
        ann.delete()
        rematch(session=GA)
        assert links() == [None, None]

    def test_nobody_votes_twice(self, printed_alike):
        match, ann, _bo = printed_alike
        decide_name(match=match, legislator=ann, by=UserFactory())
        assert set(Vote.objects.values_list("legislator", flat=True)) == {None}


@pytest.mark.django_db
class TestRematch:
    def test_an_id_that_comes_with_a_name_explains_the_rows_before_it(self):
        """An earlier source printed a name that we could not read; another one says who that is."""
        person = member("Ann Sample")
        vote = VoteFactory(roll_call=RollCallFactory(date=APRIL), legislator=None, name="Porch")
        index = NameIndex.load(GA)
        index.resolve("Porch", "lower", on=APRIL)
        index.save_reviews()
        index.resolve("Porch", "lower", on=APRIL, person_id=person.ocd_id)
        index.save_reviews()
        assert settle_readings() == 1
        vote.refresh_from_db()
        assert vote.legislator == person
        assert settle_readings() == 0

    def test_what_came_before_the_members_ends_as_what_came_after(self):
        call = RollCallFactory(date=APRIL)
        VoteFactory(roll_call=call, legislator=None, name="Sample, A.")
        VoteFactory(roll_call=call, legislator=None, name="Nobody")
        SponsorshipFactory(legislator=None, name="Ann Sample")
        assert rematch(session=GA) == 0
        person = member("Ann Sample")
        assert rematch(session=GA) == 2
        assert Vote.objects.get(name="Sample, A.").legislator == person
        assert Sponsorship.objects.get().legislator == person
        assert NameMatch.objects.get(name="Ann Sample").state == "matched"
        assert rematch(session=GA) == 0

    def test_a_name_that_became_doubtful_is_unlinked(self):
        ann = member("Ann Sample")
        VoteFactory(roll_call=RollCallFactory(date=APRIL), legislator=ann, name="Sample")
        member("Bo Sample")
        assert rematch(session=GA) == 1
        assert Vote.objects.get().legislator is None
        assert NameMatch.objects.get().state == "ambiguous"

    def test_a_link_that_a_source_made_by_id_stays(self):
        ann = member("Ann Sample")
        member("Bo Sample")
        VoteFactory(roll_call=RollCallFactory(date=APRIL), legislator=ann, name="Sample")
        index = NameIndex.load(GA)
        index.resolve("Sample", "lower", on=APRIL, person_id=ann.ocd_id)
        index.save_reviews()
        assert rematch(session=GA) == 0
        assert Vote.objects.get().legislator == ann


ODD_ONES = [
    ("lower", "Briel, Amy", "Murri Briel"),
    ("lower", 'Davis, William "Will"', "Will Davis"),
    ("lower", 'Hernandez, Elizabeth "Lisa"', "Lisa Hernandez"),
    ("lower", "Williams, Jawaharial", "Omar Williams"),
    ("lower", "Stava-Murray", "Anne Stava"),
    ("lower", "Jones", "Thaddeus Jones"),
    ("lower", "La Shawn K. Ford", "La Shawn Ford"),
    ("lower", 'Emanuel "Chris" Welch', "Chris Welch"),
    ("upper", "Jones, E.", "Emil Jones"),
    ("upper", "Turner, S.", "Sally Turner"),
    ("upper", "Harris, N.", "Napoleon Harris"),
    ("upper", "Harriss, E.", "Erica Harriss"),
    ("upper", "Simmons", "Mike Simmons-Gessesse"),
    ("upper", "Guzmán", "Graciela Guzmán"),
    ("lower", "Davis", None),
    ("lower", "Hernandez", None),
    ("upper", "Turner", None),
    ("upper", "Welch", None),
]


@realdata
@pytest.mark.django_db
class TestTheRealSpellings:
    """Looked through by hand: every reading is right, and who left office is nobody."""

    LEFT = {"Costa Howard", "Moylan", "Fowler"}

    @pytest.fixture(autouse=True)
    def people(self):
        records = OpenStatesPeople().read(ReadOptions(location=str(LEGISLATORS)))
        feed(LegislatorImporter, *(one for one in records if isinstance(one, LegislatorRecord)))

    def test_voters_on_their_days(self):
        index = NameIndex.load(GA)
        read = {}
        for call in OpenStatesFiles().read(ReadOptions(location=str(ROLL_CALLS))):
            if isinstance(call, RollCallRecord):
                for vote in call.votes:
                    match = index.resolve(vote.name, call.chamber, on=call.date)
                    read.setdefault((call.chamber, vote.name), set()).add((match.state, match.legislator_id))
        assert len(read) == 352
        assert all(len(readings) == 1 for readings in read.values())
        unknown = {name for (_chamber, name), readings in read.items() if ("unknown", None) in readings}
        assert unknown == self.LEFT | {"Costa Howard, Terra", "Moylan, Martin J", "Fowler, Dale"}
        assert not [name for name, readings in read.items() if next(iter(readings))[0] == "ambiguous"]

    def test_the_odd_ones(self):
        index = NameIndex.load(GA)
        names = dict(Legislator.objects.values_list("pk", "name"))
        for chamber, printed, name in ODD_ONES:
            found = index.resolve(printed, chamber).legislator_id
            assert names.get(found) == name, printed

    def test_sponsors(self):
        index = NameIndex.load(GA)
        states = {}
        for measure in OpenStatesFiles().read(ReadOptions(location=str(MEASURES))):
            for sponsor in getattr(measure, "sponsorships", None) or ():
                states[sponsor.chamber, sponsor.name] = index.resolve(sponsor.name, sponsor.chamber).state
        assert len(states) == 178
        unknown = {name for (_chamber, name), state in states.items() if state != "matched"}
        assert unknown == {"Terra Costa Howard", "Martin J. Moylan", "Dale Fowler"}
