"""Writing down what became of a batch: once at its end, in one transaction, and never over a later truth."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Min, Q

from mailing.models import Batch, Delivery, Mailing
from mailing.services.settling import settle
from mailing.services.tallies import WAITING, recount
from mailing.wire import Outcome, Verdict

S = Delivery.State
_STATES = {
    Verdict.ACCEPTED: S.ACCEPTED,
    Verdict.DEFERRED: S.DEFERRED,
    Verdict.FAILED: S.FAILED,
    Verdict.UNKNOWN: S.UNKNOWN,
    Verdict.CUT: S.PENDING,
    Verdict.UNREACHABLE: S.PENDING,
}
OVER = (Mailing.State.CANCELLED, Mailing.State.EXPIRED)

# Reports of the receiving side may have come before our own note: their state stays, they only get the moment.
_RECORD = """
UPDATE mailing_delivery AS delivery
SET state = CASE WHEN delivery.state = ANY(%(open)s) THEN result.state ELSE delivery.state END,
    response = result.response, attempts = result.attempts,
    next_attempt_at = CASE WHEN delivery.state = ANY(%(open)s) THEN result.next_attempt_at END,
    accepted_at = CASE WHEN result.state = 'accepted' THEN result.at ELSE delivery.accepted_at END
FROM unnest(%(numbers)s::bigint[], %(states)s::text[], %(responses)s::text[], %(attempts)s::int[],
            %(next)s::timestamptz[], %(at)s::timestamptz[])
     AS result(id, state, response, attempts, next_attempt_at, at)
WHERE delivery.id = result.id AND delivery.batch_id = %(batch)s
  AND (delivery.state = ANY(%(open)s)
       OR result.state = 'accepted' AND delivery.state IN ('delivered', 'bounced', 'complained'))
"""


class Result(NamedTuple):
    """How one attempt leaves a row."""

    number: int
    state: str
    answer: str
    attempts: int
    next_attempt_at: datetime | None
    at: datetime


def result_of(number: int, attempts: int, outcome: Outcome, now: datetime) -> Result:
    """What a row is to say after one more attempt; `attempts` counts those before it."""
    if outcome.verdict is Verdict.ACCEPTED:
        return Result(number, "accepted", outcome.answer, attempts + 1, None, now)
    settled = settle(outcome, attempts=attempts, now=now)
    state = _STATES[settled.verdict]
    again = settled.next_attempt_at if state == S.DEFERRED else None
    return Result(number, str(state), settled.answer, settled.attempts, again, now)


def array_text(values: Iterable[str | int | datetime | None]) -> str:
    """A PostgreSQL array, written out: a list as parameter costs the worker more than sending its messages does."""
    column = list(values)
    texts: dict[str | int | datetime | None, str] = {}
    for value in set(column):
        if value is None or isinstance(value, int):
            texts[value] = "NULL" if value is None else str(value)
        else:
            text = value if isinstance(value, str) else value.isoformat()
            texts[value] = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "{" + ",".join([texts[value] for value in column]) + "}"


def record(batch_id: int, results: Iterable[Result], *, only_from: Collection[str]) -> None:
    """Writes results into their rows, where these are still in one of `only_from`. The batch is locked."""
    columns = list(zip(*results, strict=True))
    if not columns:
        return
    names = ("numbers", "states", "responses", "attempts", "next", "at")
    parameters: dict[str, Any] = {
        name: array_text(column) for name, column in zip(names, columns, strict=True)
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, parameters | {"batch": batch_id, "open": [str(state) for state in only_from]})


def lock(batch_id: int, *, skip_locked: bool = False) -> tuple[Mailing, Batch | None]:
    """A batch, locked, and its mailing, which nobody ends or finishes meanwhile.

    Everybody locks the mailing first, then batches in the order of their numbers, then deliveries.
    """
    mailing = Mailing.objects.raw(
        "SELECT * FROM mailing_mailing WHERE id = (SELECT mailing_id FROM mailing_batch WHERE id = %s) FOR SHARE",
        [batch_id],
    )[0]
    batch = Batch.objects.select_for_update(skip_locked=skip_locked).filter(pk=batch_id).first()
    return mailing, batch


def give_back(mailing: Mailing, batch: Batch, *, not_before: datetime) -> None:
    """Ends a worker's turn at a batch: what still waits goes out later, or never where the mailing is over."""
    rows = Delivery.objects.filter(batch=batch)
    if mailing.state in OVER:
        rows.waiting().update(state=S.CANCELLED, next_attempt_at=None)
    left = rows.waiting().aggregate(
        pending=Min("pk", filter=Q(state=S.PENDING)), due=Min("next_attempt_at", filter=Q(state=S.DEFERRED))
    )
    if left["pending"] is not None:
        state, batch.not_before = Batch.State.WAITING, not_before
    elif left["due"] is not None:
        state, batch.not_before = Batch.State.WAITING, left["due"]
    else:
        state = Batch.State.DONE
    batch.state, batch.exceptions, batch.withdrawn = state, [], []
    batch.save(update_fields=["state", "not_before", "exceptions", "withdrawn"])
    recount([batch.pk])


@transaction.atomic(durable=True)
def settle_batch(*, batch_id: int, lease: Any, results: list[Result], not_before: datetime) -> bool:
    """Ends a batch with what its worker found. False when the batch was taken from the worker meanwhile."""
    mailing, batch = lock(batch_id)
    if batch is None or batch.lease != lease or batch.state != Batch.State.SENDING:
        return False
    record(batch_id, results, only_from=(*WAITING, S.UNKNOWN))
    give_back(mailing, batch, not_before=not_before)
    return True


@transaction.atomic(durable=True)
def record_late(*, batch_id: int, results: list[Result]) -> None:
    """What a worker knows that was taken for dead: better than "unknown", worth nothing against anything else.

    A row that turns out not to have been sent waits again, and its mailing goes on for it.
    """
    mailing = Mailing.objects.select_for_update(of=["self"]).get(batches=batch_id)
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    unknown = set(
        Delivery.objects.filter(batch=batch, state=S.UNKNOWN, pk__in=[result.number for result in results])
        .values_list("pk", flat=True)
    )  # fmt: skip
    late = [result for result in results if result.number in unknown]
    if not late:
        return
    record(batch_id, late, only_from=(S.UNKNOWN,))
    again = [result.number for result in late if result.state in WAITING]
    if batch.state == Batch.State.SENDING:
        # Somebody else has the batch by now, and these rows are none of their claim.
        batch.withdrawn += again
        batch.save(update_fields=["withdrawn"])
        recount([batch_id])
        return
    if again and mailing.state == Mailing.State.DONE:
        mailing.state, mailing.finished_at = Mailing.State.SENDING, None
        mailing.save(update_fields=["state", "finished_at"])
    give_back(mailing, batch, not_before=batch.not_before)
