"""Public pages come from the shared store, and a publish empties it at once."""

import gzip
from importlib import import_module

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from partners import caching
from partners.caching import empty_page_cache, empty_page_cache_on_commit
from partners.models import Coalition
from portal.page_cache import PageCacheMiddleware
from tests.factories.partners import CoalitionFactory, OrganizationFactory, member

pytestmark = pytest.mark.django_db

FORMLESS = [
    "/",
    "/stories/",
    "/campaigns/",
    "/take-action/",
    "/partners/",
    "/about/",
    "/about/people/",
    "/about/allies/",
    "/privacy/",
    "/accessibility/",
]


@pytest.fixture
def coalition():
    return CoalitionFactory()


@pytest.mark.parametrize("path", FORMLESS)
def test_pages_without_a_form_set_no_cookie_and_run_no_script(path, coalition, client):
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert b"<script>" not in response.content


@pytest.mark.parametrize("path", FORMLESS)
def test_a_second_visitor_costs_no_query(path, coalition, client, django_assert_num_queries):
    first = client.get(path)
    with django_assert_num_queries(0):
        second = Client().get(path)
    assert second.content == first.content
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_unchanged_pages_are_answered_with_304(coalition, client):
    first = client.get("/about/")
    assert first["ETag"]
    again = client.get("/about/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert client.get("/about/", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_publish_empties_the_store_at_once(coalition, client, django_capture_on_commit_callbacks):
    assert "Together for human services" in client.get("/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        Coalition.objects.update(tagline="Well-being is built.")
        empty_page_cache_on_commit()
    assert "Well-being is built." in client.get("/").content.decode()


def test_a_publish_that_is_rolled_back_empties_nothing(coalition, client, django_capture_on_commit_callbacks):
    client.get("/")
    with transaction.atomic():
        empty_page_cache_on_commit()
        transaction.set_rollback(True)
    assert caching.cache_client().exists(caching.PAGES_KEY)


def test_a_page_made_while_the_store_was_emptied_is_not_stored(coalition, client, monkeypatch):
    """The page read old facts; storing it after the publish would show them for minutes."""
    module = import_module("portal.views.home")
    original = module.render

    def render_while_somebody_publishes(*args, **kwargs):
        response = original(*args, **kwargs)
        empty_page_cache()
        return response

    monkeypatch.setattr(module, "render", render_while_somebody_publishes)
    client.get("/")
    assert not caching.cache_client().exists(caching.PAGES_KEY)


def test_signed_in_people_get_their_own_page(coalition, client):
    client.get("/")
    signed_in = Client()
    signed_in.force_login(member(OrganizationFactory()))
    assert "Sign out" in signed_in.get("/").content.decode()
    assert "Sign out" not in client.get("/").content.decode()


@pytest.mark.parametrize("sign", ["=", " =", "\t="])
def test_a_session_cookie_written_oddly_is_still_one(rf, sign):
    """Cookie parsers let blanks stand before the equals sign, and the page behind it is one person's."""
    middleware = PageCacheMiddleware(lambda request: HttpResponse())
    request = rf.get("/about/", headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}{sign}abc"})
    assert not middleware._is_cacheable(request)


def test_stored_pages_come_compressed_to_those_who_ask(coalition, client):
    plain = client.get("/").content
    packed = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain
    assert "Accept-Encoding" in packed["Vary"]


def test_without_redis_public_pages_are_made_anew(coalition, client, monkeypatch):
    monkeypatch.setattr(
        caching, "_client", redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    )
    assert client.get("/").status_code == 200
    empty_page_cache()


def test_pages_with_a_form_are_never_stored(coalition, client):
    response = client.get("/about/contact/")
    assert "csrftoken" in response.cookies
    assert not caching.cache_client().exists(caching.PAGES_KEY)


def test_a_flood_of_queries_fills_neither_the_store_nor_pushes_out_other_pages(
    coalition, client, monkeypatch, django_assert_num_queries
):
    from portal import page_cache

    monkeypatch.setattr(page_cache, "MAX_QUERIED_PAGES", 3)
    client.get("/about/")
    for number in range(7):
        client.get("/partners/", {"q": f"word{number}"})
    assert 0 < caching.cache_client().hlen(caching.QUERIED_PAGES_KEY) <= 3
    with django_assert_num_queries(0):
        client.get("/about/")
    empty_page_cache()
    assert not caching.cache_client().exists(caching.PAGES_KEY, caching.QUERIED_PAGES_KEY)
    cache.clear()


def test_the_number_of_stored_pages_is_bounded(coalition, client, monkeypatch):
    from portal import page_cache

    monkeypatch.setattr(page_cache, "MAX_PAGES", 3)
    for path in FORMLESS:
        client.get(path)
    assert 0 < caching.cache_client().hlen(caching.PAGES_KEY) <= 3
    cache.clear()


def test_a_connection_that_redis_closed_is_opened_again(coalition, client, django_assert_num_queries):
    client.get("/about/")
    caching.cache_client().execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    with django_assert_num_queries(0):
        assert client.get("/about/").status_code == 200
