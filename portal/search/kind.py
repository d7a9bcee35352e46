"""What a kind of public thing declares so that it is found; the rest of the search knows no kind by name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django_stubs_ext import StrPromise

from partners.searching import SEARCH_CONFIG
from portal.search.asked import Asked

# Between the parts of an address: none of them can hold it.
APART = "\x1f"


@dataclass(frozen=True)
class Kind:
    """One kind of public thing. `name` stands in the address of a filtered search."""

    name: str
    # Over the list of its results, and over one of them.
    label: StrPromise
    one: StrPromise
    # Everything of it that everybody may read at a moment.
    public: Callable[[datetime], QuerySet[Any]]
    # Its page: the name of an address, or what makes it, and the fields that fill it in.
    page: str | Callable[..., str]
    page_fields: tuple[str | Combinable, ...] = ("slug",)
    title: str | Combinable = "title"
    # What an excerpt is taken from, and the day beside the title.
    text: tuple[str, ...] = ("summary", "body")
    day: str | Combinable = ""
    # How much it counts beside other kinds that fit as well.
    weight: float = 1.0
    # Where there is no column `search`: the words, put together while searching. For some dozens of rows.
    words: Combinable | None = None
    # What is found by a number or another exact name, whatever its words are.
    named: Callable[[Asked], Q | None] = lambda asked: None

    @property
    def column(self) -> str:
        """Where its words are."""
        return "search" if self.words is None else "found_words"

    def matching(self, asked: Asked, now: datetime) -> QuerySet[Any]:
        """What is public of it and has the words, in no order."""
        rows = self.public(now).order_by()
        if self.words is not None:
            rows = rows.annotate(found_words=self.words)
        wanted = Q(**{self.column: tsquery(asked.query)})
        if named := self.named(asked):
            wanted |= named
        return rows.filter(wanted)

    def shown(self, now: datetime, pks: list[int]) -> QuerySet[Any]:
        """Title, text, day and the parts of the address of some of it, as rows that fit those of other kinds."""
        rows = self.public(now).order_by().filter(pk__in=pks)
        parts = [as_expression(part) for part in self.page_fields]
        return rows.values_list(
            Value(self.name, output_field=TextField()),
            F("pk"),
            Cast(self._title, TextField()),
            _joined([F(name) for name in self.text], "\n"),
            Cast(as_expression(self.day), TextField()) if self.day else Value("", output_field=TextField()),
            _joined(parts, APART),
        )

    def has_title(self, asked: Asked) -> Q:
        """Whether all the words stand in the title, as far as letters tell: the words of a row are long to unpack."""
        found = Q()
        for stem in asked.stems:
            found &= Q(**{f"{self.title_field}__icontains": stem})
        return found

    @property
    def title_field(self) -> str:
        return self.title if isinstance(self.title, str) else "title"

    def titles(self, now: datetime) -> Iterator[str]:
        """The titles of all of it."""
        rows = self.public(now).order_by().values_list(Cast(self._title, TextField()), flat=True)
        return rows.iterator(chunk_size=5000)

    @property
    def _title(self) -> Combinable:
        return as_expression(self.title)

    def address(self, parts: str) -> str:
        """The page's address, from its parts as `shown` reads them."""
        filled = parts.split(APART)
        return reverse(self.page, args=filled) if isinstance(self.page, str) else self.page(*filled)


def as_expression(part: str | Combinable) -> Any:
    """A field by its name, or what is made of several."""
    return F(part) if isinstance(part, str) else part


def _joined(parts: list[Any], between: str) -> Combinable:
    """Parts in one text."""
    texts: list[Any] = []
    for part in parts:
        texts += [Value(between, output_field=TextField())] if texts else []
        texts.append(Coalesce(Cast(part, TextField()), Value(""), output_field=TextField()))
    if not texts:
        return Value("", output_field=TextField())
    return Concat(*texts, output_field=TextField()) if len(texts) > 1 else texts[0]


def tsquery(query: str) -> SearchQuery:
    """A query for PostgreSQL's `to_tsquery`."""
    return SearchQuery(query, config=SEARCH_CONFIG, search_type="raw")
