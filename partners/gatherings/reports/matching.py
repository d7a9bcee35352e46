"""Whom a report means: by e-mail address, then by name among those who registered, then among people we know."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from partners.gatherings.reports.names import Spoken, name_key, read_name
from partners.gatherings.reports.reading import Participant

SURE, DOUBTFUL, UNKNOWN = "sure", "doubtful", "unknown"
# From here on two names are likely the same person's, by the share of letters in common.
LIKELY = 86
LIKELY_ELSEWHERE = 92


@dataclass(frozen=True)
class Known:
    """Somebody whom a report may mean. `person` is their number with us."""

    person: int
    email: str
    name: str


@dataclass(frozen=True)
class Finding:
    """Whom one participant is taken for, how certain that is (0 to 100), and by what."""

    state: str
    person: int | None = None
    score: int = 0
    reason: str = ""


class People:
    """Those among whom we look: first the registered, then everybody of a partner."""

    def __init__(self, registered: Iterable[Known], others: Iterable[Known]) -> None:
        self.registered = list(registered)
        here = {known.person for known in self.registered}
        self.others = [known for known in others if known.person not in here]
        self.by_email = {known.email.lower(): known for known in [*self.others, *self.registered]}
        self.keys = _by_key(self.registered)
        self.keys_elsewhere = _by_key(self.others)

    def find(self, participant: Participant) -> Finding:
        """Whom a participant is taken for. Only an address or the full name of one registered person is sure."""
        if known := self.by_email.get(participant.email.lower()):
            return Finding(SURE, known.person, 100, "email")
        spoken = [read_name(shown) for shown in participant.shown] or [read_name(participant.name)]
        return (
            _exact(spoken, self.keys, Finding(SURE, None, 100, "name"))
            or self._initial(spoken)
            or _like(spoken, self.keys, LIKELY, "like")
            or _exact(spoken, self.keys_elsewhere, Finding(DOUBTFUL, None, 90, "elsewhere"))
            or _like(spoken, self.keys_elsewhere, LIKELY_ELSEWHERE, "like_elsewhere")
            or self._first_name(spoken)
            or Finding(UNKNOWN)
        )

    def _initial(self, spoken: list[Spoken]) -> Finding | None:
        """ "M. Lopez" or "Maria L" for the only Maria Lopez who registered."""
        found = {
            known.person
            for one in spoken
            for name in one.names
            for known in self.registered
            if _fits_initials(name, known.name)
        }
        return Finding(DOUBTFUL, found.pop(), 80, "initial") if len(found) == 1 else None

    def _first_name(self, spoken: list[Spoken]) -> Finding | None:
        """ "Maria" for the only Maria who registered."""
        words = {name.casefold() for one in spoken for name in one.names if len(name.split()) == 1}
        found = {known.person for known in self.registered if known.name.split(" ")[0].casefold() in words}
        return Finding(DOUBTFUL, found.pop(), 50, "first_name") if len(found) == 1 else None


def _by_key(people: Iterable[Known]) -> dict[str, set[int]]:
    keys: dict[str, set[int]] = defaultdict(set)
    for known in people:
        if key := name_key(known.name):
            keys[key].add(known.person)
    return dict(keys)


def _exact(spoken: list[Spoken], keys: dict[str, set[int]], finding: Finding) -> Finding | None:
    """The one person of exactly this name. Of two with the same name one is likely, and none is sure."""
    for one in spoken:
        for name in one.names:
            key = name_key(name)
            found = keys.get(key, set()) if " " in key else set()
            if len(found) == 1:
                return Finding(finding.state, min(found), finding.score, finding.reason)
            if found:
                return Finding(DOUBTFUL, min(found), 70, "several")
    return None


def _like(spoken: list[Spoken], keys: dict[str, set[int]], least: int, reason: str) -> Finding | None:
    """The likeliest name from `least` on; nobody where two people are equally likely."""
    best: tuple[float, set[int]] = (0.0, set())
    for one in spoken:
        for name in one.names:
            key = name_key(name)
            if " " not in key:
                continue
            for likely, score, _place in process.extract(
                key, list(keys), scorer=fuzz.ratio, score_cutoff=least, limit=2
            ):
                people = keys[likely]
                if score > best[0]:
                    best = (score, set(people))
                elif score == best[0]:
                    best = (score, best[1] | people)
    score, people = best
    return Finding(DOUBTFUL, min(people), round(score), reason) if len(people) == 1 else None


def _fits_initials(shown: str, name: str) -> bool:
    """Whether the words are the same, but that some are only their first letter: "M. Lopez" and "Maria Lopez"."""
    short, full = _words(shown), _words(name)
    if len(short) < 2 or len(short) != len(full) or short == full:
        return False
    pairs = list(zip(short, full, strict=True))
    return all(a == b or (len(a) == 1 and b.startswith(a)) for a, b in pairs) and any(
        len(a) > 1 for a, _b in pairs
    )


def _words(name: str) -> list[str]:
    """The words in the order in which they stand, each as it is compared."""
    return [key for word in name.split() if (key := name_key(word))]
