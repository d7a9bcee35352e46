"""Legislators as Open States writes them: entries of the API and rows of the CSV. (The YAML is `openstates_people`.)"""

import re
from collections.abc import Iterable, Mapping

import msgspec
from django.utils.translation import gettext as _

from legislation.chambers import SEATS, Chamber
from legislation.records import LegislatorRecord, OfficeRecord, Rejected, TermRecord
from legislation.sources.openstates_records import place_of
from legislation.sources.openstates_shapes import Jurisdiction
from legislation.sources.reading import Refused, chamber_of, check_illinois, check_text, read_when_known

_MEMBER_PAGE = re.compile(r"ilga\.gov/(?:house|senate)/members/details/(\d+)", re.IGNORECASE)
_ASSEMBLY = re.compile(r"[?&]GA=(\d+)", re.IGNORECASE)


class Office(msgspec.Struct):
    name: str | None = ""
    classification: str | None = ""
    address: str | None = ""
    voice: str | None = ""
    fax: str | None = ""


class Url(msgspec.Struct):
    url: str


class OtherName(msgspec.Struct):
    name: str


class Role(msgspec.Struct):
    org_classification: str = ""
    district: str | int | None = None


class Person(msgspec.Struct):
    """A person of the API."""

    id: str
    name: str
    party: str = ""
    given_name: str | None = ""
    family_name: str | None = ""
    image: str | None = ""
    email: str | None = ""
    jurisdiction: Jurisdiction | str | None = None
    current_role: Role | None = None
    other_names: list[OtherName] = []
    links: list[Url] = []
    offices: list[Office] | None = None
    updated_at: str | None = None


decode = msgspec.json.Decoder(Person).decode


def seat(chamber: str, district: object) -> tuple[str, int]:
    """Chamber and district number, checked against the seats there are."""
    body = chamber_of(chamber)
    text = str(district).strip()
    if body not in SEATS:
        raise Refused(_("“%(value)s” is not a chamber.") % {"value": chamber[:60]})
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= SEATS[Chamber(body)]:
        raise Refused(_("“%(value)s” is not a district of its chamber.") % {"value": text[:60]})
    return body, int(text)


def office_kind(text: str) -> str:
    """`capitol` or `district` from a classification or an office's name."""
    return "capitol" if text.lower().startswith(("capitol", "primary", "springfield")) else "district"


def tidy_address(text: str) -> str:
    """One line; older files put semicolons between its parts."""
    return re.sub(r"\s*[;\n]+\s*", ", ", text.strip()).strip(", ")


def split_links(urls: Iterable[str]) -> tuple[str, str]:
    """The person's page at the General Assembly, the newest there is, and the first website of their own."""
    ours: list[tuple[int, int, str]] = []
    website = ""
    for url in urls:
        if "ilga.gov" in url.lower():
            member, assembly = _MEMBER_PAGE.search(url), _ASSEMBLY.search(url)
            ours.append((int(member[1]) if member else 0, int(assembly[1]) if assembly else 0, url))
        else:
            website = website or url
    return max(ours, default=(0, 0, ""))[2], website


def read_person(text: bytes, where: str) -> LegislatorRecord | Rejected | None:
    """The legislator that an entry of the API is; nothing for the governor and others without a seat."""
    try:
        person = decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Rejected("legislator", where, _("It cannot be read: %(error)s") % {"error": error})
    role = person.current_role
    if role is not None and role.org_classification not in {"lower", "upper"}:
        return None
    try:
        check_illinois(place_of(person.jurisdiction))
        ilga_url, website = split_links(link.url for link in person.links)
        record = LegislatorRecord(
            key=person.id,
            name=person.name,
            given_name=person.given_name or "",
            family_name=person.family_name or "",
            party=person.party,
            email=person.email or "",
            image_url=person.image or "",
            website=website,
            ilga_url=ilga_url,
            other_names=tuple(other.name for other in person.other_names),
            terms=None if role is None else (TermRecord(*seat(role.org_classification, role.district)),),
            offices=None if person.offices is None else tuple(_offices(person.offices)),
            as_of=read_when_known(person.updated_at),
        )
        check_text(record)
        return record
    except Refused as refused:
        return Rejected("legislator", f"{person.name} ({where})", str(refused))


def _offices(offices: list[Office]) -> Iterable[OfficeRecord]:
    for office in offices:
        kind = office_kind(office.classification or office.name or "")
        yield OfficeRecord(kind, tidy_address(office.address or ""), office.voice or "", office.fax or "")


def read_row(row: Mapping[str, str], where: str) -> LegislatorRecord | Rejected:
    """The legislator that a row of `people/current/il.csv` is."""

    def of(column: str) -> str:
        return (row.get(column) or "").strip()

    try:
        if not of("id").startswith("ocd-person/") or not of("name"):
            raise Refused(_("It has no id or no name."))
        ilga_url, website = split_links(filter(None, f"{of('links')};{of('sources')}".split(";")))
        offices = [
            OfficeRecord(kind, tidy_address(of(f"{kind}_address")), of(f"{kind}_voice"), of(f"{kind}_fax"))
            for kind in ("capitol", "district")
        ]
        record = LegislatorRecord(
            key=of("id"),
            name=of("name"),
            given_name=of("given_name"),
            family_name=of("family_name"),
            party=of("current_party"),
            email=of("email"),
            image_url=of("image"),
            # The column of sources names encyclopedias too; only a link is the person's own website.
            website=website if website in of("links").split(";") else "",
            ilga_url=ilga_url,
            terms=(TermRecord(*seat(of("current_chamber"), of("current_district"))),),
            offices=tuple(office for office in offices if office.address or office.phone or office.fax),
        )
        check_text(record)
        return record
    except Refused as refused:
        return Rejected("legislator", f"{of('name') or of('id')} ({where})", str(refused))
