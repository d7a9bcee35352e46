"""The page of the search, and the ways to it."""

import re

import pytest
import redis
from django.utils.html import escape
from structlog.testing import capture_logs

from campaigns.models import Story
from legislation.search.spelling import forget_vocabulary
from partners import caching
from partners.caching import empty_page_cache
from portal.search.asked import Asked
from tests.factories.campaigns import StoryFactory
from tests.factories.partners import CoalitionFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def coalition():
    forget_vocabulary()
    return CoalitionFactory()


def read(client, query: str = "") -> str:
    response = client.get(f"/search/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_without_words_the_page_says_how_to_search(client):
    page = read(client)
    assert "How to search" in page
    assert '<input id="q" type="search" name="q"' in page
    assert 'content="noindex, follow"' in page


def test_results_have_their_kind_title_words_in_bold_and_address(client):
    StoryFactory(headline="Shelters open", slug="shelters-open", status="published")
    page = read(client, "?q=shelter")
    assert "1 result for “shelter”" in page
    assert '<a href="/stories/shelters-open/"><mark>Shelters</mark> open</a>' in page
    assert '<p class="kicker">Story</p>' in page
    assert len(re.findall("<h1", page)) == 1


def test_what_was_typed_comes_back_escaped_and_in_every_link(client):
    StoryFactory(headline="Wages & care <now>", status="published")
    OrganizationFactory(name="Wages & care")
    typed = 'wages "& care'
    page = read(client, "?q=wages+%22%26+care")
    assert f'value="{escape(typed)}"' in page
    assert "?q=wages+%22%26+care&amp;kind=stories" in page
    assert "<now>" not in page


def test_a_filter_keeps_the_words_and_says_when_it_has_nothing(client):
    StoryFactory(headline="Wages", status="published")
    page = read(client, "?q=wages&kind=bills")
    assert "Nothing of this kind" in page
    assert re.search(r'aria-current="true">Bills <span class="kinds__number">0<', page)
    assert '<input type="hidden" name="kind" value="bills">' in page
    assert "1 result" in read(client, "?q=wages&kind=nonsense")


def test_nothing_found_helps_on_and_is_noted_without_the_person(client):
    StoryFactory(headline="Childcare matters", status="published")
    with capture_logs() as logs:
        page = read(client, "?q=Chldcare")
    assert "Nothing found for “Chldcare”" in page
    assert 'Did you mean <a href="?q=childcare"><strong>childcare</strong></a>?' in page
    assert [log for log in logs if log["event"] == "search found nothing"] == [
        {"event": "search found nothing", "words": "chldcare", "log_level": "info"}
    ]


def test_a_beginning_offers_the_words_that_go_on_from_it(client):
    StoryFactory(headline="Training for trainers", status="published")
    page = read(client, "?q=free+trai")
    assert '<a href="?q=free+training">free training</a>' in page
    assert '<a href="?q=free+trainers">free trainers</a>' in page


def test_a_word_we_know_is_no_beginning_of_others(client):
    StoryFactory(headline="Housing for all", status="published")
    StoryFactory(headline="Households count", status="published")
    assert "1 result for “housing”" in read(client, "?q=housing")
    assert "2 results for “hous”" in read(client, "?q=hous")


def test_a_withdrawn_story_is_gone_with_its_stored_page_and_its_words(
    client, django_capture_on_commit_callbacks
):
    story = StoryFactory(headline="Zoroaster House", status="published")
    assert "Zoroaster" in read(client, "?q=zoroaster")
    assert "zoroaster" in read(client, "?q=zoroa")
    Story.objects.filter(pk=story.pk).update(status="withdrawn")
    empty_page_cache()  # As whoever withdraws it does.
    assert "Nothing found" in read(client, "?q=zoroaster")
    assert "zoroaster" not in read(client, "?q=zoroa")
    assert "Did you mean" not in read(client, "?q=zoroastr")


def test_without_redis_it_still_finds(client, settings, monkeypatch):
    StoryFactory(headline="Shelters open", status="published")
    nowhere = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": nowhere}}
    settings.PAGE_CACHE_SECONDS = 60
    gone = redis.Redis.from_url(nowhere, socket_connect_timeout=0.2)
    monkeypatch.setattr(caching, "_client", gone)
    assert "1 result for “shelter”" in read(client, "?q=shelter")
    assert "Did you mean" in read(client, "?q=sheltres")


def test_nobody_asks_too_often(client, settings):
    settings.SEARCH_RATE = "2/m"
    codes = [client.get(f"/search/?q=word{number}").status_code for number in range(3)]
    assert codes == [200, 200, 429]
    assert client.get("/search/").status_code == 200


def test_the_masthead_and_a_missing_page_lead_to_it(client):
    assert re.search(
        r'<a class="masthead__link masthead__search" href="/search/">', client.get("/").content.decode()
    )
    missing = client.get("/not/here/")
    assert missing.status_code == 404
    assert 'action="/search/" role="search"' in missing.content.decode()


@pytest.mark.parametrize(
    ("params", "asked"),
    [
        ({"q": "  a \x00 b  "}, Asked(q="a b")),
        ({"q": "a", "kind": "no such kind", "page": "-3"}, Asked(q="a")),
        ({"q": "a", "page": "9" * 5000}, Asked(q="a", page=20)),
        ({"q": "a", "page": "²"}, Asked(q="a")),
    ],
)
def test_an_address_is_read_whatever_it_says(params, asked):
    assert Asked.read(params, {"stories"}) == asked


def test_numbers_are_looked_for_as_texts_write_them():
    assert "('HB1075' | ('HB' <-> '1075'))" in Asked(q="h.b. 1075 wages").query
    assert Asked(q="public act 103-7").query == "('103-0007')"
    assert Asked(q='the cost of "foster care" -Chicago or not').stems == ("cost", "fost", "care", "not")
