"""The General Assembly's status files: flat lines, wrong encodings, broken XML."""

from datetime import date

import pytest

from legislation.records import ActionRecord, MeasureRecord, Rejected, SponsorshipRecord
from legislation.sources import SOURCES, Progress, ReadOptions, SourceUnavailable
from legislation.sources.ilga_billstatus import BillStatus, measures_named
from tests.legislation.sources.samples import bill_status, put, read, refusals, zipped
from tests.legislation.sources.stand_in import FAILURE

SOURCE = SOURCES["ilga-billstatus"]
TWO_LINES = (
    "<statusdate>1/9/2025</statusdate><chamber>House</chamber><action>Filed with the Clerk by Rep. Cy Blair-Test</action>\r\n"
    "<statusdate>12/31/2025</statusdate><chamber>Senate</chamber><action>Added as Chief Co-Sponsor Sen. Eva-Di Draft</action>"
)


def one(tmp_path, content, name="10400HB0007.xml", **options):
    (record,) = read(SOURCE, put(tmp_path / name, content), **options)
    return record


def test_a_measure(tmp_path):
    assert one(tmp_path, bill_status(actions=TWO_LINES)) == MeasureRecord(
        session=104,
        identifier="HB7",
        title="SAMPLE-TECH",
        synopsis="Amends the Sample Act.",
        sponsorships=(SponsorshipRecord("Ana Sample", "chief", "lower"),),
        actions=(
            ActionRecord("lower", date(2025, 1, 9), "Filed with the Clerk by Rep. Cy Blair-Test"),
            ActionRecord("upper", date(2025, 12, 31), "Added as Chief Co-Sponsor Sen. Eva-Di Draft"),
        ),
    )


@pytest.mark.parametrize(
    ("name", "title", "stored", "session"),
    [
        ("09700SJ0059.xml", "SJR 59", "SJR59", 97),
        ("10400HC0003.xml", "HJRCA 3", "HJRCA3", 104),
        ("10400AM1040001.xml", "AM 1040001", "AM1040001", 104),
        ("10400EO0001.xml", "EO 1", "EO1", 104),
        ("upload_x1y.xml", "HB 7", "HB7", 103),
    ],
)
def test_which_measure_it_is(tmp_path, name, title, stored, session):
    record = one(tmp_path, bill_status(title=title), name, session=session)
    assert (record.identifier, record.session) == (stored, session)


def test_sponsors_of_both_chambers(tmp_path):
    sponsors = (
        "<sponsorhead1>House Sponsors</sponsorhead1>"
        "<sponsors>Rep. Cy Blair-Test-Debbie Meyers-Martin-Kam Sample, Ana Trial, Jr. and Bo Example, III</sponsors>\r\n"
        "<sponsorhead2>Senate Sponsors</sponsorhead2><sponsors>Sen. Fay Model-Eva-Di Draft</sponsors>"
    )
    record = one(tmp_path, bill_status(sponsors=sponsors, actions=TWO_LINES))
    assert [(one.name, one.role, one.chamber) for one in record.sponsorships] == [
        ("Cy Blair-Test", "chief", "lower"),
        ("Debbie Meyers-Martin", "chief_cosponsor", "lower"),
        ("Kam Sample", "chief_cosponsor", "lower"),
        ("Ana Trial, Jr.", "cosponsor", "lower"),
        ("Bo Example, III", "cosponsor", "lower"),
        ("Fay Model", "chief", "upper"),
        ("Eva-Di Draft", "chief_cosponsor", "upper"),
    ]


def test_the_synopsis_with_those_of_amendments(tmp_path):
    synopsis = (
        "<synopsistitle></synopsistitle><reference>5 ILCS 1/1</reference><aliasreference></aliasreference>"
        "<SynopsisText>     Amends the Sample Act.</SynopsisText>\r\n"
        "<synopsistitle>House Committee Amendment No. 1</synopsistitle>"
        "<SynopsisText>Replaces everything after the enacting clause.</SynopsisText>"
    )
    assert one(tmp_path, bill_status(synopsis=synopsis)).synopsis == (
        "Amends the Sample Act.\n\n"
        "House Committee Amendment No. 1\nReplaces everything after the enacting clause."
    )


@pytest.mark.parametrize("declared", ["UTF-8", "ISO-8859-1", "windows-1252"])
@pytest.mark.parametrize("really", ["utf-8", "latin-1", "cp1252", "utf-8-sig", "utf-16"])
def test_the_bytes_decide_not_the_declaration(tmp_path, declared, really):
    text = bill_status(
        sponsors="<sponsorhead1>House Sponsors</sponsorhead1><sponsors>Rep. Édgar González</sponsors>",
        encoding=declared,
    )
    assert one(tmp_path, text.encode(really)).sponsorships[0].name == "Édgar González"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            bill_status(encoding="ISO-8859-1").replace("SAMPLE", "SÄMPLE").encode("latin-1")[:-60],
            "not whole XML",
        ),
        (bill_status().replace("</sponsors>", ""), "not whole XML"),
        (bill_status().replace("SAMPLE", "A\x00B"), "not whole XML"),
        (bill_status().replace("SAMPLE", "A\x01B"), "not whole XML"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "not text"),
        (b"<xml></xml>", "It holds no actions."),
        (bill_status(title="LB 7"), "“LB” is not a kind of measure"),
        (bill_status(title="HB 8"), "Its name says HB7, its title HB8."),
        (bill_status().replace("1/9/2025", "1/32/2025"), "“1/32/2025” cannot be a date"),
        (bill_status(actions="<statusdate>1/9/2025</statusdate><action>Filed</action>"), "not whole: day"),
        (
            b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><xml><title>&b;</title></xml>",
            "not whole XML",
        ),
        (b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><xml></xml>", "not whole XML"),
    ],
)
def test_what_cannot_go_in_is_named_by_its_file_and_the_others_come(tmp_path, content, words):
    put(tmp_path / "d" / "10400HB0007.xml", content)
    put(tmp_path / "d" / "10400HB0008.xml", bill_status(title="HB 8"))
    records = read(SOURCE, tmp_path / "d", session=104)
    assert words in refusals(records)["10400HB0007.xml"]
    assert [record.identifier for record in records] == ["10400HB0007.xml", "HB8"]


def test_another_general_assembly_and_special_sessions_are_refused(tmp_path):
    assert "103rd" in one(tmp_path, bill_status(), "10300HB0007.xml", session=104).reason
    assert "special session" in one(tmp_path, bill_status(), "10401HB0007.xml").reason
    assert "which General Assembly" in one(tmp_path, bill_status(), "status.xml").reason


def test_an_archive(tmp_path):
    path = zipped(tmp_path / "x.zip", {"XML/10400HB0007.xml": bill_status()})
    assert [record.identifier for record in read(SOURCE, path)] == ["HB7"]


# --- Fetching --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "measures"),
    [
        ("HB1-HB3, SB7", [("HB", 1), ("HB", 2), ("HB", 3), ("SB", 7)]),
        ("hb 5", [("HB", 5)]),
        ("HJR1-2; hr9", [("HJR", 1), ("HJR", 2), ("HR", 9)]),
        ("LB1-LB3", None),
        ("/data/HB1", None),
        ("HB1.xml", None),
        ("", None),
    ],
)
def test_numbers_to_fetch(words, measures):
    assert measures_named(words) == measures


@pytest.fixture
def server(stand_in, clock, settings):
    settings.ILGA_BILLSTATUS_URL = (
        stand_in.address + "/ftp/legislation/{ga}/BillStatus/XML/{ga:03d}00{type}{number:04d}.xml"
    )
    for number in range(1, 46):
        stand_in.serve(
            f"/ftp/legislation/104/BillStatus/XML/10400HB{number:04d}.xml", bill_status(title=f"HB {number}")
        )
    return stand_in


def test_a_range_is_fetched_and_a_gap_is_named(server, clock):
    server.serve("/ftp/legislation/104/BillStatus/XML/10400HJ0002.xml", bill_status(title="HJR 2"))
    del server.routes["/ftp/legislation/104/BillStatus/XML/10400HB0002.xml"]
    records = read(BillStatus(clock.client), "HB1-HB3 HJR2", session=104)
    assert [record.identifier for record in records] == ["HB1", "HB2", "HB3", "HJR2"]
    assert "has no status of it" in records[1].reason
    assert isinstance(records[3], MeasureRecord)


def test_a_range_goes_on_where_it_stopped(server, clock):
    source = BillStatus(clock.client)
    records = source.read(ReadOptions("HB1-HB45", session=104))
    found = [next(records) for _count in range(31)]
    server.misbehave(*[FAILURE] * 5)
    with pytest.raises(SourceUnavailable):
        next(records)
    progress = [record for record in found if isinstance(record, Progress)]
    assert progress == [Progress("20", 45)]
    rest = read(source, "HB1-HB45", session=104, cursor=progress[-1].cursor)
    assert [record.identifier for record in rest] == [f"HB{number}" for number in range(21, 46)]


def test_one_address(server, clock):
    url = f"{server.address}/ftp/legislation/104/BillStatus/XML/10400HB0003.xml"
    (record,) = read(BillStatus(clock.client), url)
    assert (record.session, record.identifier) == (104, "HB3")


def test_a_web_page_instead_of_a_status_is_refused(server, clock):
    server.serve("/ftp/legislation/104/BillStatus/XML/10400HB0003.xml", "<!DOCTYPE html><html>Moved</html>")
    (record,) = read(BillStatus(clock.client), "HB3", session=104)
    assert isinstance(record, Rejected)
