"""Fetching: patience where a server asks for it, an end where it does not recover, and words for staff."""

import logging
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from legislation.sources import SourceUnavailable
from legislation.sources.http import ATTEMPTS, Client, NotThere, located, retry_after
from tests.legislation.sources.stand_in import DAY_IS_OVER, FAILURE, HANG, MAINTENANCE, TOO_MANY, Answer


def test_says_who_asks(stand_in, clock, settings):
    settings.SITE_URL = "https://portal.example.org"
    url = stand_in.serve("/data", {"fine": True})
    with clock.client() as client:
        assert client.json(url) == b'{"fine": true}'
    assert (
        stand_in.requests[0].headers["user-agent"] == "Illinois Partners portal (+https://portal.example.org)"
    )


def test_waits_as_long_as_a_busy_server_asks(stand_in, clock):
    url = stand_in.serve("/data", {})
    stand_in.misbehave(TOO_MANY)
    with clock.client() as client:
        client.json(url)
    assert clock.slept == [3.0]


def test_a_server_that_recovers_is_asked_again_with_growing_pauses(stand_in, clock):
    url = stand_in.serve("/data", {})
    stand_in.misbehave(FAILURE, FAILURE, FAILURE)
    with clock.client() as client:
        client.json(url)
    assert [round(pause / 2**number, 3) for number, pause in enumerate(clock.slept)] == pytest.approx(
        [1, 1, 1], abs=0.5
    )


def test_gives_up_in_words_after_some_attempts(stand_in, clock):
    url = stand_in.serve("/data", {})
    stand_in.misbehave(*[FAILURE] * 20)
    with (
        clock.client() as client,
        pytest.raises(SourceUnavailable, match=r"127\.0\.0\.1 did not answer after 5"),
    ):
        client.json(url)
    assert len(stand_in.requests) == ATTEMPTS


def test_does_not_wait_longer_than_a_run_may(stand_in, clock, settings):
    settings.LEGISLATURE_MAX_WAIT = 60
    url = stand_in.serve("/data", {})
    stand_in.misbehave(Answer({}, 503, {"Retry-After": "3600"}))
    with clock.client() as client, pytest.raises(SourceUnavailable, match="longer pause than a run may take"):
        client.json(url)
    assert clock.slept == []


def test_a_days_quota_is_not_waited_for(stand_in, clock):
    url = stand_in.serve("/data", {})
    stand_in.misbehave(DAY_IS_OVER)
    with clock.client() as client, pytest.raises(SourceUnavailable, match="fetched tomorrow"):
        client.json(url)
    assert clock.slept == []


def test_a_server_that_hangs_is_left(stand_in, clock, settings):
    settings.LEGISLATURE_TIMEOUT = 0.05
    url = stand_in.serve("/data", {})
    stand_in.misbehave(*[HANG] * ATTEMPTS)
    with clock.client() as client, pytest.raises(SourceUnavailable, match=r"no answer within 0\.05 seconds"):
        client.json(url)


def test_half_a_body_is_fetched_again(stand_in, clock):
    url = stand_in.serve("/data", {"whole": True})
    stand_in.misbehave(Answer({"whole": True, "more": "x" * 100}, half=True))
    with clock.client() as client:
        assert client.json(url) == b'{"whole": true}'


def test_half_a_body_that_stays_half_is_unavailable(stand_in, clock):
    url = stand_in.serve("/data", Answer({"whole": True}, half=True))
    with clock.client() as client, pytest.raises(SourceUnavailable, match="did not answer"):
        client.json(url)


@pytest.mark.parametrize("answer", [MAINTENANCE, Answer(b"\x00\x01"), Answer("")])
def test_something_else_than_data_is_an_unavailable_source(stand_in, clock, answer):
    url = stand_in.serve("/data", answer)
    with clock.client() as client, pytest.raises(SourceUnavailable, match="something other than data"):
        client.json(url)


def test_damaged_json_is_an_unavailable_source(stand_in, clock):
    url = stand_in.serve("/data", '{"results": [')
    with clock.client() as client, pytest.raises(SourceUnavailable, match="damaged data"):
        client.json(url)


def test_redirects_are_followed_but_not_in_circles(stand_in, clock):
    goal = stand_in.serve("/goal", {"here": 1})
    url = stand_in.serve("/old", Answer("", 301, {"Location": "/goal"}))
    circle = stand_in.serve("/circle", Answer("", 302, {"Location": "/circle"}))
    with clock.client() as client:
        assert client.json(url) == client.json(goal)
        with pytest.raises(SourceUnavailable, match="in circles"):
            client.json(circle)


def test_a_key_is_not_carried_to_another_server(stand_in, clock):
    elsewhere = stand_in.address.replace("127.0.0.1", "localhost") + "/goal"
    stand_in.serve("/goal", {})
    url = stand_in.serve("/old", Answer("", 302, {"Location": elsewhere}))
    with clock.client(headers={"X-API-KEY": "secret"}) as client:
        client.json(url)
    first, second = stand_in.requests
    assert first.headers["x-api-key"] == "secret"
    assert "x-api-key" not in second.headers


def test_a_key_in_an_address_reaches_neither_log_nor_words(stand_in, clock, caplog):
    caplog.set_level(logging.INFO)
    with clock.client() as client, pytest.raises(NotThere) as raised:
        client.json(stand_in.address + "/nothing", params={"key": "secret"})
    assert "secret" not in caplog.text + str(raised.value)


@pytest.mark.parametrize("url", ["ftp://example.org/x", "file:///etc/passwd", "http://", "nonsense"])
def test_only_web_addresses_are_fetched(clock, url):
    with clock.client() as client, pytest.raises(SourceUnavailable):
        client.text(url)


def test_nobody_listening_is_said(clock, settings):
    settings.LEGISLATURE_TIMEOUT = 1
    with clock.client() as client, pytest.raises(SourceUnavailable, match="did not answer after"):
        client.text("http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("status", "words"), [(403, "check the key"), (404, "has nothing at"), (418, "answered 418")]
)
def test_refusals_are_not_repeated(stand_in, clock, status, words):
    url = stand_in.serve("/data", Answer({}, status))
    with clock.client() as client, pytest.raises(SourceUnavailable, match=words):
        client.json(url)
    assert len(stand_in.requests) == 1


def test_an_answer_without_end_is_cut(stand_in, clock, tmp_path):
    url = stand_in.serve("/data", b"x" * 3_000_000)
    with (
        clock.client() as client,
        (tmp_path / "x").open("w+b") as into,
        pytest.raises(SourceUnavailable, match="more than 1 MB"),
    ):
        client.fetch(url, into, 1 << 20)


def test_keeps_the_gap_between_requests(stand_in, clock):
    url = stand_in.serve("/data", {})
    with clock.client(gap=6) as client:
        for _number in range(3):
            client.json(url)
        assert client.requests == 3
    assert clock.slept == [6.0, 6.0]


def test_retry_after_may_be_a_date():
    later = format_datetime(timezone.now() + timedelta(seconds=90), usegmt=False)
    assert retry_after(later) == pytest.approx(90, abs=3)
    assert retry_after("soon") is None
    assert retry_after(None) is None


def test_a_fetched_file_goes_under_the_name_in_its_address_and_is_gone_afterwards(stand_in, clock):
    url = stand_in.serve("/files/il_state_lower_2021-09-24.json", b"content")
    with located(url, clock.client) as path:
        assert path.name == "il_state_lower_2021-09-24.json"
        assert path.read_bytes() == b"content"
    assert not path.exists()


def test_a_web_page_instead_of_a_file_is_refused(stand_in, clock):
    url = stand_in.serve("/il.csv", MAINTENANCE)
    with pytest.raises(SourceUnavailable, match="a web page instead of data"), located(url, clock.client):
        pass


def test_nothing_named_is_said():
    with pytest.raises(SourceUnavailable, match="No file, folder or address"), located("", Client):
        pass
