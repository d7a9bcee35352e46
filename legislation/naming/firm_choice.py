"""Choosing among the partners that some words may name, with an eye on what stands beside those words."""

from dataclasses import dataclass, replace

from legislation.naming.firm_alignment import Name
from legislation.naming.firm_text import STRONG, Piece, Word
from legislation.naming.firm_verdicts import EXACT, Verdict
from legislation.naming.firm_words import PLACES

# Two partners closer than this are both left to staff.
NEAR = 6
# Of doubtful ones staff see those that are nearly as like as the likest, and not many.
SHOWN_BEHIND, SHOWN = 12, 3


@dataclass(frozen=True)
class Candidate:
    """A partner's name that some words may be."""

    name: Name
    verdict: Verdict
    used: float  # how much the words that were used tell

    @property
    def rank(self) -> tuple[int, float]:
        return self.verdict.score, self.used


def keep(best: dict[int, Candidate], candidate: Candidate) -> None:
    old = best.get(candidate.name.organization)
    if old is None or candidate.rank > old.rank:
        best[candidate.name.organization] = candidate


def value(candidates: list[Candidate]) -> float:
    first = candidates[0]
    return first.verdict.score / 100 * first.used + first.verdict.is_sure - 0.3


def settled(candidates: list[Candidate]) -> list[Candidate]:
    """One that is certain and stands alone; else the likest, all doubtful."""
    if not candidates:
        return []
    first = candidates[0]
    rivals = [
        other
        for other in candidates[1:]
        if other.verdict.score == EXACT
        or (first.verdict.score < EXACT and other.verdict.score > first.verdict.score - NEAR)
    ]
    if first.verdict.is_sure and not rivals:
        return [first]
    reason = "several" if rivals and first.verdict.is_sure else ""
    shown = [one for one in candidates if one.verdict.score >= first.verdict.score - SHOWN_BEHIND][:SHOWN]
    return [
        replace(one, verdict=replace(one.verdict, is_sure=False, reason=reason or one.verdict.reason))
        for one in shown
    ]


def beside(pieces: list[Piece], taken: set[int], first: int, last: int) -> tuple[Word, ...]:
    """Words next to a name that nothing explains, up to a strong break: they may make it another name."""
    words: list[Word] = []
    place = last + 1
    while place < len(pieces) and pieces[place].before != STRONG and place not in taken:
        words += _loose_words(pieces[place])
        place += 1
    place = first
    while place > 0 and pieces[place].before != STRONG and place - 1 not in taken:
        place -= 1
        words += _loose_words(pieces[place])
    return tuple(words)


def _loose_words(piece: Piece) -> list[Word]:
    """A piece's words, unless it is a title, a place, or initials in brackets."""
    if piece.is_bare or all(word.read in PLACES for word in piece.telling):
        return []
    if piece.in_brackets and len(piece.words) == 1 and len(piece.words[0].folded) <= 6:
        return []
    return piece.telling
