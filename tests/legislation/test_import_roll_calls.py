"""Roll calls: counts as stated and as named, votes by name, news and corrections, and the real file."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from legislation.models import Bill, BillEvent, NameMatch, RollCall, SourceRecord, Vote
from legislation.records import RollCallRecord, VoteRecord
from legislation.services.imports.roll_call_facts import NEWS_DAYS
from legislation.services.imports.roll_calls import RollCallImporter
from legislation.services.names import relink_committees, rematch
from legislation.sources.base import ReadOptions
from legislation.sources.openstates_files import OpenStatesFiles
from tests.factories.legislation import BillFactory, CommitteeFactory, LegislatorFactory
from tests.legislation.feeding import NOON, everything, feed, outcome
from tests.realdata import ROLL_CALLS, realdata

pytestmark = pytest.mark.django_db
WATCHED_SINCE = datetime(2026, 1, 5, 12, tzinfo=UTC)
KEY = "https://legislature.example/votes/10400HB9001_02262026_001000T.pdf"
ROWS = ("RollCall", "Vote", "BillEvent", "Bill", "NameMatch", "SourceRecord")


def names(option, *printed):
    return tuple(VoteRecord(name, option) for name in printed)


VOTES = (
    names("yes", "Sample, Ann", "Porch")
    + names("no", "Nobody")
    + names("present", "Step")
    + names("not voting", "Away")
)
COUNTS = {"yes": 2, "no": 1, "present": 1, "not voting": 1}


def record(**fields):
    facts = {
        "key": KEY,
        "session": 104,
        "identifier": "HB9001",
        "chamber": "lower",
        "date": date(2026, 2, 26),
        "motion": "Human Services",
        "passed": True,
        "counts": COUNTS,
        "votes": VOTES,
        "source_url": KEY,
    }
    return RollCallRecord(**(facts | fields))


@pytest.fixture
def bill():
    return BillFactory(
        identifier="HB9001", number=9001, first_seen_at=WATCHED_SINCE, changed_at=WATCHED_SINCE
    )


class TestWhatIsStored:
    def test_a_roll_call_with_its_votes(self, bill):
        ann = LegislatorFactory(name="Ann Sample", given_name="Ann", family_name="Sample")
        committee = CommitteeFactory(name="Human Services")
        assert outcome(feed(RollCallImporter, record())) == (1, 0, 0, 0)
        call = RollCall.objects.get()
        assert (call.bill, call.scope, call.committee, call.passed) == (bill, "committee", committee, True)
        assert (call.stated_yes, call.stated_no, call.stated_present, call.stated_other) == (2, 1, 1, 1)
        assert (call.named_yes, call.named_no, call.named_present, call.named_other) == (2, 1, 1, 1)
        assert call.counts_agree
        votes = {vote.name: vote for vote in call.votes.all()}
        assert {name: vote.option for name, vote in votes.items()} == {
            "Sample, Ann": "Y",
            "Porch": "Y",
            "Nobody": "N",
            "Step": "P",
            "Away": "NV",
        }
        assert votes["Sample, Ann"].legislator == ann
        assert votes["Porch"].legislator is None
        assert NameMatch.objects.for_review().count() == 4

    @pytest.mark.parametrize(
        ("counts", "agree"),
        [
            (COUNTS, True),
            (COUNTS | {"absent": 0}, True),
            ({}, True),
            (COUNTS | {"yes": 3}, False),
            (COUNTS | {"absent": 1}, False),
            (COUNTS | {"yes": 1, "no": 2}, False),
            (COUNTS | {"not voting": 0, "excused": 1}, False),
            ({"yes": 2, "no": 1}, False),
        ],
    )
    def test_stated_counts_are_kept_beside_the_named_ones(self, bill, counts, agree):
        feed(RollCallImporter, record(counts=counts))
        call = RollCall.objects.get()
        assert call.counts_agree is agree
        assert call.stated_yes == counts.get("yes", 2)
        assert call.named_yes == 2

    def test_counts_without_names_do_not_disagree(self, bill):
        feed(RollCallImporter, record(votes=()))
        call = RollCall.objects.get()
        assert call.counts_agree
        assert (call.stated_yes, call.named_yes) == (2, 0)

    @pytest.mark.parametrize(
        ("motion", "voters", "scope"),
        [
            ("Third Reading", 118, "floor"),
            ("Concurrence, Amendment 2", 117, "floor"),
            ("Human Services", 12, "committee"),
            # Printed over votes of a committee too.
            ("Third Reading", 20, "committee"),
            ("Third Reading", 0, "floor"),
            ("Human Services", 0, "committee"),
        ],
    )
    def test_the_number_of_names_tells_the_floor_from_a_committee(self, bill, motion, voters, scope):
        votes = names("yes", *(f"Member{number}" for number in range(voters)))
        feed(RollCallImporter, record(motion=motion, votes=votes, counts={}))
        assert RollCall.objects.get().scope == scope

    def test_two_names_that_lead_to_one_member_lead_nowhere(self, bill):
        LegislatorFactory(name="Ann Sample", given_name="Ann", family_name="Sample")
        feed(RollCallImporter, record(votes=names("yes", "Sample", "Porch") + names("no", "Sample, Ann")))
        assert set(Vote.objects.values_list("legislator", flat=True)) == {None}

    def test_one_address_in_two_spellings_is_one_roll_call(self, bill):
        feed(RollCallImporter, record())
        summary = feed(
            RollCallImporter, record(key="http://www.legislature.example" + KEY[27:]), source="other"
        )
        assert outcome(summary) == (0, 0, 1, 0)
        assert RollCall.objects.count() == 1


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"votes": names("maybe", "Porch")}, "“maybe” is not a vote."),
            ({"chamber": "joint"}, "in which chamber"),
            ({"counts": {"yes": 20_000, "no": 20_000}}, "cannot be a number of members"),
            ({"counts": {"yes": -1}}, "cannot be a number of members"),
            ({"key": "x" * 301}, "too long"),
        ],
    )
    def test_in_words_and_the_others_go_in(self, bill, fields, reason):
        summary = feed(RollCallImporter, record(**fields), record(key="other"))
        (rejected,) = summary.rejected
        assert rejected.reason.startswith("HB9001: ")
        assert reason in rejected.reason
        assert RollCall.objects.get().key == "other"

    def test_one_without_its_measure_waits_for_it(self):
        summary = feed(RollCallImporter, record())
        words = RollCallImporter(source="test", observed_at=NOON, summary=summary).waits_for(record())
        assert words.startswith("HB9001: ")
        assert [waiting.identifier for waiting in summary.waiting] == ["HB9001"]
        assert not SourceRecord.objects.exists()
        BillFactory(identifier="HB9001")
        assert outcome(feed(RollCallImporter, record())) == (1, 0, 0, 0)


class TestEvents:
    def test_the_same_again_changes_no_row(self, bill):
        feed(RollCallImporter, record())
        before = everything(*ROWS)
        assert outcome(feed(RollCallImporter, record(), at=NOON + timedelta(days=1))) == (0, 0, 1, 0)
        assert everything(*ROWS) == before

    def test_the_same_from_another_source_adds_only_its_digest(self, bill):
        feed(RollCallImporter, record())
        before = everything(*ROWS[:-1])
        shuffled = record(votes=VOTES[::-1])
        assert outcome(feed(RollCallImporter, shuffled, source="other")) == (0, 0, 1, 0)
        assert everything(*ROWS[:-1]) == before

    @pytest.mark.parametrize(
        ("on", "first_seen", "is_news"),
        [
            (date(2026, 2, 26), WATCHED_SINCE, True),
            # Before we watched the bill.
            (date(2026, 1, 4), WATCHED_SINCE, False),
            # Found out too late.
            ((NOON - timedelta(days=NEWS_DAYS + 1)).date(), WATCHED_SINCE, False),
            ((NOON - timedelta(days=NEWS_DAYS)).date(), WATCHED_SINCE, True),
            # Came with the bill in the same run.
            (NOON.date(), NOON, False),
        ],
    )
    def test_what_happened_while_we_watched_is_news(self, bill, on, first_seen, is_news):
        Bill.objects.update(first_seen_at=first_seen)
        feed(RollCallImporter, record(date=on))
        event = BillEvent.objects.get()
        assert (event.kind, event.is_news, event.happened_on) == ("roll_call", is_news, on)
        assert event.after == "Human Services 002-001-001, passed"
        assert (Bill.objects.get().changed_at == NOON) is is_news

    def test_a_correction_is_told_once_with_before_and_after(self, bill):
        feed(RollCallImporter, record())
        corrected = record(counts=COUNTS | {"yes": 3}, votes=(*VOTES, VoteRecord("Late", "yes")))
        for _time in range(2):
            feed(RollCallImporter, corrected, at=NOON + timedelta(hours=1))
        event = BillEvent.objects.get(kind="roll_call_corrected")
        assert (event.before, event.after) == (
            "Human Services 002-001-001, passed",
            "Human Services 003-001-001, passed",
        )
        assert event.is_news
        assert Vote.objects.filter(option="Y").count() == 3

    def test_a_vote_that_changed_sides_is_a_correction(self, bill):
        feed(RollCallImporter, record())
        swapped = names("no", "Sample, Ann") + names("yes", "Nobody") + VOTES[1:2] + VOTES[3:]
        feed(RollCallImporter, record(votes=swapped))
        assert BillEvent.objects.filter(kind="roll_call_corrected").count() == 1
        assert Vote.objects.get(name="Nobody").option == "Y"

    def test_another_spelling_of_the_same_member_is_no_correction(self, bill):
        LegislatorFactory(name="Ann Sample", given_name="Ann", family_name="Sample")
        feed(RollCallImporter, record(votes=names("yes", "Sample, Ann"), counts={}))
        summary = feed(RollCallImporter, record(votes=names("yes", "Sample"), counts={}), source="other")
        assert outcome(summary) == (0, 1, 0, 0)
        assert not BillEvent.objects.filter(kind="roll_call_corrected").exists()

    def test_members_and_committees_that_come_later_are_linked(self, bill):
        feed(RollCallImporter, record())
        ann = LegislatorFactory(name="Ann Sample", given_name="Ann", family_name="Sample")
        committee = CommitteeFactory(name="Human Services")
        assert rematch(session=104) == 1
        assert relink_committees() == 1
        assert Vote.objects.get(legislator=ann).name == "Sample, Ann"
        assert RollCall.objects.get().committee == committee


@pytest.fixture(scope="module")
def real_roll_calls():
    records = OpenStatesFiles().read(ReadOptions(location=str(ROLL_CALLS)))
    return [record for record in records if isinstance(record, RollCallRecord)]


def contents():
    """What is in the database, however it came there."""
    calls = {
        row.pop("id"): tuple(row.items())
        for row in RollCall.objects.values(*(field.attname for field in RollCall._meta.concrete_fields))
    }
    votes = Vote.objects.values_list("roll_call", "legislator", "name", "option")
    events = BillEvent.objects.values_list("bill", "kind", "key", "after", "is_news", "happened_on")
    named = NameMatch.objects.values_list("session", "chamber", "name", "state", "legislator")
    return (
        sorted(calls.values()),
        sorted((calls[call], str(who), *rest) for call, who, *rest in votes),
        sorted(map(str, events)),
        sorted(map(str, named)),
    )


@realdata
class TestTheRealFile:
    @pytest.fixture
    def bills(self, real_roll_calls):
        identifiers = {record.identifier for record in real_roll_calls}
        Bill.objects.bulk_create(
            BillFactory.build(identifier=identifier, number=number, first_seen_at=NOON)
            for number, identifier in enumerate(sorted(identifiers), 1)
        )

    def test_goes_in_whole_and_once(self, bills, real_roll_calls):
        assert outcome(feed(RollCallImporter, *real_roll_calls)) == (4264, 0, 0, 0)
        assert (RollCall.objects.count(), Vote.objects.count()) == (4264, 138_854)
        # On the floor the presiding officer's vote is counted and not named.
        assert RollCall.objects.filter(counts_agree=False).count() == 1126
        assert not RollCall.objects.filter(counts_agree=False, scope="committee").exists()
        assert RollCall.objects.filter(scope="floor").count() == 1129
        assert not BillEvent.objects.news().exists()
        before = everything("RollCall", "BillEvent", "NameMatch", "SourceRecord"), Vote.objects.count()
        assert outcome(feed(RollCallImporter, *real_roll_calls)) == (0, 0, 4264, 0)
        assert (
            everything("RollCall", "BillEvent", "NameMatch", "SourceRecord"),
            Vote.objects.count(),
        ) == before

    def test_shuffled_and_in_two_runs_ends_the_same(self, bills, real_roll_calls):
        some = real_roll_calls[::8]
        feed(RollCallImporter, *some)
        straight = contents()
        RollCall.objects.all().delete()
        BillEvent.objects.all().delete()
        NameMatch.objects.all().delete()
        SourceRecord.objects.all().delete()
        mixed = random.Random(104).sample(some, len(some))
        feed(RollCallImporter, *mixed[:200])
        feed(RollCallImporter, *mixed)
        assert contents() == straight
