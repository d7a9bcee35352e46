"""Calls to action follow the legislature: a hearing that moves, is cancelled, posted anew or over; a bill that goes on.

Everything is read from the rows of hearings and bills, so that a run that failed, or never happened, is made good by
the next one, and a second run finds nothing to do. What people are told is in `campaigns.services.hearing_news`.
"""

import copy
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from campaigns import slip_emails
from campaigns.models import ActionAlert, ActionTaken, CallToAction, FollowedHearing, HearingNews
from campaigns.open_windows import HEARING_OFF, calls_about, new_posting
from campaigns.services.slip_calls import draft_for_posting
from legislation.models import Hearing
from legislation.slip_windows import day_words, is_gone, moment_words, slip_window, was_moved
from mailing.services import queue_message
from partners.caching import empty_page_cache_on_commit

logger = structlog.get_logger(__name__)

_Status = CallToAction.Status
# A posting that comes later than this after the hearing it would replace is another story.
REPLACED_WITHIN = timedelta(days=30)
Step = Callable[[CallToAction, datetime], bool]


def follow_legislature(*, now: datetime) -> int:
    """Brings every call in line with its hearing and its bill; how many changed. Two workers change each once."""
    return sum(_try(step, pk, now) for step, found in _work(now) for pk in found)


def _work(now: datetime) -> Iterator[tuple[Step, list[int]]]:
    """The steps in their order, each with the calls it may concern."""
    calls = CallToAction.objects.filter(hearing__isnull=False)
    published = CallToAction.objects.filter(status=_Status.PUBLISHED)
    slips = calls.filter(kind=CallToAction.Kind.SLIP)
    followed = FollowedHearing.objects.filter(
        hearing=F("call_to_action__hearing"), starts_at=F("call_to_action__hearing__starts_at")
    )
    going = calls.filter(status__in=[_Status.DRAFT, _Status.PUBLISHED])
    yield _move_deadline, _keys(going.exclude(pk__in=followed.values("call_to_action")))
    replaceable = slips.filter(
        HEARING_OFF,
        status__in=[_Status.PUBLISHED, _Status.CLOSED],
        successor=None,
        hearing__starts_at__gt=now - REPLACED_WITHIN,
    )
    yield _draft_again, _keys(replaceable)
    yield _end_with_hearing, _keys(calls.filter(HEARING_OFF, status=_Status.PUBLISHED))
    over = slips.filter(status=_Status.PUBLISHED, hearing__starts_at__lte=now, closes_at__lte=now)
    yield _close_when_held, _keys(over)
    bills = published.filter(ends_with_stage=True, bill__isnull=False)
    yield _close_with_stage, _keys(bills.exclude(bill_stage=F("bill__stage")))


def _keys(calls: QuerySet[CallToAction]) -> list[int]:
    return list(calls.order_by("pk").values_list("pk", flat=True))


def _try(step: Step, pk: int, now: datetime) -> bool:
    """One step with one call, its row locked. What goes wrong with a call keeps the others from nothing."""
    try:
        with transaction.atomic():
            rows = CallToAction.objects.select_for_update(of=("self",)).select_related("hearing", "bill")
            call = rows.filter(pk=pk).first()
            return call is not None and step(call, now)
    except Exception:
        logger.exception("call does not follow the legislature", call=pk)
        return False


# --- The hearing ------------------------------------------------------------------------------------------------


def _move_deadline(call: CallToAction, now: datetime) -> bool:
    """A hearing that moved takes the deadline along: by as much as its window for slips moved."""
    hearing = call.hearing
    if hearing is None or call.hearing_is_off or call.status not in {_Status.DRAFT, _Status.PUBLISHED}:
        return False
    seen = FollowedHearing.objects.filter(call_to_action=call).first()
    followed = {"hearing": hearing, "starts_at": hearing.starts_at}
    FollowedHearing.objects.update_or_create(call_to_action=call, defaults=followed)
    if seen is None or seen.hearing_id != hearing.pk or seen.starts_at == hearing.starts_at:
        return False  # Seen for the first time, or staff chose another hearing: the deadline is theirs.
    before, after = _sure_until(hearing, seen.starts_at), _sure_until(hearing, hearing.starts_at)
    if call.kind != CallToAction.Kind.SLIP and call.closes_at > before:
        return False  # This call goes on after its hearing.
    closes_at = call.closes_at + (after - before)
    if call.closes_at == before or closes_at <= now < after:
        closes_at = after
    if closes_at <= call.opens_at:
        # It comes before it was to open: it opens now, or was never open.
        call.opens_at = min(now, closes_at - timedelta(seconds=1))
    call.closes_at = closes_at
    _save(call, _("Its hearing moved."), ["opens_at", "closes_at"])
    if call.status == _Status.PUBLISHED:
        _tell_staff_of_move(call, hearing, seen.starts_at)
    return True


def _sure_until(hearing: Hearing, starts_at: datetime) -> datetime:
    """Until when a slip would be sure to be taken if the hearing began at a moment."""
    as_set = copy.copy(hearing)
    as_set.starts_at = starts_at
    return slip_window(as_set, starts_at).sure_until


def _tell_staff_of_move(call: CallToAction, hearing: Hearing, was_at: datetime) -> None:
    facts = {"before": moment_words(was_at), "after": moment_words(hearing.starts_at)}
    lines = [_("The hearing moved from %(before)s to %(after)s.") % facts]
    lines.append(_("The call to action now closes on %(when)s.") % {"when": moment_words(call.closes_at)})
    moved = copy.copy(hearing)
    moved.moved_from = was_at
    if was_moved(moved):
        lines.append(
            _("Slips for the old day do not count. Everybody who pledged or filed one is told to file again.")
        )
    else:
        lines.append(_("It is the same day, so slips filed before still count."))
    alerts = ActionAlert.objects.in_flight().filter(call_to_action=call).count()
    if alerts:
        lines.append(
            _("Alerts about it on their way: %(n)d. See whether their words still hold.") % {"n": alerts}
        )
    _tell_staff(call, _("Hearing moved: %(title)s"), lines)


def _draft_again(call: CallToAction, now: datetime) -> bool:
    """The hearing of a call for slips was posted anew: staff get a draft for the new posting."""
    hearing = call.hearing
    if hearing is None or not call.hearing_is_off or call.successor_id:
        return False
    bills = set(call.slip_asks.values_list("document__bill", flat=True)) | {call.bill_id}
    posting = new_posting(hearing, bills, now)
    if posting is None:
        return False
    # Held, so that nobody drafts a call for it by hand at this moment.
    posting = Hearing.objects.select_for_update(of=("self",), no_key=True).get(pk=posting.pk)
    existing = next((calls_about(posting.pk, bill).first() for bill in bills if bill), None)
    call.successor = existing or draft_for_posting(call=call, hearing=posting, now=now)
    _save(call, _("Its hearing was posted anew."), ["successor"])
    facts = {"before": moment_words(hearing.starts_at), "after": moment_words(posting.starts_at)}
    lines = [
        _("The hearing of %(before)s is off, and the committee posted it anew for %(after)s.") % facts,
        _("A draft for the new posting waits for you: look at it, publish it, and write an alert."),
    ]
    if call.status == _Status.PUBLISHED:
        words = _(
            "The hearing of %(before)s was posted anew for %(after)s. A slip for the old posting does not count."
        )
        _close(call, words % facts)
        lines.append(_("The old call is closed."))
    _tell_staff(call.successor, _("Posted anew: %(title)s"), lines)
    return True


def _end_with_hearing(call: CallToAction, now: datetime) -> bool:
    """A hearing that is off ends a call for slips. Other calls wait for staff, and their alerts stand still."""
    hearing = call.hearing
    if hearing is None or call.status != _Status.PUBLISHED or not call.hearing_is_off:
        return False
    when = {"when": moment_words(hearing.starts_at)}
    off = (
        _("The hearing of %(when)s moved to another posting.")
        if is_gone(hearing)
        else _("The hearing of %(when)s was cancelled.")
    ) % when
    subject = _("Hearing off: %(title)s")
    if call.kind == CallToAction.Kind.SLIP:
        _close(call, f"{off} {_('No slips are taken for it.')}")
        _tell_staff(call, subject, [off, _("The call is closed, and its alerts send nothing more.")])
        return True
    news = f"off {hearing.starts_at:%Y-%m-%d %H:%M} {call.pk}"
    _row, is_new = HearingNews.objects.get_or_create(
        hearing=hearing, person=None, news=news, defaults={"told_at": now}
    )
    if is_new:
        waits = _("Alerts about this call wait. Choose another hearing for it or none, or close it.")
        _tell_staff(call, subject, [off, waits])
    return is_new


def _close_when_held(call: CallToAction, now: datetime) -> bool:
    """Slips are closed and the deadline has passed: the call ends with what people told us."""
    hearing = call.hearing
    if hearing is None or call.status != _Status.PUBLISHED or call.closes_at > now or call.hearing_is_off:
        return False
    if slip_window(hearing, now).state != "closed":
        return False
    words = _("The hearing of %(day)s is over.") % {"day": day_words(hearing.starts_at)}
    own = _("These are people's own words; the General Assembly's list is counted apart.")
    _close(call, words, after=own)
    return True


# --- The bill ---------------------------------------------------------------------------------------------------


def _close_with_stage(call: CallToAction, now: datetime) -> bool:
    """The bill left the stage that the call was about."""
    bill = call.bill
    if bill is None or call.status != _Status.PUBLISHED or not call.ends_with_stage:
        return False
    if not call.bill_stage:
        # Published before the stage was noted: it is followed from today on.
        call.bill_stage = bill.stage
        _save(call, "", ["bill_stage"])
        return False
    if call.bill_stage == bill.stage:
        return False
    facts = {"bill": bill.label, "stage": bill.stage_label, "day": day_words(bill.stage_on)}
    words = (
        _("%(bill)s has moved on. Where it stands now: %(stage)s, since %(day)s.")
        if bill.stage_on
        else _("%(bill)s has moved on. Where it stands now: %(stage)s.")
    ) % facts
    _close(call, words)
    _tell_staff(call, _("Bill moved on: %(title)s"), [words, _("The call to action closed by itself.")])
    return True


# --- Steps ------------------------------------------------------------------------------------------------------


def _close(call: CallToAction, why: str, *, after: str = "") -> None:
    """Closes a call with the reason and its numbers. The caller holds its row."""
    acted = ActionTaken.objects.filter(call_to_action=call).totals()
    numbers = _("People who acted: %(people)d. Partner organizations among them: %(organizations)d.") % acted
    call.status = _Status.CLOSED
    call.outcome = " ".join(filter(None, [why, numbers, after]))
    _save(call, _("Closed by itself."), ["status", "outcome"])


def _save(call: CallToAction, reason: str, fields: list[str]) -> None:
    call._change_reason = reason[:100]  # type: ignore[attr-defined]  # The history library's own name.
    call.save(update_fields=fields)
    empty_page_cache_on_commit()


def _tell_staff(call: CallToAction, subject: str, lines: list[str]) -> None:
    if message := slip_emails.to_staff(call, subject % {"title": call.title}, lines):
        queue_message(**message)
