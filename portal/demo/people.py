"""Sample people: names, and the addresses that nobody else has."""

from dataclasses import dataclass
from random import Random

from django.utils.text import slugify

from portal.demo.words import FIRST_NAMES, LAST_NAMES, TITLES


@dataclass(frozen=True)
class SamplePerson:
    first_name: str
    last_name: str
    email: str
    role: str
    title: str


def sample_name(rng: Random) -> tuple[str, str]:
    """A first and a last name."""
    return rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)


def staff_of(rng: Random, domain: str) -> list[SamplePerson]:
    """One to four people of an organization, the first its primary contact."""
    roles = ["primary_contact"]
    roles += rng.choices(
        ["advocate", "viewer"], weights=[3, 1], k=rng.choices([0, 1, 2, 3], [20, 40, 28, 12])[0]
    )
    people: list[SamplePerson] = []
    taken: set[str] = set()
    while len(people) < len(roles):
        first_name, last_name = sample_name(rng)
        local = f"{slugify(first_name)}.{slugify(last_name)}"
        if local in taken:
            continue
        taken.add(local)
        role = roles[len(people)]
        people.append(
            SamplePerson(first_name, last_name, f"{local}@{domain}", role, rng.choice(TITLES[role]))
        )
    return people


def private_address(rng: Random, first_name: str, last_name: str, number: int) -> str:
    """An address outside of any organization; `number` keeps two people of one name apart."""
    host = rng.choice(("mailbox.example", "inbox.example", "post.example"))
    return f"{slugify(first_name)}.{slugify(last_name)}.{number}@{host}"
