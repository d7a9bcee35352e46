"""What became of messages after our mail server took them: written down once, and what follows from it.

Reports come late, early, twice and out of order. A state only ever moves forward as `MOVES` says, so the order in
which they come does not matter.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from django.db import connection, transaction
from django.db.models import Q

from mailing.composing.compile import clean
from mailing.models import Batch, Delivery, DeliveryEvent
from mailing.reports import ProviderEvent
from mailing.services.consequences import Stop, stops_after, write_stops
from mailing.services.matching import Match, match
from mailing.services.suppression import without_addresses
from mailing.services.taking_back import take_back
from mailing.services.tallies import change_state

CHUNK = 500
Kind = DeliveryEvent.Kind
State = Delivery.State
Report = tuple[ProviderEvent, Match]

# Nobody knows yet what became of these. A report may be faster than our own note that the message was accepted.
_OPEN = frozenset({State.PENDING, State.DEFERRED, State.ACCEPTED, State.UNKNOWN})
# By kind of report: the state that follows, and from which states. Graver ones come later and overwrite, never the
# other way: delivered < bounced < reported as spam. `failed` gives way, because the receiver knows better.
MOVES = MappingProxyType(
    {
        Kind.DEFERRED: (State.ACCEPTED, frozenset({State.UNKNOWN})),
        Kind.UNSUBSCRIBED: (State.ACCEPTED, frozenset({State.UNKNOWN})),
        Kind.REJECTED: (State.FAILED, _OPEN),
        Kind.DELIVERED: (State.DELIVERED, _OPEN | {State.FAILED}),
        Kind.SOFT_BOUNCED: (State.BOUNCED, _OPEN | {State.FAILED, State.DELIVERED}),
        Kind.BOUNCED: (State.BOUNCED, _OPEN | {State.FAILED, State.DELIVERED}),
        Kind.COMPLAINED: (State.COMPLAINED, _OPEN | {State.FAILED, State.DELIVERED, State.BOUNCED}),
    }
)

_WRITE = """
INSERT INTO mailing_deliveryevent
    (provider, event_id, kind, delivery_id, address_hash, message_id, reason, happened_at, received_at, by)
SELECT %s, row.*, now(), ''
FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::timestamptz[]) AS row
ON CONFLICT (provider, event_id) DO NOTHING
RETURNING event_id
"""


@dataclass
class Recorded:
    """What a load of reports came to."""

    new: int = 0
    repeated: int = 0
    unmatched: int = 0
    moved: int = 0
    stopped: int = 0


def record_events(*, provider: str, events: Iterable[ProviderEvent]) -> Recorded:
    """Writes reports down, each once, moves their messages' states and stops addresses that want or take no mail.

    Each `CHUNK` of reports is one transaction; all of it may be repeated at will. Reports about messages that are
    not ours are written down too, and stop their address.
    """
    recorded, rest = Recorded(), iter(events)
    while chunk := list(islice(rest, CHUNK)):
        _record(provider, chunk, recorded)
    return recorded


@transaction.atomic
def _record(provider: str, events: Sequence[ProviderEvent], recorded: Recorded) -> None:
    # Everybody writes and locks in the same order (reports, stopped addresses, batches), so nobody waits in a ring.
    unique = {event.identity: event for event in reversed(events)}
    ordered = [unique[identity] for identity in sorted(unique)]
    reports = _written(provider, list(zip(ordered, match(ordered), strict=True)))
    stops = stops_after(reports)
    recorded.new += len(reports)
    recorded.repeated += len(events) - len(reports)
    recorded.unmatched += sum(not found.address_hash for _event, found in reports)
    recorded.stopped += write_stops(stops)
    _lock_batches(reports, stops)
    recorded.moved += _move(reports)
    for stop in stops:
        take_back(address_hash=stop.address_hash, why=stop.reason)


def _written(provider: str, reports: Sequence[Report]) -> list[Report]:
    """Those of the reports that are new, now written down."""
    rows = [
        (
            event.identity,
            str(event.kind),
            found.delivery_id,
            found.address_hash,
            clean(event.message_id)[:250],
            without_addresses(event.reason, event.email, found.email),
            event.happened_at,
        )
        for event, found in reports
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [provider[:40], *(list(column) for column in zip(*rows, strict=True))])
        new = {identity for (identity,) in cursor.fetchall()}
    return [(event, found) for event, found in reports if event.identity in new]


def _lock_batches(reports: Sequence[Report], stops: Sequence[Stop]) -> None:
    """All batches whose rows are about to change, at once and in their order."""
    matched = {found.batch_id for _event, found in reports if found.batch_id}
    wanted = Q(pk__in=matched)
    if stops:
        waiting = Delivery.objects.waiting().filter(address_hash__in=[stop.address_hash for stop in stops])
        wanted |= Q(pk__in=list(waiting.values_list("batch", flat=True)))
    list(Batch.objects.filter(wanted).order_by("pk").select_for_update().values_list("pk"))


def _move(reports: Sequence[Report]) -> int:
    """Moves the states of the reports' messages; returns how many moved."""
    moved = 0
    for kind, (to, only_from) in MOVES.items():
        by_reason: defaultdict[str | None, list[int]] = defaultdict(list)
        for event, found in reports:
            if event.kind == kind and found.delivery_id is not None:
                by_reason[_words(event, found)].append(found.delivery_id)
        for why, numbers in by_reason.items():
            moved += change_state(delivery_ids=numbers, to=to, only_from=only_from, why=why)
    return moved


def _words(event: ProviderEvent, found: Match) -> str | None:
    """What the delivery's row says from now on; the mail server's own answer stays where mail arrived."""
    if event.kind in {Kind.DELIVERED, Kind.DEFERRED, Kind.UNSUBSCRIBED}:
        return None
    return without_addresses(event.reason, event.email, found.email) or None
