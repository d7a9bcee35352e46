"""To which of our messages a report belongs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from mailing.addresses import hash_address, normalize_address
from mailing.composing.message import message_id, read_message_id
from mailing.models import Batch, Delivery, OutboxMessage
from mailing.reports import ProviderEvent

# A report without our message ID belongs to the newest message the address got this long before it.
LOOKED_BACK = timedelta(days=7)
# Clocks differ; and a report may be faster than our own note that the message was taken.
CLOCKS_DIFFER = timedelta(minutes=5)
_SENT = ["accepted", "delivered", "bounced", "complained", "unknown"]


@dataclass(frozen=True)
class Match:
    """What is known of the message that a report speaks of. Whatever is not known is None or empty."""

    delivery_id: int | None = None
    batch_id: int | None = None
    address_hash: str = ""
    email: str = ""


def match(events: Sequence[ProviderEvent]) -> list[Match]:
    """For each report the message it speaks of: by message ID, else by address and time. At most three queries."""
    names = [read_message_id(event.message_id) for event in events]
    deliveries = _deliveries(names)
    addressees = _addressees(names)
    found: list[Match | None] = [deliveries.get(name) or addressees.get(name) for name in names]
    left = [event for event, known in zip(events, found, strict=True) if known is None and event.email]
    recent = _recent(left)
    return [known or _by_address(event, recent) for event, known in zip(events, found, strict=True)]


def _deliveries(names: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], Match]:
    numbers = {int(name[2]) for name in names if len(name) == 3 and name[0] == "m"}
    rows = Delivery.objects.filter(pk__in=numbers).only("mailing", "batch", "address_hash", "email")
    return {("m", str(row.mailing_id), str(row.pk)): _match(row) for row in rows}


def _addressees(names: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], Match]:
    """Single messages stand for their address: a mailbox that is gone is gone for bulk mail too."""
    wanted = {message_id(*name): name for name in names if len(name) == 2 and name[0] == "o"}
    rows = OutboxMessage.objects.filter(message_id__in=wanted).values_list("message_id", "to")
    return {
        wanted[identifier]: Match(address_hash=hash_address(to), email=to) for identifier, to in rows if to
    }


def _recent(events: Sequence[ProviderEvent]) -> dict[str, list[Delivery]]:
    """Messages that went to the reports' addresses at about the time, the newest first, by address hash."""
    if not events:
        return {}
    moments = [event.happened_at for event in events]
    gone = Q(state__in=_SENT, accepted_at__range=(min(moments) - LOOKED_BACK, max(moments) + CLOCKS_DIFFER))
    rows = (
        Delivery.objects.filter(address_hash__in={hash_address(event.email) for event in events})
        .filter(gone | Q(state__in=["pending", "deferred"], batch__state=Batch.State.SENDING))
        .select_related("batch")
        .order_by("-pk")
    )
    by_address = defaultdict(list)
    for row in rows:
        by_address[row.address_hash].append(row)
    return by_address


def _by_address(event: ProviderEvent, recent: dict[str, list[Delivery]]) -> Match:
    email = normalize_address(event.email)
    address_hash = hash_address(email) if email else ""
    latest = event.happened_at + CLOCKS_DIFFER
    for row in recent.get(address_hash, []):
        sent = _sent_at(row)
        if sent and latest - LOOKED_BACK - CLOCKS_DIFFER <= sent <= latest:
            return _match(row)
    return Match(address_hash=address_hash, email=email)


def _sent_at(row: Delivery) -> datetime | None:
    """When a message was handed over; for one that a worker has in its hands, when it took the batch."""
    if row.accepted_at:
        return row.accepted_at
    in_hands = row.batch.state == Batch.State.SENDING and row.pk <= row.batch.window_end
    return row.batch.claimed_at if in_hands else None


def _match(row: Delivery) -> Match:
    return Match(row.pk, row.batch_id, row.address_hash, row.email)
