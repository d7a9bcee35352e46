"""“Did you mean …” for a search that finds nothing: the nearest words that bills, subjects and members are named by.

The database has no trigram index, so the vocabulary is kept in the process and compared by edit distance.
"""

import re
from collections import Counter
from dataclasses import replace
from time import monotonic

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from legislation.models import Bill, BillTracking, Committee, Legislator, Subject
from legislation.reading.titles import tidy_title
from legislation.search.bills import BillSearch

KEPT_SECONDS = 900
NEAR_ENOUGH = 74
SHORTEST = 4
NEWEST_TITLES = 30_000
_WORD = re.compile(r"[^\W\d_]{3,}")

# The words with how often they stand there, and until when they hold.
_kept: tuple[Counter[str], float] = (Counter(), 0.0)


def vocabulary() -> Counter[str]:
    """Words of titles, public plain titles, subjects, committees and members, with how often they occur."""
    global _kept
    words, until = _kept
    if monotonic() >= until:
        words = _read_vocabulary()
        _kept = (words, monotonic() + KEPT_SECONDS)
    return words


def forget_vocabulary() -> None:
    """The next question reads the words anew."""
    global _kept
    _kept = (Counter(), 0.0)


def _read_vocabulary() -> Counter[str]:
    titles = Bill.objects.order_by("-session", "-number").values_list("title", flat=True)
    texts = [tidy_title(printed) for printed in titles[:NEWEST_TITLES]]
    texts += BillTracking.objects.filter(is_public=True).values_list("plain_title", flat=True)
    texts += [f"{name} {words}" for name, words in Subject.objects.values_list("name", "words")]
    texts += Committee.objects.values_list("name", flat=True)
    texts += Legislator.objects.values_list("name", flat=True)
    words: Counter[str] = Counter()
    for text in texts:
        words.update(_WORD.findall(text.lower()))
    return words


def suggestion(search: BillSearch) -> BillSearch | None:
    """The same search with unknown words replaced by the nearest known ones; None where none is near."""
    known = vocabulary()
    asked = [word for word in _WORD.findall(search.text.words.lower()) if len(word) >= SHORTEST]
    better = {word: near for word in asked if word not in known and (near := nearest(word, known))}
    if not better:
        return None
    words = _WORD.sub(lambda found: better.get(found[0].lower(), found[0]), search.q)
    return replace(search, q=words)


def nearest(word: str, known: Counter[str]) -> str:
    """The nearest word; of equally near ones the one that stands in more titles."""
    limit = 1 if len(word) <= 5 else 2
    near = process.extract(word, known.keys(), scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH, limit=12)
    ranked = [
        (DamerauLevenshtein.distance(word, candidate), -known[candidate], candidate)
        for candidate, _score, _place in near
        if candidate != word
    ]
    fitting = sorted(rank for rank in ranked if rank[0] <= limit)
    return fitting[0][2] if fitting else ""
