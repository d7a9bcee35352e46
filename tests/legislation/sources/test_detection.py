"""Guessing the source of an uploaded file by its content."""

import json

import pytest

from legislation.sources import SOURCES, SourceBroken, detect
from tests.legislation.sources.samples import (
    bill_status,
    gzipped,
    hearing_page,
    legiscan_bill,
    legiscan_roll_call,
    lines,
    measure,
    notice,
    put,
    roll_call,
    zipped,
)
from tests.legislation.sources.test_districts import collection, feature, square, tiger_zip
from tests.legislation.sources.test_ilga_slips import HEADING, LINE
from tests.legislation.sources.test_openstates_csv import session_zip
from tests.legislation.sources.test_openstates_people import COMMITTEE, PERSON


@pytest.mark.parametrize(
    ("content", "source"),
    [
        (lines(measure()), "openstates-files"),
        (gzipped(lines(roll_call())), "openstates-files"),
        (json.dumps([measure()], indent=2), "openstates-files"),
        (PERSON, "openstates-people"),
        ("---\n" + COMMITTEE, "openstates-people"),
        ("id,name,current_party,current_district,current_chamber\n", "openstates-people"),
        (bill_status(), "ilga-billstatus"),
        (b"\xef\xbb\xbf" + bill_status().encode(), "ilga-billstatus"),
        (json.dumps({"data": [notice()], "total": 1}), "ilga-hearings"),
        ('{"data":[],"total":0}', "ilga-hearings"),
        (hearing_page(1, "HB1"), "ilga-hearings"),
        (HEADING + LINE, "ilga-slips"),
        (LINE, "ilga-slips"),
        (json.dumps({"bill": legiscan_bill()}), "legiscan"),
        (json.dumps({"roll_call": legiscan_roll_call()}), "legiscan"),
        (json.dumps({"person": {"people_id": 1, "name": "Ana Sample"}}), "legiscan"),
        (collection(feature("1", square(-89.0))), "districts"),
        (json.dumps([{"stateCode": "IL", "city": "Sampleton", "zip": "60001"}]), "zip-codes"),
        ("zip,city,lat,lng\n60001,Sampleton,,\n", "zip-codes"),
    ],
)
def test_by_content_whatever_the_name(tmp_path, content, source):
    assert detect(put(tmp_path / "upload", content)) == source


def test_archives_and_folders(tmp_path):
    assert detect(tiger_zip(tmp_path / "a.zip", d001=-89.0)) == "districts"
    assert detect(session_zip(tmp_path / "b.zip")) == "openstates-files"
    assert (
        detect(zipped(tmp_path / "c.zip", {"README": "x", "il/bill_1.json": json.dumps(measure())}))
        == "openstates-files"
    )
    assert (
        detect(zipped(tmp_path / "d.zip", {"IL/bill/HB1.json": json.dumps({"bill": legiscan_bill()})}))
        == "legiscan"
    )
    put(tmp_path / "e" / "x" / "a.yml", PERSON)
    assert detect(tmp_path / "e") == "openstates-people"


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0", "Dear all,", "{}", "<html></html>", "a|b\n", b"\x1f\x8b\x08x"]
)
def test_what_is_nothing_known_is_said_with_what_is(tmp_path, content):
    with pytest.raises(SourceBroken, match=r"upload was not recognized\. Known are: files of Open States"):
        detect(put(tmp_path / "upload", content))


def test_an_empty_file_is_said(tmp_path):
    with pytest.raises(SourceBroken, match="is empty"):
        detect(put(tmp_path / "upload", b""))


def test_every_source_has_a_name_and_words():
    assert list(SOURCES) == [
        "openstates-api",
        "openstates-files",
        "openstates-people",
        "ilga-billstatus",
        "ilga-hearings",
        "ilga-slips",
        "legiscan",
        "districts",
        "zip-codes",
    ]
    assert all(str(source.label) for source in SOURCES.values())
