"""Finds, for each change, the people who follow what it concerns, and writes each of them a notice: once.

A change waits until `given_out_at` is set in the transaction that writes its notices, so neither the order in which
imports commit nor a crash nor a second worker loses or doubles one. What a follow hears of:

- bill: every change;
- legislator: joining or leaving a bill, and the stage of bills they are chief sponsor of;
- committee: its hearings, and bills assigned to it;
- search: every change of bills that match at that moment.

Of several follows of one person the closest, in this order, decides how the change is told.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone

from legislation.models import BillEvent, Follow, FollowSettings, Notice, Sponsorship
from legislation.search.bills import BillSearch

_Kind = BillEvent.Kind
HEARINGS = frozenset({_Kind.HEARING_POSTED, _Kind.HEARING_MOVED, _Kind.HEARING_CANCELLED})
AT_ONCE = frozenset({_Kind.STAGE, _Kind.REPLACED}) | HEARINGS
SPONSORS = frozenset({_Kind.SPONSOR_ADDED, _Kind.SPONSOR_REMOVED, _Kind.SPONSOR_ROLE})
_ASSIGNED = re.compile(r"(re-?)?(assigned|referred) to ", re.IGNORECASE)

# Older news is not urgent any more; what is older still is nobody's news.
FRESH = timedelta(days=3)
FORGOTTEN = timedelta(days=14)
# Somebody may have begun to follow while the import that saw the change was running.
IMPORTS_TAKE = timedelta(hours=1)

EVENTS_AT_A_TIME = 200
NOTICES_AT_A_TIME = 2000

# What each target, such as a bill's number, has news of.
News = dict[int, list[BillEvent]]


@dataclass(frozen=True, slots=True)
class Eligible:
    """A follow whose person may be written to. `target` is the key of what it follows; of a search its query."""

    pk: int
    user_id: int
    target: int | str
    immediate: bool
    digest: str
    since: datetime

    def way(self, *, urgent: bool) -> str:
        """How this person hears of something; "" when they want no digest."""
        if urgent and self.immediate:
            return Notice.Way.IMMEDIATE
        return "" if self.digest == FollowSettings.Digest.OFF else Notice.Way.DIGEST


def eligible(target: str, follows: "QuerySet[Follow]") -> Iterator[Eligible]:
    """The follows of people who may be written to, in batches, locked against being removed meanwhile.

    Always in the same order, so that two workers never wait for each other in a circle.
    """
    rows = (
        follows.filter(user__is_active=True, user__follow_settings__stopped_at__isnull=True)
        .annotate(digest=Coalesce(F("user__follow_settings__digest"), Value(FollowSettings.Digest.DAILY)))
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
        .values_list("pk", "user_id", target, "immediate", "digest", "created_at")
    )
    for row in rows.iterator(chunk_size=NOTICES_AT_A_TIME):
        yield Eligible(*row)


def write_notices(notices: Iterable[Notice], *, now: datetime) -> None:
    """Writes notices in batches; one that is there already stays as it is."""
    batch: list[Notice] = []
    for notice in notices:
        notice.created_at = now
        batch.append(notice)
        if len(batch) >= NOTICES_AT_A_TIME:
            Notice.objects.bulk_create(batch, ignore_conflicts=True)
            batch = []
    if batch:
        Notice.objects.bulk_create(batch, ignore_conflicts=True)


def give_out_events(*, now: datetime) -> int:
    """Gives out every change that waits; returns how many. Several workers at once share the work."""
    done = 0
    while events := _give_out_some(now):
        done += events
    return done


@transaction.atomic
def _give_out_some(now: datetime) -> int:
    events = list(
        BillEvent.objects.to_give_out()
        .select_related("bill", "hearing")
        .defer("bill__search", "bill__synopsis")
        .order_by("pk")
        .select_for_update(of=("self",), skip_locked=True)[:EVENTS_AT_A_TIME]
    )
    news = [event for event in events if _is_news(event, now)]
    if news:
        write_notices(_notices(news, now), now=now)
    BillEvent.objects.filter(pk__in=[event.pk for event in events]).update(given_out_at=now)
    return len(events)


def _is_news(event: BillEvent, now: datetime) -> bool:
    """Whether anybody needs to hear of it. Nothing about a hearing goes out once it has begun."""
    if event.kind in HEARINGS and event.hearing is not None and event.hearing.starts_at <= now:
        return False
    return event.observed_at > now - FORGOTTEN


def _is_urgent(event: BillEvent, now: datetime) -> bool:
    """Whether it is told at once to those who want that."""
    if event.kind not in AT_ONCE or event.observed_at <= now - FRESH:
        return False
    if event.kind in HEARINGS or event.happened_on is None:
        return True
    return event.happened_on >= timezone.localdate(now - FRESH)


def _notices(events: list[BillEvent], now: datetime) -> Iterator[Notice]:
    """A notice for each pair of follow and change, the closest follows first."""
    urgent = {event.pk for event in events if _is_urgent(event, now)}
    bills: News = defaultdict(list)
    for event in events:
        bills[event.bill_id].append(event)
    yield from _pairs("bill_id", bills, urgent)
    yield from _pairs("legislator_id", _of_legislators(events), urgent)
    yield from _pairs("committee_id", _of_committees(events), urgent)
    yield from _of_searches(bills, urgent, now)


def _pairs(field: str, news: News, urgent: set[int]) -> Iterator[Notice]:
    if not news:
        return
    for found in eligible(field, Follow.objects.filter(**{f"{field}__in": list(news)})):
        yield from _tell(found, news[int(found.target)], urgent)


def _tell(found: Eligible, events: Iterable[BillEvent], urgent: set[int]) -> Iterator[Notice]:
    for event in events:
        way = found.way(urgent=event.pk in urgent)
        if way and found.since <= event.observed_at + IMPORTS_TAKE:
            yield Notice(user_id=found.user_id, follow_id=found.pk, event=event, way=way)


def _of_legislators(events: list[BillEvent]) -> News:
    """Changes by legislator: those of their own sponsorships, and stages of bills they carry."""
    bills = {event.bill_id for event in events if event.kind in SPONSORS or event.kind == _Kind.STAGE}
    named: dict[tuple[int, str], set[int]] = defaultdict(set)
    carried: dict[int, set[int]] = defaultdict(set)
    rows = Sponsorship.objects.filter(bill__in=bills, legislator__isnull=False)
    for bill, name, role, removed_on, legislator in rows.values_list(
        "bill_id", "name", "role", "removed_on", "legislator_id"
    ):
        named[bill, name].add(legislator)
        if role == Sponsorship.Role.CHIEF and removed_on is None:
            carried[bill].add(legislator)
    news: News = defaultdict(list)
    for event in events:
        found: set[int] = set()
        if event.kind in SPONSORS:
            found = named[event.bill_id, sponsor_name(event)]
        elif event.kind == _Kind.STAGE:
            found = carried[event.bill_id]
        for legislator in found:
            news[legislator].append(event)
    return news


def sponsor_name(event: BillEvent) -> str:
    """The printed name that a change of sponsors is about; a changed role stands behind the name."""
    words = event.after or event.before
    return words.rpartition(", ")[0] if event.kind == _Kind.SPONSOR_ROLE else words


def _of_committees(events: list[BillEvent]) -> News:
    """Changes by committee: its hearings, and lines that assign a bill which lies there now."""
    news: News = defaultdict(list)
    for event in events:
        committee = None
        if event.kind in HEARINGS:
            committee = event.hearing.committee_id if event.hearing else None
        elif event.kind == _Kind.ACTION and _ASSIGNED.match(event.after):
            committee = event.bill.committee_id
        if committee is not None:
            news[committee].append(event)
    return news


def _of_searches(bills: News, urgent: set[int], now: datetime) -> Iterator[Notice]:
    """One question to the database for each different search that anybody keeps."""
    matches: dict[str, list[BillEvent]] = {}
    for found in eligible("search__query", Follow.objects.filter(search__isnull=False)):
        query = str(found.target)
        if query not in matches:
            among = BillSearch.parse(QueryDict(query)).filtered(now).filter(pk__in=list(bills))
            matches[query] = [event for pk in among.values_list("pk", flat=True) for event in bills[pk]]
        yield from _tell(found, matches[query], urgent)
