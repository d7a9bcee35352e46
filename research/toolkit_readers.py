"""For whom a toolkit is filled in: a partner whose person is signed in, or a visitor who names a district.

What a visitor types travels in the address and is kept nowhere. A district we are not sure of stays open: a letter to
the wrong legislator does harm.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from legislation.chambers import SEATS, Chamber, senate_district
from legislation.models import Legislator
from legislation.pages.representation import CHAMBER_WORDS, CHAMBERS, seats
from legislation.places.district_plans import district_name
from legislation.places.geography import zip_candidates
from legislation.places.of_partners import partners_by_district
from mailing.composing.compile import clean
from partners.models import Membership, Organization, User
from research.keeping import kept
from research.models import Finding

_DISTRICT = re.compile(r"(house|senate)-([0-9]{1,3})")
_ZIP = re.compile(r"[0-9]{5}")
LONGEST_NAME = 120
# Counting partners reads every organization; the number moves slowly.
PARTNERS_KEPT_FOR = 3600


@dataclass(frozen=True)
class Reader:
    """Who takes a toolkit along. `houses` are several where a ZIP code does not say which district it is.

    `problem` says in words what was typed and cannot be read.
    """

    name: str = ""
    organization: Organization | None = None
    own: tuple[Organization, ...] = ()
    house: int | None = None
    senate: int | None = None
    houses: tuple[int, ...] = ()
    zip_code: str = ""
    typed_name: str = ""
    chosen: str = ""
    problem: str = ""
    members: Mapping[str, Legislator] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether anything is filled in for this reader."""
        return bool(self.name or self.house or self.senate)

    @property
    def is_personal(self) -> bool:
        """Whether the page must not be kept for others."""
        return bool(self.own or self.typed_name or self.zip_code or self.problem)

    @property
    def district(self) -> tuple[str, int] | None:
        """The House district, or else the Senate's."""
        if self.house:
            return Chamber.LOWER, self.house
        return (Chamber.UPPER, self.senate) if self.senate else None

    @property
    def districts_words(self) -> str:
        """Such as `House District 25 and Senate District 13`."""
        return _(" and ").join(
            district_name(chamber, number)
            for chamber, number in ((Chamber.LOWER, self.house), (Chamber.UPPER, self.senate))
            if number
        )

    @property
    def query(self) -> str:
        """What an address needs to be filled in for the same reader. A ZIP code goes no further than its first page."""
        chosen = self.chosen
        if self.zip_code and self.district:
            chamber, number = self.district
            chosen = f"{CHAMBER_WORDS[Chamber(chamber)]}-{number}"
        asked = {"for": self.organization.slug if self.organization and len(self.own) > 1 else ""}
        asked |= {"organization": self.typed_name, "district": chosen}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The House districts that come into question, each with its name and the query that chooses it."""
        kept = {"organization": self.typed_name} if self.typed_name else {}
        return [
            (district_name(Chamber.LOWER, house), urlencode({**kept, "district": f"house-{house}"}))
            for house in self.houses
        ]


def reader_of(user: User | AnonymousUser, asked: Mapping[str, str]) -> Reader:
    """The reader behind a request: `for` (one of one's own partners), `organization`, `district` and `zip`."""
    own = _own_partners(user)
    organization = next((one for one in own if one.slug == asked.get("for", "")), own[0] if own else None)
    typed = "" if organization else clean(asked.get("organization", ""))[:LONGEST_NAME]
    place = _place(asked, organization)
    return Reader(
        name=organization.name if organization else typed,
        organization=organization,
        own=own,
        house=place.house,
        senate=place.senate,
        houses=place.houses,
        zip_code=place.zip_code,
        typed_name=typed,
        chosen=place.chosen,
        problem=place.problem,
        members=_members(place.house, place.senate),
    )


@dataclass(frozen=True)
class _Place:
    """Where a reader is, and by what we know it."""

    house: int | None = None
    senate: int | None = None
    houses: tuple[int, ...] = ()
    chosen: str = ""
    zip_code: str = ""
    problem: str = ""


def _place(asked: Mapping[str, str], organization: Organization | None) -> _Place:
    """The district that was chosen, else that of the ZIP code, else that of the partner's seat."""
    chosen = asked.get("district", "").strip().lower()[:12]
    if chosen:
        house, senate = _chosen(chosen)
        if house or senate:
            return _Place(house, senate, chosen=chosen)
        words = _("Choose a House district from 1 to %(house)d or a Senate district from 1 to %(senate)d.")
        return _Place(problem=words % {"house": SEATS[Chamber.LOWER], "senate": SEATS[Chamber.UPPER]})
    zip_code = asked.get("zip", "").strip()[:10]
    if zip_code:
        house, senate, houses = _of_zip(zip_code)
        if house or senate or houses:
            return _Place(house, senate, houses, zip_code=zip_code)
        words = _("We know no ZIP code %(zip)s in Illinois. Choose your district from the list.")
        return _Place(problem=words % {"zip": zip_code})
    return _Place(*_of_zip(organization.zip_code[:5])) if organization else _Place()


def reader_values(reader: Reader, fields: set[str]) -> dict[str, str]:
    """What we know of the reader for the fields that are asked for."""
    found = {
        "organization": reader.name,
        "house_district": str(reader.house or ""),
        "senate_district": str(reader.senate or ""),
    }
    if reader.organization:
        found |= {
            "city": reader.organization.city,
            "county": reader.organization.county.name,
            "area": reader.organization.area.name,
        }
    for chamber, name in ((Chamber.LOWER, "representative"), (Chamber.UPPER, "senator")):
        member = reader.members.get(chamber)
        if member:
            found |= {name: member.name, f"{name}_phone": _phone(member)}
    if "partners_in_district" in fields and reader.district:
        found["partners_in_district"] = str(_partners_in(*reader.district))
    if "local_finding" in fields:
        found["local_finding"] = _local_finding(reader)
    return {name: value for name, value in found.items() if value}


def _own_partners(user: User | AnonymousUser) -> tuple[Organization, ...]:
    """The user's active partners, those where they are the primary contact first."""
    if not user.is_authenticated:
        return ()
    memberships = (
        Membership.objects.of(user)
        .filter(organization__status=Organization.Status.ACTIVE)
        .select_related("organization__county", "organization__area")
        .ranked()
    )
    return tuple(dict.fromkeys(membership.organization for membership in memberships))


def _chosen(words: str) -> tuple[int | None, int | None]:
    """The House and Senate district of `house-25` or `senate-13`."""
    found = _DISTRICT.fullmatch(words)
    if found is None:
        return None, None
    chamber, number = CHAMBERS[found[1]], int(found[2])
    if not 1 <= number <= SEATS[chamber]:
        return None, None
    return (number, senate_district(number)) if chamber == Chamber.LOWER else (None, number)


def _of_zip(zip_code: str) -> tuple[int | None, int | None, tuple[int, ...]]:
    """The districts of a ZIP code where it can lie in one only, and the House districts that come into question."""
    found = zip_candidates(zip_code) if _ZIP.fullmatch(zip_code) else None
    houses = tuple(one.house for one in found.candidates) if found else ()
    senates = {senate_district(house) for house in houses}
    house = houses[0] if len(houses) == 1 else None
    return house, senates.pop() if len(senates) == 1 else None, houses if house is None else ()


def _members(house: int | None, senate: int | None) -> dict[str, Legislator]:
    wanted = [(Chamber.LOWER.value, house), (Chamber.UPPER.value, senate)]
    asked = [(chamber, number) for chamber, number in wanted if number]
    held = seats(asked, with_offices=True) if asked else []
    return {seat.chamber: seat.legislator for seat in held if seat.legislator}


def _phone(member: Legislator) -> str:
    """The Springfield office's number, or else a district office's."""
    offices = [office for office in member.offices.all() if office.phone]
    offices.sort(key=lambda office: office.kind != "capitol")
    return offices[0].phone if offices else ""


def _partners_in(chamber: str, number: int) -> int:
    def counted() -> dict[int, int]:
        found = partners_by_district(chamber).districts
        return {district: partners.number for district, partners in found.items()}

    counts = kept(f"toolkits:partners:{CHAMBER_WORDS[Chamber(chamber)]}", PARTNERS_KEPT_FOR, counted)
    return counts.get(number, 0)


def _local_finding(reader: Reader) -> str:
    """The newest finding about the district, or else about the partner's county, with its source."""
    findings = Finding.objects.published().order_by("-year", "-pk")
    county = reader.organization.county_id if reader.organization else None
    found = None
    if reader.district:
        chamber, number = reader.district
        found = findings.local_to(chamber=chamber, district=number).first()
    if found is None and county:
        found = findings.filter(county=county).first()
    if found is None:
        return ""
    return f"{found.value}: {found.claim.rstrip('.')} ({found.source}, {found.year})"
