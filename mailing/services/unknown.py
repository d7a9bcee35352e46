"""What a person decides about messages of which nobody knows whether they went out."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing.errors import StateError
from mailing.models import Batch, Delivery, DeliveryEvent, Mailing
from mailing.queueing import queue_after_commit
from mailing.services.claiming import refusals
from mailing.services.tallies import change_state, recount

COUNTED, RESEND = "counted", "resend"
PROVIDER = "staff"
S = Delivery.State


@dataclass(frozen=True)
class Resolved:
    """How many messages were decided, and how many could not be sent again, with the reasons in words."""

    done: int
    refused: int
    reasons: tuple[str, ...] = ()


@transaction.atomic
def resolve_unknown(*, deliveries: Iterable[Delivery], decision: str, by: str) -> Resolved:
    """Counts unknown messages as sent, or sends them once more; `by` says who decided.

    Nobody who said no meanwhile, and nothing of a mailing that is over, is sent again. Rows that are not unknown
    any more are left alone: the receiving side, or a worker that was only slow, told the truth.
    """
    if decision not in {COUNTED, RESEND}:
        raise StateError(_("Messages are counted as sent or sent again; there is no third way."))
    by_mailing: dict[int, list[int]] = defaultdict(list)
    for delivery in deliveries:
        by_mailing[delivery.mailing_id].append(delivery.pk)
    found = [
        (_count if decision == COUNTED else _resend)(number, sorted(by_mailing[number]), by)
        for number in sorted(by_mailing)
    ]
    reasons = dict.fromkeys(reason for each in found for reason in each.reasons)
    return Resolved(sum(each.done for each in found), sum(each.refused for each in found), tuple(reasons))


def _count(mailing_id: int, numbers: list[int], by: str) -> Resolved:
    unknown = list(
        Delivery.objects.filter(mailing=mailing_id, pk__in=numbers, state=S.UNKNOWN).values_list("pk", flat=True)
    )  # fmt: skip
    done = change_state(delivery_ids=unknown, to=S.ACCEPTED, only_from=(S.UNKNOWN,))
    # Those that somebody else settled in this moment were not decided here.
    counted = Delivery.objects.filter(pk__in=unknown, state=S.ACCEPTED)
    _note(list(counted.values_list("pk", flat=True)), DeliveryEvent.Kind.COUNTED, by)
    return Resolved(done, 0)


def _resend(mailing_id: int, numbers: list[int], by: str) -> Resolved:
    mailing = Mailing.objects.select_for_update().get(pk=mailing_id)
    now = timezone.now()
    unknown = Delivery.objects.filter(mailing=mailing, pk__in=numbers, state=S.UNKNOWN)
    if mailing.state in {Mailing.State.CANCELLED, Mailing.State.EXPIRED} or (
        mailing.expires_at and mailing.expires_at <= now
    ):
        return Resolved(0, unknown.count(), (_("The mailing is over: nothing of it is sent any more."),))
    batches = {
        batch.pk: batch
        for batch in Batch.objects.select_for_update().filter(pk__in=unknown.values("batch")).order_by("pk")
    }
    rows = list(unknown.filter(batch__in=batches).select_for_update().order_by("pk"))
    refused = refusals([row.address_hash for row in rows], topic_id=mailing.topic_id, now=now)
    kept = [row for row in rows if row.address_hash not in refused]
    for row in rows:
        if row.address_hash in refused:
            row.state, row.response = S.SUPPRESSED, refused[row.address_hash]
    new: dict[tuple[str, str], Batch] = {}
    for row in kept:
        old = batches[row.batch_id]
        kind = (old.variant, old.domain)
        if kind not in new:
            new[kind] = Batch.objects.create(
                mailing=mailing, variant=old.variant, domain=old.domain, not_before=now
            )
        row.batch, row.state, row.attempts, row.next_attempt_at = new[kind], S.PENDING, 0, None
    Delivery.objects.bulk_update(rows, ["batch", "state", "attempts", "next_attempt_at", "response"], 500)
    recount([*batches, *(batch.pk for batch in new.values())])
    _note([row.pk for row in kept], DeliveryEvent.Kind.RESENT, by)
    if kept:
        _reopen(mailing)
    reasons = (_("They said no meanwhile."),) if refused else ()
    return Resolved(len(kept), len(rows) - len(kept), reasons)


def _reopen(mailing: Mailing) -> None:
    from mailing.tasks import pump_mailings

    if mailing.state == Mailing.State.DONE:
        mailing.state, mailing.finished_at = Mailing.State.SENDING, None
        mailing.save(update_fields=["state", "finished_at"])
    queue_after_commit(pump_mailings)


def _note(numbers: list[int], kind: str, by: str) -> None:
    """Keeps who decided what, in the history that the receiving side's reports go into too."""
    now = timezone.now()
    hashes = dict(Delivery.objects.filter(pk__in=numbers).values_list("pk", "address_hash"))
    DeliveryEvent.objects.bulk_create(
        [
            DeliveryEvent(
                provider=PROVIDER,
                event_id=uuid.uuid4().hex,
                kind=kind,
                delivery_id=number,
                address_hash=hashes[number],
                happened_at=now,
                by=by[:254],
            )
            for number in numbers
        ],
        batch_size=1000,
    )
