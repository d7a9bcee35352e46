"""Statements with kept plans: planned once, seen by Django like any other, and safe while a migration runs."""

import pytest
from django.db import DataError, ProgrammingError, connection, transaction

from mailing.models import Topic
from mailing.plans import columns, fetch, made_of
from tests.mailing.helpers import make_topic

pytestmark = pytest.mark.django_db
_BY_SLUG = f"SELECT {columns(Topic)} FROM mailing_topic WHERE slug = %(slug)s"


def _kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%mailing_topic.slug%%'"
        )
        (number,) = cursor.fetchone()
    return number


def test_the_plan_is_made_once_and_kept():
    for slug in ("alerts", "news", "“; DROP TABLE mailing_topic"):
        assert fetch(_BY_SLUG, {"slug": slug}) == []
        assert _kept() == 1


def test_a_row_becomes_the_object_it_would_be_from_a_queryset():
    topic = make_topic()
    (row,) = fetch(_BY_SLUG, {"slug": topic.slug})
    made, usual = made_of(Topic, row), Topic.objects.get(pk=topic.pk)
    assert made == usual
    assert made.__dict__.keys() == usual.__dict__.keys()
    assert all(made.__dict__[name] == usual.__dict__[name] for name in made.__dict__ if name != "_state")
    assert (made._state.adding, made._state.db) == (False, "default")
    made.name = "Renamed"
    made.save()
    assert Topic.objects.get(pk=topic.pk).name == "Renamed"


def test_a_column_that_a_migration_adds_leaves_the_plan_good():
    topic = make_topic()
    assert len(fetch(_BY_SLUG, {"slug": topic.slug})) == 1
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE mailing_topic ADD COLUMN later text")
    assert len(fetch(_BY_SLUG, {"slug": topic.slug})) == 1


def test_django_counts_shows_and_names_errors_as_for_any_statement(django_assert_num_queries):
    with django_assert_num_queries(1) as seen:
        fetch(_BY_SLUG, {"slug": "alerts"})
    assert "FROM mailing_topic" in seen.captured_queries[0]["sql"]
    with pytest.raises(DataError), transaction.atomic():
        fetch("SELECT 1 / %s::int", [0])
    with pytest.raises(ProgrammingError), transaction.atomic():
        fetch("SELECT nothing FROM mailing_topic WHERE id = %s", [1])
    assert fetch("SELECT %s::int", [7]) == [(7,)]
