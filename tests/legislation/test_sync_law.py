"""The law of imports: the same words change nothing, order does not matter, an interruption loses and doubles nothing."""

import gzip
import json
import os
import random
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from legislation.models import Bill, BillAction, BillDocument, BillEvent, SourceRecord, Sponsorship
from legislation.records import MeasureRecord, Rejected
from legislation.services.imports import import_records
from legislation.services.imports.measures import MeasureImporter
from legislation.sources.base import Progress, ReadOptions, SourceBroken
from legislation.sources.openstates_files import OpenStatesFiles
from legislation.sources.openstates_people import OpenStatesPeople
from tests.legislation.sample_measures import OBSERVED, SAMPLE
from tests.legislation.standing import final_rows, nothing_written
from tests.realdata import COMMITTEES, LEGISLATORS, MEASURES, realdata

ROOT = Path(settings.BASE_DIR)
SOURCE = "openstates-files"
later = OBSERVED + timedelta(days=1)


def take(records, at=OBSERVED, source=SOURCE):
    return import_records(records, source=source, observed_at=at)


def wipe() -> None:
    """Every measure is gone as if it had never come."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # A table that waits for checks cannot be emptied.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("TRUNCATE legislation_bill, legislation_sourcerecord, legislation_namematch CASCADE")


def standing_after(*runs) -> dict[str, list]:
    """Final rows after these runs over an empty database."""
    wipe()
    for records in runs:
        take(records)
    return final_rows()


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(MeasureImporter, "batch_size", 2)


@pytest.mark.django_db
class TestOrder:
    def test_the_same_again_changes_nothing(self):
        take(SAMPLE)
        with nothing_written():
            assert take(SAMPLE, at=later).total("unchanged") == len(SAMPLE)

    @budget(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(order=st.permutations(SAMPLE), size=st.integers(1, 7))
    def test_any_order_and_any_batches_end_the_same(self, monkeypatch, order, size):
        monkeypatch.setattr(MeasureImporter, "batch_size", 1000)
        straight = standing_after(SAMPLE)
        monkeypatch.setattr(MeasureImporter, "batch_size", size)
        assert standing_after(order) == straight

    @pytest.mark.parametrize("half", range(1, len(SAMPLE)))
    def test_a_half_completed_later_ends_the_same(self, half):
        assert standing_after(SAMPLE[:half], SAMPLE) == standing_after(SAMPLE)

    def test_of_two_in_one_file_the_newest_and_fullest_counts_wherever_it_stands(self, small_batches):
        first = SAMPLE[0]
        fuller = msgspec.structs.replace(first, as_of=None)
        poorer = msgspec.structs.replace(fuller, actions=first.actions[:5], title="POOR")
        newer = msgspec.structs.replace(poorer, as_of=first.as_of + timedelta(days=1), title="NEW")
        others = SAMPLE[1:]
        for good, bad in ((fuller, poorer), (newer, first), (first, poorer)):
            straight = standing_after([good, *others]) | {"names": []}
            for order in (
                [good, bad, *others],
                [bad, good, *others],
                [bad, *others, good],
                [*others, good, bad],
            ):
                wipe()
                summary = take(order)
                # A name that only the other one printed was met all the same.
                assert final_rows() | {"names": []} == straight
                assert [rejected.identifier for rejected in summary.rejected] == ["104 HB1"]
                assert not BillEvent.objects.filter(is_news=True).exists()

    def test_an_older_snapshot_after_a_newer_one_is_passed_over(self):
        old = [msgspec.structs.replace(one, as_of=OBSERVED - timedelta(days=30)) for one in SAMPLE]
        new = [
            msgspec.structs.replace(one, title=f"{one.title} NOW", as_of=OBSERVED - timedelta(days=1))
            for one in SAMPLE
        ]
        assert standing_after(new, old) == standing_after(new)

    def test_two_sources_in_either_order_tell_one_story(self):
        """The other source spells, spaces and lists otherwise, and knows less of some parts."""
        other = [
            msgspec.structs.replace(
                one,
                title=one.title and one.title.lower(),
                actions=one.actions
                and tuple(
                    msgspec.structs.replace(line, description=line.description.replace(" ", "  "))
                    for line in one.actions
                ),
                sponsorships=one.sponsorships
                and tuple(
                    msgspec.structs.replace(sponsor, name=", ".join(reversed(sponsor.name.split())))
                    for sponsor in one.sponsorships
                ),
                documents=None,
            )
            for one in SAMPLE
        ]
        for first, second in permutations([(SAMPLE, SOURCE), (other, "other")]):
            wipe()
            take(first[0], source=first[1])
            events = BillEvent.objects.count()
            take(second[0], source=second[1], at=later)
            assert not BillEvent.objects.filter(is_news=True).exists()
            assert BillEvent.objects.count() == events
            assert (BillAction.objects.count(), Sponsorship.objects.count()) == (21, 7)
            assert BillDocument.objects.count() == 4

    def test_what_came_before_a_source_broke_stays(self):
        def broken():
            yield from SAMPLE[:3]
            raise SourceBroken("The file ends in the middle.")

        with pytest.raises(SourceBroken):
            take(broken())
        assert Bill.objects.count() == 3
        whole = standing_after(SAMPLE)
        assert standing_after(SAMPLE[:3], SAMPLE) == whole

    def test_one_bad_record_costs_only_itself(self):
        bad = [
            msgspec.structs.replace(SAMPLE[0], identifier=f"HB{900 + number}", title="\0")
            for number in (1, 2)
        ]
        wipe()
        summary = take([SAMPLE[0], bad[0], *SAMPLE[1:], bad[1]])
        assert sorted(rejected.identifier for rejected in summary.rejected) == ["104 HB901", "104 HB902"]
        assert summary.total("added") == len(SAMPLE)
        rows = final_rows()
        assert rows == standing_after(SAMPLE)


def run_until_killed(stop_at: int, location: str = "") -> None:
    """A real process imports into this test's database and dies by SIGKILL inside a transaction."""
    server = os.environ["DATABASE_URL"]
    address = urlsplit(server)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.legislation.killed_import", str(stop_at), location],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in the middle\n"
        process.kill()
    assert process.returncode == -9


@pytest.mark.django_db(transaction=True)
class TestKilled:
    @pytest.mark.parametrize("stop_at", [1, 4, 7, 12])
    def test_killed_and_run_again_ends_the_same(self, stop_at, small_batches):
        run_until_killed(stop_at)
        # Whole batches only, and each whole.
        assert Bill.objects.count() == SourceRecord.objects.count() == (stop_at - 1) // 4 * 2
        take(SAMPLE)
        killed = final_rows()
        assert killed == standing_after(SAMPLE)


# --- The real file ---------------------------------------------------------------------------------------------------


def read_real() -> list:
    return [
        record
        for record in OpenStatesFiles().read(ReadOptions(location=str(MEASURES), session=104))
        if not isinstance(record, Progress | Rejected)
    ]


def _people() -> None:
    for folder in (LEGISLATORS, COMMITTEES):
        import_records(
            OpenStatesPeople().read(ReadOptions(location=str(folder))),
            source="openstates-people",
            observed_at=OBSERVED,
        )


@pytest.fixture
def legislators(db):
    _people()


@realdata
@pytest.mark.django_db
class TestRealFile:
    def test_all_of_it_goes_in_and_a_second_run_changes_nothing(self, legislators):
        summary = take(OpenStatesFiles().read(ReadOptions(location=str(MEASURES), session=104)))
        file = _counted()
        assert summary.rejected == []
        assert dict(summary.by_kind) == {("measure", "added"): len(file.measures)}
        assert Counter(Bill.objects.values_list("identifier", "title", "synopsis")) == file.measures
        assert (
            Counter(
                BillAction.objects.values_list(
                    "bill__identifier", "position", "chamber", "date", "description"
                )
            )
            == file.lines
        )
        assert (
            Counter(
                Sponsorship.objects.filter(removed_on__isnull=True).values_list(
                    "bill__identifier", "position", "name"
                )
            )
            == file.sponsors
        )
        notes = Counter(
            BillDocument.objects.exclude(html_url="", pdf_url="").values_list("bill__identifier", "note")
        )
        assert notes == file.documents
        for bill, name, left in Sponsorship.objects.filter(removed_on__isnull=False).values_list(
            "bill__identifier", "name", "removed_on"
        ):
            words = [line for line in file.words[bill] if name in line]
            assert words, f"{name} left {bill} on {left} by no line"
        events = Counter(BillEvent.objects.values_list("kind", "is_news"))
        stages = BillAction.objects.exclude(stage="").count()
        assert events == {("added", False): len(file.measures), ("stage", False): stages}
        with nothing_written():
            again = take(OpenStatesFiles().read(ReadOptions(location=str(MEASURES), session=104)), at=later)
        assert dict(again.by_kind) == {("measure", "unchanged"): len(file.measures)}

    def test_shuffled_and_cut_in_half_and_completed_later(self, legislators):
        records = read_real()
        straight = standing_after(records)
        shuffled = random.Random(104).sample(records, len(records))
        assert standing_after(shuffled) == straight
        half = len(records) // 2
        assert standing_after(shuffled[:half], records) == straight

    def test_watched_step_by_step_each_line_is_told_once_and_the_end_is_the_same(self, legislators):
        records = read_real()
        straight = standing_after(records)
        wipe()
        days = [date(2025, 2, 10), date(2025, 4, 11), date(2025, 8, 1)]
        for place, day in enumerate(days):
            take([_until(one, day) for one in records], at=OBSERVED + timedelta(days=place))
        take(records, at=OBSERVED + timedelta(days=len(days)))
        watched = final_rows()
        for table in ("bills", "lines", "sponsors", "documents", "names", "words"):
            assert watched[table] == straight[table], table
        # History plus news is the whole story: the same stages in the same order, whenever we began to watch.
        assert _stages(watched) == _stages(straight)
        told = Counter(BillEvent.objects.filter(kind="action").values_list("bill__identifier", "after"))
        assert told == Counter(
            (one.identifier, line.description)
            for one in records
            for line in one.actions[len(_until(one, days[0]).actions) :]
        )
        assert set(BillEvent.objects.filter(is_news=True).values_list("kind", flat=True)) <= {
            "action",
            "stage",
            "sponsor_added",
            "sponsor_removed",
            "sponsor_role",
            "document",
        }

    def test_legislators_may_come_after_the_measures(self):
        records = read_real()
        take(records)
        _people()
        late, straight = final_rows(), standing_after(records)
        for table in ("bills", "lines", "sponsors", "documents", "events"):
            assert late[table] == straight[table], table
        # Rosters of committees printed names of their own.
        assert set(straight["names"]) <= set(late["names"])


def _until(record: MeasureRecord, day: date) -> MeasureRecord:
    """The record as it was on that day, as far as lines tell."""
    first = next((place for place, line in enumerate(record.actions) if line.date > day), len(record.actions))
    return msgspec.structs.replace(record, actions=record.actions[:first])


def _stages(rows: dict[str, list]) -> list:
    columns = [field.attname for field in BillEvent._meta.concrete_fields]
    news = columns.index("is_news")
    assert columns[:2] == ["id", "bill_id"]
    return [row[:news] + row[news + 1 :] for row in rows["events"] if row[2] == "stage"]


@realdata
@pytest.mark.django_db(transaction=True)
class TestRealFileKilled:
    def test_killed_and_run_again_ends_the_same(self):
        run_until_killed(9, str(MEASURES))
        assert Bill.objects.count() == 2000
        records = read_real()
        take(records)
        killed = final_rows()
        assert killed == standing_after(records)


class _Counted:
    """What the file holds, read without any of our code."""

    def __init__(self) -> None:
        self.measures: Counter = Counter()
        self.lines: Counter = Counter()
        self.sponsors: Counter = Counter()
        self.documents: Counter = Counter()
        self.words: dict[str, list[str]] = {}


def _counted() -> _Counted:
    file = _Counted()
    with gzip.open(MEASURES, "rt") as lines:
        for line in lines:
            bill = json.loads(line)
            name = bill["identifier"].replace(" ", "")
            abstracts = "\n\n".join(one["abstract"] for one in bill["abstracts"])
            file.measures[name, bill["title"], abstracts] += 1
            file.words[name] = [action["description"] for action in bill["actions"]]
            for position, action in enumerate(bill["actions"]):
                chamber = json.loads(action["organization_id"].lstrip("~"))["classification"]
                day = date.fromisoformat(action["date"])
                file.lines[name, position, chamber, day, action["description"]] += 1
            for position, sponsor in enumerate(bill["sponsorships"]):
                file.sponsors[name, position, sponsor["name"]] += 1
            for note in {document["note"] for document in bill["versions"] + bill["documents"]}:
                file.documents[name, note] += 1
    return file
