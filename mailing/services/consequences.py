"""Which addresses get no more mail after what was reported about them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from mailing.models import DeliveryEvent, Subscription, Suppression
from mailing.reports import ProviderEvent
from mailing.services.matching import Match
from mailing.services.suppression import shorten, without_addresses

Kind = DeliveryEvent.Kind
Reason = Suppression.Reason

SOFT_BOUNCES = 3
WITHIN = timedelta(days=30)
_BY_KIND: dict[str, str] = {
    Kind.BOUNCED: Reason.BOUNCED,
    Kind.COMPLAINED: Reason.COMPLAINED,
    Kind.UNSUBSCRIBED: Reason.UNSUBSCRIBED,
}
# Where several things are reported at once, the gravest stands.
_GRAVEST = [Reason.COMPLAINED, Reason.BOUNCED, Reason.UNSUBSCRIBED]


@dataclass(frozen=True)
class Stop:
    """An address that is to be suppressed."""

    address_hash: str
    email: str
    reason: str
    note: str


def stops_after(reports: Sequence[tuple[ProviderEvent, Match]]) -> list[Stop]:
    """The addresses that new reports, written down already, say to stop; in the order of their hashes.

    A bounce that happened before the mailbox said yes again, or before staff lifted it, stops nothing.
    """
    known = [(event, found) for event, found in reports if found.address_hash]
    bounced = {
        found.address_hash for event, found in known if event.kind in {Kind.BOUNCED, Kind.SOFT_BOUNCED}
    }
    forgiven = _forgiven(bounced)
    stops: dict[str, Stop] = {}
    for event, found in known:
        stop = _stop(event, found, forgiven.get(found.address_hash))
        before = stops.get(found.address_hash)
        if stop and (before is None or _rank(stop) < _rank(before)):
            stops[found.address_hash] = stop
    for stop in _too_many_soft(known, forgiven):
        stops.setdefault(stop.address_hash, stop)
    return sorted(stops.values(), key=lambda stop: stop.address_hash)


def write_stops(stops: Iterable[Stop]) -> int:
    """Writes the suppressions, an earlier one stays; returns how many are new. What waits is taken back apart."""
    created = 0
    for stop in stops:
        _row, is_new = Suppression.objects.get_or_create(
            address_hash=stop.address_hash,
            defaults={
                "hint": shorten(stop.email) if stop.email else "",
                "reason": stop.reason,
                "note": stop.note[:300],
            },
        )
        created += is_new
    return created


def _stop(event: ProviderEvent, found: Match, forgiven: datetime | None) -> Stop | None:
    reason = event.stops or _BY_KIND.get(event.kind)
    if not reason or (event.kind == Kind.BOUNCED and forgiven and event.happened_at <= forgiven):
        return None
    note = without_addresses(event.reason, event.email, found.email)
    return Stop(found.address_hash, found.email, reason, note)


def _rank(stop: Stop) -> int:
    return _GRAVEST.index(Reason(stop.reason))


def _forgiven(hashes: Iterable[str]) -> dict[str, datetime]:
    """When the mailbox last proved to be there, or staff last let it get mail again, by address hash."""
    hashes = list(hashes)
    lifted = DeliveryEvent.objects.filter(kind=Kind.LIFTED, address_hash__in=hashes)
    confirmed = Subscription.objects.filter(address_hash__in=hashes, confirmed_at__isnull=False)
    moments = dict(lifted.values_list("address_hash").annotate(at=Max("happened_at")).order_by())
    for address_hash, at in confirmed.values_list("address_hash").annotate(at=Max("confirmed_at")).order_by():
        moments[address_hash] = max(at, moments.get(address_hash, at))
    return moments


def _too_many_soft(known: Sequence[tuple[ProviderEvent, Match]], forgiven: dict[str, datetime]) -> list[Stop]:
    """Addresses that bounced softly for several messages within a month."""
    found_by_hash = {found.address_hash: found for event, found in known if event.kind == Kind.SOFT_BOUNCED}
    if not found_by_hash:
        return []
    bounces: defaultdict[str, dict[object, datetime]] = defaultdict(dict)
    rows = DeliveryEvent.objects.filter(kind=Kind.SOFT_BOUNCED, address_hash__in=found_by_hash)
    for row in rows.order_by("happened_at"):
        since = forgiven.get(row.address_hash)
        if since is None or row.happened_at > since:
            # One message may bounce several times; it counts when it did so first.
            bounces[row.address_hash].setdefault(
                row.delivery_id or row.message_id or -row.pk, row.happened_at
            )
    note = _("%(number)s messages bounced within %(days)s days") % {
        "number": SOFT_BOUNCES,
        "days": WITHIN.days,
    }
    return [
        Stop(address_hash, found_by_hash[address_hash].email, Reason.BOUNCED, note)
        for address_hash, first in bounces.items()
        if _crowded(list(first.values()))
    ]


def _crowded(moments: list[datetime]) -> bool:
    pairs = zip(moments, moments[SOFT_BOUNCES - 1 :], strict=False)
    return any(last - first <= WITHIN for first, last in pairs)
