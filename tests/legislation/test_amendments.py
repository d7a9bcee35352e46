"""Texts and amendments of a measure. The wordings are real, the people and addresses samples."""

import gzip
import json
from datetime import date, timedelta

import pytest

from legislation.reading.amendments import (
    read_documents,
    replaces_everything,
    replacing_amendments,
    synopsis_replaces_everything,
)
from legislation.records import ActionRecord, DocumentRecord
from tests.legislation.lines import FIRST_DAY, actions
from tests.realdata import MEASURES, realdata

PDF, HTML = "application/pdf", "text/html"
SITE = "https://ilga.example"


def fates(*lines: str) -> dict[str, str]:
    """What became of each amendment that the lines name."""
    return {reading.note: reading.fate for reading in read_documents([], actions(*lines), "")}


def test_the_two_forms_of_one_text_are_one_document():
    documents = [
        DocumentRecord("Introduced", f"{SITE}/10400HB0022.pdf", PDF),
        DocumentRecord("Introduced", f"{SITE}/FullText?DocName=10400HB0022", HTML),
    ]
    (reading,) = read_documents(documents, actions("H Filed with the Clerk by Rep. Pat Sample"), "")
    assert (reading.kind, reading.note, reading.date) == ("text", "Introduced", FIRST_DAY)
    assert (reading.pdf_url, reading.html_url) == (documents[0].url, documents[1].url)
    assert (reading.amendment_number, reading.fate, reading.chamber) == (None, "", "")


def test_the_form_is_known_by_the_address_where_nothing_says_it():
    documents = [
        DocumentRecord("Public Act", f"{SITE}/PublicActs/View/104-0162"),
        DocumentRecord("Enrolled", f"{SITE}/10400HB0022enr.PDF?x=1"),
    ]
    enrolled, act = read_documents(documents, [], "")
    assert (enrolled.pdf_url, enrolled.html_url) == (documents[1].url, "")
    assert (act.pdf_url, act.html_url) == ("", documents[0].url)


def test_of_two_addresses_of_one_form_the_first_stays():
    documents = [DocumentRecord("Engrossed", f"{SITE}/{number}.pdf", PDF) for number in (1, 2)]
    (reading,) = read_documents(documents, [], "")
    assert reading.pdf_url == f"{SITE}/1.pdf"


def test_documents_stand_in_the_order_of_the_bills_life():
    notes = [
        "Public Act",
        "Senate Amendment 002",
        "Something New",
        "Senate Amendment 001",
        "Enrolled",
        "House Amendment 010",
        "House Amendment 002",
        "Engrossed",
        "Governor's Message",
        "Re-Enrolled",
        "Introduced",
    ]
    documents = [DocumentRecord(note, f"{SITE}/{number}", HTML) for number, note in enumerate(notes)]
    house_bill = read_documents(documents, actions("H First Reading"), "")
    assert [reading.note for reading in house_bill] == [
        "Introduced",
        "House Amendment 002",
        "House Amendment 010",
        "Engrossed",
        "Senate Amendment 001",
        "Senate Amendment 002",
        "Enrolled",
        "Governor's Message",
        "Re-Enrolled",
        "Public Act",
        "Something New",
    ]
    assert [reading.position for reading in house_bill] == list(range(11))
    assert {reading.note for reading in house_bill if reading.kind == "other"} == {
        "Governor's Message",
        "Something New",
    }
    senate_bill = read_documents(documents, actions("S First Reading"), "")
    assert [reading.note for reading in senate_bill][1:3] == ["Senate Amendment 001", "Senate Amendment 002"]


def test_the_order_of_the_source_does_not_matter():
    documents = [
        DocumentRecord(note, f"{SITE}/{note}", HTML)
        for note in ("Introduced", "Enrolled", "House Amendment 001")
    ]
    lines = actions("H First Reading", "H House Floor Amendment No. 1 Adopted")
    assert read_documents(documents, lines, "") == read_documents(documents[::-1], lines, "")


def test_texts_are_dated_by_the_lines_that_made_them():
    documents = [
        DocumentRecord(note, SITE, HTML) for note in ("Introduced", "Engrossed", "Enrolled", "Public Act")
    ]
    lines = actions(
        "H Filed with the Clerk by Rep. Pat Sample",
        "H Third Reading - Short Debate - Passed 113-000-000",
        "S Third Reading - Passed; 057-000-000",
        "H Passed Both Houses",
        "H Public Act . . . . . . . . . 104-0162",
    )
    days = [reading.date for reading in read_documents(documents, lines, "")]
    assert days == [FIRST_DAY + timedelta(days=number) for number in (0, 1, 3, 4)]


def test_a_date_that_the_source_gives_counts():
    document = DocumentRecord("Introduced", SITE, HTML, date(2024, 12, 5))
    (reading,) = read_documents([document], actions("H Prefiled with Clerk by Rep. Pat Sample"), "")
    assert reading.date == date(2024, 12, 5)


def test_committee_and_floor_amendments_share_one_numbering():
    lines = actions(
        "H House Committee Amendment No. 1 Filed with Clerk by Rep. Pat Sample",
        "H House Committee Amendment No. 1 Adopted in Housing Committee;  by Voice Vote",
        "H House Floor Amendment No. 2 Filed with Clerk by Rep. Pat Sample",
        "S Senate Committee Amendment No. 1 Filed with Secretary by Sen. Lee Muster",
    )
    documents = [
        DocumentRecord("House Amendment 001", f"{SITE}/ham001.pdf", PDF),
        DocumentRecord("House Floor Amendment No. 2", f"{SITE}/ham002.pdf", PDF),
    ]
    readings = read_documents(documents, lines, "")
    assert [(r.note, r.chamber, r.amendment_number, r.fate, r.date) for r in readings] == [
        ("House Amendment 001", "lower", 1, "adopted", FIRST_DAY),
        ("House Amendment 002", "lower", 2, "filed", FIRST_DAY + timedelta(days=2)),
        ("Senate Amendment 001", "upper", 1, "filed", FIRST_DAY + timedelta(days=3)),
    ]
    assert [reading.pdf_url for reading in readings] == [f"{SITE}/ham001.pdf", f"{SITE}/ham002.pdf", ""]


@pytest.mark.parametrize(
    ("words", "fate"),
    [
        ("Filed with Clerk by Rep. Pat Sample", "filed"),
        ("Referred to Rules Committee", "filed"),
        ("Rules Refers to Housing Committee", "filed"),
        ("Recommends Be Adopted Housing Committee;  010-000-000", "filed"),
        ("Rule 19(c) / Re-referred to Rules Committee", "filed"),
        ("Adopted", "adopted"),
        ("Adopted by Voice Vote", "adopted"),
        ("Adopted in Housing Committee;  008-000-000", "adopted"),
        ("Adopted 065-040-000", "adopted"),
        ("Tabled", "tabled"),
        ("Tabled Pursuant to Rule 40", "tabled"),
        ("Lost 040-065-000", "lost"),
        ("Withdrawn by Rep. Pat Sample", "withdrawn"),
        ("Fiscal Note Requested as Amended by Rep. Pat Sample", "filed"),
        ("Motion Filed to Reconsider Vote Rep. Pat Sample", "filed"),
    ],
)
def test_fate_of_an_amendment(words, fate):
    assert fates(f"H House Floor Amendment No. 1 {words}") == {"House Amendment 001": fate}


@pytest.mark.parametrize(
    ("words", "fate"),
    [
        ("Adopted; Sample", "adopted"),
        ("Tabled Sample", "tabled"),
        ("Tabled Pursuant to Rule 5-4-(a)", "tabled"),
        ("Postponed - Executive", "filed"),
        ("Recommend Do Adopt Executive;  011-002-000", "filed"),
        ("Be Approved for Consideration Assignments", "filed"),
    ],
)
def test_fate_in_the_senates_words(words, fate):
    assert fates(f"S Senate Floor Amendment No. 2 {words}") == {"Senate Amendment 002": fate}


def test_what_the_other_chamber_does_with_it_is_not_its_fate():
    assert fates(
        "S Senate Floor Amendment No. 1 Adopted; Sample",
        "H Senate Floor Amendment No. 1 Motion to Concur Lost 040-065-000",
        "H Senate Floor Amendment No. 1 Motion to Reconsider Vote - Prevails 080-010-000",
        "H Senate Floor Amendment No. 1 House Concurs 077-037-000",
    ) == {"Senate Amendment 001": "adopted"}


def test_a_chamber_gives_up_its_amendment():
    assert fates(
        "S Senate Floor Amendment No. 1 Adopted; Sample",
        "S Senate Floor Amendment No. 1 Senate Recedes 040-010-000",
    ) == {"Senate Amendment 001": "withdrawn"}


def test_an_amendment_withdrawn_taken_from_the_table_and_adopted():
    lines = [
        "H House Floor Amendment No. 1 Withdrawn by Rep. Pat Sample",
        "H House Floor Amendment No. 2 Adopted",
        "H House Floor Amendment No. 2 Motion to Reconsider Vote - Prevails 111-000-000",
        "H House Floor Amendment No. 1 Motion Filed Take From Table Rep. Pat Sample",
        "H House Floor Amendment No. 1 Motion Prevailed 111-000-000",
    ]
    assert fates(*lines) == {"House Amendment 001": "filed", "House Amendment 002": "filed"}
    lines += ["H House Floor Amendment No. 1 Adopted", "H House Floor Amendment No. 2 Adopted"]
    assert fates(*lines) == {"House Amendment 001": "adopted", "House Amendment 002": "adopted"}


def test_a_motion_about_an_adopted_amendment_leaves_it_adopted():
    assert fates(
        "H House Floor Amendment No. 1 Adopted", "H House Floor Amendment No. 1 Motion Prevailed"
    ) == {"House Amendment 001": "adopted"}


def test_a_measure_without_documents():
    assert read_documents([], actions("H First Reading"), "Amends the Porch Act.") == []


SYNOPSIS = """Amends the Porch Act. Makes a technical change in a Section concerning the short title.
House Committee Amendment No. 1
Deletes reference to: 10 ILCS 5/1-1 Adds reference to: New Act
Replaces everything after the enacting clause. Creates the Safe Porch Act.
Fiscal Note, House Committee Amendment No. 1 (Dept. of Porches)
No fiscal impact.
House Floor Amendment No. 2
In a Section concerning steps, deletes language about railings.
Senate Floor Amendment No. 3
Replaces everything after the enacting clause. Reinserts the provisions of the engrossed bill. Effective immediately."""


def test_the_synopsis_says_which_amendments_replace_everything():
    assert replacing_amendments(SYNOPSIS) == {("lower", 1), ("upper", 3)}
    lines = actions("H House Committee Amendment No. 1 Adopted", "H House Floor Amendment No. 2 Adopted")
    readings = read_documents([DocumentRecord("Introduced", SITE, HTML)], lines, SYNOPSIS)
    assert [reading.note for reading in readings if reading.replaces_everything] == ["House Amendment 001"]


def test_a_synopsis_run_together_on_one_line():
    assert replacing_amendments(" ".join(SYNOPSIS.split())) == {("lower", 1), ("upper", 3)}


def test_amendments_of_other_bills_named_in_a_synopsis_are_no_headings():
    text = (
        "If and only if Senate Bill 9999, as amended by House Amendment No. 1, becomes law, then amends the Porch Act. "
        "The amendatory Act replaces everything after the enacting clause."
    )
    assert replacing_amendments(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Replaces everything after the enacting clause.", True),
        (
            "Replaces everything after the enacting clause with the provisions of the bill as introduced.",
            True,
        ),
        ("Deletes everything after the enacting clause. Amends the Porch Act.", True),
        ("Deletes everything. Creates the Safe Porch Act.", True),
        ("Replaces the title and everything after the enacting clause.", True),
        ("Replaces everything after the heading with a new resolution.", True),
        ("Deletes all of the language after the title.", True),
        ("Deletes reference to: 10 ILCS 5/1-1", False),
        ("Removes everything flammable from porches.", False),
        ("Deletes all references to porches.", False),
        ("", False),
    ],
)
def test_words_that_replace_everything(text, expected):
    assert replaces_everything(text) is expected


@realdata
def test_every_real_amendment_has_a_fate_a_day_and_a_link():
    documents = listed = 0
    seen = set()
    with gzip.open(MEASURES, "rt", encoding="utf-8") as lines:
        for line in lines:
            measure = json.loads(line)
            records = [
                DocumentRecord(version["note"], link["url"], link["media_type"])
                for version in measure["versions"] + measure["documents"]
                for link in version["links"]
            ]
            history = [
                ActionRecord(
                    "upper" if "upper" in action["organization_id"] else "lower",
                    date.fromisoformat(action["date"]),
                    action["description"],
                )
                for action in measure["actions"]
            ]
            readings = read_documents(records, history, measure["abstracts"][0]["abstract"])
            documents += len({record.note for record in records})
            listed += len(readings)
            for reading in readings:
                assert reading.date is not None, (measure["identifier"], reading.note)
                assert reading.pdf_url or reading.html_url, (measure["identifier"], reading.note)
                if reading.kind == "amendment":
                    seen.add(reading.fate)
                assert bool(reading.fate) == (reading.kind == "amendment")
    assert documents == listed
    assert seen == {"filed", "adopted", "tabled", "withdrawn"}


def test_a_synopsis_that_begins_so_is_that_of_the_last_amendment_adopted():
    synopsis = "Replaces everything after the enacting clause. Creates the Safe Porch Act."
    lines = actions(
        "H House Committee Amendment No. 1 Adopted in Housing Committee;  by Voice Vote",
        "H House Floor Amendment No. 2 Adopted",
        "H House Floor Amendment No. 3 Tabled",
    )
    assert synopsis_replaces_everything(synopsis)
    assert not synopsis_replaces_everything(SYNOPSIS)
    replacing = [
        reading.note for reading in read_documents([], lines, synopsis) if reading.replaces_everything
    ]
    assert replacing == ["House Amendment 002"]
