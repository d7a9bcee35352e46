"""Finds the committee behind a printed name: "Energy & Public Utilities" is one we know; guesses none.

Roll calls print names shortened ("Trans: Regulation, Roads & Bridges") and with an amendment ("Labor, Amendment 2").
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from legislation.models import Committee

Words = tuple[str, ...]

_WORD = re.compile(r"[a-z0-9]+")
_AMENDMENT = re.compile(r",?\s+(?:(?:house|senate) )?(?:committee |floor )?amendment .*$", re.IGNORECASE)
_IDLE = {"and", "committee", "the", "on", "of", "house", "senate"}
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`")
JOINT = "joint"


def committee_words(text: str) -> Words:
    """The words that count: "Judiciary - Civil" and "House Judiciary: Civil Committee" are both judiciary, civil."""
    words = (word for word in _WORD.findall(text.lower().translate(_APOSTROPHES)) if word not in _IDLE)
    # Long names are cut off: "Tax Policy: Other Taxes Subcommitte".
    return tuple("subcommittee" if word.startswith("subcom") else word for word in words)


def normalize_committee(text: str) -> str:
    """One spelling for comparing."""
    return " ".join(committee_words(text))


class Spelling(NamedTuple):
    """One way a committee is written. A subcommittee goes by its own name only where no committee has it."""

    committee_id: int
    chamber: str
    words: Words
    is_sub: bool


class CommitteeIndex:
    """Committees by chamber and name, other spellings included. Make a new one after committees change."""

    def __init__(self, spellings: Iterable[Spelling]) -> None:
        self._spellings = list(spellings)
        self._found: dict[tuple[str, str], int | None] = {}

    @classmethod
    def load(cls) -> "CommitteeIndex":
        rows = Committee.objects.values_list("id", "chamber", "name", "other_names", "parent__name")
        return cls(
            Spelling(committee, chamber, words, parent is not None)
            for committee, chamber, name, others, parent in rows
            for words in _spellings(name, others, parent)
            if words
        )

    def resolve(self, name: str, chamber: str) -> int | None:
        """The committee's id; None when the name fits none or several. `chamber` "" means any."""
        key = (name, chamber)
        if key not in self._found:
            self._found[key] = self._resolve(name, chamber)
        return self._found[key]

    def _resolve(self, name: str, chamber: str) -> int | None:
        near = [one for one in self._spellings if chamber in {"", one.chamber} or one.chamber == JOINT]
        for text in (name, _AMENDMENT.sub("", name)):
            words = committee_words(text)
            for is_sub in (False, True):
                fitting = {one.committee_id for one in near if one.words == words and one.is_sub is is_sub}
                if fitting:
                    return fitting.pop() if len(fitting) == 1 else None
        fitting = {one.committee_id for one in near if is_short_for(words, one.words)}
        return fitting.pop() if len(fitting) == 1 else None


def _spellings(name: str, others: Iterable[str], parent: str | None) -> set[Words]:
    """A subcommittee "Finance" is printed "Finance Subcommittee" and "Tax Policy: Finance Subcommittee" as well."""
    spellings = {committee_words(spelling) for spelling in [name, *others]}
    if parent is None:
        return spellings
    own = tuple(word for word in committee_words(name) if word != "subcommittee")
    above = committee_words(parent)
    sub = (*own, "subcommittee")
    return spellings | {own, sub, above + own, above + sub}


def is_short_for(short: Words, full: Words) -> bool:
    """Whether each word begins one of the full name's, in order, from the first one on. A lone word tells too little."""
    if len(short) < 2 or not full or not full[0].startswith(short[0]):
        return False
    rest = iter(full)
    return all(any(word.startswith(beginning) for word in rest) for beginning in short)
