"""The library's list of findings: what a visitor asked for, and how many findings each further choice would leave."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from legislation.chambers import SEATS, Chamber
from partners.models import County, SubSector
from research.models import Finding, ResearchTopic
from research.models.finding import place_code
from research.querysets.finding import FindingQuerySet

MOST_COMPARED = 6
LONGEST_WORDS = 200
SORTS = {
    "year": _("Newest year first"),
    "value": _("Largest value first"),
    "claim": _("By claim, A to Z"),
    "added": _("Lately added first"),
}
_HOUSES = {"house": Chamber.LOWER, "senate": Chamber.UPPER}
_SLUG = re.compile(r"[-\w]{1,120}", re.ASCII)


@dataclass(frozen=True)
class Option:
    """One choice of a facet; `count` is how many findings it would leave."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Facet:
    """A field to choose by, with what is chosen and its choices."""

    name: str
    title: str
    everything: str
    chosen: str
    options: list[Option]

    @property
    def label(self) -> str:
        """The chosen option in words."""
        return next((option.label for option in self.options if option.value == self.chosen), self.chosen)


@dataclass(frozen=True)
class FindingFilter:
    """Words, topic, service, year, place and kind of value; the order; and findings chosen to be compared.

    A value that cannot be is left out. One that can be but that no finding has leaves nothing.
    """

    q: str = ""
    topic: str = ""
    service: str = ""
    year: str = ""
    place: str = ""
    kind: str = ""
    sort: str = ""
    chosen: tuple[str, ...] = ()

    @classmethod
    def parse(cls, query: QueryDict) -> "FindingFilter":
        def known(name: str, is_possible: Callable[[str], object]) -> str:
            value = query.get(name, "")
            return value if is_possible(value) else ""

        return cls(
            q=" ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST_WORDS],
            topic=known("topic", _SLUG.fullmatch),
            service=known("service", _SLUG.fullmatch),
            year=known("year", re.compile(r"(19|20)\d\d", re.ASCII).fullmatch),
            place=known("place", place_of),
            kind=known("kind", Finding.Kind.values.__contains__),
            sort=known("sort", SORTS.__contains__),
            chosen=chosen_in(query),
        )

    @property
    def is_active(self) -> bool:
        """Whether fewer than all findings are asked for."""
        return any((self.q, self.topic, self.service, self.year, self.place, self.kind))

    @property
    def _asked(self) -> list[tuple[str, str]]:
        names = ("q", "topic", "service", "year", "place", "kind", "sort")
        return [(name, value) for name in names if (value := getattr(self, name))]

    @property
    def query(self) -> str:
        """The same as part of an address, with the chosen findings."""
        return urlencode([*self._asked, *(("f", slug) for slug in self.chosen)])

    @property
    def file_query(self) -> str:
        """The same without what only the page needs."""
        return urlencode(self._asked)

    def without(self, name: str) -> "FindingFilter":
        """Everything but one choice."""
        emptied: dict[str, Any] = {name: ""}
        return replace(self, **emptied)

    def findings(self) -> FindingQuerySet:
        """What is asked for, in its order."""
        found = self._worded()
        if self.topic:
            found = found.filter(topics__slug=self.topic)
        if self.service:
            found = found.filter(sub_sector__slug=self.service)
        if self.year:
            found = found.filter(year=int(self.year))
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.place:
            found = found.filter(**(place_of(self.place) or {}))
        return self._ordered(found)

    def _worded(self) -> FindingQuerySet:
        found = Finding.objects.published()
        return found.matching(self.q) if self.q else found

    def _ordered(self, found: FindingQuerySet) -> FindingQuerySet:
        if self.sort == "value":
            return found.order_by("kind", "unit", F("number").desc(nulls_last=True), "claim", "pk")
        if self.sort == "claim":
            return found.order_by("claim", "pk")
        if self.sort == "added":
            return found.order_by("-published_at", "-pk")
        if self.q and not self.sort:
            return found.by_relevance(self.q)
        return found.order_by("-year", "claim", "pk")

    # --- Facets ---------------------------------------------------------------------------------------------------

    def facets(self) -> list[Facet]:
        """Every field to choose by, each counted under all other choices: two counting queries for all of them."""
        # One row per combination that occurs; with topics a finding stands in one row for each of its topics.
        plain = self._worded().filter(**({"topics__slug": self.topic} if self.topic else {}))
        rows, by_topic = _combinations(plain), _combinations(self._worded(), "topics__slug")
        topics = dict(ResearchTopic.objects.values_list("slug", "name"))
        services = dict(SubSector.objects.values_list("slug", "name"))
        places = {row["place"]: row["place_label"] for row in rows}
        return [
            self._facet("topic", _("Topic"), _("All topics"), by_topic, topics),
            self._facet("service", _("Service"), _("All services"), rows, services),
            self._facet("year", _("Year"), _("All years"), rows, {}, newest_first=True),
            self._facet("place", _("Place"), _("All places"), rows, self._named(places)),
            self._facet("kind", _("Kind of value"), _("All kinds"), rows, dict(Finding.Kind.choices)),
        ]

    def _named(self, places: dict[str, str]) -> dict[str, str]:
        """Places in words, also the chosen one where nothing lies in it."""
        if self.place and self.place not in places:
            places = {**places, self.place: place_label(self.place)}
        return places

    def _facet(
        self,
        name: str,
        title: Any,
        everything: Any,
        rows: Sequence[dict[str, Any]],
        labels: dict[str, Any],
        *,
        newest_first: bool = False,
    ) -> Facet:
        others = [
            (other, getattr(self, other))
            for other in ("service", "year", "place", "kind")
            if other != name and getattr(self, other)
        ]
        counts: Counter[str] = Counter()
        for row in rows:
            if row[name] and all(row[other] == value for other, value in others):
                counts[row[name]] += row["count"]
        chosen = getattr(self, name)
        values = [*counts, *([chosen] if chosen and chosen not in counts else [])]
        options = [Option(value, str(labels.get(value, value)), counts[value]) for value in values]
        options.sort(key=lambda option: option.label, reverse=newest_first)
        return Facet(name, str(title), str(everything), chosen, options)


def _combinations(findings: FindingQuerySet, *extra: str) -> list[dict[str, Any]]:
    columns = ("kind", "year", "place", "county__fips", "county__name", "chamber", "district")
    counted = findings.order_by().values(*columns, "sub_sector__slug", *extra).annotate(count=Count("pk"))
    rows = []
    for row in counted:
        code = place_code(row["place"], row["county__fips"], row["chamber"], row["district"])
        rows.append(
            {
                "kind": row["kind"],
                "year": str(row["year"]),
                "place": code,
                "place_label": place_label(code, row["county__name"] or ""),
                "service": row["sub_sector__slug"] or "",
                "topic": row.get("topics__slug") or "",
                "count": row["count"],
            }
        )
    return rows


def chosen_in(query: QueryDict) -> tuple[str, ...]:
    """The findings chosen to be compared, each once, six at most."""
    slugs = [slug for slug in query.getlist("f") if _SLUG.fullmatch(slug)]
    return tuple(dict.fromkeys(slugs))[:MOST_COMPARED]


# --- Places in addresses ------------------------------------------------------------------------------------------


def place_of(code: str) -> dict[str, Any] | None:
    """What a place in an address asks for: `state`, `nation`, `county-17097`, `house-25`; None when it is no place."""
    if code in (Finding.Place.STATE, Finding.Place.NATION):
        return {"place": code}
    if match := re.fullmatch(r"county-(\d{5})", code, re.ASCII):
        return {"county__fips": match.group(1)}
    if match := re.fullmatch(r"(house|senate)-([1-9]\d{0,2})", code, re.ASCII):
        chamber, number = _HOUSES[match.group(1)], int(match.group(2))
        return {"chamber": chamber, "district": number} if number <= SEATS[chamber] else None
    return None


def place_label(code: str, county: str = "") -> str:
    """A place of an address in words."""
    if code in (Finding.Place.STATE, Finding.Place.NATION):
        return str(Finding.Place(code).label)
    word, _hyphen, number = code.partition("-")
    if word == "county":
        name = county or County.objects.filter(fips=number).values_list("name", flat=True).first() or number
        return str(_("%(name)s County") % {"name": name})
    chamber = Chamber(_HOUSES[word]).label
    return str(_("%(chamber)s district %(number)s") % {"chamber": chamber, "number": number})
