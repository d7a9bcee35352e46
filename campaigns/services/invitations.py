"""Answers to invitations: who comes, with how many, and whether there is a seat for them.

An invitation asks no more of its event than `Event` says. Today that is the event which staff enter with the call
(`CallEvent`). Where that names an event of ours, seats, reminders and messages are the event's: see `meeting_places`.
"""

from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import ActionTaken, CallEvent, CallToAction, Rsvp
from campaigns.services.errors import AnswerRefused
from campaigns.services.meeting_places import keep_place

MOST_GUESTS = 5
# So long before the event those who come are reminded of it.
REMIND_BEFORE = timedelta(days=1)

_Coming = Rsvp.Coming


class Event(Protocol):
    """What an invitation needs to know of an event; `capacity` is None where there is room for everybody."""

    starts_at: datetime
    ends_at: datetime
    place: str
    online_url: str
    access: str
    capacity: int | None
    # Counted up with each change of time or place.
    revision: int
    cancelled_at: datetime | None


def event_of(call: CallToAction) -> Event | None:
    """The event a call invites to; None while staff have not entered it."""
    return CallEvent.objects.filter(call_to_action=call).first()


def _held_event(call: CallToAction) -> Event | None:
    """The same, its row locked: whoever takes a seat does so alone."""
    return CallEvent.objects.select_for_update(of=("self",)).filter(call_to_action=call).first()


def seats_taken(call: CallToAction, *, besides: ActionTaken | None = None) -> int:
    """How many seats are taken: everybody who comes, and the guests they bring; `besides` is left out."""
    coming = Rsvp.objects.filter(action__call_to_action=call, coming=_Coming.YES)
    if besides is not None:
        coming = coming.exclude(action=besides)
    return coming.aggregate(seats=Sum(1 + F("guests")))["seats"] or 0


def free_seats(call: CallToAction, event: Event, *, besides: ActionTaken | None = None) -> int | None:
    """How many seats are free, at least none; None where there is room for everybody."""
    if event.capacity is None:
        return None
    return max(0, event.capacity - seats_taken(call, besides=besides))


def refuse_impossible(
    *,
    call: CallToAction,
    event: Event | None,
    coming: str,
    guests: int,
    now: datetime,
    besides: ActionTaken | None = None,
) -> Event:
    """The event, if this answer can be taken. Raises `AnswerRefused` with the reason."""
    if event is None:
        raise AnswerRefused(_("This invitation has no event yet."))
    if coming not in _Coming.values:
        raise AnswerRefused(_("Say whether you will come."))
    if event.cancelled_at:
        raise AnswerRefused(_("The event is cancelled, so no answer is needed any more."))
    if event.starts_at <= now:
        raise AnswerRefused(_("The event has begun, so answers are no longer taken."))
    free = free_seats(call, event, besides=besides) if coming == _Coming.YES else None
    if free is not None and 1 + guests > free:
        raise AnswerRefused(_no_seat(free, 1 + guests))
    return event


def _no_seat(free: int, wanted: int) -> str:
    if not free:
        return _("No seat is left. Say that you may come, and look here again: seats become free.")
    left = ngettext("Only %(n)d seat is left", "Only %(n)d seats are left", free) % {"n": free}
    return _("%(left)s, and you asked for %(wanted)d. Bring fewer people along.") % {
        "left": left,
        "wanted": wanted,
    }


@transaction.atomic
def answer_invitation(
    *, action: ActionTaken, coming: str, guests: int, needs: str | None, now: datetime
) -> tuple[Rsvp, bool]:
    """Keeps a person's answer. Returns it, and whether it differs from the one before.

    `needs` of None leaves what they told us before. Only somebody who surely comes brings guests and takes seats.
    Raises `AnswerRefused`.
    """
    call = action.call_to_action
    guests = guests if coming == _Coming.YES else 0
    event = refuse_impossible(
        call=call, event=_held_event(call), coming=coming, guests=guests, now=now, besides=action
    )
    # Locked, because a reminder may just be marked on it.
    earlier = Rsvp.objects.select_for_update(of=("self",)).filter(action=action).first()
    rsvp = earlier or Rsvp(action=action)
    before = (rsvp.pk, rsvp.coming, rsvp.guests, rsvp.needs)
    comes_newly = coming == _Coming.YES != rsvp.coming
    rsvp.coming, rsvp.guests = coming, guests
    rsvp.needs = rsvp.needs if needs is None else needs
    # Before the comparison: the same answer once more takes back a place that was cancelled over the event's own link.
    keep_place(event, rsvp, now)
    if before == (rsvp.pk, rsvp.coming, rsvp.guests, rsvp.needs):
        return rsvp, False
    if comes_newly:
        # Whoever answers on the last day has our message in hand; a reminder would say nothing new.
        rsvp.reminded_at = now if event.starts_at - now <= REMIND_BEFORE else None
    rsvp.save()
    return rsvp, before[1:3] != (rsvp.coming, rsvp.guests)


@transaction.atomic
def change_answer(
    *, action: ActionTaken, coming: str, guests: int, needs: str | None, now: datetime | None = None
) -> Rsvp:
    """Changes an answer over the link in our mail: until the event begins, also when the call is closed.

    Raises `AnswerRefused`.
    """
    rsvp, _differs = answer_invitation(
        action=action, coming=coming, guests=guests, needs=needs, now=now or timezone.now()
    )
    return rsvp
