"""Tells people what waits for them: important news at once, the rest in a digest.

A message and the marks on the notices it tells are written in one transaction, one worker at a time: a crash
before the commit leaves everything waiting, after it nothing.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db import connection, transaction
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from legislation import emails
from legislation.models import FollowSettings, Notice
from legislation.news import News, gather
from legislation.querysets import NoticeQuerySet
from legislation.services.giving_out import give_out_events
from legislation.services.hearing_news import give_out_hearings
from mailing.addresses import hash_address
from mailing.identity import SenderIdentity, sender_identity
from mailing.models import Suppression
from mailing.services import Draft, queue_messages
from partners.models import User

PEOPLE_AT_A_TIME = 100
NOTICES_AT_A_TIME = 3000
# A week's digest that missed its Monday comes on the next day.
WEEK = timedelta(days=7)
MONDAY = 0
_LOCKS = {Notice.Way.IMMEDIATE: 7_240_001, Notice.Way.DIGEST: 7_240_002}


@dataclass
class _Turn:
    """One way of telling, at one moment, and how far it has come: people up to `after` are done."""

    way: Notice.Way
    now: datetime
    after: int = 0
    messages: int = 0


def send_notices(*, now: datetime) -> int:
    """Every few minutes: gives out what is new, and tells at once what is urgent. Returns the messages written."""
    give_out_events(now=now)
    give_out_hearings(now=now)
    return _send_all(_Turn(Notice.Way.IMMEDIATE, now))


def send_digests(*, now: datetime) -> int:
    """Every morning: the daily digests, and on Mondays the weekly ones. Returns the messages written."""
    give_out_events(now=now)
    return _send_all(_Turn(Notice.Way.DIGEST, now))


def _send_all(turn: _Turn) -> int:
    while _send_some(turn):
        pass
    return turn.messages


@transaction.atomic
def _send_some(turn: _Turn) -> bool:
    """One batch of people; False when nobody is left, or another worker is at it."""
    if not _may_work(turn.way):
        return False
    users = _next_users(turn)
    if not users:
        return False
    turn.after = users[-1]
    waiting = Notice.objects.waiting().filter(way=turn.way, user__in=users)
    numbers = list(waiting.order_by("user", "pk").values_list("pk", flat=True))
    # Only a single person's heap may be larger than what one message can tell.
    read = numbers[:NOTICES_AT_A_TIME] if len(users) == 1 else numbers
    by_user = {user: list(group) for user, group in groupby(_loaded(read), key=lambda notice: notice.user_id)}
    people = _writable(users, turn.way)
    drafts = list(_drafts(people, by_user, turn))
    queue_messages(drafts=drafts)
    done = Notice.objects.filter(pk__in=numbers)
    # What must not be mailed is forgotten, so that it does not come in a heap on the day it may.
    done.exclude(user__in=[user.pk for user in people]).delete()
    done.update(queued_at=turn.now)
    turn.messages += len(drafts)
    return True


def _may_work(way: Notice.Way) -> bool:
    """Whether no other worker is at it; until the end of the transaction nobody else will be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCKS[way]])
        return bool(cursor.fetchone()[0])


def _next_users(turn: _Turn) -> list[int]:
    """The next people with something waiting, as many as fit into one batch, at least one."""
    rows = (
        _due(turn)
        .filter(user__gt=turn.after)
        .values("user")
        .annotate(notices=Count("pk"))
        .order_by("user")
        .values_list("user", "notices")[:PEOPLE_AT_A_TIME]
    )
    users: list[int] = []
    total = 0
    for user, notices in rows:
        total += notices
        if users and total > NOTICES_AT_A_TIME:
            break
        users.append(user)
    return users


def _due(turn: _Turn) -> NoticeQuerySet:
    """What waits and is to be told now; a weekly digest only on Monday, or when it was missed."""
    waiting = Notice.objects.waiting().filter(way=turn.way)
    if turn.way == Notice.Way.IMMEDIATE or timezone.localtime(turn.now).weekday() == MONDAY:
        return waiting
    weekly = Q(user__follow_settings__digest=FollowSettings.Digest.WEEKLY)
    overdue = waiting.filter(weekly, created_at__lte=turn.now - WEEK).values("user")
    return waiting.exclude(weekly & ~Q(user__in=overdue))


def _loaded(numbers: Sequence[int]) -> Iterable[Notice]:
    rows = Notice.objects.filter(pk__in=numbers).select_related(
        "event__bill__tracking",
        "event__hearing__committee",
        "hearing__committee",
        "follow__bill__tracking",
        "follow__legislator",
        "follow__committee",
        "follow__search",
    )
    texts = [f"{bill}__{name}" for bill in ("event__bill", "follow__bill") for name in ("search", "synopsis")]
    return rows.defer(*texts).order_by("user", "pk")


def _writable(users: Sequence[int], way: Notice.Way) -> list[User]:
    """Those of the people who still want this and may get mail."""
    wanted = User.objects.filter(
        pk__in=users, is_active=True, follow_settings__stopped_at__isnull=True
    ).annotate(digest=Coalesce(F("follow_settings__digest"), Value(FollowSettings.Digest.DAILY)))
    people = [
        user
        for user in wanted.order_by("pk")
        if way == Notice.Way.IMMEDIATE or user.digest != FollowSettings.Digest.OFF
    ]
    hashes = {user.pk: hash_address(user.email) for user in people}
    stopped = Suppression.objects.hashes_among(list(hashes.values()))
    return [user for user in people if hashes[user.pk] not in stopped]


def _drafts(people: Iterable[User], by_user: dict[int, list[Notice]], turn: _Turn) -> Iterator[Draft]:
    """A message for each of the people with news; those who hear the same of the same follows share its text."""
    sender = sender_identity()
    rendered: dict[Hashable, emails.Rendered | None] = {}
    for user in people:
        notices = by_user.get(user.pk, [])
        weekly = user.digest == FollowSettings.Digest.WEEKLY  # type: ignore[attr-defined]
        key = (weekly, *(_cause(notice) for notice in notices))
        if key not in rendered:
            rendered[key] = _render(gather(notices, turn.now), turn, weekly, sender)
        message = rendered[key]
        if message is not None:
            yield message.to(user)


def _cause(notice: Notice) -> Hashable:
    """What a notice tells, and what it says of why; the same for everybody who follows the same thing."""
    follow = notice.follow
    return (
        notice.event_id,
        notice.hearing_id,
        notice.hearing_news,
        (follow.bill_id, follow.legislator_id, follow.committee_id, follow.search_id),
    )


def _render(news: News, turn: _Turn, weekly: bool, sender: SenderIdentity) -> emails.Rendered | None:
    if not news:
        return None
    if turn.way == Notice.Way.IMMEDIATE:
        return emails.immediate_notice(news, sender=sender)
    return emails.digest(news, now=turn.now, weekly=weekly, sender=sender)
