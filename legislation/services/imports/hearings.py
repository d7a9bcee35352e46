"""Takes in hearings: what is posted, moved, cancelled, and which documents stand on the notice."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from legislation.models import Bill, BillEvent, Hearing, HearingDocument
from legislation.naming.committee_names import CommitteeIndex
from legislation.records import HearingDocumentRecord, HearingRecord
from legislation.services.imports.addresses import fitting_address
from legislation.services.imports.base import Importer
from legislation.services.imports.slips import link_slips
from legislation.services.imports.telling import tell
from legislation.sources.ilga_documents import read_amendment
from legislation.sources.reading import PREFIXES

Kind = BillEvent.Kind
Document = tuple[str, str]  # measure, amendment or ""

_CHAMBERS = {"lower", "upper", "joint"}
_KINDS = "|".join(sorted(PREFIXES, key=len, reverse=True))
_IN_SUBJECT = re.compile(
    rf"\b({_KINDS})\s*-?\s*0*([1-9]\d{{0,6}})\b"
    r"(?:\s*[,;:/(–-]*\s*((?:house|senate|[hs])\s*(?:committee|floor|[cf])?\s*(?:amendment|amend\.?|am\.?|a)"
    r"\s*(?:no\.?|\#)?\s*\d{1,3})\b)?",
    re.IGNORECASE,
)


def documents_in(subject: str) -> tuple[HearingDocumentRecord, ...]:
    """The measures and amendments that a notice's text names: "HB 1075", "SB0040 HA 1"."""
    found = (
        HearingDocumentRecord(kind.upper() + number, read_amendment(amendment))
        for kind, number, amendment in _IN_SUBJECT.findall(subject)
    )
    return tuple(dict.fromkeys(found))


def _day(moment: datetime) -> date:
    """The day by Chicago's calendar."""
    return timezone.localdate(moment)


@dataclass
class Change:
    """What a record changes about a stored hearing."""

    hearing: Hearing
    was_state: str
    was_at: datetime | None  # None for a new one

    @property
    def is_new(self) -> bool:
        return self.was_at is None

    @property
    def was_cancelled(self) -> bool:
        return self.hearing.state == Hearing.State.CANCELLED and self.was_state != Hearing.State.CANCELLED

    @property
    def other_day(self) -> bool:
        return self.was_at is not None and _day(self.was_at) != _day(self.hearing.starts_at)

    @property
    def other_hour(self) -> bool:
        """Another hour of the same day: slips stay valid, but whoever comes must know."""
        return self.was_at is not None and not self.other_day and self.was_at != self.hearing.starts_at

    @property
    def kind(self) -> Kind | None:
        """What those who watch a bill on its notice must hear of."""
        if self.hearing.state == Hearing.State.CANCELLED:
            return Kind.HEARING_CANCELLED if self.was_cancelled else None
        if self.other_day or self.other_hour:
            return Kind.HEARING_MOVED
        if self.is_new or self.was_state == Hearing.State.CANCELLED:
            return Kind.HEARING_POSTED
        return None


class HearingImporter(Importer[HearingRecord]):
    """Stores hearings by chamber and the General Assembly's number.

    Another hour of the same day is the same posting, and slips stay valid; another day is the same notice moved, for which slips must be
    filed again (`moved_from`). Whatever changes counts `revision` up. It is news while the hearing is still to come.
    """

    kind = "hearing"

    def key(self, record: HearingRecord) -> str:
        return f"{record.chamber}:{record.key}"

    def weight(self, record: HearingRecord) -> int:
        return len(record.documents or ())

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._committees = CommitteeIndex([])

    def _store(self, batch: Any) -> None:
        super()._store(batch)
        self._find_bills()

    def write(self, records: list[HearingRecord]) -> None:
        keys = [self.key(record) for record in records]
        stored = {
            row.key: row
            for row in Hearing.objects.filter(key__in=keys).select_for_update().prefetch_related("documents")
        }
        # Committees may have come since the last batch.
        self._committees = CommitteeIndex.load()
        days = set()
        for record in records:
            key = self.key(record)
            if reason := _objection(record, key):
                self.summary.reject(self.kind, key, f"{record.committee}: {reason}"[:500])
            elif key in stored and key in self.outdated:
                self.summary.count(self.kind, "unchanged")
            else:
                hearing, outcome = self._write_one(record, stored.get(key))
                days.add(timezone.localdate(hearing.starts_at))
                self.summary.count(self.kind, outcome)
        link_slips(days)

    def _write_one(self, record: HearingRecord, row: Hearing | None) -> tuple[Hearing, str]:
        wanted = self._wanted(record, row)
        before = _Snapshot.of(row)
        hearing = row or Hearing(key=self.key(record), changed_at=self.observed_at)
        change = Change(hearing, hearing.state, hearing.starts_at if row else None)
        self._fill(hearing, record, change)
        if row is None:
            hearing.save()
        notice = self._documents(hearing, wanted)
        if row is not None and notice is None and _Snapshot.of(hearing) == before:
            return hearing, "unchanged"
        if row is not None:
            hearing.revision += 1
            hearing.changed_at = self.observed_at
            hearing.save()
        tell(self._events(change, *(notice or (set(), set()))), self.observed_at)
        return hearing, "added" if row is None else "changed"

    def _fill(self, hearing: Hearing, record: HearingRecord, change: Change) -> None:
        hearing.session, hearing.chamber = record.session, record.chamber
        hearing.committee_name = record.committee.strip()
        hearing.committee_id = self._committees.resolve(hearing.committee_name, record.chamber)
        hearing.starts_at = record.starts_at
        hearing.posted_at = record.posted_at or hearing.posted_at
        hearing.location = record.location.strip()[:300]
        hearing.subject = record.subject.strip()
        hearing.source_url = fitting_address(record.source_url) or hearing.source_url
        hearing.state = Hearing.State.CANCELLED if record.cancelled else Hearing.State.SCHEDULED
        if change.other_day:
            hearing.moved_from = change.was_at
            hearing.ended_at = hearing.ended_by = None
        elif change.other_hour and (
            hearing.moved_from is None or _day(hearing.moved_from) == _day(record.starts_at)
        ):
            # A move from another day counts more: those slips must be filed again.
            hearing.moved_from = change.was_at

    def _wanted(self, record: HearingRecord, row: Hearing | None) -> set[Document]:
        """The documents that shall stand on the notice, from the record or from the words of its subject."""
        if record.documents is not None:
            return _plain(record.documents)
        named = _plain(documents_in(record.subject))
        if row is None:
            return named
        # What the text no longer names is taken off; what other sources told stays.
        before = {
            (document.identifier, document.amendment)
            for document in row.documents.all()
            if document.removed_at is None
        }
        return before - (_plain(documents_in(row.subject)) - named) | named

    def _documents(self, hearing: Hearing, wanted: set[Document]) -> tuple[set[int], set[int]] | None:
        """Brings the notice's documents up to date. Returns the bills that came onto it and those that went off it;
        None when no document did."""
        rows = {(row.identifier, row.amendment): row for row in hearing.documents.all()}
        standing = {key for key, row in rows.items() if row.removed_at is None}
        if wanted == standing:
            return None
        before = {rows[key].bill_id for key in standing}
        identifiers = {identifier for identifier, _amendment in wanted}
        bills = dict(
            Bill.objects.filter(session=hearing.session, identifier__in=identifiers).values_list(
                "identifier", "pk"
            )
        )
        for key in sorted(wanted - standing):
            row = rows.get(key) or HearingDocument(hearing=hearing, identifier=key[0], amendment=key[1])
            row.removed_at, row.bill_id = None, row.bill_id or bills.get(key[0])
            row.save()
            rows[key] = row
        HearingDocument.objects.filter(pk__in=[rows[key].pk for key in standing - wanted]).update(
            removed_at=self.observed_at
        )
        # What was read with the hearing is not what stands there now.
        hearing._prefetched_objects_cache = {}  # type: ignore[attr-defined]
        after = {rows[key].bill_id for key in wanted}
        return _known(after - before), _known(before - after)

    def _events(self, change: Change, added: set[int], removed: set[int]) -> Iterable[BillEvent]:
        """For each bill on the notice what became of the hearing; for one that came or went, that it did."""
        hearing, kind = change.hearing, change.kind
        staying = set()
        if not change.is_new:
            documents = hearing.documents.filter(removed_at=None, bill__isnull=False)
            staying = _known(documents.values_list("bill_id", flat=True)) - added
        if kind is not None:
            yield from (self._event(change, kind, bill) for bill in sorted(staying))
        if hearing.state == Hearing.State.SCHEDULED:
            yield from (self._event(change, Kind.HEARING_POSTED, bill) for bill in sorted(added))
        if hearing.state == Hearing.State.SCHEDULED or change.was_cancelled:
            yield from (self._event(change, Kind.HEARING_CANCELLED, bill) for bill in sorted(removed))

    def _event(self, change: Change, kind: Kind, bill: int) -> BillEvent:
        hearing, was_at = change.hearing, change.was_at
        return BillEvent(
            bill_id=bill,
            kind=kind,
            key=f"{hearing.key} {hearing.revision}"[:200],
            before=in_words(was_at) if was_at and was_at != hearing.starts_at else "",
            after=f"{hearing.committee_name}, {in_words(hearing.starts_at)}"[:1000],
            happened_on=_happened_on(hearing, kind, self.observed_at),
            observed_at=self.observed_at,
            is_news=max(hearing.starts_at, was_at or hearing.starts_at) > self.observed_at,
            hearing=hearing,
        )

    def _find_bills(self) -> None:
        """Links documents to measures that came later than the notice."""
        same = Bill.objects.filter(session=OuterRef("hearing__session"), identifier=OuterRef("identifier"))
        found = (
            HearingDocument.objects.filter(bill=None)
            .annotate(found=Subquery(same.values("pk")[:1]))
            .filter(found__isnull=False)
            .select_related("hearing")
        )
        events = []
        told: set[tuple[int, int]] = set()
        for document in found:
            document.bill_id = document.found
            document.save(update_fields=["bill"])
            hearing = document.hearing
            if document.removed_at or hearing.state != Hearing.State.SCHEDULED:
                continue
            if (hearing.pk, document.found) not in told:
                told.add((hearing.pk, document.found))
                change = Change(hearing, hearing.state, None)
                events.append(self._event(change, Kind.HEARING_POSTED, document.found))
        tell(events, self.observed_at)


@dataclass(frozen=True)
class _Snapshot:
    """What people see of a hearing; when nothing of it differs nothing changed."""

    values: tuple[Any, ...] = ()

    @classmethod
    def of(cls, hearing: Hearing | None) -> "_Snapshot":
        if hearing is None:
            return cls()
        names = ("session", "committee_name", "starts_at", "posted_at", "location", "subject")
        return cls(tuple(getattr(hearing, name) for name in (*names, "state", "source_url")))


def in_words(moment: datetime) -> str:
    """`Thursday, March 5, 2026, 2:00 p.m.`, by Chicago's clock."""
    pattern = pgettext("date format: Thursday, March 5, 2026, 2:00 p.m.", "l, F j, Y, g:i a")
    return date_format(timezone.localtime(moment), pattern)


def _happened_on(hearing: Hearing, kind: Kind, observed_at: datetime) -> Any:
    posted = hearing.posted_at if kind == Kind.HEARING_POSTED else None
    return timezone.localdate(posted or observed_at)


def _plain(documents: Iterable[HearingDocumentRecord]) -> set[Document]:
    return {(document.identifier, document.amendment.strip()[:80]) for document in documents}


def _known(bills: Iterable[int | None]) -> set[int]:
    return {bill for bill in bills if bill is not None}


def _objection(record: HearingRecord, key: str) -> str:
    """Why the record cannot be stored, in words; nothing when it can."""
    if record.chamber not in _CHAMBERS:
        return _("It does not say in which chamber the hearing is.")
    if not record.committee.strip():
        return _("It names no committee.")
    if len(record.committee) > 200 or len(key) > 80:
        return _("Its name or number is too long.")
    if record.starts_at.tzinfo is None:
        return _("It does not say in which time zone it is.")
    return ""
