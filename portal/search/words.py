"""Words that would find more: near spellings where nothing was found, and words that go on like the last one typed."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from legislation.search.spelling import SHORTEST, nearest
from legislation.search.spelling import vocabulary as words_of_bills
from partners.caching import kept_part
from portal.search.asked import Asked
from portal.search.kind import Kind

MOST_OFFERED = 6
LEAST_TYPED = 3
KEPT_SECONDS = 900
# The vocabulary of the search over bills has theirs already.
_ELSEWHERE = {"bills", "legislators", "committees"}
_WORD = re.compile(r"[^\W\d_]{3,}")


# What was put together last, and from what.
_together: tuple[str, Counter[str], Counter[str]] = ("", Counter(), Counter())


def vocabulary(kinds: Sequence[Kind], now: datetime) -> Counter[str]:
    """The words of all public titles with how often they stand there.

    Ours are kept like pages and gone with them: a title that was withdrawn suggests nothing.
    """
    global _together
    ours = kept_part("search-words", KEPT_SECONDS, lambda: json.dumps(_read(kinds, now)))
    bills = words_of_bills()
    if _together[0] != ours or _together[1] is not bills:
        _together = (ours, bills, bills + Counter(json.loads(ours)))
    return _together[2]


def _read(kinds: Sequence[Kind], now: datetime) -> Counter[str]:
    words: Counter[str] = Counter()
    for kind in kinds:
        if kind.name not in _ELSEWHERE:
            for title in kind.titles(now):
                words.update(_WORD.findall(title.lower()))
    return words


def respelled(q: str, known: Counter[str]) -> str:
    """The same search with unknown words replaced by the nearest known ones; "" where none is near."""
    asked = {word for word in _WORD.findall(q.lower()) if len(word) >= SHORTEST}
    better = {word: near for word in asked if word not in known and (near := nearest(word, known))}
    return _WORD.sub(lambda found: better.get(found[0].lower(), found[0]), q) if better else ""


def longer(asked: Asked, known: Counter[str]) -> list[str]:
    """Searches whose last word goes on from the one that was typed, the most frequent words first."""
    start = asked.last_word
    if len(start) < LEAST_TYPED or asked.text.pins:
        return []
    fitting = [word for word in known if word.startswith(start) and not _same(word, start)]
    best = sorted(fitting, key=lambda word: (-known[word], word))
    return [asked.q[: -len(start)] + word for word in best[:MOST_OFFERED]]


def _same(word: str, start: str) -> bool:
    """Whether a word is the typed one but for an ending, which the search sees through anyway."""
    return word in {start, f"{start}s", f"{start}es", f"{start}'s"}
