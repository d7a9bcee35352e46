"""Whether words that fit a name are that partner's name: for certain, perhaps, or not."""

from dataclasses import dataclass, replace

from legislation.naming.firm_alignment import RARE, SAME, TELLING, TYPO, Alignment, is_loose
from legislation.naming.firm_text import Word
from legislation.naming.firm_words import EMPTY, OFFICERS, PERSONAL, PLACES, TITLES

# From here on (0 to 100) staff are asked.
WORTH_ASKING = 68
EXACT = 100


@dataclass(frozen=True)
class Verdict:
    """How like, whether for certain, and by what (a key of `REASONS`)."""

    score: int
    is_sure: bool
    reason: str
    is_whole: bool = False  # every word of the name is there

    @property
    def is_worth_asking(self) -> bool:
        return self.score >= WORTH_ASKING


NO = Verdict(0, False, "")


def judge(alignment: Alignment, beside: tuple[Word, ...] = ()) -> Verdict:
    """The verdict on one name. `beside`: unexplained words next to these, that may belong to them."""
    left = [word for _place, word in alignment.extra()]
    personal = [word for word in left if word.folded in PERSONAL]
    extra = _unexplained(alignment, [word for word in left if word not in personal]) + list(beside)
    verdict = _judge(alignment, extra)
    if personal and verdict.is_sure:
        return replace(verdict, is_sure=False, reason="person")
    return verdict


def _judge(alignment: Alignment, extra: list[Word]) -> Verdict:
    name = alignment.name
    missing = [word for _place, word in alignment.missing()]
    score = _score(alignment, missing, extra)
    if not _is_candidate(alignment, score, extra):
        return NO
    if not missing and not extra:
        return _whole(alignment, score)
    if missing and extra:
        return Verdict(score, False, "like")
    if missing:
        # Left out: sure only for one word that says little, behind a name that still holds two.
        loose = len(missing) == 1 and is_loose(missing[0]) and len(alignment.found) > 1
        return Verdict(score, loose and _is_spelled(alignment) and name.is_strong, "part")
    return Verdict(score, _may_be_longer(alignment, extra), "longer", is_whole=True)


def _whole(alignment: Alignment, score: int) -> Verdict:
    """All words of the name and no other."""
    name = alignment.name
    as_is = all(how == SAME for how in alignment.found.values())
    if as_is and alignment.in_order:
        return Verdict(EXACT, True, "alias" if name.is_alias else "name", is_whole=True)
    if name.is_generic:
        return Verdict(min(score, 95), False, "general", is_whole=True)
    if as_is:
        return Verdict(97, True, "order", is_whole=True)
    letters = sum(len(word.read) for word in name.telling)
    if letters < 7 or not _is_spelled(alignment):
        return Verdict(min(score, 94), False, "typo", is_whole=True)
    reason = "typo" if alignment.slips else "short"
    long_enough = len(name.telling) > 1 or not alignment.slips
    return Verdict(min(score, 96), long_enough and alignment.in_order, reason, is_whole=True)


def _is_spelled(alignment: Alignment) -> bool:
    """Whether what differs from the name's spelling is beyond doubt a slip or an abbreviation."""
    if alignment.risky or alignment.slips > 2:
        return False
    telling = alignment.name.telling
    return (
        sum(how == TYPO and telling[place].weight >= TELLING for place, how in alignment.found.items()) <= 1
    )


def _may_be_longer(alignment: Alignment, extra: list[Word]) -> bool:
    """Whether a name with words added is still surely this partner's."""
    name = alignment.name
    if not name.is_strong or not _is_spelled(alignment):
        return False
    if all(word.read in PLACES for word in extra):
        # Another town may be another body of the same name.
        known_elsewhere = bool(name.home) or bool(name.places)
        return not name.is_federated and (
            all(word.read == "illinois" for word in extra) or not known_elsewhere
        )
    return len(extra) == 1 and is_loose(extra[0]) and not name.is_federated


def _unexplained(alignment: Alignment, extra: list[Word]) -> list[Word]:
    """The words left over that are no title and not where the partner is."""
    at_home = any(word.read in alignment.name.home for word in extra)
    officer = any(word.folded in OFFICERS for word in extra)
    return [
        word
        for word in extra
        if word.read not in alignment.name.home
        and word.folded not in EMPTY
        and not (at_home and word.read == "greater")
        and not (word.folded in TITLES and (officer or alignment.name.is_strong))
    ]


def _score(alignment: Alignment, missing: list[Word], extra: list[Word]) -> int:
    matched, total = alignment.matched, alignment.name.total
    beyond = sum(word.weight for word in extra)
    score = 100 * (0.6 * matched / total + 0.4 * matched / (matched + beyond)) if matched else 0.0
    if any(word.read in alignment.name.places for word in missing) and any(
        word.read in PLACES for word in extra
    ):
        score -= 20
    if any(word.weight >= RARE for word in missing) and any(word.weight >= RARE for word in extra):
        score -= 20
    return max(round(score), 0)


def _is_candidate(alignment: Alignment, score: int, extra: list[Word]) -> bool:
    """Whether it is worth a look at all."""
    name = alignment.name
    beyond = sum(word.weight for word in extra)
    share = alignment.matched / (alignment.matched + beyond) if alignment.matched else 0.0
    if score < WORTH_ASKING:
        return False
    missing = [word for _place, word in alignment.missing()]
    if name.is_generic:
        return _is_general_candidate(alignment, missing, extra, share)
    if len(name.telling) == 1 and any(word.weight >= RARE for word in extra):
        return False
    if not missing and name.is_strong:
        return True
    telling = [how for place, how in alignment.found.items() if name.telling[place].weight >= TELLING]
    if all(how == TYPO for how in telling) and alignment.matched < 0.75 * name.total:
        return False
    return alignment.told_apart_by() >= (0.6 if extra else 0.5) and share >= 0.5


def _is_general_candidate(alignment: Alignment, missing: list[Word], extra: list[Word], share: float) -> bool:
    """The same for a name that many could bear: nearly all of it, or all but places, or how it begins with a place."""
    if not missing:
        return share >= 0.7 or all(
            word.read in PLACES or word.read == "greater" or is_loose(word) for word in extra
        )
    if len(alignment.found) < 2:
        return False
    begins = not extra and sorted(alignment.found) == list(range(len(alignment.found)))
    if begins and any(word.read in PLACES for word in alignment.words):
        return True
    nearly = alignment.matched >= 0.85 * alignment.name.total
    return (nearly or all(word.read in PLACES for word in missing)) and share >= 0.7


def is_aside(word: Word) -> bool:
    """Whether such a word says who speaks, or where, and is no part of initials beside it."""
    return word.folded in TITLES or word.folded in PERSONAL or word.folded in EMPTY or word.read in PLACES
