"""From an address to a point: what the Census Bureau may answer, and what must never be kept."""

import logging

import pytest

from legislation.places.geocoding import GeocoderUnavailable, Match, find_address
from portal.logs import without_query
from tests.legislation.geocoder import answer, fake_geocoder, match

ADDRESS = "1 Sample Porch Way, Springfield"


@pytest.fixture
def geocoder(settings):
    with fake_geocoder() as fake:
        settings.CENSUS_GEOCODER_URL = fake.url
        yield fake


def test_an_address_becomes_a_point(geocoder):
    geocoder.answers = [answer(match("1 SAMPLE PORCH WAY, SPRINGFIELD, IL, 62701", 39.8, -89.65))]
    assert find_address(ADDRESS) == [Match("1 SAMPLE PORCH WAY, SPRINGFIELD, IL, 62701", 39.8, -89.65)]
    assert geocoder.asked == [{"address": [ADDRESS], "benchmark": ["Public_AR_Current"], "format": ["json"]}]


def test_matches_elsewhere_and_broken_ones_are_left_out(geocoder):
    geocoder.answers = [
        answer(
            match("IN OREGON", 44.9, -123.0),
            {"coordinates": {"x": "west"}, "matchedAddress": "NO PLACE"},
            {"matchedAddress": "NO POINT"},
            None,
            match("NOWHERE", float("nan"), -89.0),
            match("HERE", 40.0, -89.0),
        )
    ]
    assert [found.address for found in find_address(ADDRESS)] == ["HERE"]


def test_nothing_found_is_no_error(geocoder):
    assert find_address(ADDRESS) == []


def test_it_is_asked_a_second_time(geocoder):
    geocoder.answers = [503, answer(match("HERE", 40.0, -89.0))]
    assert len(find_address(ADDRESS)) == 1
    assert len(geocoder.asked) == 2


@pytest.mark.parametrize(
    "reply",
    [
        500,
        400,
        302,
        b"<html>Down for maintenance</html>",
        b"[]",
        b'{"result": null}',
        b'{"result": {"addressMatches": "none"}}',
        b"\xff\xfe",
    ],
)
def test_trouble_is_one_kind_of_error_without_the_address(geocoder, reply):
    geocoder.answers = [reply]
    with pytest.raises(GeocoderUnavailable) as trouble:
        find_address(ADDRESS)
    shown = f"{trouble.value!r} {trouble.value.__cause__!r} {trouble.value.__context__!r}"
    assert "Sample" not in shown


def test_a_mistake_of_ours_is_not_repeated(geocoder):
    geocoder.answers = [400]
    with pytest.raises(GeocoderUnavailable):
        find_address(ADDRESS)
    assert len(geocoder.asked) == 1


def test_a_geocoder_that_says_nothing_is_given_up(geocoder, settings):
    settings.CENSUS_GEOCODER_SECONDS = 0.2
    geocoder.answers = [None]
    with pytest.raises(GeocoderUnavailable) as trouble:
        find_address(ADDRESS)
    assert len(geocoder.asked) == 2
    assert trouble.value.__context__ is None


def test_nobody_at_the_address_of_the_geocoder(settings):
    for url in ("http://127.0.0.1:9/none", "nonsense", ""):
        settings.CENSUS_GEOCODER_URL = url
        with pytest.raises(GeocoderUnavailable):
            find_address(ADDRESS)


def test_the_address_is_in_no_log(geocoder, caplog):
    """As the settings set the loggers up; whoever listens closest still hears nothing of it."""
    caplog.set_level(logging.DEBUG)
    geocoder.answers = [500, answer(match("HERE", 40.0, -89.0))]
    find_address(ADDRESS)
    assert "Sample" not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith(("httpx", "httpcore"))]


def test_error_reports_hold_no_query():
    crumb = {
        "category": "httplib",
        "data": {
            "url": "https://geocoder.example/one?address=1+Sample",
            "http.query": "address=1+Sample",
            "method": "GET",
        },
    }
    assert without_query(crumb, {})["data"] == {"url": "https://geocoder.example/one", "method": "GET"}
    assert without_query({"category": "log", "message": "hello"}, {}) == {
        "category": "log",
        "message": "hello",
    }
