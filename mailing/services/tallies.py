"""How many recipients stand where. Every batch keeps its own figures, so nobody counts a million rows.

Whoever changes the state of deliveries does it here, or calls `recount` for the batches it changed.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from mailing.models import Batch, Delivery, Mailing

S = Delivery.State
# Still to be sent, so not handled yet.
WAITING = frozenset({S.PENDING, S.DEFERRED})
# A row in one of these was handed over, whatever came after.
HANDED_OVER = frozenset({S.ACCEPTED, S.DELIVERED, S.BOUNCED, S.COMPLAINED})
# The rate is that of the batches that were begun within this time.
RATE_OVER = timedelta(minutes=2)

_RECOUNT = """
UPDATE mailing_batch AS batch SET tally = coalesce(counted.tally, '{}'::jsonb)
FROM unnest(%(batches)s::bigint[]) AS wanted(id)
LEFT JOIN (
    SELECT each.batch_id, jsonb_object_agg(each.state, each.rows) AS tally
    FROM (SELECT batch_id, state, count(*) AS rows FROM mailing_delivery
          WHERE batch_id = ANY(%(batches)s) GROUP BY batch_id, state) AS each
    GROUP BY each.batch_id
) AS counted ON counted.batch_id = wanted.id
WHERE batch.id = wanted.id
"""

_CHANGE = """
UPDATE mailing_delivery SET state = %(to)s, response = coalesce(%(why)s, response), next_attempt_at = NULL,
    accepted_at = CASE WHEN %(handed_over)s THEN coalesce(accepted_at, %(now)s) ELSE accepted_at END
WHERE id = ANY(%(rows)s)
"""

_TALLY = """
SELECT entry.key, sum(entry.value::bigint)::bigint
FROM mailing_batch AS batch, jsonb_each_text(batch.tally) AS entry
WHERE batch.mailing_id = %s GROUP BY entry.key
"""


@dataclass(frozen=True)
class Progress:
    """How far a mailing is at this moment, batches under way included. The rate is None while nothing moves."""

    total: int
    handled: int
    rate_per_minute: int | None
    seconds_left: int | None
    tally: dict[str, int]


@dataclass(frozen=True)
class _Row:
    """A delivery that is about to change, and what its batch knows of it."""

    pk: int
    state: str
    batch: Batch

    @property
    def is_ahead(self) -> bool:
        """Whether a worker has the row's batch and has not come to the row yet."""
        return self.batch.state == Batch.State.SENDING and self.pk > self.batch.window_end

    @property
    def may_be_out(self) -> bool:
        """Whether a worker has handed the row over, or is doing so at this moment."""
        return self.batch.state == Batch.State.SENDING and self.pk <= self.batch.window_end


def mailing_tally(mailing_id: int) -> dict[str, int]:
    """Deliveries of a mailing by state, each state present, as the batches last wrote it."""
    with connection.cursor() as cursor:
        cursor.execute(_TALLY, [mailing_id])
        counted = dict(cursor.fetchall())
    return {state: counted.get(state, 0) for state in S.values}


def mailing_progress(mailing: Mailing, now: datetime) -> Progress:
    """How far a mailing is: rows that a worker has handed over count, though their batch is not done yet."""
    tally = Counter(mailing_tally(mailing.pk))
    for batch in Batch.objects.filter(mailing=mailing).in_flight():
        tally.update(_in_flight(batch))
    total = tally.total()
    handled = total - sum(tally[state] for state in WAITING)
    rate = _rate(mailing, now)
    return Progress(
        total=total,
        handled=handled,
        rate_per_minute=round(rate * 60) if rate else None,
        seconds_left=round((total - handled) / rate) if rate else None,
        tally={state: tally[state] for state in S.values},
    )


@transaction.atomic
def change_state(
    *, delivery_ids: list[int], to: str, only_from: Collection[str], why: str | None = None
) -> int:
    """Gives deliveries another state, if they are in one of `only_from`, and returns how many changed.

    `why` replaces the row's words. A row that waits may be taken this way too: no worker sends it any more.
    """
    return _change(delivery_ids, to=to, only_from=only_from, why=why, wanted=lambda row: True)


def take_rows_back(delivery_ids: list[int], *, why: str) -> int:
    """Marks rows that wait as suppressed, but for those that a worker may have handed over already."""
    return _change(
        delivery_ids, to=S.SUPPRESSED, only_from=WAITING, why=why, wanted=lambda row: not row.may_be_out
    )


def recount(batch_ids: Iterable[int]) -> None:
    """Brings the figures of some batches in line with their rows. The caller holds the batches' locks."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT, {"batches": list(batch_ids)})


def due_in_claim(batch: Batch) -> Q:
    """Rows of a batch under way that belong to its claim and whose outcome is not written yet."""
    return Q(batch=batch) & (Q(state=S.PENDING) | Q(state=S.DEFERRED, next_attempt_at__lte=batch.claimed_at))


def _change(
    delivery_ids: list[int],
    *,
    to: str,
    only_from: Collection[str],
    why: str | None,
    wanted: Callable[[_Row], bool],
) -> int:
    if to in WAITING:
        raise ValueError("Only the engine itself lets a row wait again.")
    # Batches first and in their order, as everybody locks them: so nobody waits for each other for good.
    batches = {
        batch.pk: batch
        for batch in Batch.objects.select_for_update()
        .filter(pk__in=Delivery.objects.filter(pk__in=delivery_ids).values("batch"))
        .order_by("pk")
    }
    found = (
        Delivery.objects.select_for_update()
        .filter(pk__in=delivery_ids, batch__in=batches, state__in=only_from)
        .exclude(state=to)
        .order_by("pk")
        .values_list("pk", "state", "batch_id")
    )
    rows = [row for pk, state, batch in found if wanted(row := _Row(pk, state, batches[batch]))]
    if rows:
        _write(rows, to, why)
    return len(rows)


def _write(rows: list[_Row], to: str, why: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _CHANGE,
            {
                "rows": [row.pk for row in rows],
                "to": str(to),
                "why": None if why is None else why[:500],
                "handed_over": to in HANDED_OVER,
                "now": timezone.now(),
            },
        )
    for row in rows:
        tally = Counter(row.batch.tally)
        tally[row.state] -= 1
        tally[to] += 1
        row.batch.tally = {str(state): count for state, count in tally.items() if count}
        if row.is_ahead:
            row.batch.withdrawn.append(row.pk)
    changed = list({row.batch.pk: row.batch for row in rows}.values())
    Batch.objects.bulk_update(changed, ["tally", "withdrawn"], batch_size=500)


def _in_flight(batch: Batch) -> Counter[str]:
    """What a batch under way adds to the figures it wrote last, and takes from them."""
    begun = Delivery.objects.filter(due_in_claim(batch), pk__lte=batch.cursor)
    before = dict(begun.order_by().values_list("state").annotate(rows=Count("pk")))
    after = Counter(state for _number, state, *_rest in batch.exceptions)
    change: Counter[str] = Counter({S.ACCEPTED: max(0, sum(before.values()) - after.total())})
    change.update(after)
    change.subtract(before)
    return change


def _rate(mailing: Mailing, now: datetime) -> float:
    """Messages handed over in a second of late; 0 while nothing moves."""
    if mailing.state != Mailing.State.SENDING:
        return 0.0
    recent = list(Batch.objects.filter(mailing=mailing, claimed_at__gt=now - RATE_OVER))
    if not recent:
        return 0.0
    sent = sum(batch.tally.get(state, 0) for batch in recent for state in (*HANDED_OVER, S.FAILED, S.UNKNOWN))
    sent += sum(_in_flight(batch)[S.ACCEPTED] for batch in recent if batch.state == Batch.State.SENDING)
    since = min(batch.claimed_at for batch in recent if batch.claimed_at)
    return sent / max(1.0, (now - since).total_seconds())
