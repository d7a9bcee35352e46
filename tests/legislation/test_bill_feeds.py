"""Feeds: of a bill, of a search, of a legislator's and a committee's bills, as Atom and as JSON Feed."""

import json
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from legislation.services.search_index import fill_search
from tests.factories.legislation import (
    BillEventFactory,
    BillFactory,
    BillTrackingFactory,
    CommitteeFactory,
    HearingFactory,
    LegislatorFactory,
    SponsorshipFactory,
)

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LONG_AGO = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_page_cache(settings):
    settings.PAGE_CACHE_SECONDS = 0
    settings.SITE_URL = "https://portal.example"


def entries(response) -> list[ElementTree.Element]:
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")


def titles(response) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in entries(response)]


def test_a_bills_feed_tells_its_news_in_words_and_its_history_too(client):
    bill = BillFactory(number=1075)
    BillEventFactory(bill=bill, observed_at=LONG_AGO, is_news=False, kind="action", after="First Reading")
    BillEventFactory(bill=bill, before="introduced", after="in_committee")
    BillEventFactory()
    response = client.get("/bills/104/hb1075/feed/")
    assert response["Content-Type"].startswith("application/atom+xml")
    assert titles(response) == ["HB 1075: Now in committee (was introduced).", "HB 1075: First Reading"]
    entry = entries(response)[1]
    assert entry.find(f"{ATOM}link").get("href") == "https://portal.example/bills/104/hb1075/"
    assert entry.findtext(f"{ATOM}updated") == "2026-03-01T12:00:00+00:00"


def test_who_joined_and_left_is_told_in_a_sentence(client):
    bill = BillFactory(number=1075)
    BillEventFactory(bill=bill, kind="sponsor_added", before="", after="Pat Sample", observed_at=LONG_AGO)
    BillEventFactory(bill=bill, kind="sponsor_removed", before="Robin Sample", after="")
    assert titles(client.get("/bills/104/hb1075/feed/")) == [
        "HB 1075: No longer sponsor: Robin Sample.",
        "HB 1075: Joined as sponsor: Pat Sample.",
    ]


def test_the_json_feed_says_the_same(client):
    BillEventFactory(bill=BillTrackingFactory(bill__number=1075).bill, observed_at=LONG_AGO)
    response = client.get("/bills/104/hb1075/feed.json")
    assert response["Content-Type"].startswith("application/feed+json")
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://portal.example/bills/104/hb1075/feed.json"
    (item,) = feed["items"]
    assert item["title"] == "HB 1075: Now in committee (was introduced)."
    assert "Our position: support." in item["content_text"]
    assert item["id"] == entries(client.get("/bills/104/hb1075/feed/"))[0].findtext(f"{ATOM}id")
    assert item["id"].startswith("tag:portal.example,2025:bill/104/HB1075/")
    assert item["date_published"] == "2026-03-01T06:00:00-06:00"


def test_the_name_of_an_entry_outlives_its_row(client):
    event = BillEventFactory(bill__number=1075, key="first")
    before = entries(client.get("/bills/104/hb1075/feed/"))[0].findtext(f"{ATOM}id")
    bill = event.bill
    event.delete()
    BillEventFactory(bill=bill, key="first", after="dead")
    BillEventFactory(bill=bill, key="second", observed_at=LONG_AGO)
    names = [entry.findtext(f"{ATOM}id") for entry in entries(client.get("/bills/104/hb1075/feed/"))]
    assert names[0] == before
    assert names[1] != before


def test_a_searchs_feed_tells_news_of_what_it_finds(client):
    wages = BillFactory(number=1, title="WAGES", prefix="SB", chamber="upper")
    fill_search()
    BillEventFactory(bill=wages)
    BillEventFactory(bill=wages, is_news=False, key="old")
    BillEventFactory(bill__number=2)
    response = client.get("/bills/feed/?q=wage")
    assert titles(response) == ["SB 1: Now in committee (was introduced)."]
    assert "News of bills: “wage”" in response.content.decode()
    assert len(entries(client.get("/bills/feed/"))) == 2
    feed = json.loads(client.get("/bills/feed.json?q=wage").content)
    assert feed["home_page_url"] == "https://portal.example/bills/?q=wage"
    assert len(feed["items"]) == 1


def test_a_legislators_and_a_committees_feeds(client):
    member, committee = LegislatorFactory(slug="pat-sample"), CommitteeFactory(slug="house-porches")
    sponsored = SponsorshipFactory(legislator=member, bill__number=1).bill
    BillEventFactory(bill=sponsored)
    BillEventFactory(bill=BillFactory(number=2, committee=committee))
    BillEventFactory(
        bill__number=3,
        kind="hearing_posted",
        hearing=HearingFactory(committee=committee),
        observed_at=LONG_AGO,
    )
    assert titles(client.get("/legislators/pat-sample/feed/")) == ["HB 1: Now in committee (was introduced)."]
    assert len(json.loads(client.get("/legislators/pat-sample/feed.json").content)["items"]) == 1
    found = titles(client.get("/committees/house-porches/feed/"))
    assert len(found) == 2
    assert found[0].startswith("HB 2")
    assert found[1].startswith("HB 3")
    assert len(json.loads(client.get("/committees/house-porches/feed.json").content)["items"]) == 2


def test_a_position_that_is_not_public_is_not_told(client):
    tracking = BillTrackingFactory(is_public=False, plain_title="Secret plan")
    BillEventFactory(bill=tracking.bill)
    for path in ("/bills/feed/", "/bills/feed.json", f"{tracking.bill.get_absolute_url()}feed/"):
        page = client.get(path).content.decode()
        assert "Secret plan" not in page
        assert "Our position" not in page


def test_control_characters_in_a_line_do_not_break_the_feed(client):
    BillEventFactory(bill__number=1, kind="action", after="First\x0b Reading <b>")
    assert titles(client.get("/bills/feed/")) == ["HB 1: First Reading <b>"]


def test_a_reader_that_has_it_is_told_so(client):
    event = BillEventFactory(bill__number=1, observed_at=LONG_AGO)
    first = client.get("/bills/104/hb1/feed/")
    assert first["Last-Modified"] == "Sun, 01 Mar 2026 12:00:00 GMT"
    for asked in ({"HTTP_IF_NONE_MATCH": first["ETag"]}, {"HTTP_IF_MODIFIED_SINCE": first["Last-Modified"]}):
        assert client.get("/bills/104/hb1/feed/", **asked).status_code == 304
    BillEventFactory(bill=event.bill)
    assert client.get("/bills/104/hb1/feed/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_stored_feeds_are_served_with_their_type(client, settings):
    settings.PAGE_CACHE_SECONDS = 60
    BillEventFactory(bill__number=1)
    for _time in range(2):
        response = client.get("/bills/104/hb1/feed.json")
        assert response["Content-Type"].startswith("application/feed+json")
    assert client.get("/bills/104/hb1/feed.json", HTTP_IF_NONE_MATCH=response["ETag"]).status_code == 304


@pytest.mark.parametrize(
    "path", ["/bills/104/hb9/feed/", "/legislators/no/feed/", "/committees/no/feed.json"]
)
def test_what_is_not_there_has_no_feed(client, path):
    assert client.get(path).status_code == 404


def test_an_empty_feed_is_a_feed(client):
    BillFactory(number=1)
    assert entries(client.get("/bills/104/hb1/feed/")) == []
    assert json.loads(client.get("/bills/feed.json").content)["items"] == []


@pytest.mark.parametrize("rows", [1, 20])
def test_takes_the_same_reads_however_many_entries(client, rows, django_assert_num_queries):
    for _number in range(rows):
        BillEventFactory(bill=BillTrackingFactory().bill)
    client.get("/bills/feed/")
    with django_assert_num_queries(2):
        client.get("/bills/feed/")
