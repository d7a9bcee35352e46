"""The list at a door: everybody with a place, and how many are there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from partners.gatherings.models import Attendee
from partners.matching import normalize_name
from partners.models import Organization
from partners.services.duplicates import LIKELY, name_likeness

_Status = Attendee.Status
# Who is counted as expected or there.
EXPECTED = {_Status.REGISTERED, _Status.WAITLISTED, _Status.OFFERED, _Status.ATTENDED, _Status.ABSENT}


@dataclass(frozen=True)
class DoorRow:
    """Somebody on the list, with how they stand on the day of this door.

    `key` makes a button that is pressed twice count once; `search` is what typing finds; `note` is what whoever stands
    at the door should know besides.
    """

    place: Attendee
    status: str
    key: UUID
    note: str = ""

    @property
    def is_here(self) -> bool:
        return self.status == _Status.ATTENDED

    @property
    def status_words(self) -> str:
        """How they stand, where that is not simply that they are expected."""
        return "" if self.status == _Status.REGISTERED else str(_Status(self.status).label)

    @property
    def search(self) -> str:
        organization = self.place.organization
        return f"{self.place.person.name} {organization.name if organization else ''}".lower()


@dataclass(frozen=True)
class DoorList:
    """The rows that a search finds, and the numbers over all of them."""

    rows: list[DoorRow]
    here: int
    expected: int


def door_list(
    places: Iterable[tuple[Attendee, str]], search: str = "", notes: Mapping[int, str] | None = None
) -> DoorList:
    """The list of places, each with its status at this door, in their order; `notes` by number of the place."""
    notes = notes or {}
    rows = [DoorRow(place, status, uuid4(), notes.get(place.pk, "")) for place, status in places]
    words = search.lower().split()
    return DoorList(
        [row for row in rows if all(word in row.search for word in words)],
        sum(row.is_here for row in rows),
        sum(row.status in EXPECTED for row in rows),
    )


def door_state(statuses: dict[int, str]) -> dict[str, Any]:
    """Who is there by now, for phones that look again: place → status, and the numbers."""
    here = sum(status == _Status.ATTENDED for status in statuses.values())
    expected = sum(status in EXPECTED for status in statuses.values())
    return {"places": statuses, "here": here, "expected": expected}


def organization_named(typed: str) -> Organization | None:
    """The active partner that somebody typed at the door: by its name, or by one that is like no other's. Two reads."""
    wanted = normalize_name(typed)
    if not wanted:
        return None
    active = Organization.objects.active().order_by().values_list("pk", "name")
    scores = sorted(((name_likeness(wanted, normalize_name(name)), pk) for pk, name in active), reverse=True)[
        :2
    ]
    best = [pk for score, pk in scores if score >= LIKELY and score == scores[0][0]]
    return Organization.objects.get(pk=best[0]) if len(best) == 1 else None
