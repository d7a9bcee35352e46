"""Lists of ZIP codes."""

import json

import pytest

from legislation.records import ZipCodeRecord
from legislation.sources import SOURCES, SourceBroken
from tests.legislation.sources.samples import csv_text, put, read, refusals

SOURCE = SOURCES["zip-codes"]
ENTRY = {
    "stateCode": "IL",
    "city": "Sampleton",
    "county": "Sample",
    "zip": "60001",
    "zipType": "Non-Unique",
    "location": {"latitude": 42.47, "longitude": -88.09},
}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([ENTRY]),
        json.dumps({"zips": [ENTRY]}),
        csv_text("ZIP,City,State,County,Latitude,Longitude", "60001,Sampleton,IL,Sample,42.47,-88.09"),
        csv_text(
            '"zip_code","primary_city","county","lat","lng"', '"60001","Sampleton","Sample","42.47","-88.09"'
        ),
    ],
)
def test_json_and_csv(tmp_path, text):
    assert read(SOURCE, put(tmp_path / "x", text)) == [
        ZipCodeRecord("60001", "Sampleton", "Sample", 42.47, -88.09)
    ]


def test_a_zip_code_without_a_point(tmp_path):
    entry = {name: value for name, value in ENTRY.items() if name != "location"}
    assert read(SOURCE, put(tmp_path / "x", json.dumps([entry]))) == [
        ZipCodeRecord("60001", "Sampleton", "Sample")
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"zip": "6001"}, "“6001” is not a ZIP code"),
        ({"zip": 60001.5}, "is not a ZIP code"),
        ({"stateCode": "WI"}, "WI"),
        ({"city": " "}, "names no city"),
        ({"location": {"latitude": 12.5, "longitude": -88.0}}, "does not lie in Illinois"),
        ({"location": {"latitude": "north", "longitude": -88.0}}, "does not lie in Illinois"),
        ({"location": {"latitude": 42.0}}, "only one of"),
        ({"city": "a\x00b"}, "cannot be stored"),
    ],
)
def test_what_cannot_go_in_is_named_and_the_rest_comes(tmp_path, changes, words):
    records = read(SOURCE, put(tmp_path / "x", json.dumps([{**ENTRY, **changes}, ENTRY, "odd"])))
    first, third = refusals(records).values()
    assert words in first
    assert "not a ZIP code" in third
    assert len(records) == 3


@pytest.mark.parametrize("text", ["[", '{"a": 1}', "name,place\nx,y\n", "a\x00\x00\x00"])
def test_something_else_is_said(tmp_path, text):
    with pytest.raises(SourceBroken):
        read(SOURCE, put(tmp_path / "x", text))
