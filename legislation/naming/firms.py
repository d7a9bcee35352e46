"""Which partners a witness slip names, by what stands in its firm and representation fields.

Pure reading: names in, findings out. What is certain is told apart from what staff should look at. A name that many
could bear ("Center for Families") is certain only word for word, never by likeness.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from legislation.naming.firm_alignment import ONE_SLIP, TELLING, TWO_SLIPS, Name, align
from legislation.naming.firm_choice import Candidate, beside, keep, settled, value
from legislation.naming.firm_text import STRONG, FirmText, Piece, Word, read_field, read_words
from legislation.naming.firm_verdicts import Verdict, is_aside, judge
from legislation.naming.firm_words import PLACES, reading

# Below this share of its telling words a name is not worth fitting; of many, so many are.
LEAST, FITTED = 0.5, 16
BY_INITIALS = Verdict(75, False, "initials")
MOST_PIECES, MOST_TOGETHER = 14, 5


@dataclass(frozen=True)
class Partner:
    """An organization with the names it is known by and where it is."""

    id: int
    name: str
    aliases: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One partner that the words name, or may name. `score` from 0 to 100; `reason` is a key of `REASONS`."""

    organization: int
    words: str
    score: int
    is_sure: bool
    reason: str


class FirmIndex:
    """The partners' names, ready to be found. Build once, ask often: it remembers what it was asked."""

    def __init__(self, partners: Iterable[Partner]) -> None:
        self._names: list[Name] = []
        # Word → names that hold it, with how much it tells there.
        self._by_word: dict[str, dict[int, float]] = defaultdict(dict)
        self._generic: dict[str, set[int]] = defaultdict(set)
        self._by_initials: dict[str, set[int]] = defaultdict(set)
        self._keys: dict[tuple[str, ...], list[int]] = {}
        self._read: dict[str, list[Finding]] = {}
        self._near: dict[str, list[str]] = {}
        self._ids: set[int] = set()
        for partner in partners:
            self._ids.add(partner.id)
            home = frozenset(word.read for place in partner.places for word in read_words(place))
            for text, is_alias in ((partner.name, False), *((alias, True) for alias in partner.aliases)):
                for words in _names_in(text):
                    self._add(Name(partner.id, tuple(words), is_alias, home))
        self._vocabulary = list(self._by_word)

    def _add(self, name: Name) -> None:
        if not name.telling:
            return
        place = len(self._names)
        self._names.append(name)
        words = name.telling
        for word in words:
            if name.is_generic:
                self._generic[word.read].add(place)
            elif word.weight >= TELLING:
                self._by_word[word.read][place] = word.weight
        for one, two in pairwise(words):
            if not name.is_generic:
                joined = self._by_word[reading(one.folded + two.folded)]
                joined.setdefault(place, one.weight + two.weight)
        self._keys.setdefault(tuple(word.read for word in words), []).append(place)
        for letters in _initials(name):
            self._by_initials[letters].add(place)

    def knows(self, organization: int) -> bool:
        return organization in self._ids

    @staticmethod
    def is_general(words: str) -> bool:
        """Whether nothing in some words tells one organization from another."""
        return Name(0, tuple(read_words(words))).is_generic

    def match(self, firm: str, representation: str = "") -> list[Finding]:
        """The partners that a slip names, the surest first; each once."""
        works_for, speaks_for = read_field(firm), read_field(representation)
        found = [*self._findings(works_for), *self._findings(speaks_for)]
        if speaks_for.speaks_for_self and not self._is_name(speaks_for):
            # Employed there, and yet the words say that the witness speaks for nobody else.
            found = [
                replace(one, is_sure=False, reason="self", words=f"{one.words} / {speaks_for.text}"[:300])
                if one.is_sure
                else one
                for one in found
            ]
        best: dict[int, Finding] = {}
        for one in sorted(found, key=lambda finding: (not finding.is_sure, -finding.score)):
            best.setdefault(one.organization, one)
        return list(best.values())

    def _is_name(self, field: FirmText) -> bool:
        """Whether it is the whole name of a partner, who may well be called "Citizen Advocates"."""
        return len(field.key) > 1 and field.key in self._keys

    def _findings(self, field: FirmText) -> list[Finding]:
        if field.names_nobody and not self._is_name(field):
            return []
        if field.text not in self._read:
            self._read[field.text] = self._read_field(field)
        return self._read[field.text]

    def _read_field(self, field: FirmText) -> list[Finding]:
        """The pieces put together so that they name as much as they can; then a second look at each."""
        pieces = field.pieces[:MOST_PIECES]
        best: list[tuple[float, list[tuple[int, int, list[Candidate]]]]] = [(0.0, [])]
        for last in range(len(pieces)):
            choices = [best[last]]
            for first in range(last, max(-1, last - MOST_TOGETHER), -1):
                candidates = self._candidates([w for piece in pieces[first : last + 1] for w in piece.words])
                if candidates:
                    worth, parts = best[first]
                    choices.append((worth + value(candidates), [*parts, (first, last, candidates)]))
                if pieces[first].before == STRONG:
                    break
            best.append(max(choices, key=lambda choice: choice[0]))
        parts = best[-1][1]
        taken = {place for first, last, _candidates in parts for place in range(first, last + 1)}
        return [
            finding
            for first, last, candidates in parts
            for finding in self._second_look(field, pieces, taken, first, last, candidates)
        ]

    def _second_look(
        self,
        field: FirmText,
        pieces: list[Piece],
        taken: set[int],
        first: int,
        last: int,
        candidates: list[Candidate],
    ) -> list[Finding]:
        """What stands beside a name makes a short one doubtful; so does a member, client or employee who speaks."""
        words = [word for piece in pieces[first : last + 1] for word in piece.words]
        around = beside(pieces, taken, first, last)
        personal = field.is_personal(taken)
        findings = []
        for candidate in candidates:
            verdict = candidate.verdict
            if around and not (verdict.is_whole and candidate.name.is_strong):
                verdict = judge(align(candidate.name, words, self._by_word), around)
                if not verdict.is_worth_asking:
                    verdict = candidate.verdict
                    if not verdict.is_whole:
                        continue
                verdict = replace(verdict, is_sure=False, reason="beside")
            elif personal and verdict.is_sure:
                verdict = replace(verdict, is_sure=False, reason="person")
            text = field.words_of(first, last)[:300]
            findings.append(
                Finding(candidate.name.organization, text, verdict.score, verdict.is_sure, verdict.reason)
            )
        return findings

    def _candidates(self, words: list[Word]) -> list[Candidate]:
        """The partners that these words may name: one for certain, or a few that staff should see."""
        best: dict[int, Candidate] = {}
        exact = self._keys.get(tuple(word.read for word in words if word.weight), ())
        for place in exact or self._places(words):
            name = self._names[place]
            alignment = align(name, words, self._by_word)
            verdict = judge(alignment)
            if verdict.is_worth_asking:
                keep(best, Candidate(name, verdict, alignment.matched))
        telling = [word for word in words if word.weight and not is_aside(word)]
        if len(telling) == 1 and len(telling[0].folded) > 2:
            for place in self._by_initials.get(telling[0].folded, ()):
                keep(best, Candidate(self._names[place], BY_INITIALS, telling[0].weight))
        return settled(sorted(best.values(), key=lambda one: one.rank, reverse=True))

    def _places(self, words: list[Word]) -> set[int]:
        """Names that share a telling word, or a misspelling of one, or nearly all words of a general name."""
        told: dict[int, float] = defaultdict(float)
        reads = dict.fromkeys(near for word in words for near in self._spellings(word))
        reads.update(dict.fromkeys(reading(one.folded + two.folded) for one, two in pairwise(words)))
        for read in reads:
            for place, weight in self._by_word.get(read, {}).items():
                told[place] += weight
        # A name of whose telling words less than half is there is not worth fitting; of many, the likest are.
        shares = {place: weight / self._names[place].total_telling for place, weight in told.items()}
        likely = [place for place, share in shares.items() if share >= LEAST]
        places = set(sorted(likely, key=lambda place: -shares[place])[:FITTED])
        general: dict[int, int] = defaultdict(int)
        for read in {word.read for word in words}:
            for place in self._generic.get(read, ()):
                general[place] += 1
        return places | {
            place for place, count in general.items() if count >= _enough(len(self._names[place].telling))
        }

    def _spellings(self, word: Word) -> list[str]:
        """The word itself where names have it, else their words that it may be a misspelling of."""
        if word.read in self._by_word:
            return [word.read]
        if word.weight < TELLING or len(word.read) < ONE_SLIP:
            return []
        if word.read not in self._near:
            most = 1 if len(word.read) < TWO_SLIPS else 2
            near = process.extract(
                word.read, self._vocabulary, scorer=OSA.distance, score_cutoff=most, limit=12
            )
            self._near[word.read] = [one for one, _slips, _place in near]
        return self._near[word.read]


def _names_in(text: str) -> list[list[Word]]:
    """The names that a record's own name holds: "Home Network (HN)" and "First dba Second" are two each."""
    field = read_field(text)
    names: list[list[Word]] = []
    for place, piece in enumerate(field.pieces):
        alone = piece.in_brackets or (piece.before == STRONG and place > 0)
        if not names or alone:
            names.append([])
        names[-1].extend(piece.words)
    # What stands in brackets is often no name: "(Chicago)", "(for Women)".
    return [names[0], *(words for words in names[1:] if _can_be_name(words))] if names else []


def _can_be_name(words: list[Word]) -> bool:
    telling = [word for word in words if word.weight and word.read not in PLACES]
    return len(telling) > 1 or any(word.weight >= TELLING for word in telling)


def _enough(words: int) -> int:
    """How many words of a general name must be there to look at it."""
    return min(words - 1, max(2, words // 2)) or 1


def _initials(name: Name) -> set[str]:
    """By which letters people call it: with and without small words; none for names of less than three words."""
    if len(name.words) < 3:
        return set()
    short = "".join(word.folded[0] for word in name.telling)
    every = "".join(word.folded[0] for word in name.words)
    joined = "".join(word.folded[0] for word in name.words if word.weight or word.folded in {"of", "for"})
    local = "".join(word.folded[0] for word in name.telling if word.read not in PLACES)
    return {letters for letters in (short, every, joined, local) if 3 <= len(letters) <= 8}
