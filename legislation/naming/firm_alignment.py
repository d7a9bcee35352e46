"""How well some words fit one name: which of them are its words, which are missing, which are left over."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz.distance import OSA

from legislation.naming.firm_text import Word
from legislation.naming.firm_words import COMMON, FEDERATED, GENERIC, LIGHT, LOOSE, PLACES, reading

RARE = 4.0
TELLING = 2.0
# A word of so many letters may hold one slip of the finger, a longer one two.
ONE_SLIP, TWO_SLIPS = 4, 8
SAME, JOINED, TYPO, SHORT, INITIALS = "same", "joined", "typo", "short", "initials"
_QUALITY = {SAME: 1.0, JOINED: 1.0, TYPO: 0.9, SHORT: 0.9, INITIALS: 0.9}
_VOWELS = set("aeiou")


@dataclass(frozen=True)
class Name:
    """One name of a partner. `home` are the words of where it is; `is_alias`, a name staff recorded."""

    organization: int
    words: tuple[Word, ...]
    is_alias: bool = False
    home: frozenset[str] = frozenset()

    @cached_property
    def telling(self) -> tuple[Word, ...]:
        return tuple(word for word in self.words if word.weight)

    @cached_property
    def total(self) -> float:
        return sum(word.weight for word in self.words)

    @cached_property
    def total_telling(self) -> float:
        return sum(word.weight for word in self.words if word.weight >= TELLING)

    @cached_property
    def is_generic(self) -> bool:
        """Whether no word of it tells it apart, as in "Center for Families"."""
        return all(word.weight < TELLING for word in self.words)

    @cached_property
    def is_strong(self) -> bool:
        """Whether it is known by more than one word, one of them rare: it can hardly stand there by chance."""
        return len(self.telling) > 1 and any(word.weight >= RARE for word in self.words)

    @cached_property
    def is_federated(self) -> bool:
        return any(word.read in FEDERATED for word in self.words)

    @cached_property
    def places(self) -> set[str]:
        return {word.read for word in self.words if word.read in PLACES or word.read in self.home}


@dataclass
class Alignment:
    """Which words of a text are which of a name's. `slips`: letters that differ, in all."""

    name: Name
    words: Sequence[Word]
    found: dict[int, str] = field(default_factory=dict)  # place in name.telling → how
    used: dict[int, int] = field(default_factory=dict)  # place in words → place in name.telling
    slips: int = 0
    risky: bool = False  # a short or first letter differs: this may be another word

    def take(self, own: int, how: str, *texts: int) -> None:
        self.found[own] = how
        for text in texts:
            self.used[text] = own

    def missing(self) -> list[tuple[int, Word]]:
        return [(place, word) for place, word in enumerate(self.name.telling) if place not in self.found]

    def extra(self) -> list[tuple[int, Word]]:
        return [
            (place, word) for place, word in enumerate(self.words) if word.weight and place not in self.used
        ]

    @property
    def matched(self) -> float:
        return sum(self.name.telling[place].weight * _QUALITY[how] for place, how in self.found.items())

    @property
    def in_order(self) -> bool:
        """Whether the words stand in the name's order."""
        order = list(self.used.values())
        return order == sorted(order)

    def told_apart_by(self) -> float:
        """The share of the name's telling words that was found, 0 to 1."""
        words = [self.name.telling[place] for place in self.found]
        total = self.name.total_telling
        return sum(word.weight for word in words if word.weight >= TELLING) / total if total else 0.0


def align(name: Name, words: Sequence[Word], known: Container[str]) -> Alignment:
    """Fits words to a name: the same, written together or apart, misspelled, shortened, by initials.

    `known`: words of other names, which are therefore not misspelled.
    """
    alignment = Alignment(name, words)
    _take_same(alignment)
    if alignment.missing() and alignment.extra():
        _take_joined(alignment)
        _take_misspelled(alignment, known)
        _take_shortened(alignment)
        _take_initials(alignment)
    alignment.used = dict(sorted(alignment.used.items()))
    return alignment


def _take_same(alignment: Alignment) -> None:
    for own, word in enumerate(alignment.name.telling):
        for text, written in enumerate(alignment.words):
            if written.read == word.read and text not in alignment.used:
                alignment.take(own, SAME, text)
                break


def _take_joined(alignment: Alignment) -> None:
    for own, word in alignment.missing():
        for text in range(len(alignment.words) - 1):
            pair = alignment.words[text : text + 2]
            whole = pair[0].folded + pair[1].folded
            free = text not in alignment.used and text + 1 not in alignment.used
            if free and (whole == word.folded or reading(whole) == word.read):
                alignment.take(own, JOINED, text, text + 1)
                break
    missing = dict(alignment.missing())
    for text, written in alignment.extra():
        for own in missing:
            if own + 1 not in missing or own in alignment.found or own + 1 in alignment.found:
                continue
            if reading(missing[own].folded + missing[own + 1].folded) == written.read:
                alignment.take(own, JOINED, text)
                alignment.found[own + 1] = JOINED
                break


def _take_misspelled(alignment: Alignment, known: Container[str]) -> None:
    for own, word in alignment.missing():
        best: tuple[int, int] | None = None
        for text, written in alignment.extra():
            if written.read in GENERIC or written.read in COMMON or written.read in PLACES:
                continue
            slips = slips_between(written.read, word.read)
            if slips and written.read not in known and (best is None or slips < best[0]):
                best = slips, text
        if best is not None:
            alignment.take(own, TYPO, best[1])
            alignment.slips += best[0]
            alignment.risky |= _may_be_another(alignment.words[best[1]].read, word, best[0], alignment)


def _may_be_another(written: str, word: Word, slips: int, alignment: Alignment) -> bool:
    """Whether a telling word that differs by a letter or two may be meant as it stands: "Harmon" for "Harmony"."""
    if word.weight < TELLING:
        return False
    if written[0] != word.read[0] or len(word.read) < 6 or (slips > 1 and len(word.read) < 9):
        return True
    others = len(alignment.name.telling) - 1
    doubled = re.sub(r"(.)\1", r"\1", written) == re.sub(r"(.)\1", r"\1", word.read)
    swapped = sorted(written) == sorted(word.read)
    return others < (1 if doubled or swapped else 2 if len(word.read) > 7 else 3)


def slips_between(one: str, other: str) -> int:
    """How many letters differ, as far as two spellings can be one word; else 0."""
    length = min(len(one), len(other))
    most = 0 if length < ONE_SLIP else 1 if length < TWO_SLIPS else 2
    if not most or one.isdigit() or other.isdigit():
        return 0
    slips = OSA.distance(one, other, score_cutoff=most)
    return slips if slips <= most else 0


def _take_shortened(alignment: Alignment) -> None:
    """ "Psych" for "Psychological", "Nbhd" for "Neighborhood": only of words that many share."""
    for own, word in alignment.missing():
        if word.weight >= TELLING:
            continue
        for text, written in alignment.extra():
            if _is_short_for(written.folded, word.folded):
                alignment.take(own, SHORT, text)
                break


def _is_short_for(short: str, whole: str) -> bool:
    if len(short) < 3 or len(whole) < len(short) + 2 or short[0] != whole[0]:
        return False
    if whole.startswith(short):
        return True
    letters = iter(whole)
    return not _VOWELS & set(short[1:]) and all(letter in letters for letter in short)


def _take_initials(alignment: Alignment) -> None:
    """ "CDC" for the "Community Development Corporation" in a name's end."""
    places = {id(word): place for place, word in enumerate(alignment.name.telling)}
    words = alignment.name.words
    for text, written in alignment.extra():
        if not 2 <= len(written.folded) <= 6 or not written.folded.isalpha():
            continue
        for start in range(len(words)):
            run = _run_of(written.folded, words[start:])
            own = [places[id(word)] for word in run if id(word) in places]
            if len(own) > 1 and not any(place in alignment.found for place in own):
                for place in own:
                    alignment.take(place, INITIALS, text)
                break


def _run_of(letters: str, words: Sequence[Word]) -> list[Word]:
    """The words, from the first on, whose initials these are; words such as "of" may be left out."""
    run, left = [], letters
    for word in words:
        if not left:
            break
        if word.folded[0] == left[0]:
            run.append(word)
            left = left[1:]
        elif word.folded not in LIGHT:
            return []
    return [] if left else run


def is_loose(word: Word) -> bool:
    """Whether people add or leave out such a word as they please."""
    return (word.read in LOOSE and word.weight <= 1) or (len(word.folded) == 1 and word.folded.isalpha())
