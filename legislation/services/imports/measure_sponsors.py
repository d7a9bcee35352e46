"""Who stands on a measure, since when and until when: the list of today, joined with what the lines tell."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from legislation.models import Sponsorship
from legislation.naming.names import NAME_LENGTH, normalize_name
from legislation.reading.sponsor_lines import ADDED, REMOVED, SponsorChange, sponsor_changes
from legislation.records import SponsorshipRecord
from legislation.services.imports.measure_case import Case, Kind, Part, Sponsor
from legislation.services.imports.measure_lines import tidy

CHIEF, CHIEF_COSPONSOR, COSPONSOR = (
    Sponsorship.Role.CHIEF.value,
    Sponsorship.Role.CHIEF_COSPONSOR.value,
    Sponsorship.Role.COSPONSOR.value,
)
RANK = {COSPONSOR: 0, CHIEF_COSPONSOR: 1, CHIEF: 2}

# Name, chamber ("" where nobody says), id that the source gave → our legislator, or None.
Resolve = Callable[[str, str, str], int | None]
Key = tuple[str, str | int]

_normal = lru_cache(maxsize=10_000)(normalize_name)


@dataclass(slots=True, eq=False)
class Person:
    """Someone with a name on the measure, at some time."""

    name: str
    chamber: str
    legislator_id: int | None
    stored: Sponsor | None = None
    listed_as: str = ""  # role in the list; "" when not in it
    position: int = 0
    # As the lines tell it.
    joined: date | None = None
    left: date | None = None
    role: str = ""
    role_on: date | None = None


@dataclass(slots=True)
class People:
    """Everybody on one measure, found by legislator first, then by name."""

    resolve: Resolve
    everybody: list[Person] = field(default_factory=list)
    _by_key: dict[Key, Person] = field(default_factory=dict)

    def add(self, person: Person) -> Person:
        self.everybody.append(person)
        for chamber in (person.chamber, "*"):
            self._by_key.setdefault((chamber, _normal(person.name)), person)
            if person.legislator_id is not None:
                self._by_key.setdefault((chamber, person.legislator_id), person)
        return person

    def find(self, name: str, chamber: str, who: int | None) -> Person | None:
        """A chamber that nobody tells fits any."""
        normal = _normal(name)
        for place in (chamber, "") if chamber else ("*",):
            if who is not None and (found := self._by_key.get((place, who))):
                return found
            if found := self._by_key.get((place, normal)):
                return found
        return None

    def find_or_add(self, name: str, chamber: str, person_id: str = "") -> Person:
        who = self.resolve(name, chamber, person_id)
        found = self.find(name, chamber, who)
        if found is None:
            return self.add(Person(name, chamber, who))
        if found.legislator_id is None:
            found.legislator_id = who
        found.chamber = found.chamber or chamber
        return found


def take_sponsors(case: Case, resolve: Resolve) -> None:
    """Brings the stored sponsors to what the list and the lines say."""
    listed, stored = case.record.sponsorships, case.stored.sponsors
    if listed is None and case.record.actions is None:
        return
    people = People(resolve)
    for row in stored:
        people.add(Person(row.name, row.chamber, row.legislator_id, row))
    changes = sponsor_changes(case.actions)
    if listed is not None:
        quiet = case.is_first_of(Part.SPONSORSHIPS)
        _read_list(people, listed)
    else:
        quiet = case.is_first_of(Part.ACTIONS) and not case.stored.lines
        if stored:
            before = set(sponsor_changes(tidy([line.record for line in case.stored.printed])))
            changes = [change for change in changes if change not in before]
    for change in changes:
        _apply(people, change)
    _settle(case, people, has_list=listed is not None, quiet=quiet)


def _read_list(people: People, listed: Sequence[SponsorshipRecord]) -> None:
    for position, sponsor in enumerate(listed):
        name = sponsor.name.strip()
        person = people.find_or_add(name, sponsor.chamber, sponsor.person_id)
        if person.listed_as and _normal(person.name) != _normal(name):
            # Two names in one list are two people, whomever they were read as.
            person = people.add(Person(name, sponsor.chamber, person.legislator_id))
        if not person.listed_as:
            person.position = position
        person.listed_as = max(person.listed_as or sponsor.role, sponsor.role, key=RANK.__getitem__)


def _apply(people: People, change: SponsorChange) -> None:
    """What a line says of somebody."""
    person = people.find(change.name, change.chamber, None) or people.find_or_add(
        change.name[:NAME_LENGTH], change.chamber
    )
    person.role, person.role_on = change.role, change.on
    if change.change == REMOVED:
        person.left = change.on
        return
    if change.change == ADDED and (person.joined is None or person.left is not None):
        person.joined = change.on
    person.left = None


def _settle(case: Case, people: People, *, has_list: bool, quiet: bool) -> None:
    """Writes what differs."""
    if has_list:
        present = [person for person in people.everybody if person.listed_as]
    else:
        present = [person for person in people.everybody if _is_in_by_lines(person)]
    there = set(map(id, present))
    gone = [
        person
        for person in people.everybody
        # Somebody who by the lines joined and never left, but is not in the list, is spelled otherwise there.
        if id(person) not in there and (person.stored is not None or person.left is not None)
    ]
    for number, person in enumerate(sorted(present, key=_place(has_list))):
        _write(case, person, number, None, quiet)
    last = [(_left(case, person), person) for person in gone]
    for number, (left, person) in enumerate(
        sorted(last, key=lambda one: (one[0], one[1].name)), len(present)
    ):
        _write(case, person, number, left, quiet)


def _place(has_list: bool) -> Callable[[Person], int]:
    if has_list:
        return lambda person: person.position
    return lambda person: person.stored.position if person.stored else 32_000


def _is_in_by_lines(person: Person) -> bool:
    """Without a list: who stood there and did not leave, or joined."""
    if person.stored is None:
        return person.left is None
    if person.stored.removed_on is None:
        return person.left is None
    return person.joined is not None and person.left is None


def _left(case: Case, person: Person) -> date:
    """The day the line names, else the day we last knew, else today."""
    known = person.stored.removed_on if person.stored else None
    return person.left or known or case.today


def _role(person: Person) -> str:
    """What the list says; it calls chief co-sponsors co-sponsors, the lines tell them apart."""
    listed, before = person.listed_as, person.stored.role if person.stored else ""
    if listed and listed != COSPONSOR:
        return listed
    if listed:
        told = person.role or before
        return CHIEF_COSPONSOR if told == CHIEF_COSPONSOR else COSPONSOR
    return person.role or before or COSPONSOR


def _write(case: Case, person: Person, position: int, left: date | None, quiet: bool) -> None:
    old = person.stored
    values = (
        case.bill_id,
        person.legislator_id,
        person.name,
        person.chamber,
        _role(person),
        position,
        person.joined or (old.added_on if old else None),
        left,
    )
    if old is None:
        case.add(Sponsorship, values)
    elif tuple(old[1:]) != values:
        case.change(Sponsorship, (old.id, *values))
    if not quiet:
        _note(case, person, Sponsor(0, *values))


def _note(case: Case, person: Person, now: Sponsor) -> None:
    """Joining, leaving, or another role: one event each."""
    old = person.stored
    who = f"{now.chamber} {_normal(now.name)}"[:150]
    was_in = old is not None and old.removed_on is None
    is_in = now.removed_on is None
    if not was_in and (is_in or (old is None and now.added_on)):
        # Back on the list without a line that says when: today.
        on = now.added_on if old is None or now.added_on != old.added_on else case.today
        case.note(Kind.SPONSOR_ADDED, f"{who} {on or case.today}", after=now.name, on=on)
    if (was_in or old is None) and not is_in:
        case.note(Kind.SPONSOR_REMOVED, f"{who} {now.removed_on}", before=now.name, on=now.removed_on)
    if was_in and is_in and old is not None and old.role != now.role:
        on = person.role_on or case.today
        case.note(
            Kind.SPONSOR_ROLE,
            f"{who} {old.role}>{now.role} {on}",
            before=_with_role(now.name, old.role),
            after=_with_role(now.name, now.role),
            on=on,
        )


def _with_role(name: str, role: str) -> str:
    return f"{name}, {Sponsorship.Role(role).label}"


def names_for_search(sponsors: Iterable[Sponsor]) -> list[str]:
    """The names that stand on the measure today."""
    return [sponsor.name for sponsor in sponsors if sponsor.removed_on is None]
