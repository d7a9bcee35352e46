"""The list at the door: everybody with a place at an event, and how many are there."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from meetings.models import Attendance, Event
from partners.matching import normalize_name
from partners.models import Organization
from partners.services.duplicates import LIKELY, name_likeness

_Status = Attendance.Status
# Who is counted as expected or there.
EXPECTED = {_Status.REGISTERED, _Status.WAITLISTED, _Status.ATTENDED, _Status.ABSENT}


@dataclass(frozen=True)
class DoorRow:
    """Somebody on the list. `key` makes a button that is pressed twice count once; `search` is what typing finds."""

    place: Attendance
    key: UUID

    @property
    def is_here(self) -> bool:
        return self.place.status == _Status.ATTENDED

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


def door_list(event: Event, search: str = "") -> DoorList:
    """Everybody by last name. One read."""
    places = event.attendances.select_related("person", "organization").order_by(
        "person__last_name", "person__first_name", "pk"
    )
    rows = [DoorRow(place, uuid4()) for place in places]
    words = search.lower().split()
    return DoorList(
        [row for row in rows if all(word in row.search for word in words)],
        sum(row.is_here for row in rows),
        sum(row.place.status in EXPECTED for row in rows),
    )


def door_state(event: Event) -> dict[str, Any]:
    """Who is there by now, for phones that look again: place → status, and the numbers. One read."""
    statuses = dict(event.attendances.order_by().values_list("pk", "status"))
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
