"""Takes in witness slips as the General Assembly lists them: finds each one's hearing, and the partners it names."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from hashlib import blake2b

from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.models import Bill, Hearing, RecordedSlip
from legislation.naming.committee_names import committee_words
from legislation.naming.printed_names import fold
from legislation.records import SlipRecord
from legislation.services.imports.base import Importer
from legislation.services.slip_matching import match_slips

_LENGTHS = {"amendment": 80, "committee_name": 200, "name": 200, "firm": 300, "representation": 300}
_HOUSES = {"house": "lower", "senate": "upper", "joint": "joint"}
Identity = tuple[int, str, str, datetime, str, str, str]


def _words(text: str, field: str) -> str:
    return " ".join(text.split())[: _LENGTHS[field]]


class SlipImporter(Importer[SlipRecord]):
    """Stores recorded slips. One person has one position on one document at one hearing: a second line changes it."""

    kind = "slip"

    def key(self, record: SlipRecord) -> str:
        """Readable, and different for whatever tells slips apart."""
        document = f"{record.session} {record.identifier} {_words(record.amendment, 'amendment')}".strip()
        whole = "\0".join(map(str, (document, *self._identity(0, record)))).encode()
        digest = blake2b(whole, digest_size=10).hexdigest()
        return f"{document}: {_words(record.name, 'name')[:80]}, {record.scheduled_at:%Y-%m-%d} ({digest})"

    def _identity(self, bill: int, record: SlipRecord) -> Identity:
        """The columns that are unique together."""
        return (
            bill,
            _words(record.amendment, "amendment"),
            _words(record.committee, "committee_name"),
            record.scheduled_at.astimezone(timezone.get_default_timezone()),
            _words(record.name, "name"),
            _words(record.firm, "firm"),
            _words(record.representation, "representation"),
        )

    def write(self, records: list[SlipRecord]) -> None:
        bills = {
            (session, identifier): pk
            for session, identifier, pk in Bill.objects.filter(
                session__in={record.session for record in records},
                identifier__in={record.identifier for record in records},
            ).values_list("session", "identifier", "pk")
        }
        stored = _stored(set(bills.values()))
        new: list[RecordedSlip] = []
        for record in records:
            bill = bills.get((record.session, record.identifier))
            if reason := _objection(record, bill):
                self.summary.reject(self.kind, self.key(record), reason)
                continue
            identity = self._identity(bill or 0, record)
            old = stored.get(identity)
            if old is None:
                new.append(self._slip(identity, record))
                self.summary.count(self.kind, "added")
            elif old.position != record.position:
                old.position = record.position
                old.save(update_fields=["position"])
                self.summary.count(self.kind, "changed")
            else:
                self.summary.count(self.kind, "unchanged")
        RecordedSlip.objects.bulk_create(new)
        link_slips({timezone.localdate(slip.scheduled_at) for slip in new})
        match_slips(slips=[slip.pk for slip in new])

    def _slip(self, identity: Identity, record: SlipRecord) -> RecordedSlip:
        bill, amendment, committee, scheduled_at, name, firm, representation = identity
        return RecordedSlip(
            bill_id=bill,
            amendment=amendment,
            committee_name=committee,
            scheduled_at=scheduled_at,
            name=name,
            firm=firm,
            representation=representation,
            position=record.position,
            imported_at=self.observed_at,
        )


def _stored(bills: set[int]) -> dict[Identity, RecordedSlip]:
    zone = timezone.get_default_timezone()
    return {
        (
            slip.bill_id,
            slip.amendment,
            slip.committee_name,
            slip.scheduled_at.astimezone(zone),
            slip.name,
            slip.firm,
            slip.representation,
        ): slip
        for slip in RecordedSlip.objects.filter(bill__in=bills)
    }


def _objection(record: SlipRecord, bill: int | None) -> str:
    """Why the record cannot be stored, in words; nothing when it can."""
    if record.position not in RecordedSlip.Position.values:
        return _("“%(value)s” is not a position.") % {"value": record.position[:60]}
    if not record.name.strip():
        return _("It names nobody.")
    if bill is None:
        return _("%(identifier)s is not among our bills of the General Assembly %(session)s.") % {
            "identifier": record.identifier,
            "session": record.session,
        }
    return ""


def link_slips(days: Iterable[date]) -> int:
    """Finds the hearings of slips for these days that have none yet; how many were found.

    The same day and committee; where a committee meets twice, the hour, and then the document, must tell.
    """
    zone = timezone.get_default_timezone()
    found = 0
    for day in sorted(set(days)):
        begin = datetime.combine(day, time.min, tzinfo=zone)
        span = (begin, begin + timedelta(days=1, hours=1))
        hearings = [
            hearing
            for hearing in Hearing.objects.filter(starts_at__range=span).prefetch_related("documents")
            if timezone.localdate(hearing.starts_at) == day
        ]
        slips = RecordedSlip.objects.filter(hearing=None, scheduled_at__range=span).select_related("bill")
        if not hearings:
            continue
        linked: dict[int, list[int]] = defaultdict(list)
        for slip in slips:
            if timezone.localdate(slip.scheduled_at) == day and (hearing := _hearing(slip, hearings)):
                linked[hearing.pk].append(slip.pk)
        for pk, ids in linked.items():
            found += RecordedSlip.objects.filter(pk__in=ids).update(hearing=pk)
    return found


def _hearing(slip: RecordedSlip, hearings: list[Hearing]) -> Hearing | None:
    words = committee_words(slip.committee_name)
    first = fold(slip.committee_name)[:1]
    chamber = _HOUSES.get(first[0]) if first else None
    fitting = [
        hearing
        for hearing in hearings
        if hearing.session == slip.bill.session
        and committee_words(hearing.committee_name) == words
        and (chamber is None or hearing.chamber == chamber)
    ]
    for closer in (
        lambda hearing: hearing.starts_at == slip.scheduled_at,
        lambda hearing: any(
            (document.bill_id, document.amendment) == (slip.bill_id, slip.amendment)
            for document in hearing.documents.all()
        ),
    ):
        if len(fitting) > 1:
            fitting = [hearing for hearing in fitting if closer(hearing)] or fitting
    return fitting[0] if len(fitting) == 1 else None
