"""Files of Open States: every layout, and every kind of dirt, without loss."""

import json
from datetime import UTC, date, datetime

import pytest

from legislation.records import (
    ActionRecord,
    DocumentRecord,
    MeasureRecord,
    Rejected,
    RollCallRecord,
    SponsorshipRecord,
    VoteRecord,
)
from legislation.sources import SOURCES, SourceBroken
from tests.legislation.sources.samples import (
    HOUSE,
    gzipped,
    lines,
    measure,
    put,
    read,
    read_until_it_breaks,
    refusals,
    roll_call,
    zipped,
)

SOURCE = SOURCES["openstates-files"]


def one(tmp_path, entry) -> MeasureRecord | RollCallRecord | Rejected:
    (record,) = read(SOURCE, put(tmp_path / "x.ndjson", lines(entry)))
    return record


def test_a_measure(tmp_path):
    assert one(tmp_path, measure("HB 0017")) == MeasureRecord(
        session=104,
        identifier="HB17",
        title="SAMPLE-TECH",
        synopsis="Amends the Sample Act.",
        sponsorships=(
            SponsorshipRecord("Ana Sample", "chief", "lower"),
            SponsorshipRecord("Bo Example, Jr.", "cosponsor", "upper"),
        ),
        actions=(
            ActionRecord("lower", date(2025, 1, 9), "Filed with the Clerk by Rep. Ana Sample"),
            ActionRecord("upper", date(2025, 4, 10), "Arrive in Senate"),
        ),
        documents=(
            DocumentRecord("Introduced", "https://example.org/HB1.pdf", "application/pdf"),
            DocumentRecord("Introduced", "https://example.org/HB1.html", "text/html"),
            DocumentRecord("Public Act", "https://example.org/act", "", date(2025, 8, 15)),
        ),
        source_url="https://example.org/HB 0017",
        as_of=datetime(2026, 1, 3, 8, 29, 36, tzinfo=UTC),
    )


def test_a_roll_call(tmp_path):
    assert one(tmp_path, roll_call()) == RollCallRecord(
        key="https://example.org/votes/HB1.pdf",
        session=104,
        identifier="HB1",
        chamber="lower",
        date=date(2025, 4, 9),
        motion="Third Reading",
        passed=True,
        # "other" is how the scrapers write "present".
        counts={"yes": 60, "present": 1},
        votes=(VoteRecord("Sample, Ana", "yes"), VoteRecord("Example", "present")),
        source_url="https://example.org/votes/HB1.pdf",
    )


def test_a_roll_call_goes_by_its_key_else_its_address_else_its_number(tmp_path):
    assert one(tmp_path, roll_call(dedupe_key="k")).key == "k"
    assert one(tmp_path, roll_call(dedupe_key=None)).key == "https://example.org/votes/HB1.pdf"
    assert one(tmp_path, roll_call(dedupe_key="", sources=[])).key == "66a77452-0000-0000-0000-000000000000"
    assert "no key" in one(tmp_path, roll_call(dedupe_key="", sources=[], _id="")).reason


def test_real_ids_of_people_are_kept(tmp_path):
    entry = measure()
    entry["sponsorships"][0]["person_id"] = "ocd-person/00000000-0000-0000-0000-000000000001"
    assert one(tmp_path, entry).sponsorships[0].person_id.endswith("0001")
    entry = roll_call()
    entry["votes"][0]["voter_id"] = "ocd-person/00000000-0000-0000-0000-000000000002"
    assert one(tmp_path, entry).votes[0].person_id.endswith("0002")


def test_what_a_source_does_not_say_is_left_open(tmp_path):
    entry = measure(abstracts=[], title="")
    for name in ("sponsorships", "actions", "versions", "documents"):
        del entry[name]
    record = one(tmp_path, entry)
    assert (record.title, record.synopsis, record.sponsorships, record.actions, record.documents) == (
        None,
    ) * 5


def test_the_governors_lines_and_unknown_bodies(tmp_path):
    line = {"description": "x", "date": "2025-08-15"}
    entry = measure(
        actions=[
            {**line, "organization_id": '~{"classification": "executive"}'},
            {**line, "organization_id": '~{"classification": "legislature"}'},
            {**line, "organization_id": "~{broken"},
            {**line, "organization_id": None},
        ]
    )
    assert [action.chamber for action in one(tmp_path, entry).actions] == ["executive", "", "", ""]


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (lambda folder: put(folder / "x", lines(measure(), roll_call())), "lines"),
        (lambda folder: put(folder / "x", gzipped(lines(measure(), roll_call()))), "gz"),
        (lambda folder: put(folder / "x", json.dumps([measure(), roll_call()])), "list"),
        (lambda folder: put(folder / "x", json.dumps([measure(), roll_call()], indent=2)), "indented list"),
        (lambda folder: put(folder / "x", b"\xef\xbb\xbf" + lines(measure(), roll_call())), "mark"),
        (
            lambda folder: put(folder / "x", lines(measure(), roll_call()).replace(b"\n", b"\r\n\r\n")),
            "Windows",
        ),
        (
            lambda folder: (
                put(folder / "d" / "vote_event_2.json", json.dumps(roll_call(), indent=1)).parent
                if put(folder / "d" / "bill_1.json", json.dumps(measure()))
                else None
            ),
            "folder",
        ),
        (
            lambda folder: zipped(
                folder / "x.zip",
                {
                    "il/bill_1.json": json.dumps(measure()),
                    "il/vote_event_2.json": json.dumps(roll_call()),
                    "il/organization_3.json": '{"name": "House"}',
                    "il/jurisdiction_ocd.json": "{}",
                    "README": "Open States Data Export",
                },
            ),
            "zip",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_layout_gives_the_same_records(tmp_path, write, name):
    found = read(SOURCE, write(tmp_path))
    assert found == read(SOURCE, put(tmp_path / "plain.ndjson", lines(measure(), roll_call())))
    assert [type(record) for record in found] == [MeasureRecord, RollCallRecord]


def test_the_bulk_json_of_a_session_with_roll_calls_inside(tmp_path):
    bill = {
        "id": "ocd-bill/00000000-0000-0000-0000-000000000001",
        "legislative_session": "104th",
        "jurisdiction_name": "Illinois",
        "identifier": "HB 1",
        "title": "SAMPLE-TECH",
        "chamber": "lower",
        "abstracts": [{"abstract": "Amends the Sample Act.", "note": "summary", "date": ""}],
        "actions": [
            {"organization__name": "Senate", "description": "Second", "date": "2025-02-02", "order": 1},
            {"organization__name": "House", "description": "First", "date": "2025-01-09", "order": 0},
        ],
        "sponsors": [{"name": "Ana Sample", "primary": True, "classification": "primary"}],
        "documents": [],
        "versions": [],
        "sources": [{"url": "https://example.org/HB1"}],
        "votes": [
            {
                "identifier": "",
                "motion_text": "Third Reading",
                "start_date": "2025-04-09",
                "result": "pass",
                "organization__classification": "lower",
                "counts": [{"option": "yes", "value": 1}],
                "votes": [{"option": "yes", "voter_name": "Ana Sample"}],
            }
        ]
        * 2,
    }
    path = zipped(tmp_path / "x.zip", {"IL/104th/IL_104th_bills.json": json.dumps([bill])})
    found, first, second = read(SOURCE, path)
    assert found.ocd_id == "ocd-bill/00000000-0000-0000-0000-000000000001"
    assert found.synopsis == "summary\nAmends the Sample Act."
    assert [action.description for action in found.actions] == ["First", "Second"]
    assert [action.chamber for action in found.actions] == ["lower", "upper"]
    assert found.sponsorships == (SponsorshipRecord("Ana Sample", "chief"),)
    # The export gives roll calls neither key nor address.
    assert first.key == "104th HB 1 2025-04-09 lower Third Reading 1"
    assert second.key == "104th HB 1 2025-04-09 lower Third Reading 2"


# --- Dirt ------------------------------------------------------------------------------------------------------------


def test_one_bad_record_is_named_with_its_reason_and_the_rest_comes(tmp_path):
    bad_day = measure("HB2")
    bad_day["actions"][1]["date"] = "2025-02-30"
    entries = [
        measure("HB1"),
        bad_day,
        measure("XB3"),
        measure("HB4", legislative_session="103rd"),
        measure("HB5", jurisdiction={"id": "ocd-jurisdiction/country:us/state:ne/government"}),
        measure("HB6", title=5),
        measure("HB7", title="half\x00way"),
        roll_call("HB8", result="maybe"),
        roll_call("HB9", organization='~{"classification": "legislature"}'),
        roll_call("HB10", counts=[{"option": "yes", "value": -1}]),
        roll_call("HB11", votes=[{"option": "perhaps", "voter_name": "Example"}]),
        b'{"identifier": "HB12", "title": "cut',
        measure("HB13"),
    ]
    records = read(SOURCE, put(tmp_path / "x.ndjson", lines(*entries)), session=104)
    found = refusals(records)
    assert [record.identifier for record in records if isinstance(record, MeasureRecord)] == ["HB1", "HB13"]
    assert "“2025-02-30” cannot be a date." in found["HB2 (x.ndjson, line 2)"]
    assert "“XB” is not a kind of measure" in found["XB3 (x.ndjson, line 3)"]
    assert "103rd" in found["HB4 (x.ndjson, line 4)"]
    assert "state:ne" in found["HB5 (x.ndjson, line 5)"]
    assert "$.title" in found["HB6 (x.ndjson, line 6)"]
    assert "cannot be stored" in found["HB7 (x.ndjson, line 7)"]
    by_line = {name.split("line ")[1].rstrip(")"): reason for name, reason in found.items()}
    assert "“maybe” is not a result." in by_line["8"]
    assert "in which chamber" in by_line["9"]
    assert "count of -1" in by_line["10"]
    assert "“perhaps” is not a vote." in by_line["11"]
    assert "cannot be read" in by_line["12"]
    assert len(found) == 11


def test_half_a_character_is_refused_by_name(tmp_path):
    text = lines(measure("HB2")).replace(b"SAMPLE-TECH", rb"half \ud800 way")
    assert isinstance(one(tmp_path, text.strip()), Rejected)


def test_text_that_only_looks_like_such_a_character_is_kept(tmp_path):
    assert one(tmp_path, measure(title=r"spelled \u0000 out")).title == r"spelled \u0000 out"


def test_duplicates_are_passed_on(tmp_path):
    assert len(read(SOURCE, put(tmp_path / "x", lines(measure(), measure())))) == 2


def test_a_cut_off_gzip_gives_all_whole_lines_before_the_cut(tmp_path):
    entries = [measure(f"HB{number}", title=f"SAMPLE {hash(str(number) * 9)}") for number in range(1, 500)]
    whole = gzipped(lines(*entries))
    found, error = read_until_it_breaks(SOURCE, put(tmp_path / "x.gz", whole[: len(whole) // 2]))
    assert isinstance(error, SourceBroken)
    assert "cut off" in str(error)
    assert len(found) > 100
    assert [record.identifier for record in found] == [f"HB{number}" for number in range(1, len(found) + 1)]


def test_a_cut_off_plain_file_gives_all_whole_lines_before_the_cut(tmp_path):
    content = lines(measure("HB1"), measure("HB2"))
    found, error = read_until_it_breaks(SOURCE, put(tmp_path / "x", content[:-40]))
    assert [record.identifier for record in found] == ["HB1"]
    assert "x, line 2: the file ends in the middle of a record" in str(error)


def test_half_a_document_is_said(tmp_path):
    found, error = read_until_it_breaks(SOURCE, put(tmp_path / "x", json.dumps(measure(), indent=1)[:-30]))
    assert found == []
    assert "ends in the middle" in str(error)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0", b"nothing of the kind", b"<html></html>"])
def test_something_else_is_said(tmp_path, content):
    found, error = read_until_it_breaks(SOURCE, put(tmp_path / "x", content))
    assert found == []
    assert "x holds no JSON" in str(error)


def test_a_broken_file_of_a_folder_does_not_hold_up_the_others(tmp_path):
    put(tmp_path / "bill_1.json", json.dumps(measure("HB1")))
    put(tmp_path / "bill_2.json", b"\0\0\0")
    put(tmp_path / "bill_3.json", json.dumps(measure("HB3")))
    found, error = read_until_it_breaks(SOURCE, tmp_path)
    assert [record.identifier for record in found] == ["HB1", "HB3"]
    assert "bill_2.json" in str(error)


def test_an_address_is_fetched(stand_in, clock):
    source = type(SOURCE)(clock.client)
    url = stand_in.serve("/session.ndjson", lines(measure("HB1")))
    assert [record.identifier for record in read(source, url)] == ["HB1"]


def test_an_empty_list_of_sponsors_says_there_is_none(tmp_path):
    assert one(tmp_path, measure(sponsorships=[])).sponsorships == ()
    assert one(tmp_path, measure(actions=[], from_organization=HOUSE)).actions == ()
