"""Hearings: posted, moved within the day and to another day, cancelled and posted again, and what is on the notice."""

from datetime import timedelta

import pytest

from legislation.models import Bill, BillEvent, Hearing, HearingDocument, RecordedSlip
from legislation.records import HearingDocumentRecord, HearingRecord, SlipRecord
from legislation.services.imports.hearings import HearingImporter, documents_in
from legislation.services.imports.slips import SlipImporter
from legislation.slip_windows import was_moved
from legislation.sources.base import ReadOptions
from legislation.sources.ilga_hearings import Hearings
from tests.factories.legislation import BillFactory, CommitteeFactory, chicago
from tests.legislation.feeding import NOON, everything, feed, outcome
from tests.realdata import HEARINGS, realdata

pytestmark = pytest.mark.django_db
THURSDAY = chicago(2026, 3, 5, 14)
LATER = NOON + timedelta(hours=3)
ROWS = ("Hearing", "HearingDocument", "BillEvent", "Bill", "SourceRecord")


def documents(*printed):
    return tuple(HearingDocumentRecord(*one.split(" ", 1)) for one in printed)


def record(**fields):
    facts = {
        "key": "15597",
        "chamber": "lower",
        "committee": "Human Services Committee",
        "starts_at": THURSDAY,
        "session": 104,
        "posted_at": chicago(2026, 2, 26, 9),
        "location": "Room 114, Capitol, Springfield",
        "documents": documents("HB9001", "HB9001 House Amendment 1"),
    }
    return HearingRecord(**(facts | fields))


@pytest.fixture(autouse=True)
def bill():
    return BillFactory(identifier="HB9001", number=9001, changed_at=NOON - timedelta(days=9))


def events():
    return [(event.kind.removeprefix("hearing_"), event.bill.identifier) for event in rows()]


def rows():
    return BillEvent.objects.order_by("pk").select_related("bill")


class TestPosting:
    def test_a_hearing_with_its_documents_and_one_event(self, bill):
        committee = CommitteeFactory(name="Human Services")
        assert outcome(feed(HearingImporter, record())) == (1, 0, 0, 0)
        hearing = Hearing.objects.get()
        assert (hearing.key, hearing.number, hearing.committee) == ("lower:15597", "15597", committee)
        assert (hearing.state, hearing.revision, hearing.moved_from) == ("scheduled", 0, None)
        assert [str(document) for document in hearing.documents.all()] == [
            "HB9001",
            "HB9001 House Amendment 1",
        ]
        (event,) = rows()
        assert (event.kind, event.hearing, event.is_news) == ("hearing_posted", hearing, True)
        assert event.after == "Human Services Committee, Thursday, March 5, 2026, 2:00 p.m."
        bill.refresh_from_db()
        assert bill.changed_at == NOON

    def test_the_same_again_changes_no_row(self):
        feed(HearingImporter, record())
        before = everything(*ROWS)
        assert outcome(feed(HearingImporter, record(), at=LATER)) == (0, 0, 1, 0)
        assert everything(*ROWS) == before
        feed(HearingImporter, record(), at=LATER, source="other")
        assert everything(*ROWS[:-1]) == {name: before[name] for name in ROWS[:-1]}

    def test_the_same_number_in_the_other_chamber_is_another_hearing(self):
        feed(HearingImporter, record(), record(chamber="upper", committee="Education"))
        assert Hearing.objects.count() == 2

    def test_one_that_is_over_is_history(self):
        feed(HearingImporter, record(), at=THURSDAY + timedelta(days=2))
        assert not BillEvent.objects.get().is_news

    def test_a_measure_that_comes_later_is_linked_and_told_of(self):
        record_ = record(documents=documents("SB9002", "SB9002 Senate Amendment 1"))
        feed(HearingImporter, record_)
        assert events() == []
        later = BillFactory(identifier="SB9002", prefix="SB", number=9002)
        feed(HearingImporter, record_, at=LATER)
        assert set(HearingDocument.objects.values_list("bill", flat=True)) == {later.pk}
        assert events() == [("posted", "SB9002")]


class TestWhatChanges:
    def test_another_hour_is_the_same_posting(self):
        feed(HearingImporter, record())
        assert outcome(feed(HearingImporter, record(starts_at=THURSDAY + timedelta(hours=3)), at=LATER)) == (
            0,
            1,
            0,
            0,
        )
        hearing = Hearing.objects.get()
        assert (hearing.revision, hearing.moved_from, hearing.changed_at) == (1, THURSDAY, LATER)
        assert not was_moved(hearing)  # Slips stay valid,
        assert events() == [("posted", "HB9001"), ("moved", "HB9001")]  # but whoever comes must know.

    def test_another_hour_does_not_hide_that_the_day_changed(self):
        feed(HearingImporter, record())
        feed(HearingImporter, record(starts_at=THURSDAY + timedelta(days=1)), at=LATER)
        feed(HearingImporter, record(starts_at=THURSDAY + timedelta(days=1, hours=2)), at=LATER)
        hearing = Hearing.objects.get()
        assert hearing.moved_from == THURSDAY
        assert was_moved(hearing)

    def test_another_day_needs_new_slips(self):
        feed(HearingImporter, record())
        Hearing.objects.update(ended_at=THURSDAY)
        feed(HearingImporter, record(starts_at=THURSDAY + timedelta(days=1)), at=LATER)
        hearing = Hearing.objects.get()
        assert was_moved(hearing)
        assert (hearing.state, hearing.moved_from, hearing.revision) == ("scheduled", THURSDAY, 1)
        assert hearing.ended_at is None
        assert events() == [("posted", "HB9001"), ("moved", "HB9001")]
        moved = rows().last()
        assert moved.before == "Thursday, March 5, 2026, 2:00 p.m."
        assert moved.after.endswith("Friday, March 6, 2026, 2:00 p.m.")
        feed(HearingImporter, record(starts_at=THURSDAY), at=LATER)
        assert events()[2:] == [("moved", "HB9001")]

    def test_cancelled_and_posted_again(self):
        feed(HearingImporter, record())
        feed(HearingImporter, record(cancelled=True), at=LATER)
        assert Hearing.objects.get().state == "cancelled"
        feed(HearingImporter, record(), at=LATER)
        hearing = Hearing.objects.get()
        assert (hearing.state, hearing.revision) == ("scheduled", 2)
        feed(HearingImporter, record(cancelled=True), at=LATER)
        assert [kind for kind, _bill in events()] == ["posted", "cancelled", "posted", "cancelled"]

    def test_a_bill_comes_onto_the_notice_and_one_goes_off_it(self):
        BillFactory(identifier="SB9002", prefix="SB", number=9002)
        feed(HearingImporter, record(documents=documents("HB9001", "HB9001 House Amendment 1")))
        feed(HearingImporter, record(documents=documents("SB9002")), at=LATER)
        off = HearingDocument.objects.filter(removed_at=LATER)
        assert sorted(map(str, off)) == ["HB9001", "HB9001 House Amendment 1"]
        assert events() == [("posted", "HB9001"), ("posted", "SB9002"), ("cancelled", "HB9001")]
        feed(HearingImporter, record(documents=documents("SB9002", "HB9001")), at=LATER)
        assert HearingDocument.objects.get(identifier="HB9001", amendment="").removed_at is None
        assert events()[3:] == [("posted", "HB9001")]
        assert HearingDocument.objects.count() == 3

    def test_another_amendment_of_the_same_bill_is_no_new_hearing_for_it(self):
        feed(HearingImporter, record())
        feed(HearingImporter, record(documents=documents("HB9001", "HB9001 House Amendment 2")), at=LATER)
        assert events() == [("posted", "HB9001")]
        assert Hearing.objects.get().revision == 1


class TestNoticesInWords:
    @pytest.mark.parametrize(
        ("subject", "found"),
        [
            ("HB 1075", ["HB1075"]),
            ("SB0040 HA 1 and HB-9001, HCA #2", ["SB40 House Amendment 1", "HB9001 House Amendment 2"]),
            ("hjrca 12; HR0683, House Amendment No. 3", ["HJRCA12", "HR683 House Amendment 3"]),
            ("HB 1 (SFA 2), HB 1", ["HB1 Senate Amendment 2", "HB1"]),
            ("SUBJECT MATTER: Room 114, 3 HBs, 104th", []),
        ],
    )
    def test_measures_are_read_from_the_subject(self, subject, found):
        assert [f"{one.identifier} {one.amendment}".strip() for one in documents_in(subject)] == found

    def test_a_source_that_lists_no_documents_leaves_those_of_another(self):
        feed(HearingImporter, record())
        feed(HearingImporter, record(documents=None, subject="Also SB 9002"), source="other")
        assert HearingDocument.objects.filter(removed_at=None).count() == 3
        feed(HearingImporter, record(documents=None, subject="Nothing else"), source="other", at=LATER)
        assert [document.identifier for document in HearingDocument.objects.filter(removed_at=LATER)] == [
            "SB9002"
        ]


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"chamber": ""}, "in which chamber"),
            ({"committee": " "}, "names no committee"),
            ({"committee": "x" * 201}, "too long"),
            ({"starts_at": THURSDAY.replace(tzinfo=None)}, "time zone"),
        ],
    )
    def test_in_words_and_the_others_go_in(self, fields, reason):
        summary = feed(HearingImporter, record(**fields), record(key="2"))
        (rejected,) = summary.rejected
        assert reason in rejected.reason
        assert Hearing.objects.get().number == "2"


def test_slips_that_came_before_find_their_hearing():
    slip = SlipRecord(
        104, "HB9001", "", "Human Services", THURSDAY, "Ann Sample", "Self", "Self", "proponent"
    )
    feed(SlipImporter, slip)
    feed(HearingImporter, record(starts_at=THURSDAY + timedelta(hours=1)))
    assert RecordedSlip.objects.get().hearing == Hearing.objects.get()


@realdata
def test_the_recorded_schedule_goes_in_once():
    found = [
        one for one in Hearings().read(ReadOptions(location=str(HEARINGS))) if isinstance(one, HearingRecord)
    ]
    schedule = [one for one in found if one.documents is None]
    page = [one for one in found if one.documents is not None]
    assert len(schedule) == 54
    assert outcome(feed(HearingImporter, *schedule)) == (54, 0, 0, 0)
    before = everything(*ROWS)
    assert outcome(feed(HearingImporter, *schedule)) == (0, 0, 54, 0)
    assert everything(*ROWS) == before
    Bill.objects.update(session=100, identifier="HB4167")
    feed(HearingImporter, *page, source="page")
    hearing = Hearing.objects.get(key="lower:15597")
    assert hearing.documents.count() == 9
    assert hearing.documents.get(bill__isnull=False).identifier == "HB4167"
    assert not BillEvent.objects.news().exists()
