"""Checking in at a gathering of any kind: the code of the room, from when on people check themselves in, and undoing it."""

import hmac
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from partners.errors import NotAllowed
from partners.gatherings.models import Attendee, Gathering
from partners.models import Person
from partners.references import random_code
from partners.services.people import remember_person

# Without letters and digits that look alike: no O and 0, no I, L and 1.
CODE_LENGTH = 6
# From when on people check themselves in.
SELF_FROM = timedelta(hours=1)
_Status = Attendee.Status


class Stretch(Protocol):
    """A gathering, or one of its days."""

    starts_at: datetime
    ends_at: datetime


class NotOnTheList(NotAllowed):
    """Nobody with this address registered: to be let in, they must say who they are."""


def new_code() -> str:
    """The short code shown in a room."""
    return random_code(CODE_LENGTH)


def is_code(typed: str, kept: str) -> bool:
    """Whether this is the code of the room, however it was typed. A room without a code has none that fits."""
    word = "".join(typed.upper().split()).replace("-", "")
    return bool(kept) and hmac.compare_digest(word.encode(), kept.encode())


def is_open(state: str, stretch: Stretch, now: datetime) -> bool:
    """Whether people can check themselves in: from one hour before the start until the end of what was published."""
    return state == Gathering.State.PUBLISHED and stretch.starts_at - SELF_FROM <= now <= stretch.ends_at


def has_come(stretch: Stretch, now: datetime) -> bool:
    """Whether somebody can have been there: from the morning of the day on."""
    return timezone.localdate(now) >= timezone.localdate(stretch.starts_at)


def too_early() -> NotAllowed:
    """The refusal for whoever checks themselves in before it is time, or afterwards."""
    return NotAllowed(_("You can check in from one hour before the start until the end."))


def wrong_code() -> NotAllowed:
    """The refusal for a code that is not the room's."""
    return NotAllowed(_("This is not the code. Read it again in the room; it has six letters and digits."))


def known_person(email: str) -> Person | None:
    """Who has this address, however it was typed."""
    return Person.objects.filter(email=email.strip().lower()).first()


def newcomer(person: Person | None, *, email: str, first_name: str, last_name: str) -> Person:
    """Somebody who is not on the list and says who they are, remembered. Raises `NotOnTheList` where they do not."""
    has_name = bool(person and person.first_name and person.user_id)
    if not (first_name and last_name) and not has_name:
        raise NotOnTheList(_("You are not on the list yet. Add your name, and you are."))
    return remember_person(email=email, first_name=first_name, last_name=last_name)


# What `expect_again` changes.
EXPECTED_AGAIN = ["status", "check_in", "checked_in_at", "checked_in_by", "minutes", "cancelled_at"]


def expect_again(place: Attendee) -> None:
    """Makes somebody registered again who was checked in to what has not begun, not yet written."""
    place.status, place.check_in, place.checked_in_at = _Status.REGISTERED, "", None
    place.checked_in_by = place.minutes = place.cancelled_at = None


def undo(place: Attendee, *, walked_in: bool, is_held: bool, now: datetime) -> None:
    """Makes somebody what they were before they were checked in, not yet written.

    Who had only walked in is gone from the list. Once attendance is closed (`is_held`), who was expected is absent.
    """
    row: Any = place
    before = row.history.exclude(status=_Status.ATTENDED).order_by("-history_date", "-history_id").first()
    status = _Status.CANCELLED if walked_in else before.status if before else _Status.REGISTERED
    if status == _Status.REGISTERED and is_held:
        status = _Status.ABSENT
    if status == _Status.CANCELLED and place.cancelled_at is None:
        place.cancelled_at = now
    if status in {_Status.WAITLISTED, _Status.OFFERED} and place.waiting_since is None:
        place.waiting_since = place.registered_at
    place.status, place.check_in, place.checked_in_at, place.checked_in_by = status, "", None, None
    place.minutes = None
