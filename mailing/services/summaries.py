"""The weekly summary: what somebody would have got one by one, told in one message on Monday.

The message, the mark on the deliveries it tells and the mark on the address are written in one transaction for some
hundred people at a time. A crash before the commit leaves them waiting, after it nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import islice

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from mailing import emails
from mailing.history import Contents
from mailing.identity import SenderIdentity, sender_identity
from mailing.models import Batch, Delivery, Mailing, Preference, Subscription, Suppression
from mailing.querysets import DeliveryQuerySet
from mailing.services.outbox import Draft, Precedence, queue_messages

PEOPLE_AT_A_TIME = 200
# What is older than this is no news, whatever held it up: a pause, a stopped worker.
LOOKED_BACK = timedelta(days=35)
# More than this in one week is told by its newest.
MOST_TOLD = 40
_LOCK = 7_250_001


def send_weekly_summaries(*, now: datetime) -> int:
    """Writes a summary for each address that has one to get and got none this week; returns how many."""
    sender, written = sender_identity(), 0
    mailings = _mailings(now)
    contents = Contents()
    hashes = _addresses(mailings, now)
    while mailings and (some := list(islice(hashes, PEOPLE_AT_A_TIME))):
        written += _write(some, mailings, contents, sender, now)
    return written


def week_start(now: datetime) -> datetime:
    """The Monday of `now`'s week at midnight in Chicago."""
    today = timezone.localdate(now)
    return timezone.make_aware(datetime.combine(today - timedelta(days=today.weekday()), time.min))


def _mailings(now: datetime) -> list[int]:
    """Mailings with something for a summary that is still news: begun, neither over nor called off."""
    told = Batch.objects.filter(tally__has_key=str(Delivery.State.SUMMARIZED)).values("mailing")
    rows = Mailing.objects.filter(pk__in=told, send_at__range=(now - LOOKED_BACK, now))
    over = [Mailing.State.CANCELLED, Mailing.State.EXPIRED]
    return list(
        rows.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .exclude(state__in=over)
        .values_list("pk", flat=True)
    )


def _waiting(mailings: Sequence[int]) -> DeliveryQuerySet:
    """Rows for a summary that none has told yet."""
    return Delivery.objects.filter(
        mailing__in=mailings, state=Delivery.State.SUMMARIZED, accepted_at__isnull=True
    )


def _addresses(mailings: Sequence[int], now: datetime) -> Iterator[str]:
    """The hashes of addresses with something waiting and no summary this week, each once. Streams."""
    done = Preference.objects.filter(summary_sent_at__gte=week_start(now)).values("address_hash")
    rows = _waiting(mailings).exclude(address_hash__in=done).order_by("address_hash")
    return rows.values_list("address_hash", flat=True).distinct().iterator(chunk_size=PEOPLE_AT_A_TIME)


@transaction.atomic
def _write(
    hashes: Sequence[str],
    mailings: Sequence[int],
    contents: Contents,
    sender: SenderIdentity,
    now: datetime,
) -> int:
    _wait_for_turn()
    rows = _sendable(hashes, mailings, now)
    contents.load({row.mailing_id for row in rows})
    by_address: defaultdict[str, list[Delivery]] = defaultdict(list)
    for row in rows:
        by_address[row.address_hash].append(row)
    languages = dict(
        Preference.objects.filter(address_hash__in=by_address).values_list("address_hash", "language")
    )
    drafts = [
        _draft(deliveries, languages.get(address_hash, ""), contents, sender)
        for address_hash, deliveries in by_address.items()
    ]
    queue_messages(drafts=drafts)
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(accepted_at=now)
    _note(by_address, now)
    return len(drafts)


def _wait_for_turn() -> None:
    """One worker at a time writes summaries; the next one sees what this one has written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _sendable(hashes: Sequence[str], mailings: Sequence[int], now: datetime) -> list[Delivery]:
    """What waits for these addresses, the newest first, without those that must or want not be written to now."""
    got_it = Q(summary_sent_at__gte=week_start(now))
    not_now = set(
        Preference.objects.filter(got_it | Q(paused_until__gt=now), address_hash__in=hashes).values_list(
            "address_hash", flat=True
        )
    )
    not_now |= Suppression.objects.hashes_among(list(hashes))
    refusals = Subscription.objects.refusals().filter(address_hash__in=hashes)
    refused = set(refusals.values_list("address_hash", "topic"))
    rows = (
        _waiting(mailings)
        .filter(address_hash__in=[one for one in hashes if one not in not_now])
        .exclude(email="")
        .select_related("mailing", "batch")
        .order_by("address_hash", "-mailing__send_at", "-pk")
        .select_for_update(of=("self",))
    )
    return [row for row in rows if (row.address_hash, row.mailing.topic_id) not in refused]


def _draft(
    deliveries: Sequence[Delivery], language: str, contents: Contents, sender: SenderIdentity
) -> Draft:
    newest = deliveries[0]
    told = [contents.told(delivery) for delivery in deliveries[:MOST_TOLD]]
    message = emails.weekly_summary(
        newest.email,
        told,
        left_out=len(deliveries) - len(told),
        language=language or newest.language,
        sender=sender,
    )
    return Draft(
        to=newest.email,
        subject=message.subject,
        text=message.text,
        html=message.html,
        reply_to=sender.reply_to,
        headers=emails.summary_headers(newest.email),
        precedence=Precedence.NOTICE,
    )


def _note(by_address: dict[str, list[Delivery]], now: datetime) -> None:
    """Writes down who has got this week's summary."""
    Preference.objects.bulk_create(
        [
            Preference(address_hash=address_hash, email=deliveries[0].email, summary_sent_at=now)
            for address_hash, deliveries in by_address.items()
        ],
        update_conflicts=True,
        unique_fields=["address_hash"],
        update_fields=["summary_sent_at"],
    )
