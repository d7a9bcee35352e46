"""Sample organizations with their people and answers, written in portions, at any size."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random

from django.utils import timezone

from partners.models import Area, County, Membership, Organization, Person, ProfileAnswer, SubSector
from portal.demo.answers import sample_answers
from portal.demo.cities import AREA_WEIGHTS, City, cities_by_area, city_named
from portal.demo.featured import FEATURED, Featured
from portal.demo.names import NameMaker
from portal.demo.people import SamplePerson, staff_of
from portal.demo.words import HOW, LANGUAGES, STREETS, WHAT
from portal.reference.places import AREAS

PORTION = 500
SUB_SECTOR_WEIGHTS: dict[str, int] = {
    "family-support": 11,
    "behavioral-health": 12,
    "youth": 11,
    "child-welfare": 8,
    "housing": 8,
    "aging": 7,
    "disability": 7,
    "early-childhood": 7,
    "employment": 6,
    "food": 6,
    "substance-use": 6,
    "health-access": 5,
    "immigrant-refugee": 5,
    "domestic-sexual-violence": 5,
    "community-development": 5,
    "justice-reentry": 4,
}
BUDGETS: dict[str, int] = {"under_500k": 30, "500k_1m": 22, "1m_5m": 27, "5m_20m": 13, "over_20m": 5, "": 3}


@dataclass(frozen=True)
class Sample:
    """One organization before it is written. `people` are its staff; `answers` belong to its profile."""

    organization: Organization
    sub_sectors: tuple[str, ...]
    people: list[SamplePerson]
    answers: list[ProfileAnswer]


@dataclass(frozen=True)
class Places:
    """The reference rows that organizations point to, by their short names."""

    areas: dict[str, Area]
    counties: dict[str, County]
    sub_sectors: dict[str, SubSector]

    @classmethod
    def load(cls) -> "Places":
        return cls(
            areas=Area.objects.in_bulk(field_name="slug"),
            counties=County.objects.in_bulk(field_name="name"),
            sub_sectors=SubSector.objects.in_bulk(field_name="slug"),
        )


def write_organizations(*, size: int, seed: int, now: datetime, progress: Callable[[int], None]) -> None:
    """`size` organizations with people, memberships and profile answers. Memory is bounded by one portion.

    `progress` hears after each portion how many there are.
    """
    places, rng = Places.load(), Random(f"{seed}:memberships")
    samples, written = sample_organizations(size=size, seed=seed, now=now, places=places), 0
    while portion := list(islice(samples, PORTION)):
        _write_portion(portion, places, rng, timezone.localdate(now))
        written += len(portion)
        progress(written)


def sample_organizations(*, size: int, seed: int, now: datetime, places: Places) -> Iterator[Sample]:
    """The featured organizations first, then made-up ones. The same seed and day give the same ones."""
    rng = Random(f"{seed}:organizations")
    names, today = NameMaker(rng), timezone.localdate(now)
    fixed = FEATURED[:size]
    slugs = [names.reserve(featured.name) for featured in FEATURED]
    for number, (featured, slug) in enumerate(zip(fixed, slugs, strict=False), start=1):
        yield _featured(rng, number, featured, slug, places, today, now)
    for number in range(len(fixed) + 1, size + 1):
        yield _made_up(rng, number, names, places, today, now)


def _featured(
    rng: Random, number: int, facts: Featured, slug: str, places: Places, today: date, now: datetime
) -> Sample:
    organization = _organization(
        rng,
        number=number,
        name=facts.name,
        slug=slug,
        domain=facts.domain,
        city=city_named(facts.city),
        places=places,
        summary=facts.summary,
        budget_band=facts.budget_band,
        joined_on=today - timedelta(days=365 * facts.years + 40),
    )
    people = [
        SamplePerson(first_name, last_name, email, role, title)
        for role, first_name, last_name, title, email in facts.people
    ]
    return Sample(
        organization, facts.sub_sectors, people, sample_answers(rng, organization, facts.sub_sectors, now)
    )


def _made_up(
    rng: Random, number: int, names: NameMaker, places: Places, today: date, now: datetime
) -> Sample:
    count = rng.choices([1, 2, 3], [45, 38, 17])[0]
    wanted = rng.choices(list(SUB_SECTOR_WEIGHTS), list(SUB_SECTOR_WEIGHTS.values()), k=count)
    sub_sectors = tuple(dict.fromkeys(wanted))
    name, slug = names.new(sub_sectors[0])
    area = rng.choices(list(AREA_WEIGHTS), list(AREA_WEIGHTS.values()))[0]
    cities = cities_by_area()[area]
    city = rng.choices(cities, [entry.weight for entry in cities])[0]
    domain = f"{slug}.example"
    organization = _organization(
        rng,
        number=number,
        name=name,
        slug=slug,
        domain=domain,
        city=city,
        places=places,
        summary=_summary(rng, name, city, sub_sectors) if rng.random() < 0.96 else "",
        budget_band=rng.choices(list(BUDGETS), list(BUDGETS.values()))[0],
        # More joined in recent years than long ago.
        joined_on=today - timedelta(days=3 + int(15 * 365 * rng.random() ** 1.4)),
    )
    organization.status = rng.choices(["active", "lapsed", "left"], [960, 30, 10])[0]
    organization.is_listed = rng.random() < 0.99
    answers = sample_answers(rng, organization, sub_sectors, now) if rng.random() < 0.6 else []
    return Sample(organization, sub_sectors, staff_of(rng, domain), answers)


def _organization(
    rng: Random, *, number: int, domain: str, city: City, places: Places, **facts: object
) -> Organization:
    """An organization that is not yet saved. Its EIN begins with 00, which is never given out."""
    area = next(area.slug for area in AREAS if city.county in area.counties)
    return Organization(
        ein=f"00-{number:07d}" if rng.random() < 0.7 else "",
        website=f"https://{domain}",
        web_domain=domain,
        street=f"{rng.randrange(100, 1900)} {rng.choice(STREETS)}" if rng.random() < 0.9 else "",
        city=city.name,
        zip_code=city.zip_code,
        county=places.counties[city.county],
        area=places.areas[area],
        phone=f"({city.area_code}) 555-01{rng.randrange(100):02d}" if rng.random() < 0.92 else "",
        **facts,
    )


def _summary(rng: Random, name: str, city: City, sub_sectors: tuple[str, ...]) -> str:
    """Two or three sentences on what the organization does."""
    what = rng.choice(WHAT[sub_sectors[0]])
    more = rng.choice([words for words in WHAT[sub_sectors[-1]] if words != what])
    how = rng.choice(HOW).format(
        city=city.name, county=city.county, languages=rng.choice(LANGUAGES), year=rng.randrange(1948, 2014)
    )
    first = rng.choice(
        (
            f"{what[0].upper()}{what[1:]}.",
            f"{what[0].upper()}{what[1:]}, and {more}.",
            f"{name} {what}.",
            f"{name} {what}. It also {more}.",
            f"In {city.name}, this agency {what}.",
            f"This agency in {city.name} {what}. It also {more}.",
        )
    )
    return f"{first} {how}"


def _write_portion(portion: list[Sample], places: Places, rng: Random, today: date) -> None:
    Organization.objects.bulk_create([sample.organization for sample in portion])
    through = Organization.sub_sectors.through
    through.objects.bulk_create(
        through(organization=sample.organization, subsector=places.sub_sectors[slug])
        for sample in portion
        for slug in sample.sub_sectors
    )
    pairs = [
        (sample.organization, person, Person(**_person_fields(sample.organization, person, rng)))
        for sample in portion
        for person in sample.people
    ]
    Person.objects.bulk_create([row for _organization_row, _sample, row in pairs])
    Membership.objects.bulk_create(
        _membership(organization, sample, row, rng, today) for organization, sample, row in pairs
    )
    ProfileAnswer.objects.bulk_create([answer for sample in portion for answer in sample.answers])


def _person_fields(organization: Organization, person: SamplePerson, rng: Random) -> dict[str, str]:
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "title": person.title,
        "phone": organization.phone if rng.random() < 0.4 else "",
        "zip_code": organization.zip_code if rng.random() < 0.7 else "",
    }


def _membership(
    organization: Organization, sample: SamplePerson, person: Person, rng: Random, today: date
) -> Membership:
    """The primary contact is there from the first day; colleagues came later, and some have gone."""
    days = (today - organization.joined_on).days
    primary = sample.role == Membership.Role.PRIMARY_CONTACT or organization.web_domain == FEATURED[0].domain
    started = 0 if primary else rng.randrange(days + 1)
    left = organization.status == Organization.Status.LEFT or (not primary and rng.random() < 0.04)
    return Membership(
        person=person,
        organization=organization,
        role=sample.role,
        started_on=organization.joined_on + timedelta(days=started),
        ended_on=organization.joined_on + timedelta(days=rng.randint(started, days)) if left else None,
    )
