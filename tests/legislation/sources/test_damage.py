"""Damaged files of every kind: whatever comes, a source ends with records, named refusals, or words for staff."""

import json
import random
import warnings
import zipfile
from contextlib import suppress

import pytest

from legislation.records import Record
from legislation.sources import SOURCES, Progress, ReadOptions, SourceBroken, SourceUnavailable, detect
from tests.legislation.sources.samples import (
    bill_status,
    drain,
    gzipped,
    hearing_page,
    legiscan_bill,
    lines,
    measure,
    notice,
    put,
    roll_call,
    zipped,
)
from tests.legislation.sources.test_districts import collection, feature, square, tiger
from tests.legislation.sources.test_ilga_slips import HEADING, LINE
from tests.legislation.sources.test_openstates_csv import TABLES
from tests.legislation.sources.test_openstates_people import COMMITTEE, PERSON

STRANGE = [
    b"null",
    b'"x"',
    b"[]",
    b"{}",
    b"-1",
    b"1e400",
    b"9" * 30,
    b"\0",
    b"true",
    b"\xff\xfe",
    b"\\u0000",
    b"\\ud800",
]
FILES = {
    "lines.ndjson": ("openstates-files", lines(measure(), roll_call())),
    "lines.gz": ("openstates-files", gzipped(lines(measure(), roll_call()))),
    "indented.json": ("openstates-files", json.dumps([measure(), roll_call()], indent=1).encode()),
    "person.yml": ("openstates-people", PERSON.encode()),
    "committee.yml": ("openstates-people", COMMITTEE.encode()),
    "il.csv": (
        "openstates-people",
        b"id,name,current_district,current_chamber\nocd-person/1,Ana Sample,1,lower\n",
    ),
    "10400HB0007.xml": ("ilga-billstatus", bill_status().encode()),
    "house.json": ("ilga-hearings", json.dumps({"data": [notice()], "total": 1}).encode()),
    "hearing.html": ("ilga-hearings", hearing_page(1, "HB1", "HB2").encode()),
    "slips.txt": ("ilga-slips", (HEADING + LINE * 2).encode()),
    "bill.json": ("legiscan", json.dumps({"bill": legiscan_bill()}).encode()),
    "house_districts.json": ("districts", collection(feature("1", square(-89.0))).encode()),
    "zips.json": (
        "zip-codes",
        b'[{"zip": "60001", "city": "Sampleton", "location": {"latitude": 42, "longitude": -88}}]',
    ),
}


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The content with some bytes changed, cut out, put in or cut off."""
    spoiled = bytearray(content)
    for _time in range(chance.randint(1, 6)):
        place = chance.randrange(len(spoiled)) if spoiled else 0
        match chance.randrange(5):
            case 0 if spoiled:
                spoiled[place] = chance.randrange(256)
            case 1:
                del spoiled[place : place + chance.randint(1, 20)]
            case 2:
                spoiled[place:place] = bytes(chance.randrange(256) for _byte in range(3))
            case 3:
                spoiled[place:place] = chance.choice(STRANGE)
            case 4 if chance.random() < 0.3:
                del spoiled[place:]
    return bytes(spoiled) or b"?"


def check(source: str, path) -> None:
    found, _error = drain(SOURCES[source].read(ReadOptions(str(path))))
    assert all(isinstance(record, Record | Progress) for record in found)
    with suppress(SourceBroken, SourceUnavailable):
        assert detect(path) in SOURCES


@pytest.mark.parametrize("name", FILES)
def test_damaged_files(tmp_path, name):
    source, content = FILES[name]
    chance = random.Random(name)
    for _time in range(60):
        check(source, put(tmp_path / name, damaged(content, chance)))


def test_damaged_tables(tmp_path):
    chance = random.Random("tables")
    for _time in range(40):
        spoiled = chance.choice(list(TABLES))
        tables = {
            f"IL_{name}.csv": damaged(text.encode(), chance) if name == spoiled else text
            for name, text in TABLES.items()
        }
        check("openstates-files", zipped(tmp_path / "x.zip", tables))


@pytest.mark.parametrize("inside", [True, False])
def test_damaged_archives_and_shapefiles(tmp_path, inside):
    chance = random.Random("shapes")
    path = tmp_path / "tl_2024_17_sldl.zip"
    for _time in range(60):
        files = tiger(d001=-89.0)
        if inside:
            spoiled = chance.choice(list(files))
            files[spoiled] = damaged(files[spoiled], chance)
        with zipfile.ZipFile(path, "w") as archive:
            for suffix, content in files.items():
                archive.writestr(f"sldl{suffix}", content)
        if not inside:
            path.write_bytes(damaged(path.read_bytes(), chance))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            check("districts", path)
