"""Sponsors' comings and goings, read from the lines. The wordings are real, the people samples."""

import gzip
import json
from datetime import date, timedelta

import pytest

from legislation.reading.sponsor_lines import SponsorChange, sponsor_changes
from legislation.records import ActionRecord
from tests.legislation.lines import FIRST_DAY, actions
from tests.realdata import MEASURES, realdata


def told(*lines: str) -> list[tuple[str, str, str, str]]:
    """Name, chamber, role and change of each change that the lines tell."""
    return [
        (change.name, change.chamber, change.role, change.change)
        for change in sponsor_changes(actions(*lines))
    ]


@pytest.mark.parametrize(
    ("line", "role", "chamber"),
    [
        ("H Filed with the Clerk by Rep. Pat Sample", "chief", "lower"),
        ("H Prefiled with Clerk by Rep. Pat Sample", "chief", "lower"),
        ("S Filed with Secretary by Sen. Pat Sample", "chief", "upper"),
        ("S Received by the Senate Sen. Pat Sample", "chief", "upper"),
        ("S Chief Senate Sponsor Sen. Pat Sample", "chief", "upper"),
        ("H Chief House Sponsor Rep. Pat Sample", "chief", "lower"),
        ("S Alternate Chief Sponsor Changed to Sen. Pat Sample", "chief", "upper"),
        ("H Chief Sponsor Changed to Rep. Pat Sample", "chief", "lower"),
        ("H Added Chief Co-Sponsor Rep. Pat Sample", "chief_cosponsor", "lower"),
        ("S Added as Chief Co-Sponsor Sen. Pat Sample", "chief_cosponsor", "upper"),
        ("S Added as Alternate Chief Co-Sponsor Sen. Pat Sample", "chief_cosponsor", "upper"),
        ("H Added Alternate Chief Co-Sponsor Rep. Pat Sample", "chief_cosponsor", "lower"),
        ("H Chief Co-Sponsor Changed to Rep. Pat Sample", "chief_cosponsor", "lower"),
        ("H Added Co-Sponsor Rep. Pat Sample", "cosponsor", "lower"),
        ("S Added as Co-Sponsor Sen. Pat Sample", "cosponsor", "upper"),
        ("S Added as Alternate Co-Sponsor Sen. Pat Sample", "cosponsor", "upper"),
        ("H Co-Sponsor Rep. Pat Sample", "cosponsor", "lower"),
    ],
)
def test_someone_joins(line, role, chamber):
    assert told(line) == [("Pat Sample", chamber, role, "added")]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("H Removed Co-Sponsor Rep. Pat Sample", "cosponsor"),
        ("H Remove Chief Co-Sponsor Rep. Pat Sample", "chief_cosponsor"),
        ("S Sponsor Removed Sen. Pat Sample", "chief"),
        ("S Alternate Chief Sponsor Removed Sen. Pat Sample", "chief"),
        ("S Alternate Co-Sponsor Removed Sen. Pat Sample", "cosponsor"),
    ],
)
def test_someone_leaves_whom_no_line_brought(line, role):
    chamber = "lower" if "Rep." in line else "upper"
    assert told(line) == [("Pat Sample", chamber, role, "removed")]


@pytest.mark.parametrize(
    "line",
    [
        "H First Reading",
        "H Fiscal Note Requested by Rep. Pat Sample",
        "H House Floor Amendment No. 1 Filed with Clerk by Rep. Pat Sample",
        "H Motion Filed to Reconsider Vote Rep. Pat Sample",
        "H Motion Filed - Table Bill/Resolution Pursuant to Rule 60(b), Rep. Pat Sample",
        "S Filed with Secretary",
    ],
)
def test_lines_about_something_else(line):
    assert told(line) == []


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Rep. Ana M. Sample, II", ["Ana M. Sample, II"]),
        ("Rep. Lee Sample, Jr.", ["Lee Sample, Jr."]),
        ('Rep. Robert "Bob" Sample', ['Robert "Bob" Sample']),
        ("Rep. Ana Sample-Muster", ["Ana Sample-Muster"]),
        ("Rep. Pat Sample;  on 08/16/2023", ["Pat Sample"]),
        ("Reps. Pat Sample, Lee Muster, Jr., and Kim Probe", ["Pat Sample", "Lee Muster, Jr.", "Kim Probe"]),
        ("Rep. Pat Sample and Rep. Lee Muster", ["Pat Sample", "Lee Muster"]),
        ("Representative Pat Sample and Andrea Muster", ["Pat Sample", "Andrea Muster"]),
    ],
)
def test_names_as_printed(words, names):
    assert [change[0] for change in told(f"H Added Co-Sponsors {words}")] == names


def test_days():
    changes = sponsor_changes(
        [
            ActionRecord(
                "upper", date(2025, 1, 23), "Received by the Senate Sen. Pat Sample;  on 08/16/2023"
            ),
            ActionRecord("upper", date(2025, 2, 4), "Added as Co-Sponsor Sen. Lee Muster"),
        ]
    )
    assert changes == [
        SponsorChange("Pat Sample", "upper", "chief", "added", date(2023, 8, 16)),
        SponsorChange("Lee Muster", "upper", "cosponsor", "added", date(2025, 2, 4)),
    ]


def test_the_same_name_sits_in_two_chambers():
    assert told("H Added Co-Sponsor Rep. Pat Sample", "S Added as Alternate Co-Sponsor Sen. Pat Sample") == [
        ("Pat Sample", "lower", "cosponsor", "added"),
        ("Pat Sample", "upper", "cosponsor", "added"),
    ]


def test_a_new_chief_sponsor_takes_the_old_ones_place():
    assert told(
        "H Filed with the Clerk by Rep. Pat Sample",
        "S Chief Senate Sponsor Sen. Kim Probe",
        "H Added Co-Sponsor Rep. Lee Muster",
        "H Chief Sponsor Changed to Rep. Lee Muster",
        "H Added Chief Co-Sponsor Rep. Pat Sample",
    )[3:] == [
        ("Pat Sample", "lower", "chief", "removed"),
        ("Lee Muster", "lower", "chief", "role"),
        ("Pat Sample", "lower", "chief_cosponsor", "added"),
    ]


def test_tidying_the_lower_list_is_no_leaving():
    """Whoever became chief co-sponsor is struck from the co-sponsors' list, and is still a sponsor."""
    assert told(
        "H Added Co-Sponsor Rep. Pat Sample",
        "H Added Chief Co-Sponsor Rep. Pat Sample",
        "H Removed Co-Sponsor Rep. Pat Sample",
    ) == [
        ("Pat Sample", "lower", "cosponsor", "added"),
        ("Pat Sample", "lower", "chief_cosponsor", "role"),
    ]


def test_leaving_and_coming_back():
    assert told(
        "H Added Co-Sponsor Rep. Pat Sample",
        "H Removed Co-Sponsor Rep. Pat Sample",
        "H Added Co-Sponsor Rep. Pat Sample",
    ) == [
        ("Pat Sample", "lower", "cosponsor", "added"),
        ("Pat Sample", "lower", "cosponsor", "removed"),
        ("Pat Sample", "lower", "cosponsor", "added"),
    ]


def test_a_line_printed_twice_is_told_once():
    changes = sponsor_changes(
        actions("H Added Co-Sponsor Rep. Pat Sample", "H Added Co-Sponsor Rep. Pat Sample")
    )
    assert [change.on for change in changes] == [FIRST_DAY]
    again = actions(
        "H Added Co-Sponsor Rep. Pat Sample", "H First Reading", "H Remove Chief Co-Sponsor Rep. Pat Sample"
    )
    assert [(change.change, change.on) for change in sponsor_changes(again)] == [
        ("added", FIRST_DAY),
        ("removed", FIRST_DAY + timedelta(days=2)),
    ]


@realdata
def test_replaying_the_lines_gives_the_real_lists_of_sponsors():
    """In 12 of 5,353 measures the General Assembly lists someone whom no line names (it prints another name twice)."""
    measures = different = wrong_chief = 0
    with gzip.open(MEASURES, "rt", encoding="utf-8") as lines:
        for line in lines:
            measure = json.loads(line)
            measures += 1
            now: dict[tuple[str, str], str] = {}
            records = [
                ActionRecord("", date.fromisoformat(action["date"]), action["description"])
                for action in measure["actions"]
            ]
            for change in sponsor_changes(records):
                if change.change == "removed":
                    now.pop((change.name, change.chamber), None)
                else:
                    now[change.name, change.chamber] = change.role
            listed = {
                (sponsor["name"], json.loads(sponsor["person_id"][1:])["chamber"]): sponsor["primary"]
                for sponsor in measure["sponsorships"]
            }
            different += set(now) != set(listed)
            wrong_chief += any(
                (now.get(person, "chief") == "chief") != chief
                for person, chief in listed.items()
                if person in now
            )
    assert (measures, different, wrong_chief) == (5353, 12, 0)
