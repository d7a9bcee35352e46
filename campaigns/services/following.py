"""Calls to action follow the legislature: a hearing that moves, is cancelled, posted anew or over; a bill that goes on.

Everything is read from the rows of hearings and bills, so that a run that failed, or never happened, is made good by
the next one, and a second run finds nothing to do. What people are told is in `campaigns.services.hearing_news`.

Calls for slips, and those to reach legislators before a hearing, end with it and come back as a draft for a new
posting. Petitions, pledges, letters, stories and surveys go on, and follow the committee to the new posting; an event
is staff's to move or call off. No alert of any of them goes out while the hearing is off, or once it has begun.
"""

import copy
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.models import (
    ActionAlert,
    CallToAction,
    FollowedHearing,
    HearingNews,
    LegislatorContact,
    Rsvp,
)
from campaigns.models.targets import REACHING
from campaigns.open_windows import HEARING_OFF
from campaigns.services.following_postings import draft_again, go_on_to_posting
from campaigns.services.following_steps import (
    Kind,
    Status,
    close,
    ends_with_hearing,
    goes_on_after,
    save,
    shift_deadline,
    sure_until,
    tell_staff,
)
from campaigns.services.one_by_one import one_by_one
from legislation.models import Hearing
from legislation.slip_windows import day_words, is_gone, moment_words, slip_window, was_moved

# A posting that comes later than this after the hearing it would replace is another story.
REPLACED_WITHIN = timedelta(days=30)
Step = Callable[[CallToAction, datetime], bool]


def follow_legislature(*, now: datetime) -> int:
    """Brings every call in line with its hearing and its bill; how many changed. Two workers change each once."""
    failure = "call does not follow the legislature"
    return sum(
        one_by_one(found, partial(_take, step, now=now), failure=failure) for step, found in _work(now)
    )


def _work(now: datetime) -> Iterator[tuple[Step, list[int]]]:
    """The steps in their order, each with the calls it may concern."""
    calls = CallToAction.objects.filter(hearing__isnull=False)
    published = CallToAction.objects.filter(status=Status.PUBLISHED)
    ending = calls.filter(kind__in=[Kind.SLIP, *REACHING])
    followed = FollowedHearing.objects.filter(
        hearing=F("call_to_action__hearing"), starts_at=F("call_to_action__hearing__starts_at")
    )
    going = calls.filter(status__in=[Status.DRAFT, Status.PUBLISHED])
    yield _move_deadline, _keys(going.exclude(pk__in=followed.values("call_to_action")))
    replaceable = Q(HEARING_OFF, hearing__starts_at__gt=now - REPLACED_WITHIN)
    closed_too = Q(status__in=[Status.PUBLISHED, Status.CLOSED], successor=None)
    yield draft_again, _keys(ending.filter(replaceable, closed_too))
    going_on = calls.exclude(kind__in=[Kind.SLIP, Kind.RSVP])
    yield go_on_to_posting, _keys(going_on.filter(replaceable, status=Status.PUBLISHED, closes_at__gt=now))
    yield _end_with_hearing, _keys(calls.filter(HEARING_OFF, status=Status.PUBLISHED))
    over = ending.filter(status=Status.PUBLISHED, hearing__starts_at__lte=now, closes_at__lte=now)
    yield _close_when_held, _keys(over)
    bills = published.filter(ends_with_stage=True, bill__isnull=False)
    yield _close_with_stage, _keys(bills.exclude(bill_stage=F("bill__stage")))


def _keys(calls: QuerySet[CallToAction]) -> list[int]:
    return list(calls.order_by("pk").values_list("pk", flat=True))


def _take(step: Step, pk: int, now: datetime) -> bool:
    """One step with one call, its row locked."""
    rows = CallToAction.objects.select_for_update(of=("self",)).select_related("hearing", "bill")
    call = rows.filter(pk=pk).first()
    return call is not None and step(call, now)


# --- The hearing ------------------------------------------------------------------------------------------------


def _move_deadline(call: CallToAction, now: datetime) -> bool:
    """A hearing that moved takes the deadline along: by as much as its window for slips moved."""
    hearing = call.hearing
    if hearing is None or call.hearing_is_off or call.status not in {Status.DRAFT, Status.PUBLISHED}:
        return False
    seen = FollowedHearing.objects.filter(call_to_action=call).first()
    followed = {"hearing": hearing, "starts_at": hearing.starts_at}
    FollowedHearing.objects.update_or_create(call_to_action=call, defaults=followed)
    if seen is None or seen.hearing_id != hearing.pk or seen.starts_at == hearing.starts_at:
        return False  # Seen for the first time, or staff chose another hearing: the deadline is theirs.
    before, after = sure_until(hearing, seen.starts_at), sure_until(hearing, hearing.starts_at)
    if call.kind != Kind.SLIP and goes_on_after(call, seen.starts_at):
        return False
    shift_deadline(call, before=before, after=after, now=now)
    save(call, _("Its hearing moved."), ["opens_at", "closes_at"])
    if call.status == Status.PUBLISHED:
        _tell_staff_of_move(call, hearing, seen.starts_at)
    return True


def _tell_staff_of_move(call: CallToAction, hearing: Hearing, was_at: datetime) -> None:
    facts = {"before": moment_words(was_at), "after": moment_words(hearing.starts_at)}
    lines = [_("The hearing moved: it was set for %(before)s, and is on %(after)s now.") % facts]
    lines.append(
        _("The deadline of the call to action is %(when)s now.") % {"when": moment_words(call.closes_at)}
    )
    moved = copy.copy(hearing)
    moved.moved_from = was_at
    if call.kind == Kind.SLIP and was_moved(moved):
        lines.append(
            _("Slips for the old day do not count. Everybody who pledged or filed one is told to file again.")
        )
    elif call.kind == Kind.SLIP:
        lines.append(_("It is the same day, so slips filed before still count."))
    elif call.kind == Kind.RSVP:
        lines.append(_("Its event stays when it is. If it moves too, change it: those who come are told."))
    alerts = ActionAlert.objects.in_flight().filter(call_to_action=call).count()
    if alerts:
        lines.append(
            _("Alerts about it on their way: %(n)d. See whether their words still hold.") % {"n": alerts}
        )
    tell_staff(call, _("Hearing moved: %(title)s"), lines)


def _end_with_hearing(call: CallToAction, now: datetime) -> bool:
    """A hearing that is off ends the calls that need it. The others go on, and their alerts stand still."""
    hearing = call.hearing
    if hearing is None or call.status != Status.PUBLISHED or not call.hearing_is_off:
        return False
    when = {"when": moment_words(hearing.starts_at)}
    off = (
        _("The hearing of %(when)s moved to another posting.")
        if is_gone(hearing)
        else _("The hearing of %(when)s was cancelled.")
    ) % when
    subject = _("Hearing off: %(title)s")
    if ends_with_hearing(call):
        close(call, f"{off} {_('No slips are taken for it.')}" if call.kind == Kind.SLIP else off)
        lines = [off, _("The call is closed, and its alerts send nothing more."), *_on_their_way(call)]
        tell_staff(call, subject, lines)
        return True
    news = f"off {hearing.starts_at:%Y-%m-%d %H:%M} {call.pk}"
    _row, is_new = HearingNews.objects.get_or_create(
        hearing=hearing, person=None, news=news, defaults={"told_at": now}
    )
    if is_new:
        tell_staff(call, subject, [off, *_what_goes_on(call)])
    return is_new


def _on_their_way(call: CallToAction) -> list[str]:
    """Messages to legislators that people gave us before the hearing was off."""
    waiting = LegislatorContact.objects.filter(
        action__call_to_action=call, state=LegislatorContact.State.WAITING
    ).count()
    words = _("Messages to legislators that still go out: %(n)d. You can take them back on the call's page.")
    return [words % {"n": waiting}] if waiting else []


def _what_goes_on(call: CallToAction) -> list[str]:
    """What staff should know of a call that stays open without its hearing."""
    if call.kind == Kind.RSVP:
        coming = Rsvp.objects.filter(action__call_to_action=call, coming=Rsvp.Coming.YES).count()
        words = _("People who said that they come: %(n)d. Move the event or call it off, and they are told.")
        return [words % {"n": coming}, _("Alerts about it wait.")]
    return [
        _("People can still act on the call. Alerts about it wait."),
        _(
            "When the committee posts the hearing anew, the call follows. Or choose another hearing, or close it."
        ),
    ]


def _close_when_held(call: CallToAction, now: datetime) -> bool:
    """The hearing and the deadline are over: the call ends with what people told us."""
    hearing = call.hearing
    if hearing is None or call.status != Status.PUBLISHED or call.closes_at > now or call.hearing_is_off:
        return False
    if slip_window(hearing, now).state != "closed" or not ends_with_hearing(call):
        return False
    words = _("The hearing of %(day)s is over.") % {"day": day_words(hearing.starts_at)}
    own = _("These are people's own words; the General Assembly's list is counted apart.")
    close(call, words, after=own if call.kind == Kind.SLIP else "")
    return True


# --- The bill ---------------------------------------------------------------------------------------------------


def _close_with_stage(call: CallToAction, now: datetime) -> bool:
    """The bill left the stage that the call was about."""
    bill = call.bill
    if bill is None or call.status != Status.PUBLISHED or not call.ends_with_stage:
        return False
    if not call.bill_stage:
        # Published before the stage was noted: it is followed from today on.
        call.bill_stage = bill.stage
        save(call, "", ["bill_stage"])
        return False
    if call.bill_stage == bill.stage:
        return False
    facts = {"bill": bill.label, "stage": bill.stage_label, "day": day_words(bill.stage_on)}
    words = (
        _("%(bill)s has moved on. Where it stands now: %(stage)s, since %(day)s.")
        if bill.stage_on
        else _("%(bill)s has moved on. Where it stands now: %(stage)s.")
    ) % facts
    close(call, words)
    tell_staff(call, _("Bill moved on: %(title)s"), [words, _("The call to action closed by itself.")])
    return True
