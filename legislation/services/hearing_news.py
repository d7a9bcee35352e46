"""News of hearings that are no bill's event: that slips close soon, and that a committee meets without any bill."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from legislation.models import BillEvent, Follow, Hearing, HearingDocument, Notice
from legislation.querysets import HearingQuerySet
from legislation.services.giving_out import HEARINGS, IMPORTS_TAKE, eligible, write_notices
from legislation.slip_windows import is_gone, slip_window

SOON, POSTED, CANCELLED = "soon", "posted", "cancelled"

REMIND_BEFORE = timedelta(hours=24)
# Whoever heard of the posting so shortly before the hearing needs no reminder of it.
TOLD_WITHIN = timedelta(hours=30)
HEARINGS_AT_A_TIME = 50


def give_out_hearings(*, now: datetime) -> int:
    """Gives out both; returns how many hearings were looked at for the first time."""
    done = 0
    for some in (_remind_of_some, _tell_of_some):
        while hearings := some(now):
            done += hearings
    return done


@transaction.atomic
def _remind_of_some(now: datetime) -> int:
    """A day ahead, once for each day a hearing is set for: slips close soon."""
    soon = Hearing.objects.standing().filter(starts_at__gt=now, starts_at__lte=now + REMIND_BEFORE)
    hearings = _taken(soon, lambda hearing: hearing.reminded_for != timezone.localdate(hearing.starts_at))
    open_now = {hearing.pk: hearing for hearing in hearings if slip_window(hearing, now).is_open}
    write_notices(_reminders(open_now), now=now)
    for hearing in hearings:
        hearing.reminded_for = timezone.localdate(hearing.starts_at)
    Hearing.objects.bulk_update(hearings, ["reminded_for"])
    return len(hearings)


def _reminders(hearings: dict[int, Hearing]) -> Iterator[Notice]:
    """To those who follow a bill that stands on the notice and want important news at once."""
    told = {
        (event.hearing_id, event.bill_id)
        for event in BillEvent.objects.filter(hearing__in=hearings, kind__in=HEARINGS)
        if event.hearing_id and event.observed_at > hearings[event.hearing_id].starts_at - TOLD_WITHIN
    }
    by_bill: dict[int, set[int]] = defaultdict(set)
    documents = HearingDocument.objects.filter(hearing__in=hearings, bill__isnull=False, removed_at=None)
    for hearing, bill in documents.values_list("hearing_id", "bill_id"):
        if bill is not None and (hearing, bill) not in told:
            by_bill[bill].add(hearing)
    if not by_bill:
        return
    for found in eligible("bill_id", Follow.objects.filter(bill__in=list(by_bill), immediate=True)):
        for hearing in sorted(by_bill[int(found.target)]):
            yield _notice(found.user_id, found.pk, hearings[hearing], SOON, Notice.Way.IMMEDIATE)


@transaction.atomic
def _tell_of_some(now: datetime) -> int:
    """A followed committee meets on a subject alone, so that no bill's event tells of it."""
    bare = ~Exists(HearingDocument.objects.filter(hearing=OuterRef("pk"), bill__isnull=False))
    coming = Hearing.objects.filter(bare, starts_at__gt=now, committee__isnull=False)
    hearings = _taken(coming, lambda hearing: hearing.told != news_key(hearing, _standing(hearing)))
    for hearing in hearings:
        what = _standing(hearing)
        if what == POSTED or hearing.told.startswith(POSTED):
            write_notices(_committee_notices(hearing, what), now=now)
        hearing.told = news_key(hearing, what)
    Hearing.objects.bulk_update(hearings, ["told"])
    return len(hearings)


def _taken(hearings: HearingQuerySet, is_news: Callable[[Hearing], bool]) -> list[Hearing]:
    """Some of the hearings that are news, locked; another worker's are left to it."""
    waiting = [hearing.pk for hearing in hearings if is_news(hearing)][:HEARINGS_AT_A_TIME]
    rows = hearings.filter(pk__in=waiting).select_for_update(of=("self",), skip_locked=True)
    return [hearing for hearing in rows if is_news(hearing)]


def _standing(hearing: Hearing) -> str:
    gone = hearing.state == Hearing.State.CANCELLED or is_gone(hearing)
    return CANCELLED if gone else POSTED


def _committee_notices(hearing: Hearing, what: str) -> Iterator[Notice]:
    followers = Follow.objects.filter(
        committee=hearing.committee_id, created_at__lte=hearing.changed_at + IMPORTS_TAKE
    )
    for found in eligible("committee_id", followers):
        if way := found.way(urgent=True):
            yield _notice(found.user_id, found.pk, hearing, what, way)


def _notice(user: int, follow: int, hearing: Hearing, what: str, way: str) -> Notice:
    return Notice(
        user_id=user, follow_id=follow, hearing=hearing, hearing_news=news_key(hearing, what), way=way
    )


def news_key(hearing: Hearing, what: str) -> str:
    """What was told, with the day: `soon 2026-03-05`. A hearing that moves is told of again."""
    return f"{what} {timezone.localdate(hearing.starts_at):%Y-%m-%d}"
