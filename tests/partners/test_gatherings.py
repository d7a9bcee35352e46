"""What every gathering shares: signed words, source codes, calendar files."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from icalendar import Calendar

from partners.gatherings.calendar import Entry, calendar_file
from partners.gatherings.models import Gathering, Mode
from partners.gatherings.sources import source_code, source_in
from partners.gatherings.tokens import DOOR, MANAGE, place_token, read_place_token


def test_a_word_opens_one_row_for_one_use_in_one_room():
    token = place_token("meetings", MANAGE, 7)
    assert read_place_token("meetings", MANAGE, token) == 7
    assert read_place_token("meetings", DOOR, token) is None
    assert read_place_token("trainings", MANAGE, token) is None


@pytest.mark.parametrize("token", ["", "7", "7.x", "7:abc", "8." + "a" * 43, "é", "x" * 10_000])
def test_words_that_we_did_not_sign_open_nothing(token):
    assert read_place_token("meetings", MANAGE, token) is None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("newsletter-5", "newsletter-5"),
        ("", ""),
        (None, ""),
        ("a b", ""),
        ("<script>", ""),
        ("x" * 61, ""),
        ("é", ""),
    ],
)
def test_source_codes(value, code):
    assert source_code(value) == code


def test_where_somebody_came_from():
    factory = RequestFactory()
    assert source_in(factory.get("/", {"from": "mail", "utm_source": "other"})) == "mail"
    assert source_in(factory.get("/", {"from": "two words", "utm_source": "other"})) == "other"
    assert source_in(factory.get("/")) == ""


def gathering(**facts):
    known = {
        "state": Gathering.State.PUBLISHED,
        "starts_at": datetime(2026, 3, 10, 15, tzinfo=UTC),
        "ends_at": datetime(2026, 3, 10, 16, tzinfo=UTC),
        "mode": Mode.HYBRID,
        "is_in_person": True,
        "venue": "Hall",
        "street": "1 Main Street",
        "city": "Peoria, IL",
        "access": "",
        "revision": 3,
    }
    return SimpleNamespace(**(known | facts))


def component(**facts):
    join_url = facts.pop("join_url", "")
    title = facts.pop("title", "Forum")
    entry = Entry(
        uid="meeting-1",
        gathering=gathering(**facts),
        title=title,
        summary="In one sentence.",
        page="/events/forum/",
        changed_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
        join_url=join_url,
    )
    (event,) = Calendar.from_ical(calendar_file([entry], "Events")).walk("VEVENT")
    return event


def test_the_file_of_an_event():
    event = component()
    assert str(event["uid"]).startswith("meeting-1@")
    assert (event["sequence"], str(event["status"])) == (3, "CONFIRMED")
    assert event.decoded("dtstart") == datetime(2026, 3, 10, 15, tzinfo=UTC)
    assert event.decoded("dtstamp") == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert str(event["location"]) == "Hall, 1 Main Street, Peoria, IL"
    assert "Join online" not in str(event["description"])


def test_what_is_called_off_stays_and_says_so():
    event = component(state=Gathering.State.CANCELLED)
    assert str(event["status"]) == "CANCELLED"
    assert str(event["summary"]) == "Cancelled: Forum"
    assert str(event["transp"]) == "TRANSPARENT"


def test_the_address_to_join_only_where_it_is_given():
    assert "https://meet.example/a" in str(component(join_url="https://meet.example/a")["description"])


def test_titles_cannot_make_lines_of_their_own():
    event = component(title="Forum\r\nATTENDEE:mailto:x@example.org\u0007 🎈 שלום")
    assert "ATTENDEE" not in event
    assert "🎈 שלום" in str(event["summary"])
