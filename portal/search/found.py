"""What a search finds: how many of each kind, and one page of the best of all kinds, in four reads.

The first counts each kind. The second ranks: of each kind its own best, then the best of those; of a kind with very
many matches only those with the words in their title and the latest. The third reads what the ten rows of the page
show, the fourth marks the words in them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db import connection, transaction
from django.db.models import Case, DateTimeField, F, FloatField, Func, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from portal.search.asked import MOST_PAGES, Asked
from portal.search.excerpts import Excerpt, excerpts
from portal.search.kind import Kind, as_expression, tsquery

PER_PAGE = 10
# Of a kind with more matches than this only so many are ranked.
MOST_RANKED = 60
# So many of a kind are counted; then it is "1,000 and more".
MOST_COUNTED = 1000
# Weights of the columns' parts, from D to A: a word in the title says most.
WEIGHTS = [0.05, 0.15, 0.4, 1.0]
# Divides by the logarithm of the text's length, and brings every rank between 0 and 1.
NORMAL = Value(1 | 32)
YEAR = 365.25 * 24 * 3600
# What was published today counts so much more than what is very old.
FRESH = 0.5
OLD = 20.0
# A title that has every word counts so much more.
IN_TITLE = 0.5
NAMED_EXACTLY = 100.0


@dataclass(frozen=True)
class Hit:
    """One thing that was found, as the page shows it."""

    kind: Kind
    url: str
    day: date | None
    excerpt: Excerpt


@dataclass(frozen=True)
class Found:
    """The counts of all kinds, and one page of what was asked for."""

    counts: dict[str, int]
    hits: Sequence[Hit]
    page: int
    pages: int
    # Whether there is more than anybody may leaf through.
    is_cut: bool = False

    @property
    def total(self) -> int:
        """How many things fit, of all kinds, at least."""
        return sum(min(number, MOST_COUNTED) for number in self.counts.values())

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return max(self.counts.values(), default=0) > MOST_COUNTED


def find(asked: Asked, kinds: Sequence[Kind], now: datetime) -> Found:
    """The page that was asked for; one that is not there is the last one."""
    if not asked.query:
        return Found(counts={}, hits=[], page=1, pages=0)
    with _words_from_their_index():
        counts = _counted(asked, kinds, now)
        wanted = [kind for kind in kinds if counts.get(kind.name) and asked.kind in {"", kind.name}]
        ranked = sum(min(counts[kind.name], MOST_RANKED) for kind in wanted)
        pages = min(-(-ranked // PER_PAGE), MOST_PAGES)
        page = max(1, min(asked.page, pages))
        best = _best(asked, wanted, counts, now, page) if wanted else []
        rows = _rows(best, wanted, now)
        told = excerpts(asked, [(title, text) for _kind, title, text, _day, _address in rows])
    hits = [
        Hit(kind=kind, url=kind.address(address), day=_day(day), excerpt=excerpt)
        for (kind, _title, _text, day, address), excerpt in zip(rows, told, strict=True)
    ]
    is_cut = sum(counts[kind.name] for kind in wanted) > pages * PER_PAGE
    return Found(counts=counts, hits=hits, page=page, pages=pages, is_cut=is_cut)


def finds_anything(asked: Asked, kinds: Sequence[Kind], now: datetime) -> bool:
    """Whether a search would find something."""
    if not asked.query:
        return False
    with _words_from_their_index():
        return bool(_counted(asked, kinds, now))


@contextmanager
def _words_from_their_index() -> Iterator[None]:
    """Inside, PostgreSQL finds words in their index, even frequent ones.

    Left to itself it reads whole tables for those, because it does not know what unpacking a long text costs.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
        yield


def _counted(asked: Asked, kinds: Sequence[Kind], now: datetime) -> dict[str, int]:
    """How many of each kind fit, in the kinds' order; kinds with none are left out.

    One more than `MOST_COUNTED` stands for any number above.
    """
    arms, params = [], []
    for kind in kinds:
        some = kind.matching(asked, now).values("pk")[: MOST_COUNTED + 1]
        sql, values = some.query.sql_with_params()
        arms.append(f"SELECT %s, count(*) FROM ({sql}) AS fitting")  # noqa: S608 - Django's own
        params += [kind.name, *values]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(arms), params)
        numbers = dict(cursor.fetchall())
    return {kind.name: numbers[kind.name] for kind in kinds if numbers[kind.name]}


def _best(
    asked: Asked, kinds: Sequence[Kind], counts: dict[str, int], now: datetime, page: int
) -> list[tuple[str, int]]:
    """The names and keys of the page's things, the best first."""
    last = page * PER_PAGE
    arms = [_ranked(kind, asked, now, many=counts[kind.name] > MOST_RANKED)[:last] for kind in kinds]
    ranked = sorted(_united(arms), key=lambda row: (-row[2], row[0], -row[1]))
    return [(name, pk) for name, pk, _rank in ranked[last - PER_PAGE : last]]


def _ranked(kind: Kind, asked: Asked, now: datetime, *, many: bool) -> QuerySet[Any]:
    """Things of one kind by how well they fit."""
    rows = kind.matching(asked, now)
    if many:
        sure = kind.has_title(asked)
        if named := kind.named(asked):
            sure |= named
        first = [Case(When(sure, then=Value(0)), default=Value(1))] if sure else []
        order = [OrderBy(as_expression(kind.day), descending=True, nulls_last=True)] if kind.day else []
        latest = rows.order_by(*first, *order, "-pk")
        rows = _plain(kind, now).filter(pk__in=latest.values("pk")[:MOST_RANKED])
    return (
        rows.annotate(found_rank=_rank(kind, asked, now))
        .order_by("-found_rank", "-pk")
        .values_list(
            Value(kind.name, output_field=TextField()),
            F("pk"),
            "found_rank",
        )
    )


def _plain(kind: Kind, now: datetime) -> QuerySet[Any]:
    rows = kind.public(now).order_by()
    return rows if kind.words is None else rows.annotate(found_words=kind.words)


def _rank(kind: Kind, asked: Asked, now: datetime) -> Any:
    """How well the words fit, more for a title that has them all, for what is new, and for what counts more."""
    query = tsquery(asked.query)
    words = SearchRank(F(kind.column), query, weights=WEIGHTS, normalization=NORMAL, cover_density=True)
    in_title = kind.has_title(asked)
    title = Case(When(in_title, then=Value(IN_TITLE)), default=Value(0.0)) if in_title else Value(0.0)
    rank: Any = (words + title) * Value(kind.weight)
    if kind.day:
        rank = rank * (Value(1.0) + Value(FRESH) / (Value(1.0) + _age_in_years(kind.day, now)))
    if named := kind.named(asked):
        rank = Case(When(named, then=Value(NAMED_EXACTLY) + rank), default=rank)
    return Coalesce(rank, Value(0.0), output_field=FloatField())


class _Seconds(Func):
    """Between two moments."""

    template = "EXTRACT(EPOCH FROM (%(expressions)s))::float8"
    arg_joiner = " - "
    output_field = FloatField()


def _age_in_years(day: str | Combinable, now: datetime) -> Any:
    """How old something is; what is still to come is new, and what has no day is old."""
    seconds = _Seconds(Value(now, output_field=DateTimeField()), as_expression(day))
    return Coalesce(Greatest(seconds, Value(0.0)) / Value(YEAR), Value(OLD))


def _rows(
    best: list[tuple[str, int]], kinds: Sequence[Kind], now: datetime
) -> list[tuple[Kind, str, str, str, str]]:
    """What the page shows of its things, in their order. One that is withdrawn at this very moment is left out."""
    if not best:
        return []
    of_kind: dict[str, list[int]] = {}
    for name, pk in best:
        of_kind.setdefault(name, []).append(pk)
    by_name = {kind.name: kind for kind in kinds}
    read = _united([by_name[name].shown(now, pks) for name, pks in of_kind.items()])
    shown = {(name, pk): rest for name, pk, *rest in read}
    return [(by_name[name], *shown[name, pk]) for name, pk in best if (name, pk) in shown]


def _united(arms: Sequence[QuerySet[Any]]) -> list[Any]:
    """The rows of all in one read."""
    if not arms:
        return []
    return list(arms[0].union(*arms[1:], all=True)) if len(arms) > 1 else list(arms[0])


def _day(text: str | None) -> date | None:
    """A day as PostgreSQL writes it; of a moment the day that it is then in Chicago."""
    text = text or ""
    moment = parse_datetime(text) if len(text) > len("2026-03-05") else None
    return timezone.localdate(moment) if moment else parse_date(text)
