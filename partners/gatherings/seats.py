"""Seats and waiting lists: who gets a seat, and who is next when one becomes free.

Callers hold the gathering's row locked (`select_for_update`), so that two people cannot take the last seat.
"""

from typing import TypeVar

from django.db.models import QuerySet

from partners.gatherings.models import Attendee, Gathering, Mode

Row = TypeVar("Row", bound=Attendee)


def needs_seat(gathering: Gathering, *, is_online: bool) -> bool:
    """Whether somebody who takes part so counts against the capacity: online there is room at a hybrid gathering."""
    return not (gathering.mode == Mode.HYBRID and is_online)


def counted(gathering: Gathering, attendees: QuerySet[Row]) -> QuerySet[Row]:
    """Those of a gathering's attendees who count against its capacity, whatever their status."""
    return attendees.filter(is_online=False) if gathering.mode == Mode.HYBRID else attendees


def free_seats(gathering: Gathering, attendees: QuerySet[Row]) -> int | None:
    """Seats that nobody holds; None where there is no limit. Never below zero, also when the room was changed."""
    if gathering.capacity is None:
        return None
    taken = counted(gathering, attendees).filter(status__in=Attendee.SEATED).count()
    return max(gathering.capacity - taken, 0)


def next_waiting(gathering: Gathering, attendees: QuerySet[Row], limit: int | None = None) -> list[Row]:
    """Those whose turn it is for the seats that are free, first come first served; `limit` takes fewer."""
    waiting = counted(gathering, attendees).filter(status=Attendee.Status.WAITLISTED)
    free = free_seats(gathering, attendees)
    most = free if limit is None or (free is not None and free < limit) else limit
    return list(waiting.order_by("waiting_since", "pk")[:most])
