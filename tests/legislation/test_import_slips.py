"""Witness slips as the General Assembly lists them: once each, strict positions, linked to their hearing."""

from datetime import timedelta

import pytest

from legislation.models import RecordedSlip
from legislation.records import SlipRecord
from legislation.services.imports.slips import SlipImporter
from tests.factories.legislation import (
    BillFactory,
    HearingDocumentFactory,
    HearingFactory,
    chicago,
)
from tests.legislation.feeding import NOON, everything, feed, outcome

pytestmark = pytest.mark.django_db
THURSDAY = chicago(2026, 3, 5, 14)


def slip(**fields):
    facts = {
        "session": 104,
        "identifier": "HB9001",
        "amendment": "",
        "committee": "Human Services",
        "scheduled_at": THURSDAY,
        "name": "Ann Sample",
        "firm": "Porch Society",
        "representation": "Porch Society of Illinois",
        "position": "proponent",
    }
    return SlipRecord(**(facts | fields))


@pytest.fixture(autouse=True)
def bill():
    return BillFactory(identifier="HB9001")


def test_a_slip_is_stored_once():
    records = [slip(), slip(), slip(name="Ann  Sample "), slip(name="Bo Sample", position="opponent")]
    assert outcome(feed(SlipImporter, *records)) == (2, 0, 0, 1)
    before = everything("RecordedSlip", "SourceRecord")
    assert outcome(feed(SlipImporter, records[0], records[3], at=NOON + timedelta(days=1))) == (0, 0, 2, 0)
    assert everything("RecordedSlip", "SourceRecord") == before


def test_one_person_at_several_hearings_and_documents_has_several():
    records = [
        slip(),
        slip(scheduled_at=THURSDAY + timedelta(days=7)),
        slip(amendment="House Amendment 1"),
        slip(committee="Executive"),
        slip(representation="Self"),
    ]
    assert outcome(feed(SlipImporter, *records)) == (5, 0, 0, 0)
    assert outcome(feed(SlipImporter, *records, source="other")) == (0, 0, 5, 0)


def test_a_changed_position_replaces_the_old_one():
    feed(SlipImporter, slip())
    assert outcome(feed(SlipImporter, slip(position="no_position"))) == (0, 1, 0, 0)
    assert RecordedSlip.objects.get().position == "no_position"


def test_two_positions_of_one_person_are_named():
    summary = feed(SlipImporter, slip(), slip(position="opponent"))
    assert RecordedSlip.objects.count() == 1
    (rejected,) = summary.rejected
    assert rejected.identifier.startswith("104 HB9001: Ann Sample, 2026-03-05")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"identifier": "HB1"}, "HB1 is not among our bills of the General Assembly 104."),
        ({"session": 103}, "HB9001 is not among our bills of the General Assembly 103."),
        ({"position": "PROPONENT"}, "“PROPONENT” is not a position."),
        ({"name": " "}, "It names nobody."),
    ],
)
def test_refused_in_words_and_the_others_go_in(fields, reason):
    summary = feed(SlipImporter, slip(**fields), slip(name="Bo Sample"))
    (rejected,) = summary.rejected
    assert rejected.reason == reason
    assert RecordedSlip.objects.get().name == "Bo Sample"


class TestTheHearing:
    def hearing(self, name="Human Services", **fields):
        facts = {"starts_at": THURSDAY, "committee": None, "committee_name": name}
        return HearingFactory(**(facts | fields))

    def linked(self, **fields):
        feed(SlipImporter, slip(**fields))
        return RecordedSlip.objects.get().hearing

    def test_of_the_day_and_committee(self):
        right = self.hearing("Human Services Committee")
        self.hearing("Executive")
        self.hearing("Human Services", starts_at=THURSDAY + timedelta(days=1))
        assert self.linked() == right

    def test_a_delay_within_the_day_does_not_lose_them(self):
        right = self.hearing(starts_at=THURSDAY + timedelta(hours=5))
        assert self.linked() == right

    def test_the_chamber_where_the_committee_says_it(self):
        self.hearing("Judiciary", chamber="lower")
        right = self.hearing("Judiciary", chamber="upper")
        assert self.linked(committee="Senate Judiciary") == right

    def test_of_two_on_a_day_the_hour_and_the_document_tell(self, bill):
        self.hearing()
        late = self.hearing(starts_at=THURSDAY + timedelta(hours=2))
        assert self.linked(scheduled_at=THURSDAY + timedelta(hours=2)) == late
        RecordedSlip.objects.all().delete()
        same = self.hearing()
        HearingDocumentFactory(hearing=same, bill=bill)
        assert self.linked(name="Bo Sample") == same

    def test_none_where_two_fit(self):
        self.hearing()
        self.hearing()
        assert self.linked() is None

    def test_one_query_more_or_less_however_many_slips(self, django_assert_max_num_queries):
        self.hearing()
        with django_assert_max_num_queries(25):
            feed(SlipImporter, *(slip(name=f"Person {number}") for number in range(40)))
        assert RecordedSlip.objects.filter(hearing__isnull=False).count() == 40
