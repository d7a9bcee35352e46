"""The life of an event people are invited to: moved, cancelled, and those who come reminded of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import invitation_emails as emails
from campaigns.models import CallEvent, CallToAction, Rsvp
from campaigns.services.errors import StateError
from campaigns.services.invitations import REMIND_BEFORE, seats_taken
from mailing.services import Draft, Precedence, queue_messages
from partners.caching import empty_page_cache_on_commit
from partners.history import changed_by
from partners.models import User

# What somebody has to know who made room in their calendar.
TOLD = ("starts_at", "ends_at", "place", "online_url")
BATCH = 200
_Coming = Rsvp.Coming


@transaction.atomic
def change_event(*, event: CallEvent, by: User, now: datetime | None = None, **changes: Any) -> int:
    """Gives an event another time, place, access or number of seats. Returns how many people are told.

    Everybody who comes or may come is told once of another time, place or online address. Raises `StateError`.
    """
    now = now or timezone.now()
    call, event = _held(event)
    _refuse_meeting(event)
    if event.cancelled_at or event.starts_at <= now:
        raise StateError(_("Only an event that is still to come can be changed."))
    changed = {name: value for name, value in changes.items() if getattr(event, name) != value}
    if not changed:
        return 0
    was_at = event.starts_at
    for name, value in changed.items():
        setattr(event, name, value)
    _refuse(call, event, now)
    is_told = any(name in changed for name in TOLD)
    event.revision += 1 if is_told else 0
    changed_by(event, by)
    event.save()
    if event.starts_at != was_at:
        _follow(call, event, was_at, by)
    empty_page_cache_on_commit()
    return _tell(call, event, emails.event_changed, until=event.starts_at) if is_told else 0


def _held(event: CallEvent) -> tuple[CallToAction, CallEvent]:
    """The call and its event, locked in the order in which answers lock them."""
    call = CallToAction.objects.select_for_update(of=("self",)).get(pk=event.call_to_action_id)
    held = CallEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    held.call_to_action = call
    return call, held


def _refuse_meeting(event: CallEvent) -> None:
    if event.meeting_id:
        raise StateError(
            _("This call invites to an event of ours: move or cancel it there, and the call follows.")
        )


def _refuse(call: CallToAction, event: CallEvent, now: datetime) -> None:
    if event.ends_at <= event.starts_at:
        raise StateError(_("An event ends after it starts."))
    if event.starts_at <= max(now, call.opens_at):
        raise StateError(_("Choose a time that is still to come, after the invitation opens."))
    taken = seats_taken(call)
    if event.capacity is not None and event.capacity < taken:
        raise StateError(_("%(n)d seats are taken already. Allow at least that many.") % {"n": taken})


def _follow(call: CallToAction, event: CallEvent, was_at: datetime, by: User) -> None:
    """Another time: those who come are reminded anew, and nobody answers once it has begun."""
    _answers(call).update(reminded_at=None)
    if call.closes_at == was_at or call.closes_at > event.starts_at:
        call.closes_at = event.starts_at
        changed_by(call, by)
        call.save(update_fields=["closes_at"])


@transaction.atomic
def cancel_event(*, event: CallEvent, by: User, now: datetime | None = None) -> int:
    """Calls an event off and tells everybody who comes or may come. Returns how many. Raises `StateError`."""
    now = now or timezone.now()
    call, event = _held(event)
    _refuse_meeting(event)
    if event.cancelled_at or event.starts_at <= now:
        raise StateError(_("Only an event that is still to come can be cancelled."))
    event.cancelled_at = now
    event.revision += 1
    changed_by(event, by)
    event.save(update_fields=["cancelled_at", "revision"])
    empty_page_cache_on_commit()
    return _tell(call, event, emails.event_cancelled, until=event.ends_at)


def _answers(call: CallToAction) -> QuerySet[Rsvp]:
    """Those who come or may come."""
    return Rsvp.objects.filter(action__call_to_action=call, coming__in=[_Coming.YES, _Coming.MAYBE])


def _tell(call: CallToAction, event: CallEvent, message: emails.Write, *, until: datetime) -> int:
    answers = list(_answers(call).select_related("action__person").order_by("pk"))
    return len(queue_messages(drafts=_drafts(answers, call, event, message, until=until)))


def _drafts(
    answers: Iterable[Rsvp],
    call: CallToAction,
    event: CallEvent,
    message: emails.Write,
    *,
    until: datetime,
) -> Iterable[Draft]:
    """Messages that are dropped where they could not be sent until then."""
    for rsvp in answers:
        yield Draft(**message(call, event, rsvp), precedence=Precedence.NOTICE, expires_at=until)


def remind_of_events(*, now: datetime) -> int:
    """Reminds those who come of events that begin within a day; each person once. Returns how many."""
    # Of events of ours, those remind who keep the seats.
    soon = CallEvent.objects.filter(
        meeting=None, starts_at__gt=now, starts_at__lte=now + REMIND_BEFORE, cancelled_at__isnull=True
    )
    return sum(_remind_all(event, now) for event in soon.select_related("call_to_action"))


def _remind_all(event: CallEvent, now: datetime) -> int:
    reminded = 0
    while batch := _remind_batch(event=event, now=now):
        reminded += batch
    return reminded


@transaction.atomic
def _remind_batch(*, event: CallEvent, now: datetime) -> int:
    """Writes some reminders and marks their people in one transaction; what another worker holds is its own."""
    due = Rsvp.objects.filter(
        action__call_to_action=event.call_to_action_id, coming=_Coming.YES, reminded_at__isnull=True
    )
    held = list(
        due.select_for_update(of=("self",), skip_locked=True).select_related("action__person")[:BATCH]
    )
    # Moved or called off in the meantime: whoever did that held these rows or tells these people.
    fresh = CallEvent.objects.filter(pk=event.pk, revision=event.revision, cancelled_at__isnull=True).first()
    if not held or fresh is None:
        return 0
    Rsvp.objects.filter(pk__in=[rsvp.pk for rsvp in held]).update(reminded_at=now)
    drafts = _drafts(held, event.call_to_action, fresh, emails.event_reminder, until=fresh.starts_at)
    return len(queue_messages(drafts=drafts))
