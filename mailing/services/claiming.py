"""Taking a batch: one worker has it until it is settled or its lease runs out."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction

from mailing.models import ENGINE_FORMAT, Mailing, Preference, Subscription, Suppression
from mailing.services.installation import BULK_MAY_FLOW_SQL
from mailing.services.tallies import recount

# Mailings under way, the one with the fewest workers first: so a small one does not wait behind a large one.
_MAILINGS = f"""
SELECT mailing.id FROM mailing_mailing AS mailing
WHERE mailing.state = 'sending' AND mailing.engine_format <= %(format)s
  AND (mailing.expires_at IS NULL OR mailing.expires_at > %(now)s)
  AND EXISTS (SELECT FROM mailing_batch WHERE mailing_id = mailing.id AND state = 'waiting'
              AND not_before <= %(now)s AND variant <> '')
  AND {BULK_MAY_FLOW_SQL}
ORDER BY (SELECT count(*) FROM mailing_batch WHERE mailing_id = mailing.id AND state = 'sending'),
         mailing.send_at, mailing.id
"""  # noqa: S608 - nothing in it comes from outside

_TAKE = """
UPDATE mailing_batch SET state = 'sending', lease = %(lease)s, lease_until = %(until)s, claimed_at = %(now)s,
    cursor = 0, window_end = 0, exceptions = '[]', withdrawn = '{}'
WHERE id = (
    SELECT id FROM mailing_batch
    WHERE mailing_id = %(mailing)s AND state = 'waiting' AND not_before <= %(now)s AND variant <> ''
    ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id, variant, domain
"""

# Read after the batch is locked: whoever says no later finds the batch taken, and withdraws the row from it.
_ROWS = """
SELECT delivery.id, delivery.email, delivery.language, delivery.slots, delivery.attempts, delivery.address_hash,
       coalesce(suppression.reason, CASE WHEN word.state = 'unsubscribed' THEN 'unsubscribed'
                                         WHEN chosen.paused_until > %(now)s THEN 'paused' END) AS refusal
FROM mailing_delivery AS delivery
LEFT JOIN mailing_suppression AS suppression ON suppression.address_hash = delivery.address_hash
LEFT JOIN mailing_subscription AS word
    ON word.address_hash = delivery.address_hash AND word.topic_id = %(topic)s AND word.state = 'unsubscribed'
LEFT JOIN mailing_preference AS chosen
    ON chosen.address_hash = delivery.address_hash AND chosen.paused_until > %(now)s
WHERE delivery.batch_id = %(batch)s
  AND (delivery.state = 'pending' OR delivery.state = 'deferred' AND delivery.next_attempt_at <= %(now)s)
ORDER BY delivery.id
"""

_KEEP_BACK = """
UPDATE mailing_delivery SET state = 'suppressed', response = refused.why, next_attempt_at = NULL
FROM unnest(%s::bigint[], %s::text[]) AS refused(id, why) WHERE mailing_delivery.id = refused.id
"""


class Row(NamedTuple):
    """One recipient's row, as much of it as sending needs."""

    pk: int
    email: str
    language: str
    slots: dict[str, str]
    attempts: int
    address_hash: str


@dataclass(frozen=True)
class Claim:
    """A batch that one worker has taken for a while, with the rows to send in their order."""

    mailing: Mailing
    batch_id: int
    variant: str
    domain: str
    lease: uuid.UUID
    claimed_at: datetime
    rows: list[Row] = field(default_factory=list)


def lease_until(now: datetime) -> datetime:
    """How long a worker keeps a batch without a word."""
    return now + timedelta(seconds=settings.MAILING_LEASE_SECONDS)


def refusals(address_hashes: list[str], *, topic_id: int, now: datetime) -> dict[str, str]:
    """Those of the addresses that get nothing of a topic at this moment, with the reason."""
    no = Subscription.objects.refusals().filter(topic=topic_id, address_hash__in=address_hashes)
    pauses = Preference.objects.filter(paused_until__gt=now, address_hash__in=address_hashes)
    stopped = Suppression.objects.filter(address_hash__in=address_hashes)
    return (
        dict.fromkeys(pauses.values_list("address_hash", flat=True), "paused")
        | dict.fromkeys(no.values_list("address_hash", flat=True), "unsubscribed")
        | dict(stopped.values_list("address_hash", "reason"))
    )


def claim_batch(*, now: datetime) -> Claim | None:
    """Takes the next batch that is due, of whatever mailing; None when there is none for this worker."""
    with connection.cursor() as cursor:
        cursor.execute(_MAILINGS, {"now": now, "format": ENGINE_FORMAT})
        mailings = [number for (number,) in cursor.fetchall()]
    for number in mailings:
        if claim := _claim_of(number, now):
            return claim
    return None


@transaction.atomic(durable=True)
def _claim_of(mailing_id: int, now: datetime) -> Claim | None:
    lease = uuid.uuid4()
    with connection.cursor() as cursor:
        parameters: dict[str, int | str | datetime | uuid.UUID] = {
            "mailing": mailing_id,
            "lease": lease,
            "until": lease_until(now),
            "now": now,
        }
        cursor.execute(_TAKE, parameters)
        taken = cursor.fetchone()
        if taken is None:
            return None
        batch_id, variant, domain = taken
        mailing = Mailing.objects.select_related("topic").get(pk=mailing_id)
        cursor.execute(_ROWS, {"batch": batch_id, "topic": mailing.topic_id, "now": now})
        found = cursor.fetchall()
        _keep_back(cursor, batch_id, [(row[0], row[6]) for row in found if row[6]])
    rows = [_row(row) for row in found if not row[6]]
    return Claim(mailing, batch_id, variant, domain, lease, now, rows)


def _keep_back(cursor: Any, batch_id: int, refused: list[tuple[int, str]]) -> None:
    """Marks people who said no since the batch was filled."""
    if refused:
        cursor.execute(_KEEP_BACK, [[number for number, _why in refused], [why for _number, why in refused]])
        recount([batch_id])


def _row(found: tuple[Any, ...]) -> Row:
    pk, email, language, slots, attempts, address_hash, _refusal = found
    return Row(pk, email, language, json.loads(slots), attempts, address_hash)
