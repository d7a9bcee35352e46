"""The export of witness slips: bars between columns, documents named in several ways."""

from datetime import UTC, datetime

import pytest

from legislation.records import Rejected, SlipRecord
from legislation.sources import SOURCES, SourceBroken, SourceUnavailable
from legislation.sources.ilga_documents import read_amendment, read_document
from legislation.sources.ilga_slips import Slips, measure_in
from legislation.sources.reading import Refused
from tests.legislation.sources.samples import put, read, refusals, zipped
from tests.legislation.sources.stand_in import MAINTENANCE

SOURCE = SOURCES["ilga-slips"]
HEADING = "Legislation|Name|Firm|Representation|Position|Committee|ScheduledDateTime\n"
LINE = "HB1075|Ana Sample|Sample House|Sample House|Proponent|Executive|2025-05-31 17:00\n"


def one(tmp_path, line, name="slips.txt", **options):
    (record,) = read(SOURCE, put(tmp_path / name, line), **options)
    return record


@pytest.mark.parametrize("text", [HEADING + LINE, LINE, HEADING + "\r\n" + LINE.replace("\n", "|\r\n")])
def test_a_slip_with_and_without_heading(tmp_path, text):
    assert one(tmp_path, text) == SlipRecord(
        session=104,
        identifier="HB1075",
        amendment="",
        committee="Executive",
        scheduled_at=datetime(2025, 5, 31, 22, tzinfo=UTC),
        name="Ana Sample",
        firm="Sample House",
        representation="Sample House",
        position="proponent",
    )


@pytest.mark.parametrize(
    ("printed", "measure", "amendment"),
    [
        ("HB1075", "HB1075", ""),
        ("HB 01075", "HB1075", ""),
        ("HB1075 - House Amendment 1", "HB1075", "House Amendment 1"),
        ("HB1075 House Amendment 001", "HB1075", "House Amendment 1"),
        ("HB1075 (Senate Floor Amendment No. 12)", "HB1075", "Senate Amendment 12"),
        ("HB1075: House Committee Amendment No. 2", "HB1075", "House Amendment 2"),
        ("HB1075/HCA 3", "HB1075", "House Amendment 3"),
        ("SB5 SFA0004", "SB5", "Senate Amendment 4"),
        ("HB1075 Conference Committee Report 001", "HB1075", "Conference Committee Report 001"),
    ],
)
def test_documents_however_they_are_printed(printed, measure, amendment):
    assert read_document(printed) == (measure, amendment)


def test_an_amendment_alone_needs_its_measure_from_elsewhere(tmp_path):
    assert read_document("Senate Amendment 001", "HB1075") == ("HB1075", "Senate Amendment 1")
    with pytest.raises(Refused, match="does not say which measure"):
        read_document("Senate Amendment 001")
    with pytest.raises(Refused, match="not the number of a measure"):
        read_document("Subject Matter")
    line = LINE.replace("HB1075", "Senate Amendment 001")
    for name, words in (("HB1075 Senate Amendment 1.txt", ""), ("slips.txt", "#bill=HB1075")):
        (record,) = read(SOURCE, f"{put(tmp_path / name, line)}{words}")
        assert (record.identifier, record.amendment) == ("HB1075", "Senate Amendment 1")
    assert "file's name" in one(tmp_path, line, "x.txt").reason


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("HB1075 slips.txt", "HB1075"),
        ("slips_sb-0012.txt", "SB12"),
        ("HB1 and HB2.txt", ""),
        ("ARCHB12.txt", ""),
        ("x", ""),
    ],
)
def test_the_measure_in_a_files_name(name, measure):
    assert measure_in(name) == measure


def test_amendments_of_one_chamber_are_numbered_through():
    assert (
        read_amendment("House Committee Amendment No. 1")
        == read_amendment("House Amendment 001")
        == "House Amendment 1"
    )


@pytest.mark.parametrize(
    ("printed", "stored"),
    [
        ("Proponent", "proponent"),
        ("OPPONENT", "opponent"),
        ("No Position", "no_position"),
        ("No Position on Merits", "no_position"),
    ],
)
def test_positions(tmp_path, printed, stored):
    assert one(tmp_path, LINE.replace("Proponent", printed)).position == stored


@pytest.mark.parametrize(
    "printed", ["5/31/2025 5:00 PM", "2025-05-31T17:00:00", "5/31/2025 - 5:00 PM", "05/31/2025 17:00"]
)
def test_days_and_times(tmp_path, printed):
    assert one(tmp_path, LINE.replace("2025-05-31 17:00", printed)).scheduled_at == datetime(
        2025, 5, 31, 22, tzinfo=UTC
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_names_in_whichever_encoding(tmp_path, encoding):
    assert one(tmp_path, LINE.replace("Ana Sample", "Aná “Sample”").encode(encoding)).name == "Aná “Sample”"


def test_bad_lines_are_named_by_their_number_and_the_rest_comes(tmp_path):
    lines = [
        LINE,
        LINE.replace("Sample House|Sample House", "Sample | House|Sample House"),
        "HB1075|Ana Sample|Proponent\n",
        LINE.replace("Proponent", "Maybe"),
        LINE.replace("HB1075", "LB1"),
        LINE.replace("2025-05-31 17:00", "2025-02-30 17:00"),
        LINE.replace("Ana Sample", ""),
        LINE.replace("Ana", "A\x01\x00na"),
        LINE.replace("2025-05-31", "2023-05-31"),
        LINE,
    ]
    records = read(SOURCE, put(tmp_path / "slips.txt", HEADING + "".join(lines)), session=104)
    found = refusals(records)
    assert found["slips.txt, line 3"] == "It has 8 columns, not 7."
    assert found["slips.txt, line 4"] == "It has 3 columns, not 7."
    assert found["slips.txt, line 5"] == "“Maybe” is not a position."
    assert "“LB” is not a kind" in found["slips.txt, line 6"]
    assert "cannot be a date and time" in found["slips.txt, line 7"]
    assert found["slips.txt, line 8"] == "It names nobody."
    assert "cannot be stored" in found["slips.txt, line 9"]
    assert "103rd" in found["slips.txt, line 10"]
    # The same slip twice is passed on twice; whoever stores it sees that it is one.
    assert [record for record in records if not isinstance(record, Rejected)] == [records[0]] * 2


def test_a_heading_alone_holds_no_slips_and_other_text_is_said(tmp_path):
    assert read(SOURCE, put(tmp_path / "x.txt", HEADING)) == []
    with pytest.raises(SourceBroken, match="not an export of witness slips"):
        read(SOURCE, put(tmp_path / "x.txt", "Dear all,\n"))


def test_several_documents_in_an_archive(tmp_path):
    path = zipped(
        tmp_path / "x.zip",
        {
            "HB1075.txt": HEADING + LINE,
            "HB1075 SA1.txt": HEADING + LINE.replace("HB1075", "Senate Amendment 001"),
        },
    )
    assert sorted(record.amendment for record in read(SOURCE, path)) == ["", "Senate Amendment 1"]


def test_a_document_is_asked_for_by_its_number(stand_in, clock, settings):
    settings.ILGA_SLIPS_URL = stand_in.address + "/Export?legdocid={document}&legislationname={name}"
    stand_in.serve("/Export", HEADING + LINE.replace("HB1075", "Senate Amendment 001"))
    (record,) = read(Slips(clock.client), "204772 HB1075 Senate Amendment 001")
    assert (record.identifier, record.amendment) == ("HB1075", "Senate Amendment 1")
    assert stand_in.requests[0].query == {
        "legdocid": ["204772"],
        "legislationname": ["HB1075 Senate Amendment 001"],
    }


def test_an_address_and_what_may_answer_there(stand_in, clock):
    url = stand_in.serve("/Export", HEADING + LINE)
    (record,) = read(Slips(clock.client), url + "?legdocid=1&legislationname=HB1075")
    assert record.identifier == "HB1075"
    stand_in.serve("/Export", MAINTENANCE)
    with pytest.raises(SourceUnavailable, match="a web page instead of data"):
        read(Slips(clock.client), url)
    with pytest.raises(SourceUnavailable, match="Name a file"):
        read(Slips(clock.client))
    with pytest.raises(SourceUnavailable, match="not a kind of measure"):
        read(Slips(clock.client), url + "#bill=LB1")
