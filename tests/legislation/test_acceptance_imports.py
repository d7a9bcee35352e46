"""Whole files as they arrive: Senate measures, histories that grow day by day, and lists that stay while lines come."""

import gzip
import json
import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import msgspec
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from legislation.models import Bill, BillAction, BillDocument, BillEvent, SourceRecord, Sponsorship, SyncRun
from legislation.reading.stages import read_history
from legislation.records import ActionRecord, Rejected, RollCallRecord
from legislation.services.imports import import_records, measure_storage
from legislation.services.sync import request_sync
from legislation.services.sync_work import run_sync
from legislation.sources import SOURCES
from legislation.sources.base import ReadOptions, SourceUnavailable
from legislation.sources.openstates_files import OpenStatesFiles
from tests.legislation.sample_measures import OBSERVED, SAMPLE
from tests.legislation.standing import final_rows, nothing_written
from tests.realdata import MEASURES, realdata

SOURCE = "openstates-files"


def take(records, at=OBSERVED):
    return import_records(records, source=SOURCE, observed_at=at)


def standing() -> dict[str, list]:
    """What is so, whichever way it came about."""
    rows = final_rows(source_records=False)
    del rows["events"]
    return rows


# --- Histories that grow ---------------------------------------------------------------------------------------------

LONGEST = max(len(one.actions or ()) for one in SAMPLE)
# Without the day on which the source looked, so that each snapshot counts.
WHOLE = [msgspec.structs.replace(one, as_of=None) for one in SAMPLE]


def snapshot(lines: int) -> list:
    """The measures with their first lines only; the lists of sponsors and texts are already today's."""
    return [
        msgspec.structs.replace(one, actions=one.actions and one.actions[:lines])
        for one in WHOLE
        if one.actions
    ]


@pytest.mark.django_db
class TestDayByDay:
    def grow(self) -> None:
        for day in range(1, LONGEST + 1):
            take(snapshot(day), at=OBSERVED + timedelta(days=day))

    def test_a_history_that_grew_ends_like_one_that_came_at_once(self):
        self.grow()
        grown = standing()
        Bill.objects.all().delete()
        SourceRecord.objects.all().delete()
        take([one for one in WHOLE if one.actions], at=OBSERVED + timedelta(days=LONGEST))
        assert standing() == grown

    def test_every_new_line_and_every_new_stage_is_told_once(self):
        self.grow()
        told = BillEvent.objects.filter(kind="action").values_list("bill__session", "bill__identifier")
        later = {(one.session, one.identifier): len(one.actions) - 1 for one in WHOLE if one.actions}
        assert Counter(told) == Counter({which: number for which, number in later.items() if number})
        for bill in Bill.objects.filter(session=104):
            told = list(bill.events.filter(kind="stage").order_by("id").values_list("before", "after"))
            assert all(one[1] == two[0] for one, two in pairwise(told))
            assert [after for _before, after in told] == list(
                bill.actions.exclude(stage="").values_list("stage", flat=True)
            )
            assert told[-1][1] == bill.stage


@pytest.mark.django_db
def test_the_day_of_a_text_follows_the_lines_that_come_later():
    first = WHOLE[0]
    early = tuple(line for line in first.actions if line.date < date(2025, 4, 1))
    take([msgspec.structs.replace(first, actions=early)])
    take([first], at=OBSERVED + timedelta(days=1))
    assert BillDocument.objects.get(note="Engrossed").date == date(2025, 4, 9)


@pytest.mark.django_db
def test_a_name_that_the_repeated_list_does_not_hold_is_no_sponsor_because_the_line_came_later():
    first = WHOLE[0]
    spelled = ActionRecord("lower", date(2025, 4, 10), "Added Co-Sponsor Rep. Benjamin Q. Porch")
    take([first])
    take([msgspec.structs.replace(first, actions=(*first.actions, spelled))], at=OBSERVED + timedelta(days=1))
    assert not Sponsorship.objects.filter(name="Benjamin Q. Porch").exists()


# --- Runs that break off ---------------------------------------------------------------------------------------------


class Feed:
    """A source that hands over what a test gives it; what can be called is called there."""

    name, label, needs_key = "feed", "A feed", ""

    def __init__(self, *items) -> None:
        self.items = items

    def read(self, options):
        for item in self.items:
            if callable(item):
                item()
            else:
                yield item


@pytest.fixture
def run(monkeypatch):
    def work(*items) -> SyncRun:
        monkeypatch.setitem(SOURCES, "feed", Feed(*items))
        done = run_sync(run_id=request_sync(source="feed", session=104).pk)
        done.refresh_from_db()
        return done

    return work


def stopped_by_the_database(*_arguments) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '20ms'")
        cursor.execute("SELECT pg_sleep(10)")


def down() -> None:
    raise SourceUnavailable("It answered 503.")


@pytest.mark.django_db
class TestBrokenOff:
    def test_a_database_that_breaks_off_is_tried_again_and_says_so(self, run):
        broken = run(WHOLE[0], stopped_by_the_database)
        assert broken.state == "failed"
        assert broken.retry_at is not None
        assert "The database broke off" in broken.message
        whole = run(*WHOLE)
        assert (whole.pk, whole.state, whole.added) == (broken.pk, "done", len(WHOLE))

    def test_what_the_database_took_back_is_not_counted(self, run, monkeypatch):
        with monkeypatch.context() as broken:
            broken.setattr(measure_storage, "save", stopped_by_the_database)
            assert run(*WHOLE).added == 0
        assert run(*WHOLE).added == len(WHOLE) == Bill.objects.count()

    def test_what_is_read_again_from_the_start_is_counted_anew(self, run):
        refused = Rejected("measure", "HB9", "Its date is no date.")
        first = run(refused, *WHOLE[:2], down)
        assert (first.done, first.added, first.rejected) == (3, 2, 1)
        run(refused, *WHOLE[:2], down)
        whole = run(refused, *WHOLE)
        assert whole.pk == first.pk
        assert (whole.done, whole.total) == (len(WHOLE) + 1, len(WHOLE) + 1)
        assert (whole.added, whole.unchanged) == (len(WHOLE), 2)
        assert (whole.rejected, whole.rejections.count()) == (1, 1)


# --- Senate measures -------------------------------------------------------------------------------------------------


def in_the_dialect(identifier: str, lines: list[str], **fields) -> dict:
    """A measure as the Open States scraper writes it. Lines: `S 2025-01-22 First Reading`."""
    chambers = {"H": "lower", "S": "upper"}
    return {
        "legislative_session": "104th",
        "identifier": identifier,
        "title": "PORCH-REPAIR",
        "from_organization": '~{"classification": "upper"}',
        "abstracts": [{"note": "", "abstract": "Creates the Porch Repair Act."}],
        "actions": [
            {
                "description": line[13:],
                "date": line[2:12],
                "organization_id": f'~{{"classification": "{chambers[line[0]]}"}}',
            }
            for line in lines
        ],
        "sponsorships": [
            {"name": "José Peña, Jr.", "classification": "primary", "primary": True, "person_id": None},
            {"name": "Émile Ward, III", "classification": "cosponsor", "primary": False, "person_id": None},
        ],
        "versions": [],
        "documents": [],
        "sources": [{"url": f"https://legislature.example/{identifier}"}],
        "scraped_at": "2025-06-01T08:00:00+00:00",
    } | fields


FILED = [
    "S 2025-01-22 Filed with Secretary by Sen. José Peña, Jr.",
    "S 2025-01-22 First Reading",
    "S 2025-01-22 Referred to Assignments",
]
SENATE = [
    in_the_dialect(
        "SB 7",
        [
            *FILED,
            "S 2025-02-04 Assigned to Executive",
            "S 2025-02-04 Added as Chief Co-Sponsor Sen. Émile Ward, III",
            "S 2025-02-04 Motion Filed",
            "S 2025-02-04 Motion Filed",
            f"S 2025-02-11 {'Motion Filed to Suspend the Rule ' * 46}".rstrip(),
        ],
    ),
    in_the_dialect("SR8", ["S 2025-01-22 Filed with Secretary", "S 2025-01-23 Resolution Adopted"]),
    in_the_dialect("SJR9", FILED, abstracts=[], title="A LONG TITLE " * 200),
    in_the_dialect(
        "SJRCA10",
        FILED,
        abstracts=[{"note": "", "abstract": ""}],
        versions=[{"note": "Introduced", "links": [], "date": ""}],
    ),
    in_the_dialect("EO11", FILED[2:], sponsorships=[]),
    in_the_dialect("JSR12", []),
    in_the_dialect(
        "AM1040013",
        [
            "S 2025-01-23 Received by the Senate Sen. José Peña, Jr.;  on 08/16/2024",
            "S 2025-02-20 Appointment Confirmed",
        ],
    ),
]


@pytest.fixture
def senate_file(tmp_path):
    path = tmp_path / "senate.ndjson.gz"
    with gzip.open(path, "wt") as lines:
        lines.writelines(json.dumps(measure) + "\n" for measure in SENATE)
    return path


@pytest.mark.django_db
class TestSenateFile:
    def test_everything_in_it_comes_in(self, senate_file):
        call_command("sync_legislature", str(senate_file), session=104)
        run = SyncRun.objects.get()
        assert (run.state, run.added, run.rejected) == ("done", len(SENATE), 0)
        assert list(Bill.objects.order_by("prefix").values_list("identifier", "chamber", "stage")) == [
            ("AM1040013", "upper", "confirmed"),
            ("EO11", "lower", "introduced"),
            ("JSR12", "lower", "introduced"),
            ("SB7", "upper", "in_committee"),
            ("SJR9", "upper", "introduced"),
            ("SJRCA10", "upper", "introduced"),
            ("SR8", "upper", "adopted"),
        ]
        assert BillAction.objects.count() == sum(len(measure["actions"]) for measure in SENATE)
        assert Sponsorship.objects.count() == sum(len(measure["sponsorships"]) for measure in SENATE)
        assert (
            Sponsorship.objects.get(bill__identifier="SB7", name="Émile Ward, III").role == "chief_cosponsor"
        )
        assert Bill.objects.get(identifier="SJR9").title == "A LONG TITLE " * 200

    def test_a_second_run_changes_no_row(self, senate_file):
        read = OpenStatesFiles().read
        take(read(ReadOptions(location=str(senate_file), session=104)))
        with nothing_written():
            take(read(ReadOptions(location=str(senate_file), session=104)), at=OBSERVED + timedelta(days=1))

    def test_a_text_that_is_only_named_is_kept(self, senate_file):
        take(OpenStatesFiles().read(ReadOptions(location=str(senate_file), session=104)))
        document = BillDocument.objects.get(bill__identifier="SJRCA10")
        assert (document.note, document.html_url, document.pdf_url) == ("Introduced", "", "")


@pytest.mark.django_db
def test_a_count_beyond_all_measure_costs_only_its_roll_call():
    def roll_call(key: str, yes: int) -> RollCallRecord:
        return RollCallRecord(
            key, 104, "HB1", "lower", OBSERVED.date(), "Third Reading", True, {"yes": yes}, ()
        )

    summary = take([WHOLE[0], roll_call("https://legislature.example/1.pdf", 10**20), roll_call("2", 60)])
    assert [refused.identifier for refused in summary.rejected] == ["legislature.example/1.pdf"]
    assert dict(summary.by_kind) == {("measure", "added"): 1, ("roll call", "added"): 1}


def as_in_the_senate(line: ActionRecord) -> ActionRecord:
    """The line that the other chamber prints at the same point."""
    words = line.description
    for house, senate in (
        ("the Clerk by", "Secretary by"),
        ("Rule 19(a) / Re-referred to Rules Committee", "Rule 3-9(a) / Re-referred to Assignments"),
        ("Arrive in Senate", "Arrived in House"),
        ("eferred to Rules Committee", "eferred to Assignments"),
    ):
        words = _turn(words, house, senate)
    words = re.sub(
        r"\b(House|Senate)\b(?! *\x00)",
        lambda m: "Senate" if m[1] == "House" else "House",
        words,
    )
    other = {"lower": "upper", "upper": "lower"}
    return ActionRecord(other.get(line.chamber, line.chamber), line.date, words.replace("\x00", ""))


def _turn(words: str, house: str, senate: str) -> str:
    """Exchanges two wordings; what was exchanged is marked, so that its chamber is not turned back."""
    if house in words:
        return words.replace(house, senate.replace("House", "House\x00").replace("Senate", "Senate\x00"))
    return words.replace(senate, house.replace("House", "House\x00").replace("Senate", "Senate\x00"))


@realdata
def test_what_the_house_went_through_reads_the_same_in_the_senate():
    turned = {"HB": "SB", "HR": "SR", "HJR": "SJR", "HJRCA": "SJRCA"}
    other = {"lower": "upper", "upper": "lower", "": ""}
    seen = 0
    for record in OpenStatesFiles().read(ReadOptions(location=str(MEASURES), session=104)):
        kind = record.identifier.rstrip("0123456789")
        if kind not in turned:
            continue
        here = read_history(record.identifier, record.actions)
        there = read_history(
            record.identifier.replace(kind, turned[kind]), list(map(as_in_the_senate, record.actions))
        )
        assert (there.stage, there.stage_on, there.furthest_stage, there.current_chamber) == (
            here.stage,
            here.stage_on,
            here.furthest_stage,
            other[here.current_chamber],
        ), record.identifier
        seen += 1
    assert seen > 4_000
