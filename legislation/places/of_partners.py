"""Where partners are, as far as ZIP codes tell: the districts of their seats and of their people.

A ZIP code is not a district (see `legislation.places.zip_areas`). Where partners are counted, each counts in the
likeliest district, so that the sum is right; where it matters who may be concerned, all districts that the ZIP code
may lie in are taken. Whatever shows these numbers says that they are estimates, and how many partners have no place.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models.functions import Left

from legislation.chambers import SEATS, Chamber
from legislation.places.geography import zip_areas
from legislation.places.zip_areas import Candidate, ZipAreas
from partners.models import Membership, Organization

# More than there are ZIP codes in Illinois.
_REMEMBERED = 4096


@dataclass(frozen=True)
class ZipPlace:
    """The districts that a ZIP code may lie in, the likeliest first. None of them where we do not know it."""

    houses: tuple[int, ...] = ()
    senates: tuple[int, ...] = ()

    def districts(self, chamber: str) -> tuple[int, ...]:
        return self.houses if chamber == Chamber.LOWER else self.senates

    def likeliest(self, chamber: str) -> int | None:
        districts = self.districts(chamber)
        return districts[0] if districts else None


UNPLACED = ZipPlace()


def zip_places(zip_codes: Iterable[str]) -> dict[str, ZipPlace]:
    """The places of ZIP codes of five digits that we know; none while no plan is loaded. Two small queries."""
    areas = zip_areas()
    if areas is None:
        return {}
    found = {zip_code: _place(areas, zip_code) for zip_code in set(zip_codes)}
    return {zip_code: place for zip_code, place in found.items() if place.houses}


@lru_cache(maxsize=_REMEMBERED)
def _place(areas: ZipAreas, zip_code: str) -> ZipPlace:
    # `zip_areas` hands out the same object until districts or ZIP codes change.
    candidates = areas.of_zip(zip_code)
    if candidates is None:
        return UNPLACED
    houses = tuple(one.house for one in candidates.candidates)
    return ZipPlace(houses, _senates(candidates.candidates))


def _senates(candidates: Iterable[Candidate]) -> tuple[int, ...]:
    shares: dict[int, float] = defaultdict(float)
    for one in candidates:
        shares[one.senate] += one.share
    return tuple(sorted(shares, key=lambda senate: (-shares[senate], senate)))


@dataclass(frozen=True)
class PlacedPartner:
    """An active partner: the place of its seat, and the places of its people's own ZIP codes."""

    pk: int
    name: str
    slug: str
    zip_code: str
    seat: ZipPlace
    people: tuple[ZipPlace, ...] = ()

    @property
    def places(self) -> tuple[ZipPlace, ...]:
        return (self.seat, *self.people)


def placed_partners() -> list[PlacedPartner]:
    """Every active partner with its places, by name. Four queries."""
    rows = list(
        Organization.objects.active()
        .order_by("name", "pk")
        .values_list("pk", "name", "slug", Left("zip_code", 5))
    )
    people: dict[int, set[str]] = defaultdict(set)
    memberships = Membership.objects.current().exclude(person__zip_code="").order_by()
    for pk, zip_code in memberships.values_list("organization", Left("person__zip_code", 5)).distinct():
        people[pk].add(zip_code)
    places = zip_places([row[3] for row in rows] + [zip_code for own in people.values() for zip_code in own])
    return [
        PlacedPartner(
            pk,
            name,
            slug,
            zip_code,
            places.get(zip_code, UNPLACED),
            tuple(places[own] for own in sorted(people[pk]) if own in places),
        )
        for pk, name, slug, zip_code in rows
    ]


@dataclass
class DistrictPartners:
    """The partners of one district: those whose seat most likely lies there, those who only have people there,
    and those whose ZIP code may reach into it."""

    seats: list[PlacedPartner] = field(default_factory=list)
    people: list[PlacedPartner] = field(default_factory=list)
    reaching: list[PlacedPartner] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Partners with their seat or people in the district, each counted once."""
        return len(self.seats) + len(self.people)

    def holds(self, organizations: Iterable[int]) -> bool:
        """Whether one of these organizations has its seat or people there."""
        own = set(organizations)
        return any(partner.pk in own for partner in (*self.seats, *self.people))


@dataclass
class ChamberPartners:
    """The partners of every district of a chamber. `placed` of `partners` have a seat that we could place."""

    districts: dict[int, DistrictPartners]
    partners: int
    placed: int

    @property
    def unplaced(self) -> int:
        return self.partners - self.placed

    @property
    def share_percent(self) -> int:
        return round(100 * self.placed / self.partners) if self.partners else 0


def partners_by_district(chamber: str, partners: list[PlacedPartner] | None = None) -> ChamberPartners:
    """Active partners sorted into the districts of a chamber; every district is there, also an empty one."""
    partners = placed_partners() if partners is None else partners
    districts = {number: DistrictPartners() for number in range(1, SEATS[Chamber(chamber)] + 1)}
    placed = 0
    for partner in partners:
        seat = partner.seat.likeliest(chamber)
        placed += seat is not None
        homes = {place.likeliest(chamber) for place in partner.people} - {seat}
        may = {number for place in partner.places for number in place.districts(chamber)}
        if seat in districts:
            districts[seat].seats.append(partner)
        for number in sorted(home for home in homes if home in districts):
            districts[number].people.append(partner)
        for number in sorted(may - homes - {seat}):
            if number in districts:
                districts[number].reaching.append(partner)
    return ChamberPartners(districts, len(partners), placed)
