"""What somebody typed into a slip's firm or representation field, taken apart into pieces that may each be a name."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from legislation.naming.firm_words import (
    ALONE,
    EMPTY,
    LIGHT,
    LINKS,
    PERSONAL,
    SELF,
    TITLES,
    fold_word,
    reading,
    weight,
)

# "I.A.R.F.", "N/A" and "d/b/a" are one word each; so is "Children's".
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?|\b[^\W\d_](?:/[^\W\d_])+\b|[^\W_]+(?:['’ʼ`´][^\W_]+)*")
# Longer than this nobody names organizations; what follows is a story.
MOST_WORDS = 60
_LINKS_BY_WORD = {phrase[0]: [other for other in LINKS if other[0] == phrase[0]] for phrase in LINKS}
STRONG, WEAK, SLASH, DASH = "strong", "weak", "slash", "dash"


@dataclass(frozen=True)
class Word:
    """One word: as folded, as it is read, how much it tells, and where it stands in the text."""

    folded: str
    read: str
    weight: float
    start: int
    end: int


@dataclass
class Piece:
    """Words between two breaks. `before` says what stands in front: a strong break never lies inside a name."""

    before: str
    words: list[Word] = field(default_factory=list)
    in_brackets: bool = False

    @cached_property
    def telling(self) -> list[Word]:
        return [word for word in self.words if word.weight]

    @property
    def is_bare(self) -> bool:
        """Whether it says nothing of an organization: empty words, titles, the witness alone."""
        return all(_is_one_of(word, EMPTY, SELF, TITLES, LIGHT) for word in self.words)


@dataclass
class FirmText:
    """A field's words in pieces. `speaks_for_self`: the witness alone, such as "Self" or "my family"."""

    text: str
    pieces: list[Piece]

    @cached_property
    def words(self) -> list[Word]:
        return [word for piece in self.pieces for word in piece.words]

    @property
    def key(self) -> tuple[str, ...]:
        """The telling words as they are read: what two spellings of one name share."""
        return tuple(word.read for word in self.words if word.weight)

    @property
    def is_empty(self) -> bool:
        """Nothing, or words that say so: "N/A", "none", "same as above"."""
        return all(_is_one_of(word, EMPTY, LIGHT) for word in self.words)

    @property
    def names_nobody(self) -> bool:
        """Nothing, the witness, or those that many speak for: "Self", "my family", "seniors"."""
        return all(
            _is_one_of(word, SELF, EMPTY, TITLES, LIGHT) or word.folded == "behalf" for word in self.words
        )

    @property
    def speaks_for_self(self) -> bool:
        return self.names_nobody and any(_is_one_of(word, ALONE) for word in self.words)

    def is_personal(self, taken: set[int]) -> bool:
        """Whether a piece beside the `taken` ones says that a client, member or employee speaks."""
        return any(
            word.folded in PERSONAL
            for place, piece in enumerate(self.pieces)
            if place not in taken
            for word in piece.words
        )

    def words_of(self, first: int, last: int) -> str:
        """The text from one piece through another."""
        words = [word for piece in self.pieces[first : last + 1] for word in piece.words]
        return self.text[words[0].start : words[-1].end] if words else ""


def _is_one_of(word: Word, *kinds: frozenset[str]) -> bool:
    return any(word.folded in kind or word.read in kind for kind in kinds)


def read_words(text: str) -> list[Word]:
    words = []
    for found in _WORD.finditer(text):
        folded = fold_word(found.group())
        if folded:
            read = reading(folded)
            words.append(Word(folded, read, weight(read), found.start(), found.end()))
        if len(words) == MOST_WORDS:
            break
    return words


def read_field(text: str) -> FirmText:
    """Takes a field apart at its signs, at "and", and where it says "dba", "a program of" and the like."""
    text = " ".join(text.split())
    pieces: list[Piece] = []
    words = read_words(text)
    place = end = 0
    before = STRONG
    while place < len(words):
        if skipped := _link(words, place):
            before, end = STRONG, words[place + skipped - 1].end
            place += skipped
            continue
        word = words[place]
        before = _stronger(before, _break(text[end : word.start]))
        if word.folded == "and":
            before = _stronger(before, WEAK)
        else:
            if before or not pieces:
                pieces.append(Piece(before, in_brackets="(" in text[end : word.start]))
            pieces[-1].words.append(word)
            before = ""
        place, end = place + 1, word.end
    return FirmText(text, pieces)


def _link(words: list[Word], place: int) -> int:
    """How many words from here say that another name follows; none where they are part of a name."""
    for phrase in _LINKS_BY_WORD.get(words[place].folded, ()):
        if tuple(word.folded for word in words[place : place + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def _break(gap: str) -> str:
    """What the signs between two words mean."""
    if any(sign in gap for sign in ";|\n•") or " / " in gap:
        return STRONG
    if "/" in gap:
        return SLASH
    if any(sign in gap for sign in "–—") or (gap.strip() == "-" and gap != "-"):
        return DASH
    return WEAK if any(sign in gap for sign in ",:()[]&+") else ""


def _stronger(one: str, other: str) -> str:
    order = ("", WEAK, SLASH, DASH, STRONG)
    return max(one, other, key=order.index)
