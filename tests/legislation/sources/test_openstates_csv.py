"""The bulk CSV of Open States: tables that hang together by ids."""

from datetime import date

import pytest

from legislation.records import DocumentRecord, MeasureRecord, RollCallRecord, SponsorshipRecord, VoteRecord
from legislation.sources import SOURCES, SourceBroken
from tests.legislation.sources.samples import csv_text, put, read, read_until_it_breaks, refusals, zipped

SOURCE = SOURCES["openstates-files"]
BILL, VOTE = "ocd-bill/00000000-0000-0000-0000-000000000001", "ocd-vote/00000000-0000-0000-0000-000000000002"
PERSON = "ocd-person/00000000-0000-0000-0000-000000000003"
TABLES = {
    "bills": csv_text(
        "id,identifier,title,classification,subject,session_identifier,jurisdiction,organization_classification",
        f"{BILL},HB 1,SAMPLE-TECH,['bill'],[],104th,Illinois,lower",
    ),
    "bill_abstracts": csv_text("id,bill_id,abstract,note,date", f'1,{BILL},"Amends the\nSample Act.",,'),
    "bill_actions": csv_text(
        "id,bill_id,organization_id,description,date,classification,order",
        f"2,{BILL},o-2,Arrive in Senate,2025-04-10,{{}},1",
        f"1,{BILL},o-1,Filed,2025-01-09,{{filing}},0",
    ),
    "bill_sources": csv_text("id,bill_id,url,note", f"1,{BILL},https://example.org/HB1,"),
    "bill_sponsorships": csv_text(
        "id,name,entity_type,organization_id,person_id,bill_id,primary,classification",
        f"1,Ana Sample,person,,{PERSON},{BILL},True,primary",
        f"2,Bo Example,person,,,{BILL},False,cosponsor",
    ),
    "bill_versions": csv_text(
        "id,bill_id,note,date,classification,extras", f"v1,{BILL},Introduced,2025-01-09,,{{}}"
    ),
    "bill_version_links": csv_text(
        "id,media_type,url,version_id",
        "1,text/html,https://example.org/1,v1",
        "2,application/pdf,https://example.org/2,v1",
    ),
    "votes": csv_text(
        "id,identifier,motion_text,motion_classification,start_date,result,organization_id,bill_id,bill_action_id,"
        "jurisdiction,session_identifier",
        f"{VOTE},,Third Reading,{{passage}},2025-04-09,pass,o-1,{BILL},,Illinois,104th",
        "ocd-vote/orphan,,Motion,{},2025-04-09,pass,o-1,ocd-bill/gone,,Illinois,104th",
    ),
    "vote_people": csv_text(
        "id,vote_event_id,option,voter_name,voter_id,note",
        f"1,{VOTE},yes,Ana Sample,{PERSON},",
        f"2,{VOTE},not voting,Bo Example,,",
    ),
    "vote_counts": csv_text("id,vote_event_id,option,value", f"1,{VOTE},yes,1", f"2,{VOTE},not voting,1"),
    "vote_sources": csv_text("id,vote_event_id,url,note", f"1,{VOTE},https://example.org/vote.pdf,"),
    "organizations": csv_text("id,name,classification", "o-1,House,lower", "o-2,Senate,upper"),
}


def session_zip(path, **changes):
    tables = {**TABLES, **changes}
    return zipped(
        path, {f"il/104th/IL_104th_{name}.csv": text for name, text in tables.items() if text is not None}
    )


def test_measures_and_roll_calls_of_a_session(tmp_path):
    records = read(SOURCE, session_zip(tmp_path / "x.zip"), session=104)
    measure, roll_call, orphan = records
    assert measure == MeasureRecord(
        session=104,
        identifier="HB1",
        title="SAMPLE-TECH",
        synopsis="Amends the\nSample Act.",
        sponsorships=(
            SponsorshipRecord("Ana Sample", "chief", "", PERSON),
            SponsorshipRecord("Bo Example", "cosponsor"),
        ),
        actions=measure.actions,
        documents=(
            DocumentRecord("Introduced", "https://example.org/1", "text/html", date(2025, 1, 9)),
            DocumentRecord("Introduced", "https://example.org/2", "application/pdf", date(2025, 1, 9)),
        ),
        source_url="https://example.org/HB1",
        ocd_id=BILL,
    )
    assert [(line.chamber, line.description) for line in measure.actions] == [
        ("lower", "Filed"),
        ("upper", "Arrive in Senate"),
    ]
    assert roll_call == RollCallRecord(
        # The address, as in the scrapers' files: the same vote from either is the same roll call.
        key="https://example.org/vote.pdf",
        session=104,
        identifier="HB1",
        chamber="lower",
        date=date(2025, 4, 9),
        motion="Third Reading",
        passed=True,
        counts={"yes": 1, "not voting": 1},
        votes=(VoteRecord("Ana Sample", "yes", PERSON), VoteRecord("Bo Example", "not voting")),
        source_url="https://example.org/vote.pdf",
    )
    assert refusals([orphan]) == {"ocd-vote/orphan": "Its measure is not in the file."}


def test_an_unpacked_folder_reads_alike(tmp_path):
    for name, text in TABLES.items():
        put(tmp_path / "il" / f"IL_104th_{name}.csv", text)
    assert read(SOURCE, tmp_path) == read(SOURCE, session_zip(tmp_path.parent / f"{tmp_path.name}.zip"))


def test_a_table_without_rows_is_left_out_of_the_zip_and_says_nothing(tmp_path):
    path = session_zip(tmp_path / "x.zip", bill_actions=None, bill_sponsorships=None, votes=None)
    (measure,) = read(SOURCE, path)
    assert measure.actions is None
    assert measure.sponsorships is None


def test_links_inside_the_row_are_read_too(tmp_path):
    versions = csv_text(
        "id,bill_id,note,date,links",
        f"v1,{BILL},Introduced,,\"[{{'url': 'https://example.org/3', 'media_type': 'text/html'}}]\"",
    )
    (measure, *_rest) = read(
        SOURCE, session_zip(tmp_path / "x.zip", bill_versions=versions, bill_version_links=None)
    )
    assert measure.documents == (DocumentRecord("Introduced", "https://example.org/3", "text/html"),)


def test_a_bad_row_costs_its_record_and_is_named(tmp_path):
    actions = TABLES["bill_actions"].replace("2025-04-10", "2025-04-31")
    records = read(SOURCE, session_zip(tmp_path / "x.zip", bill_actions=actions))
    assert refusals(records)["HB 1"] == "“2025-04-31” cannot be a date."
    records = read(
        SOURCE,
        session_zip(tmp_path / "y.zip", vote_counts=TABLES["vote_counts"].replace(",yes,1", ",yes,one")),
    )
    assert refusals(records)[f"HB 1 {VOTE}"] == "“one” is not a number."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bill_actions": "id,bill_id,description\n1,2,3\n"}, "lacks the columns date, order"),
        ({"votes": TABLES["votes"] + "1,2,3\n"}, "line 4: the columns do not fit the heading"),
    ],
)
def test_a_table_that_is_another_is_said(tmp_path, change, words):
    found, error = read_until_it_breaks(SOURCE, session_zip(tmp_path / "x.zip", **change))
    assert isinstance(error, SourceBroken)
    assert words in str(error)
    assert not [record for record in found if isinstance(record, MeasureRecord)]
