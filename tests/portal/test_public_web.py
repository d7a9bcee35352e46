"""The public site as a stranger and the machines of others meet it: links, titles, feeds, sitemap, data blocks, search."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
import xmlschema
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from partners.caching import empty_page_cache
from portal.demo.load import load_demonstration
from portal.search.asked import Asked
from portal.search.found import find
from portal.search.kinds import BY_NAME, KINDS
from tests.portal.public_web import Walk, follow_links

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
# What each kind of thing must say to be shown by those who read it, and what it must not leave empty.
REQUIRED = {
    "NewsArticle": {"headline", "image", "datePublished", "dateModified", "author", "publisher"},
    "Event": {"name", "startDate", "location", "eventStatus", "url"},
    "EducationEvent": {"name", "startDate", "location", "eventStatus"},
    "Course": {"name", "description", "provider"},
    "CourseInstance": {"name"},
    "Legislation": {"name", "legislationIdentifier"},
    "Report": {"name", "author", "publisher", "datePublished", "url"},
    "Dataset": {"name", "description", "creator"},
    "Organization": {"name", "url"},
    "Observation": {"name"},
    "DigitalDocument": {"name", "url"},
}
# Not in the sitemap: places on another page, and what is over in some days.
WITHOUT_A_PAGE = {"press", "hearings", "resources"}


@pytest.fixture(scope="module")
def walk(django_db_setup, django_db_blocker) -> Iterator[Walk]:
    """A small demonstration, walked through once; it stays while this module's tests run."""
    with django_db_blocker.unblock(), transaction.atomic():
        empty_page_cache()
        load_demonstration(size=24, seed=7, now=timezone.now(), say=lambda words: None)
        yield follow_links(Client(raise_request_exception=False))
        transaction.set_rollback(True)
    empty_page_cache()


def test_every_link_leads_somewhere(walk):
    assert walk.trouble == []
    assert len(walk.pages) > 80


def test_every_page_has_one_heading_a_title_of_its_own_and_a_language(walk):
    framed = {address for address in walk.pages if "/embed/" in address}  # Pieces for others' pages.
    wrong = [
        address
        for address, page in walk.pages.items()
        if address not in framed
        if len(page.headings) != 1
        or not page.headings[0].strip()
        or not page.title.split("|")[0].strip()
        or page.lang not in {"en", "es"}
        or not any(head["content"].strip() for head in page.named(name="description"))
    ]
    assert wrong == []


def test_no_name_of_a_place_stands_twice_on_a_page_and_every_link_to_one_leads_there(walk):
    wrong = {}
    for address, page in walk.pages.items():
        twice = {name for name in page.ids if page.ids.count(name) > 1}
        lost = {link for link in page.links if re.fullmatch("#.+", link) and link[1:] not in page.ids}
        if twice or lost:
            wrong[address] = twice | lost
    assert wrong == {}


def test_a_page_that_may_be_listed_names_one_address_and_no_language_it_has_not(walk):
    wrong = []
    for address, page in walk.pages.items():
        if page.may_be_listed and len(page.canonical) != 1:
            wrong.append(address)
        for canonical in page.canonical:
            parts = urlsplit(canonical)
            if not canonical.startswith(f"{settings.SITE_URL}/") or parts.query or parts.fragment:
                wrong.append(f"{address}: {canonical}")
        if any("hreflang" in head for head in page.named(rel="alternate")):
            wrong.append(
                f"{address}: hreflang"
            )  # Each page has one address, in whatever language it is read.
    assert wrong == []


def test_results_of_searches_and_filters_are_kept_out_of_other_search_engines(walk):
    assert not any(
        page.may_be_listed
        for address, page in walk.pages.items()
        if address.startswith(("/search/", "/bills/?q"))
    )


def test_no_page_is_heavy_or_fetches_from_elsewhere(walk):
    """150 KB and 10 requests for a cold visit: fonts, style and pictures take at most 100 KB of that."""
    heavy = {address: page.weight for address, page in walk.pages.items() if page.weight > 50 * 1024}
    assert heavy == {}
    busy = {address: page.fetched for address, page in walk.pages.items() if len(page.fetched) + 1 > 10}
    assert busy == {}
    foreign = {link for page in walk.pages.values() for link in page.fetched if not link.startswith("/")}
    assert foreign == set()


def test_data_blocks_can_be_read_and_say_what_their_kind_must(walk):
    kinds, wrong = set(), []
    for address, page in walk.pages.items():
        for block in page.blocks():
            assert block["@context"] in {"https://schema.org", "https://schema.org/"}, address
            for thing in block.get("@graph", [block]):
                kind = thing["@type"] if isinstance(thing["@type"], str) else thing["@type"][0]
                kinds.add(kind)
                missing = {name for name in REQUIRED.get(kind, {f"{kind} is unknown"}) if not thing.get(name)}
                if missing:
                    wrong.append(f"{address}: {kind} without {sorted(missing)}")
    assert wrong == []
    assert {"NewsArticle", "Event", "Course", "Report"} <= kinds


def test_data_blocks_name_only_our_own_addresses_and_moments_with_a_zone(walk):
    for address, page in walk.pages.items():
        for block in page.data:
            assert not re.search(r'"(start|end)Date": "[^"]*T[^"+-]*:\d\d"', block), address
            assert "http://testserver" not in block, address


def test_feeds_are_valid_atom(walk):
    atoms = {address: content for address, content in walk.feeds.items() if not content.startswith(b"{")}
    assert len(atoms) >= 4
    for address, content in atoms.items():
        feed = feedparser.parse(content)
        assert (feed.bozo, feed.version) == (False, "atom10"), (address, feed.get("bozo_exception"))
        assert feed.feed.title, address
        assert feed.feed.id, address
        assert feed.feed.updated_parsed, address
        assert any(
            link.rel == "self" and link.href.startswith(settings.SITE_URL) for link in feed.feed.links
        ), address
        ids = [entry.id for entry in feed.entries]
        assert len(ids) == len(set(ids)), address
        for entry in feed.entries:
            assert entry.title, (address, entry)
            assert entry.updated_parsed, (address, entry)
            assert entry.get("summary") or entry.get("content"), (address, entry)
            assert entry.link.startswith("http"), (address, entry)


def test_json_feeds_follow_version_1_1(walk):
    feeds = {address: content for address, content in walk.feeds.items() if content.startswith(b"{")}
    assert feeds
    for address, content in feeds.items():
        feed = json.loads(content)
        assert feed["version"] == "https://jsonfeed.org/version/1.1", address
        assert feed["title"], address
        assert feed["feed_url"].startswith(settings.SITE_URL), address
        assert len({item["id"] for item in feed["items"]}) == len(feed["items"]), address
        assert all("content_text" in item or "content_html" in item for item in feed["items"]), address


@pytest.fixture(scope="module")
def sitemap(walk) -> list[str]:
    """The sitemap's addresses, once it is known to keep the rules."""
    document = Client().get("/sitemap.xml").content.decode()
    xmlschema.XMLSchema(str(Path(__file__).with_name("sitemap.xsd"))).validate(document)
    tree = ElementTree.fromstring(document)
    return [(place.text or "").removeprefix(settings.SITE_URL) for place in tree.iter(f"{SITEMAP}loc")]


def test_the_sitemap_is_valid_and_leads_only_to_pages_that_may_be_listed(sitemap, client):
    assert len(sitemap) == len(set(sitemap))
    tried: dict[str, int] = {}
    for address in sitemap:
        section = address.split("/")[1]
        tried[section] = tried.get(section, 0) + 1
        # The fixed pages come first; of the others some of each section.
        if tried[section] <= 8:
            response = client.get(address)
            assert response.status_code == 200, address
            assert b'name="robots" content="noindex' not in response.content, address


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.name not in WITHOUT_A_PAGE], ids=lambda kind: kind.name
)
def test_everything_public_stands_in_the_sitemap_and_is_found(kind, sitemap, walk):
    now = timezone.now()
    things = list(kind.public(now)[:40])
    assert things, f"the demonstration has none of {kind.name}"
    rows = list(kind.shown(now, [thing.pk for thing in things]))
    addresses = {pk: kind.address(parts) for _name, pk, _title, _text, _day, parts in rows}
    if hasattr(things[0], "get_absolute_url"):
        assert addresses == {thing.pk: thing.get_absolute_url() for thing in things}
    listed = set(sitemap)
    # Members of the past have pages, but are not told to search engines.
    missing = [address for address in addresses.values() if address not in listed]
    assert missing == [] or kind.name == "legislators"
    _name, pk, title, *_rest = rows[0]
    # A bill's own name is its number.
    words = title.split()[0] if kind.name == "bills" else f'"{title}"'
    found = find(Asked.read({"q": words, "kind": kind.name}, BY_NAME), KINDS, now)
    assert addresses[pk] in {hit.url for hit in found.hits}, title
