"""What the steps by which calls follow their hearing share: the rules of the deadline, closing, telling staff."""

import copy
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import slip_emails
from campaigns.models import ActionTaken, CallToAction
from campaigns.models.targets import REACHING
from legislation.models import Hearing
from legislation.slip_windows import slip_window
from mailing.services import queue_message
from partners.caching import empty_page_cache_on_commit

Kind, Status = CallToAction.Kind, CallToAction.Status


def goes_on_after(call: CallToAction, starts_at: datetime) -> bool:
    """Whether staff set a deadline on a later day than its hearing's: the call is about more than that."""
    return timezone.localdate(call.closes_at) > timezone.localdate(starts_at)


def ends_with_hearing(call: CallToAction) -> bool:
    """Whether people have nothing to do without the hearing: file slips for it, reach legislators before it.

    Names, stories and answers that a call collects keep their worth, and an event has its own way to be called off.
    """
    if call.kind == Kind.SLIP:
        return True
    if call.kind not in REACHING or call.hearing is None:
        return False
    return not goes_on_after(call, call.hearing.starts_at)


def sure_until(hearing: Hearing, starts_at: datetime) -> datetime:
    """Until when a slip would be sure to be taken if the hearing began at a moment."""
    as_set = copy.copy(hearing)
    as_set.starts_at = starts_at
    return slip_window(as_set, starts_at).sure_until


def shift_deadline(call: CallToAction, *, before: datetime, after: datetime, now: datetime) -> None:
    """Moves the deadline as the hearing moved, whose slips were sure to be taken until `before` and are until `after`."""
    closes_at = call.closes_at + (after - before)
    if call.closes_at == before or closes_at <= now < after:
        closes_at = after
    if closes_at <= call.opens_at:
        # It comes before it was to open: it opens now, or was never open.
        call.opens_at = min(now, closes_at - timedelta(seconds=1))
    call.closes_at = closes_at


def close(call: CallToAction, why: str, *, after: str = "") -> None:
    """Closes a call with the reason and its numbers. The caller holds its row."""
    acted = ActionTaken.objects.filter(call_to_action=call).totals()
    numbers = _("People who acted: %(people)d. Partner organizations among them: %(organizations)d.") % acted
    call.status = Status.CLOSED
    call.outcome = " ".join(filter(None, [why, numbers, after]))
    save(call, _("Closed by itself."), ["status", "outcome"])


def save(call: CallToAction, reason: str, fields: list[str]) -> None:
    """Writes the fields, with the reason for the history."""
    call._change_reason = reason[:100]  # type: ignore[attr-defined]  # The history library's own name.
    call.save(update_fields=fields)
    empty_page_cache_on_commit()


def tell_staff(call: CallToAction, subject: str, lines: list[str]) -> None:
    """One message to the coalition's own address; `subject` has a place for the call's title."""
    if message := slip_emails.to_staff(call, subject % {"title": call.title}, lines):
        queue_message(**message)
