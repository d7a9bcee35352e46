"""What people see when a part is down, and that nothing they did is lost."""

import pytest
import redis
from django.db import OperationalError
from django.test import Client

from campaigns.querysets import StoryQuerySet
from mailing.models import OutboxMessage
from partners import caching
from tests.factories.partners import CoalitionFactory

ANSWERS = {
    "name": "Ana Sample",
    "email": "ana@example.org",
    "subject": "Question",
    "message": "When do you meet?",
}


def broken(*args, **kwargs):
    raise OperationalError("the database is down")


@pytest.mark.django_db
def test_a_database_that_is_down_gives_a_503_page(monkeypatch):
    monkeypatch.setattr(StoryQuerySet, "of_the_week", broken)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "no-store" in response["Cache-Control"]
    assert b"<h1" in response.content


@pytest.mark.django_db
def test_a_database_that_goes_down_while_the_template_reads_gives_a_503_page(monkeypatch):
    monkeypatch.setattr("partners.context_processors.get_coalition", broken)
    assert Client(raise_request_exception=False).get("/privacy/").status_code == 503


@pytest.mark.django_db
def test_our_own_mistakes_stay_500(monkeypatch):
    def mistaken(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(StoryQuerySet, "of_the_week", mistaken)
    assert Client(raise_request_exception=False).get("/").status_code == 500


@pytest.mark.django_db
def test_redis_down_refuses_forms_in_words(settings):
    """Without Redis nobody counts how often a form was sent, so it is not taken; the page says to come back."""
    CoalitionFactory()
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    response = Client(raise_request_exception=False).post("/about/contact/", ANSWERS)
    assert response.status_code == 503
    assert OutboxMessage.objects.count() == 0


@pytest.mark.django_db
def test_health_names_the_part_that_is_down(client, monkeypatch):
    assert client.get("/health/live/").status_code == 200
    assert client.get("/health/ready/").json() == {"database": True, "redis": True}
    monkeypatch.setattr(
        caching, "_client", redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    )
    response = client.get("/health/ready/")
    assert response.status_code == 503
    assert response.json() == {"database": True, "redis": False}
