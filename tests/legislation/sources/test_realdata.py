"""Every real file is read without loss: counts equal independent ones, every refusal has a name."""

import gzip
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import shapely

from legislation.chambers import senate_district
from legislation.records import (
    CommitteeRecord,
    DistrictRecord,
    HearingRecord,
    LegislatorRecord,
    MeasureRecord,
    Rejected,
    RollCallRecord,
    ZipCodeRecord,
)
from legislation.sources import SOURCES, detect
from legislation.sources.ilga_sponsors import names_in, sponsors_of
from legislation.sources.legiscan import LegiScan
from legislation.sources.reading import CHICAGO
from tests import realdata as real
from tests.legislation.sources import samples
from tests.legislation.sources.samples import put, read, read_until_it_breaks, refusals
from tests.realdata import realdata

SAMPLES = real.LEGISCAN / "inst" / "extdata"


def raw(path: Path) -> list[dict]:
    with gzip.open(path) as stream:
        return [json.loads(line) for line in stream]


@pytest.fixture(scope="module")
def measures() -> list[dict]:
    return raw(real.MEASURES)


@realdata
def test_every_measure_with_every_line_name_and_text(measures):
    records = read(SOURCES["openstates-files"], real.MEASURES, session=104)
    assert not refusals(records)
    assert [record.identifier for record in records] == [entry["identifier"] for entry in measures]
    for record, entry in zip(records, measures, strict=True):
        assert record.title == entry["title"]
        assert record.synopsis == entry["abstracts"][0]["abstract"]
        assert record.source_url == entry["sources"][0]["url"]
        assert [(line.date.isoformat(), line.description) for line in record.actions] == [
            (line["date"], line["description"]) for line in entry["actions"]
        ]
        assert [line.chamber for line in record.actions] == [
            json.loads(line["organization_id"][1:])["classification"] for line in entry["actions"]
        ]
        assert [(one.name, one.chamber, one.role == "chief") for one in record.sponsorships] == [
            (one["name"], json.loads(one["person_id"][1:])["chamber"], one["primary"])
            for one in entry["sponsorships"]
        ]
        assert [document.url for document in record.documents] == [
            link["url"] for text in entry["versions"] + entry["documents"] for link in text["links"]
        ]
    assert len(records) == 5353
    assert sum(len(record.actions) for record in records) == 57_524


@realdata
def test_every_roll_call_with_every_vote():
    entries = raw(real.ROLL_CALLS)
    records = read(SOURCES["openstates-files"], real.ROLL_CALLS, session=104)
    assert len(records) == len(entries) == 4264
    assert all(isinstance(record, RollCallRecord) for record in records)
    assert [record.key for record in records] == [entry["dedupe_key"] for entry in entries]
    assert (
        sum(len(record.votes) for record in records)
        == sum(len(entry["votes"]) for entry in entries)
        == 138_854
    )
    assert sum(sum(record.counts.values()) for record in records) == sum(
        count["value"] for entry in entries for count in entry["counts"]
    )
    options = Counter(
        vote["option"].replace("other", "present") for entry in entries for vote in entry["votes"]
    )
    assert Counter(vote.option for record in records for vote in record.votes) == options


@realdata
def test_the_real_file_cut_in_half_gives_its_first_half(tmp_path, measures):
    content = real.MEASURES.read_bytes()
    found, error = read_until_it_breaks(
        SOURCES["openstates-files"], put(tmp_path / "half.ndjson.gz", content[: len(content) // 2])
    )
    assert "cut off" in str(error)
    assert len(found) > 2000
    assert [record.identifier for record in found] == [
        entry["identifier"] for entry in measures[: len(found)]
    ]


@realdata
def test_sponsor_lines_of_real_names_come_apart_as_they_were(measures):
    """The General Assembly's line is put together from the real names of each measure, hyphens, commas and all."""
    lines = 0
    for entry in measures:
        names = [one["name"] for one in entry["sponsorships"] if '"lower"' in one["person_id"]]
        if not names:
            continue
        lines += 1
        chiefs, others = names[:6], names[6:]
        line = "Rep. " + "-".join(chiefs)
        if others:
            line += "".join(f", {name}" for name in others[:-1]) + f" and {others[-1]}"
        assert [one.name for one in sponsors_of(line, "lower")] == names
        known = names_in(action["description"] for action in entry["actions"])
        assert [one.name for one in sponsors_of(line, "lower", known)] == names
    assert lines == 4840


@realdata
def test_every_legislator_and_committee():
    people = read(SOURCES["openstates-people"], real.LEGISLATORS)
    committees = read(SOURCES["openstates-people"], real.COMMITTEES)
    assert len(people) == len(list(real.LEGISLATORS.iterdir())) == 176
    assert all(isinstance(person, LegislatorRecord) for person in people)
    today = [
        (term.chamber, term.district)
        for person in people
        for term in person.terms
        if term.end is None or term.end > date(2026, 1, 1)
    ]
    assert Counter(chamber for chamber, _district in today) == {"lower": 118, "upper": 58}
    assert len(set(today)) == 176
    assert ("upper", 59) not in today
    assert all("ilga.gov" in person.ilga_url for person in people)
    assert len(committees) == len(list(real.COMMITTEES.iterdir())) == 81
    assert all(isinstance(committee, CommitteeRecord) for committee in committees)
    assert sum(len(committee.members) for committee in committees) == 1050
    known = {person.key for person in people}
    assert {member.person_id for committee in committees for member in committee.members} <= known


@realdata
def test_every_status_file():
    records = read(SOURCES["ilga-billstatus"], real.BILL_STATUS)
    assert [(record.session, record.identifier, len(record.actions)) for record in records] == [
        (95, "SR827", 6),
        (96, "HB4898", 4),
        (97, "SJR59", 3),
        (104, "HR17", 2),
    ]


@realdata
def test_a_measure_reads_alike_from_the_general_assembly_and_from_open_states(measures):
    """The same real resolution from both: one line more or less by the day each was fetched, nothing else."""
    (status,) = (
        record for record in read(SOURCES["ilga-billstatus"], real.BILL_STATUS) if record.session == 104
    )
    scraped = next(
        record for record in read(SOURCES["openstates-files"], real.MEASURES) if record.identifier == "HR17"
    )
    assert status.title == scraped.title
    assert status.synopsis == scraped.synopsis
    assert status.actions == scraped.actions[: len(status.actions)]
    assert status.sponsorships[0] == scraped.sponsorships[0]


@realdata
def test_every_hearing():
    records = read(SOURCES["ilga-hearings"], real.HEARINGS)
    hearings = [record for record in records if isinstance(record, HearingRecord)]
    assert len(hearings) == len(records) == 54 + 1
    assert {(hearing.chamber, hearing.session, hearing.cancelled) for hearing in hearings} == {
        ("lower", 100, False)
    }
    schedule = json.loads((real.HEARINGS / "GetPostedHearingsByDateRange_house_2018-03.json").read_bytes())
    printed = {str(row["CommitteeHearingId"]): row["HearingTime"] for row in schedule["data"]}
    for hearing in hearings:
        local = hearing.starts_at.astimezone(CHICAGO)
        assert printed[hearing.key] == f"{local.month}/{local:%d/%Y} - {local.hour % 12 or 12}:{local:%M %p}"


@realdata
def test_a_hearing_reads_alike_from_the_schedule_and_from_its_page():
    schedule, page = (
        record for record in read(SOURCES["ilga-hearings"], real.HEARINGS) if record.key == "15597"
    )
    for name in (
        "chamber",
        "committee",
        "starts_at",
        "posted_at",
        "location",
        "subject",
        "session",
        "source_url",
    ):
        assert getattr(schedule, name) == getattr(page, name), name
    assert schedule.documents is None
    html = (real.HEARINGS / "Hearing_HearingDetail_15597.html").read_text()
    assert [document.identifier for document in page.documents] == re.findall(r"<td>(H[BR]\d+)</td>", html)
    assert len(page.documents) == 9


@realdata
def test_every_sample_of_legiscan():
    records = read(SOURCES["legiscan"], SAMPLES)
    assert len(records) == 6 + 3
    assert all(isinstance(record, Rejected) for record in records)
    for state, count in (("AK", 3), ("AR", 3)):
        found = [
            record for record in read(LegiScan(state=state), SAMPLES) if isinstance(record, MeasureRecord)
        ]
        assert len(found) == count
        for record in found:
            entry = json.loads((SAMPLES / "bill" / f"{record.identifier}.json").read_bytes())["bill"]
            assert len(record.actions) == len(entry["history"])
            assert len(record.sponsorships) == len(entry["sponsors"])
            assert len(record.documents) == len(entry["texts"]) + len(entry["amendments"])


@realdata
def test_every_district():
    records = read(SOURCES["districts"], real.DISTRICTS)
    assert all(isinstance(record, DistrictRecord) for record in records)
    areas = {(record.chamber, record.number): shapely.from_wkb(record.geometry) for record in records}
    assert Counter(chamber for chamber, _number in areas) == {"lower": 118, "upper": 59}
    assert {(record.plan, record.effective_on) for record in records} == {
        ("Districts of 2021-09-24", date(2021, 9, 24))
    }
    assert all(area.is_valid for area in areas.values())
    for number in range(1, 119):
        house, senate = areas["lower", number], areas["upper", senate_district(number)]
        assert house.difference(senate).area < 0.001 * house.area
    assert sum(
        area.area for (chamber, _number), area in areas.items() if chamber == "lower"
    ) == pytest.approx(
        sum(area.area for (chamber, _number), area in areas.items() if chamber == "upper"), rel=1e-4
    )


@realdata
def test_every_zip_code():
    records = read(SOURCES["zip-codes"], real.ZIP_CODES)
    assert len(records) == 1578
    assert all(isinstance(record, ZipCodeRecord) for record in records)
    assert sum(record.latitude is not None for record in records) == 1383


@realdata
@pytest.mark.parametrize(
    ("path", "source"),
    [
        (real.MEASURES, "openstates-files"),
        (real.ROLL_CALLS, "openstates-files"),
        (real.LEGISLATORS, "openstates-people"),
        (real.COMMITTEES, "openstates-people"),
        (real.BILL_STATUS, "ilga-billstatus"),
        (real.HEARINGS, "ilga-hearings"),
        (real.LEGISCAN, "legiscan"),
        (real.DISTRICTS, "districts"),
        (real.ZIP_CODES, "zip-codes"),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_every_file_is_recognized(path, source):
    assert detect(path) == source


# --- The stand-ins have the shapes of the recorded answers -------------------------------------------------------


def missing(sample: object, recorded: object, path: str = "$") -> list[str]:
    """Names of a sample that the recorded answer does not have."""
    if isinstance(sample, dict) and isinstance(recorded, dict):
        return [f"{path}.{name}" for name in sample if name not in recorded] + [
            found
            for name, value in sample.items()
            if name in recorded
            for found in missing(value, recorded[name], f"{path}.{name}")
        ]
    if isinstance(sample, list) and isinstance(recorded, list) and sample and recorded:
        return missing(sample[0], recorded[0], path + "[]")
    return []


@realdata
def test_samples_have_the_shape_of_the_recorded_measures_and_roll_calls(measures):
    full = max(
        measures, key=lambda entry: (bool(entry["documents"]), len(entry["versions"]), len(entry["actions"]))
    )
    assert missing(samples.measure(), full) == []
    assert set(full) - set(samples.measure()) == {
        "citations",
        "other_identifiers",
        "other_titles",
        "related_bills",
    }
    assert missing(samples.roll_call(), raw(real.ROLL_CALLS)[0]) == []


@realdata
def test_samples_have_the_shape_of_the_recorded_hearings():
    schedule = json.loads((real.HEARINGS / "GetPostedHearingsByDateRange_house_2018-03.json").read_bytes())
    assert missing(samples.notice(), schedule["data"][0]) == []
    assert missing(schedule["data"][0], samples.notice()) == []
    page = (real.HEARINGS / "Hearing_HearingDetail_15597.html").read_text()
    for words in (
        "Scheduled Date",
        "Posting Date",
        "Subject Matter",
        "Bill #",
        "pageSize:25, total:",
        "committeeHearingId=",
    ):
        assert words in page
        assert words in samples.hearing_page(1, "HB1")


@realdata
def test_samples_have_the_shape_of_the_recorded_answers_of_legiscan():
    bill = json.loads((SAMPLES / "bill" / "HB1.json").read_bytes())["bill"]
    assert [name for name in missing(samples.legiscan_bill(), bill) if ".amendments" not in name] == []
    call = json.loads((SAMPLES / "vote" / "154366.json").read_bytes())["roll_call"]
    assert missing(samples.legiscan_roll_call(), call) == []


@realdata
def test_samples_have_the_shape_of_the_recorded_status_files():
    recorded = (real.BILL_STATUS / "10400HR0017.xml").read_text("latin-1")
    tags = set(re.findall(r"<(\w+)>", samples.bill_status()))
    assert tags == set(re.findall(r"<(\w+)>", recorded))
