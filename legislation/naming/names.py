"""Finds the legislator behind a printed name: by id, chamber, days in the seat, and spelling; guesses nobody.

A name is read once per General Assembly and chamber and kept as a `NameMatch`. What staff decided there is law.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from legislation.chambers import GeneralAssembly
from legislation.models import Legislator, NameMatch, Term
from legislation.naming.printed_names import NO_FIT, KnownSpellings, PrintedName, normalize_name
from legislation.naming.seats import Seat

__all__ = ["Match", "NameIndex", "normalize_name"]

State = NameMatch.State
NAME_LENGTH = 120
_people_changed = 0
# General Assemblies in which a name that was read before reads differently now, so that older rows must follow.
_read_differently: set[int] = set()


def people_changed() -> None:
    """Members or their terms changed in this process: every index reads them anew before its next answer."""
    global _people_changed
    _people_changed += 1


def take_read_differently() -> set[int]:
    """The General Assemblies whose older rows must follow a new reading; each is told once."""
    sessions = set(_read_differently)
    _read_differently.clear()
    return sessions


@dataclass(frozen=True, slots=True)
class Match:
    """How a printed name was read: a `NameMatch.State`, the legislator if there is one, else whom it may mean."""

    legislator_id: int | None
    state: str
    candidates: tuple[int, ...] = ()


UNKNOWN = Match(None, State.UNKNOWN)


@dataclass(slots=True)
class Person:
    """A legislator as far as names go."""

    id: int
    ocd_id: str
    spellings: KnownSpellings
    seats: list[Seat] = field(default_factory=list)

    def sits(self, chamber: str, day: date | None) -> bool:
        """Whether a seat in the chamber ("" for either) was held on the day (None: at any time)."""
        return any(
            (not chamber or seat.chamber == chamber) and (day is None or seat.covers(day))
            for seat in self.seats
        )


@dataclass
class Met:
    """A printed name that turned up in this run, with the ids that sources gave along with it."""

    person_ids: set[str] = field(default_factory=set)
    is_new: bool = True


Key = tuple[str, str]  # chamber ("" where nobody says), printed name


class NameIndex:
    """Reads printed names of one General Assembly. Holds its members in memory."""

    def __init__(self, session: int, people: Iterable[Person], rows: Iterable[NameMatch]) -> None:
        self.session = session
        self._rows = {(row.chamber, row.name): row for row in rows}
        self._met: dict[Key, Met] = {
            key: Met(set(row.person_ids), is_new=False) for key, row in self._rows.items()
        }
        self._take(people)

    def _take(self, people: Iterable[Person]) -> None:
        self._as_of = _people_changed
        self.people = {person.id: person for person in people}
        self._by_ocd_id = {person.ocd_id: person.id for person in self.people.values()}
        self._by_last_word: dict[str, list[Person]] = defaultdict(list)
        for person in self.people.values():
            for word in {family[-1] for family in person.spellings.families}:
                self._by_last_word[word].append(person)
        self._fits: dict[Key, list[tuple[tuple[int, int], Person]]] = {}
        self._cache: dict[tuple[str, str, date | None, str], Match] = {}

    @classmethod
    def load(cls, session: int) -> "NameIndex":
        """With everybody who held a seat in that General Assembly, and what was decided about names before."""
        return cls(session, _members(session), NameMatch.objects.filter(session=session))

    def resolve(self, name: str, chamber: str, *, on: date | None = None, person_id: str = "") -> Match:
        """Who is meant. With `on` only those who held a seat that day; without, that whole General Assembly.

        `chamber` may be "" where the source does not say. The name counts as met: `save_reviews` keeps it.
        """
        if self._as_of != _people_changed:
            self._take(_members(self.session))
        key = (name, chamber, on, person_id)
        match = self._cache.get(key)
        if match is None:
            match = self._cache[key] = self._resolve(name.strip()[:NAME_LENGTH], chamber, on, person_id)
        return match

    def _resolve(self, name: str, chamber: str, on: date | None, person_id: str) -> Match:
        if not name:
            return UNKNOWN
        met = self._met.setdefault((chamber, name), Met())
        if person_id.startswith("ocd-person/") and person_id not in met.person_ids:
            met.person_ids.add(person_id)
            met.is_new = True
        law = self._law(chamber, name)
        if law is not None:
            return law
        if known := self._by_ocd_id.get(person_id):
            return Match(known, State.MATCHED)
        if person_id.startswith("ocd-person/"):
            # Somebody who held no seat then, or of whom we have no record: not whoever else has that name.
            return UNKNOWN
        return self._by_name(chamber, name, on)

    def _law(self, chamber: str, name: str) -> Match | None:
        row = self._rows.get((chamber, name))
        if row is not None and row.state in (State.DECIDED, State.NOBODY):
            return Match(row.legislator_id, row.state)
        return None

    def _by_name(self, chamber: str, name: str, on: date | None) -> Match:
        """Those whose name fits best among all who sat there then; more than one is nobody."""
        fits = [(fit, person) for fit, person in self._fitting(chamber, name) if person.sits(chamber, on)]
        best = max((fit for fit, _person in fits), default=None)
        candidates = tuple(sorted(person.id for fit, person in fits if fit == best))
        if len(candidates) > 1:
            return Match(None, State.AMBIGUOUS, candidates)
        named = self._named_by_sources(chamber, name) or set(candidates)
        only = next(iter(named)) if len(named) == 1 else None
        if only is not None and self.people[only].sits(chamber, on):
            return Match(only, State.MATCHED)
        if candidates and candidates[0] in named and None not in named:
            return Match(candidates[0], State.MATCHED)
        return Match(None, State.AMBIGUOUS, candidates) if candidates else UNKNOWN

    def _named_by_sources(self, chamber: str, name: str) -> set[int | None]:
        """Whom sources named along with this spelling; None stands for people we have no record of."""
        met = self._met.get((chamber, name))
        ids = met.person_ids if met is not None else set()
        return {self._by_ocd_id.get(person_id) for person_id in ids}

    def _fitting(self, chamber: str, name: str) -> list[tuple[tuple[int, int], Person]]:
        """Everybody whose spellings the name fits at all and who sat in the chamber."""
        key = (chamber, name)
        if key not in self._fits:
            printed = PrintedName.parse(name)
            near = self._by_last_word.get(printed.words[-1], []) if printed.words else []
            fits = [(person.spellings.fit(printed), person) for person in near if person.sits(chamber, None)]
            self._fits[key] = [(fit, person) for fit, person in fits if fit[0] != NO_FIT]
        return self._fits[key]

    # --- What is kept for staff --------------------------------------------------------------------------------------

    def save_reviews(self) -> None:
        """Writes how the names met were read, each once, and again only when the reading changed."""
        new = [key for key, met in self._met.items() if met.is_new]
        if new:
            self._write({key: self._met[key] for key in new})
            for key in new:
                self._met[key].is_new = False

    def reread(self) -> None:
        """Reads every stored name again, after members or their terms changed."""
        self._write(dict(self._met))
        _read_differently.discard(self.session)

    def link(self, name: str, chamber: str, on: date | None, linked: int | None) -> int | None:
        """Whom a stored row with this name should lead to, when today it leads to `linked`.

        A link that a source made by naming the person stays; nothing but a decision undoes it.
        """
        key = (chamber, name)
        law = self._law(chamber, name)
        if law is not None:
            return law.legislator_id
        met = self._met.setdefault(key, Met())
        if linked in self.people and self.people[linked].ocd_id in met.person_ids:
            return linked
        return self._by_name(chamber, name, on).legislator_id

    def _write(self, names: dict[Key, Met]) -> None:
        stored = {
            (row.chamber, row.name): row
            for row in NameMatch.objects.filter(
                session=self.session, name__in={name for _chamber, name in names}
            ).prefetch_related("candidates")
        }
        self._rows.update(stored)
        added: list[NameMatch] = []
        changed: list[NameMatch] = []
        candidates: dict[Key, tuple[int, ...]] = {}
        for key, met in names.items():
            row = stored.get(key)
            if row is not None:
                met.person_ids |= set(row.person_ids)
            match = self._law(*key) or self._by_name(*key, None)
            ids = sorted(met.person_ids)
            if row is None:
                row = NameMatch(session=self.session, chamber=key[0], name=key[1])
                added.append(row)
            elif (row.state, row.legislator_id, row.person_ids) != (match.state, match.legislator_id, ids):
                changed.append(row)
                if (row.state, row.legislator_id) != (match.state, match.legislator_id):
                    _read_differently.add(self.session)
            row.state, row.legislator_id, row.person_ids = match.state, match.legislator_id, ids
            if row.pk is None or {person.pk for person in row.candidates.all()} != set(match.candidates):
                candidates[key] = match.candidates
        # Another run may have met the same name at this moment; its row is as good.
        NameMatch.objects.bulk_create(added, ignore_conflicts=True)
        NameMatch.objects.bulk_update(changed, ["state", "legislator", "person_ids"])
        self._write_candidates(candidates)

    def _write_candidates(self, candidates: dict[Key, tuple[int, ...]]) -> None:
        rows = {
            (row.chamber, row.name): row
            for row in NameMatch.objects.filter(
                session=self.session, name__in={name for _chamber, name in candidates}
            )
        }
        self._rows.update(rows)
        links = NameMatch.candidates.through
        kept = {rows[key].pk: ids for key, ids in candidates.items() if key in rows}
        links.objects.filter(namematch_id__in=kept).delete()
        links.objects.bulk_create(
            [links(namematch_id=row, legislator_id=person) for row, ids in kept.items() for person in ids]
        )


def _members(session: int) -> list[Person]:
    """Everybody who held a seat during that General Assembly, in either chamber."""
    assembly = GeneralAssembly(session)
    people: dict[int, Person] = {}
    seats: dict[int, list[Seat]] = defaultdict(list)
    for who, chamber, district, start, end in Term.objects.values_list(
        "legislator_id", "chamber", "district", "start", "end"
    ):
        seats[who].append(Seat(chamber, district, start, end))
    for row in Legislator.objects.filter(Q(pk__in=list(seats)) | Q(is_current=True)):
        # A source that tells no terms leaves the seat of today.
        held = seats.get(row.pk) or [Seat(row.chamber, row.district or 0)]
        held = [seat for seat in held if seat.touches(assembly)]
        if held:
            spellings = KnownSpellings.of(row.name, row.given_name, row.family_name, row.other_names)
            people[row.pk] = Person(row.pk, row.ocd_id, spellings, held)
    return list(people.values())
