"""Legislators and committees from YAML, old and new, and from the CSV of sitting members."""

from datetime import date

import pytest

from legislation.records import (
    CommitteeMemberRecord,
    CommitteeRecord,
    LegislatorRecord,
    OfficeRecord,
    Rejected,
    TermRecord,
)
from legislation.sources import SOURCES, SourceBroken
from tests.legislation.sources.samples import csv_text, put, read, refusals, zipped

SOURCE = SOURCES["openstates-people"]
PERSON = """\
id: ocd-person/00000000-0000-0000-0000-000000000001
name: "An\\xE1 Sample"
given_name: "An\\xE1"
family_name: Sample
gender: Female
email: ana@example.org
image: https://example.org/ana.jpg
party:
- name: Independent
  end_date: 2020-01-01
- name: Democratic
roles:
- start_date: 2021-01-13
  type: upper
  jurisdiction: ocd-jurisdiction/country:us/state:il/government
  district: '12'
- start_date: 2019-01-09
  end_date: '2021-01-13'
  type: lower
  jurisdiction: ocd-jurisdiction/country:us/state:il/government
  district: '24'
- type: mayor
  jurisdiction: ocd-jurisdiction/country:us/state:il/place:sample/government
offices:
- classification: capitol
  address: Room 1, Sample Building, Springfield, IL 62706
  voice: 217-555-0101
- classification: district
  address: 5 Elm St., Sample, IL 60000
  voice: 312-555-0102
  fax: 312-555-0103
links:
- url: https://ilga.gov/house/Rep.asp?GA=101&MemberID=2752
- url: https://ana.example/
- url: https://www.ilga.gov/Senate/Members/Details/3358
- url: https://www.ilga.gov/House/Members/Details/3148
other_names:
- name: A. Sample
- name: "Sample, An\\xE1"
"""
COMMITTEE = """\
id: ocd-organization/00000000-0000-0000-0000-000000000002
jurisdiction: ocd-jurisdiction/country:us/state:il/government
classification: subcommittee
name: Sample Matters
chamber: lower
parent: ocd-organization/00000000-0000-0000-0000-000000000003
links:
- url: https://www.ilga.gov/house/committees/default.asp
- url: https://www.ilga.gov/House/Committees/Members/3105
members:
- name: Ana Sample
  role: chair
  person_id: ocd-person/00000000-0000-0000-0000-000000000001
- name: Bo Example
  role: republican spokesperson
other_names:
- name: House Sample Matters Committee
"""


def one(tmp_path, text, name="x.yml"):
    (record,) = read(SOURCE, put(tmp_path / name, text))
    return record


def test_a_legislator(tmp_path):
    assert one(tmp_path, PERSON) == LegislatorRecord(
        key="ocd-person/00000000-0000-0000-0000-000000000001",
        name="Aná Sample",
        given_name="Aná",
        family_name="Sample",
        party="Democratic",
        email="ana@example.org",
        image_url="https://example.org/ana.jpg",
        website="https://ana.example/",
        # Of several pages the newest member number.
        ilga_url="https://www.ilga.gov/Senate/Members/Details/3358",
        other_names=("A. Sample", "Sample, Aná"),
        terms=(
            TermRecord("upper", 12, date(2021, 1, 13)),
            TermRecord("lower", 24, date(2019, 1, 9), date(2021, 1, 13)),
        ),
        offices=(
            OfficeRecord("capitol", "Room 1, Sample Building, Springfield, IL 62706", "217-555-0101"),
            OfficeRecord("district", "5 Elm St., Sample, IL 60000", "312-555-0102", "312-555-0103"),
        ),
    )


def test_offices_and_mail_as_older_files_have_them(tmp_path):
    text = PERSON[: PERSON.index("offices:")].replace("email: ana@example.org\n", "") + (
        "contact_details:\n"
        "- note: Capitol Office\n  address: Room 1;Sample Building;Springfield, IL\n  voice: 217-555-0101\n"
        "  email: ana@example.org\n"
        "- note: District Office\n  voice: 312-555-0102\n"
        "- note: District Office\n"
    )
    record = one(tmp_path, text)
    assert record.email == "ana@example.org"
    assert record.offices == (
        OfficeRecord("capitol", "Room 1, Sample Building, Springfield, IL", "217-555-0101"),
        OfficeRecord("district", "", "312-555-0102"),
    )


def test_a_committee(tmp_path):
    assert one(tmp_path, COMMITTEE) == CommitteeRecord(
        key="ocd-organization/00000000-0000-0000-0000-000000000002",
        chamber="lower",
        name="Sample Matters",
        other_names=("House Sample Matters Committee",),
        parent="ocd-organization/00000000-0000-0000-0000-000000000003",
        members=(
            CommitteeMemberRecord("Ana Sample", "chair", "ocd-person/00000000-0000-0000-0000-000000000001"),
            CommitteeMemberRecord("Bo Example", "republican spokesperson"),
        ),
        source_url="https://www.ilga.gov/House/Committees/Members/3105",
    )
    assert one(tmp_path, COMMITTEE.replace("chamber: lower", "chamber: legislature")).chamber == "joint"


def test_folders_and_archives_of_both(tmp_path):
    put(tmp_path / "d" / "legislature" / "a.yml", PERSON)
    put(tmp_path / "d" / "committees" / "b.yml", COMMITTEE)
    put(tmp_path / "d" / "README.md", "# people")
    path = zipped(tmp_path / "x.zip", {"committees/b.yml": COMMITTEE, "legislature/a.yml": PERSON})
    found = read(SOURCE, tmp_path / "d")
    assert [type(record) for record in found] == [CommitteeRecord, LegislatorRecord]
    assert read(SOURCE, path) == found


def test_a_copy_of_the_whole_repository(tmp_path):
    other = PERSON.replace("state:il", "state:ne")
    path = zipped(
        tmp_path / "people-main.zip",
        {
            "people-main/README.md": "# people",
            "people-main/pyproject.toml": "[tool]",
            "people-main/data/il/legislature/Ana.yml": PERSON,
            "people-main/data/il/municipalities/Bo.yml": "id: ocd-person/2",
            "people-main/data/ne/legislature/Cy.yml": other,
        },
    )
    assert [record.name for record in read(SOURCE, path)] == ["Aná Sample"]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("district: '12'", "district: '60'", "“60” is not a district"),
        ("district: '12'", "district: At-Large", "“At-Large” is not a district"),
        ("start_date: 2021-01-13\n", "start_date: 2021-13\n", "“2021-13” cannot be a date"),
        ("state:il/government", "state:ne/government", "state:ne"),
        ("type: upper", "type: lower\n  type: [", "It is not YAML"),
        ("id: ocd-person", "id: somebody", "not the id of a person"),
        ("name: A. Sample", "nam: A. Sample", "It lacks 'name'"),
        ("Sample, An\\xE1", "Sample\\0", "cannot be stored"),
        ("type: upper", "type: governor", None),
    ],
)
def test_what_cannot_go_in_is_named_by_its_file(tmp_path, before, after, words):
    text = (
        PERSON.replace(before, after)
        if words
        else PERSON.replace("type: upper", after).replace("type: lower", after)
    )
    record = one(tmp_path, text, "Ana-Sample.yml")
    assert isinstance(record, Rejected)
    assert record.identifier == "Ana-Sample.yml"
    assert (words or "No seat in the General Assembly is named.") in record.reason


def test_yaml_that_would_run_something_is_not_run(tmp_path):
    record = one(tmp_path, f"{PERSON}x: !!python/object/apply:os.system ['true']\n")
    assert "It is not YAML" in record.reason


def test_the_csv_of_sitting_members(tmp_path):
    text = csv_text(
        "id,name,current_party,current_district,current_chamber,given_name,family_name,gender,email,biography,"
        "birth_date,death_date,image,links,sources,capitol_address,capitol_voice,capitol_fax,district_address,"
        "district_voice,district_fax,twitter,youtube,instagram,facebook,wikidata",
        "ocd-person/1,Ana Sample,Democratic,25,lower,Ana,Sample,Female,ana@example.org,,,,https://example.org/a.jpg,"
        "https://ana.example;https://www.ilga.gov/House/Members/Details/33,https://encyclopedia.example/Ana,"
        '"Room 1; Springfield",217-555-0101,,"5 Elm St., Sample",312-555-0102,,,,,,',
        "ocd-person/2,Bo Example,Republican,60,upper,Bo,Example" + "," * 19,
        "ocd-person/3,Cy Trial",
        ",Di Draft,Republican,6,upper,Di,Draft" + "," * 19,
    )
    records = read(SOURCE, put(tmp_path / "il.csv", text))
    assert records[0] == LegislatorRecord(
        key="ocd-person/1",
        name="Ana Sample",
        given_name="Ana",
        family_name="Sample",
        party="Democratic",
        email="ana@example.org",
        image_url="https://example.org/a.jpg",
        website="https://ana.example",
        ilga_url="https://www.ilga.gov/House/Members/Details/33",
        terms=(TermRecord("lower", 25),),
        offices=(
            OfficeRecord("capitol", "Room 1, Springfield", "217-555-0101"),
            OfficeRecord("district", "5 Elm St., Sample", "312-555-0102"),
        ),
    )
    assert refusals(records) == {
        "Bo Example (il.csv, line 3)": "“60” is not a district of its chamber.",
        "il.csv, line 4": "Its columns do not fit the heading.",
        "Di Draft (il.csv, line 5)": "It has no id or no name.",
    }


def test_the_usual_address_is_the_settings(stand_in, clock, settings):
    settings.OPENSTATES_PEOPLE_URL = stand_in.serve(
        "/people/current/il.csv", csv_text("id,name,current_chamber", "")
    )
    assert read(type(SOURCE)(clock.client)) == []
    assert stand_in.requests[0].path == "/people/current/il.csv"


def test_something_else_is_said(tmp_path):
    with pytest.raises(SourceBroken, match="neither a person nor a committee"):
        read(SOURCE, put(tmp_path / "x.txt", "hello"))
