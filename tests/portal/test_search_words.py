"""The words that the database keeps for the search: never read by pages, never in a history, never in the way."""

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Story
from tests.factories.campaigns import StoryFactory

pytestmark = pytest.mark.django_db


def finds(story: Story, words: str) -> bool:
    query = SearchQuery(words, config="english", search_type="websearch")
    return Story.objects.filter(pk=story.pk, search=query).exists()


def test_a_row_is_found_by_its_words_and_no_longer_once_they_are_gone():
    story = StoryFactory(
        headline="Shelters open",
        summary="Every night",
        body="<p>Beds for <em>families</em> &amp; friends</p>",
    )
    assert finds(story, "bed families")
    assert not finds(story, "em"), "a tag is no word"
    assert not finds(story, "amp"), "an entity is no word"
    Story.objects.filter(pk=story.pk).update(body="")
    assert not finds(story, "bed")


def test_pages_do_not_fetch_the_words():
    StoryFactory(headline="Shelters")
    with CaptureQueriesContext(connection) as queries:
        (story,) = Story.objects.all()
    assert '"search"' not in queries[0]["sql"]
    with CaptureQueriesContext(connection) as queries:
        story.save()
        assert story.search is None
    assert not any('"search"' in query["sql"] for query in queries)


def test_histories_do_not_keep_them():
    story = StoryFactory(headline="Shelters")
    story.headline = "Homes"
    story.save()
    newest, first = story.history.all()
    assert (newest.headline, first.headline) == ("Homes", "Shelters")
    assert newest.diff_against(first).changed_fields == ["headline"]
    assert "search" not in {field.name for field in Story.history.model._meta.fields}
    assert first.instance.headline == "Shelters"


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"{number:x}" for number in range(150_000)),  # Each word another one, about 1 MB.
        "wage " * 200_000,
        "x" * 1_000_000,
        "".join(chr(0x20000 + number % 40_000) + " " for number in range(500_000)),
        "https://example.org/" + "a/b?c=" * 160_000,
        "-".join(f"w{number}" for number in range(100_000)),
    ],
    ids=["different words", "one word", "no blank", "rare letters", "an address", "hyphens"],
)
def test_a_text_of_a_megabyte_is_saved(text):
    story = StoryFactory(headline="Long", body=text, summary=text[:300])
    story.refresh_from_db()
    assert finds(story, "long")
