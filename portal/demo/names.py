"""Names for sample organizations: never twice, and as varied as in life."""

from collections import Counter
from random import Random

from django.utils.text import slugify

from portal.demo.words import ABSTRACT, KINDS, LANDMARK, NATURE, SURNAMES_OF_HOUSES


class NameMaker:
    """Hands out names; remembers them, so that none comes twice, and beginnings, so that few are alike."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._slugs: set[str] = set()
        self._beginnings: set[str] = set()
        self._firsts: Counter[str] = Counter()

    def reserve(self, name: str) -> str:
        """Takes a fixed name; returns its short name."""
        slug = slugify(name)
        self._slugs.add(slug)
        return slug

    def new(self, sub_sector: str) -> tuple[str, str]:
        """A name that fits the sub-sector, and its short name (at most 60 characters)."""
        while True:
            name = f"{self._beginning()} {self._rng.choice(KINDS[sub_sector])}"
            slug = slugify(name)
            if len(slug) <= 60 and slug not in self._slugs:
                self._slugs.add(slug)
                return name, slug

    def _beginning(self) -> str:
        """Of a few beginnings the freshest: its first word is rare, and no other name begins so."""
        choices = [self._any_beginning() for _choice in range(6)]
        beginning = min(choices, key=self._wear)
        self._beginnings.add(beginning)
        self._firsts[beginning.split()[0]] += 1
        return beginning

    def _wear(self, beginning: str) -> int:
        """How worn a beginning is. Taken already counts as much as two more names with its first word."""
        return self._firsts[beginning.split()[0]] + 2 * (beginning in self._beginnings)

    def _any_beginning(self) -> str:
        choice = self._rng.random()
        if choice < 0.5:
            first, second = self._rng.choice(NATURE), self._rng.choice(LANDMARK)
            return first if " " in first or first.casefold() == second.casefold() else f"{first} {second}"
        if choice < 0.75:
            return self._rng.choice(SURNAMES_OF_HOUSES)
        return self._rng.choice(ABSTRACT)
