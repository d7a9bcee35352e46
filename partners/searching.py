"""The words by which a record is found, kept by the database itself.

PostgreSQL computes the column in the statement that changes the row, so no search can find words that are gone:
what is withdrawn is gone from the search in the same transaction.
"""

from typing import Any

from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db.models import GeneratedField, Model
from django.db.models.expressions import Combinable
from django.db.models.functions import Left
from simple_history.models import HistoricalChanges

# The columns' language: English stems; Spanish words are found as they are spelled.
SEARCH_CONFIG = "english"
# Of a longer text the beginning counts. PostgreSQL refuses more than a megabyte of words in one row, and a text
# that is too long to be found must still be saved.
LONGEST_SEARCHED = 100_000


class UnreadWords(SearchVectorField):
    """Words that a search asks for and no page shows: rows come without them."""

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, tuple[Any, ...]]:
        return "NULL", ()


class SearchWords(GeneratedField):
    """The generated column. Earlier versions of a record are not searched, so its history goes without."""

    def contribute_to_class(self, cls: type[Model], name: str, *args: Any, **kwargs: Any) -> None:
        if issubclass(cls, HistoricalChanges):
            # The history hands over every field of the record by name; this one it may forget.
            setattr(cls, name, property(lambda version: None, lambda version, words: None))
            return
        super().contribute_to_class(cls, name, *args, **kwargs)


# A field by its name, or what is made of the row's fields.
Part = str | Combinable


def search_words(
    *, a: Part, b: tuple[Part, ...] = (), c: tuple[Part, ...] = (), d: tuple[Part, ...] = ()
) -> SearchWords:
    """A generated column over fields of the row, by weight: `a` is the title, `d` counts least.

    HTML may be among them: the parser leaves tags out. Give the model a `GinIndex(fields=["search"])`.
    """
    vector: Any = _vector(a, "A")
    for parts, weight in ((b, "B"), (c, "C"), (d, "D")):
        for part in parts:
            vector += _vector(part, weight)
    return SearchWords(expression=vector, output_field=UnreadWords(), db_persist=True, editable=False)


def _vector(part: Part, weight: str) -> SearchVector:
    return SearchVector(Left(part, LONGEST_SEARCHED), weight=weight, config=SEARCH_CONFIG)
