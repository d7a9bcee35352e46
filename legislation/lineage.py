"""Likely relatives of a bill: its companion in the other chamber, and what it brings back from earlier years.

A suggestion is a guess by likeness of words. Staff look and decide; nothing is linked by itself.
"""

import re
from collections import Counter
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q
from rapidfuzz import fuzz

from legislation.models import Bill, BillRelation

_WORDS = re.compile(r"[a-z]{3,}")
# What every synopsis says, so that it tells nothing.
_COMMON = frozenset(
    _WORDS.findall(
        "act amend amends and any are become change code create creates effective for from has have immediately "
        "illinois its law makes may new not other person provide provides provided provision provisions public "
        "section shall state such technical that the there these this under upon who with within"
    )
)
WORDS_ASKED = 12
CANDIDATES = 60
SYNOPSIS_COMPARED = 1500
# Of 100: below this two texts merely are about the same law.
LIKE_ENOUGH = 72
MOST_SUGGESTED = 6
# Placeholders ("Makes a technical change") are all alike.
SHELL = re.compile(r"technical change", re.IGNORECASE)


@dataclass(frozen=True)
class Suggestion:
    """A bill that may be related: how, and how alike title and synopsis are, 0 to 100."""

    bill: Bill
    kind: str
    score: int


def suggest(bill: Bill) -> list[Suggestion]:
    """The likeliest relatives that nobody linked yet, the best first. Two queries, the second over full text."""
    words = telling_words(bill)
    if not words or SHELL.search(bill.synopsis):
        return []
    linked = {(relation.session, relation.identifier) for relation in bill.relations.all()}
    query = SearchQuery(" | ".join(f"'{word}'" for word in words), config="english", search_type="raw")
    others = (
        Bill.objects.filter(Q(session__lt=bill.session) | Q(session=bill.session) & ~Q(chamber=bill.chamber))
        .filter(search=query, kind=bill.kind)
        .annotate(likeness=SearchRank(F("search"), query))
        .defer("search")
        .order_by("-likeness", "-session", "pk")
    )
    found = [
        Suggestion(other, _kind(bill, other), score)
        for other in others[:CANDIDATES]
        if (other.session, other.identifier) not in linked and (score := likeness(bill, other)) >= LIKE_ENOUGH
    ]
    return sorted(found, key=lambda suggestion: -suggestion.score)[:MOST_SUGGESTED]


def telling_words(bill: Bill) -> list[str]:
    """The words to look for: those of the title, then the rarer-looking and repeated ones of the synopsis."""
    title = [word for word in _WORDS.findall(bill.title.lower()) if word not in _COMMON]
    counted = Counter(word for word in _WORDS.findall(bill.synopsis.lower()) if word not in _COMMON)
    synopsis = sorted(counted, key=lambda word: (-counted[word], -len(word), word))
    return list(dict.fromkeys([*title, *synopsis]))[:WORDS_ASKED]


def likeness(one: Bill, other: Bill) -> int:
    """How alike two measures are, 0 to 100: the synopsis counts more than the title, which is often a law's name."""
    title = fuzz.token_sort_ratio(one.title.lower(), other.title.lower())
    if not one.synopsis or not other.synopsis:
        return round(title * 0.9)
    if SHELL.search(other.synopsis):
        return 0
    synopsis = fuzz.token_sort_ratio(
        one.synopsis[:SYNOPSIS_COMPARED].lower(), other.synopsis[:SYNOPSIS_COMPARED].lower()
    )
    return round(0.3 * title + 0.7 * synopsis)


def _kind(bill: Bill, other: Bill) -> str:
    return BillRelation.Kind.COMPANION if other.session == bill.session else BillRelation.Kind.REINTRODUCES
