"""Names for sample organizations: never twice, and as varied as in life."""

from random import Random

from django.utils.text import slugify

from portal.demo.words import ABSTRACT, KINDS, LANDMARK, NATURE, SURNAMES_OF_HOUSES


class NameMaker:
    """Hands out names; remembers them, so that none comes twice, and their beginnings, so that few are alike."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._slugs: set[str] = set()
        self._beginnings: set[str] = set()

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
        """A new beginning if one is found soon; else one that another name has too."""
        for _attempt in range(8):
            beginning = self._any_beginning()
            if beginning not in self._beginnings:
                break
        self._beginnings.add(beginning)
        return beginning

    def _any_beginning(self) -> str:
        choice = self._rng.random()
        if choice < 0.62:
            first, second = self._rng.choice(NATURE), self._rng.choice(LANDMARK)
            return f"{first} {second}" if first.casefold() != second.casefold() else first
        if choice < 0.82:
            return self._rng.choice(SURNAMES_OF_HOUSES)
        return self._rng.choice(ABSTRACT)
