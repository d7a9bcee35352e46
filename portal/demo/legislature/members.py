"""Invented members for every seat but one, and the committees they sit on."""

from random import Random
from uuid import NAMESPACE_URL, uuid5

from django.utils.text import slugify

from legislation.chambers import SEATS, Chamber, GeneralAssembly
from legislation.records import (
    CommitteeMemberRecord,
    CommitteeRecord,
    LegislatorRecord,
    OfficeRecord,
    TermRecord,
)
from portal.demo.words import FIRST_NAMES, LAST_NAMES

VACANT = (Chamber.UPPER, 59)
COMMITTEES = {
    Chamber.LOWER: (
        "Human Services",
        "Appropriations-Health and Human Services",
        "Adoption & Child Welfare",
        "Mental Health & Addiction",
        "Labor & Commerce",
        "Housing",
        "Education Policy",
        "Revenue & Finance",
        "Executive",
        "Rules",
    ),
    Chamber.UPPER: (
        "Health and Human Services",
        "Appropriations-Health and Human Services",
        "Behavioral and Mental Health",
        "Child Welfare",
        "Labor",
        "Education",
        "Revenue",
        "Executive",
        "Executive Appointments",
        "Assignments",
    ),
}


def identity(kind: str, words: str) -> str:
    """A stable Open Civic Data id for something invented."""
    return f"ocd-{kind}/{uuid5(NAMESPACE_URL, f'sample legislature: {kind} {words}')}"


def members(rng: Random, assembly: GeneralAssembly) -> list[LegislatorRecord]:
    """One member a seat, no two with one name; some share a surname, as in life."""
    taken: set[str] = set()
    people = []
    for chamber, seats in SEATS.items():
        for district in range(1, seats + 1):
            if (chamber, district) == VACANT:
                continue
            given, family = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
            while f"{given} {family}" in taken:
                given, family = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
            taken.add(f"{given} {family}")
            people.append(_member(rng, assembly, chamber, district, given, family))
    return people


def _member(
    rng: Random, assembly: GeneralAssembly, chamber: str, district: int, given: str, family: str
) -> LegislatorRecord:
    name = f"{given} {family}"
    seat = f"{chamber}-{district}"
    office = f"217-555-01{district % 100:02d}"
    # Two of three districts of the north-east and one of three elsewhere: a majority like the real one's.
    democratic = rng.random() < (0.85 if district <= SEATS[Chamber(chamber)] * 0.55 else 0.35)
    start = GeneralAssembly(assembly.number - rng.choice((0, 0, 1, 2, 4))).first
    return LegislatorRecord(
        key=identity("person", seat),
        name=name,
        given_name=given,
        family_name=family,
        party="Democratic" if democratic else "Republican",
        email=f"{slugify(name)}@assembly.example",
        other_names=(f"{family}, {given[0]}.",),
        terms=(TermRecord(chamber=chamber, district=district, start=start),),
        offices=(
            OfficeRecord(
                "capitol", f"Room {100 + district}, Sample Office Building, Springfield, IL", office
            ),
            OfficeRecord("district", f"{district} Sample Avenue, District {district}, IL", office),
        ),
    )


def committees(rng: Random, people: list[LegislatorRecord]) -> list[CommitteeRecord]:
    """Committees of eleven with chair, vice chair and spokesperson."""
    made = []
    for chamber, names in COMMITTEES.items():
        seated = [person for person in people if person.terms and person.terms[0].chamber == chamber]
        for name in names:
            roster = rng.sample(seated, 11)
            roster.sort(key=lambda person: person.party)
            roles = ["chair", "vice chair", *["member"] * 8, "republican spokesperson"]
            made.append(
                CommitteeRecord(
                    key=identity("organization", f"{chamber} {name}"),
                    chamber=chamber,
                    name=name,
                    members=tuple(
                        CommitteeMemberRecord(name=person.name, role=role, person_id=person.key)
                        for person, role in zip(roster, roles, strict=True)
                    ),
                )
            )
    return made
