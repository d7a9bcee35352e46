"""What all importers share: digests that make an unchanged record cost a comparison, batches, and the summary."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import ClassVar, Generic, TypeVar

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from legislation.models import SourceRecord
from legislation.records import Record, Rejected

_encode = msgspec.msgpack.Encoder(order="deterministic").encode
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)

R = TypeVar("R", bound=Record)


@dataclass
class Summary:
    """What one run did. `by_kind` counts outcomes per kind of record, such as `("measure", "added")`."""

    by_kind: Counter[tuple[str, str]] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)

    def count(self, kind: str, outcome: str, number: int = 1) -> None:
        """`outcome`: "added", "changed" or "unchanged"."""
        self.by_kind[kind, outcome] += number

    def reject(self, kind: str, identifier: str, reason: str) -> None:
        """Names a record that did not go in, with the reason in words."""
        self.rejected.append(Rejected(kind, identifier[:300], reason[:500]))

    def total(self, outcome: str) -> int:
        """Records of all kinds with this outcome."""
        return sum(number for (_kind, what), number in self.by_kind.items() if what == outcome)


@dataclass(frozen=True, slots=True)
class Seen:
    """A record with what decides between two that claim the same key."""

    record: Record
    digest: bytes
    as_of: datetime
    weight: int

    @property
    def rank(self) -> tuple[datetime, int, bytes]:
        """The greater one counts: the newer, then the fuller; the digest only makes the choice the same each time."""
        return self.as_of, self.weight, self.digest


def digest_of(record: Record) -> bytes:
    """16 bytes that are equal for equal content; when the source looked is not content."""
    if getattr(record, "as_of", None) is not None:
        record = msgspec.structs.replace(record, as_of=None)
    return blake2b(_encode(record), digest_size=16).digest()


class Importer(Generic[R]):
    """Takes records of one kind, writes them in batches, each batch in one transaction.

    A subclass names its `kind`, says a record's `key` and `weight`, and writes what is new or different in `write`.
    An interrupted run has stored whole batches only; the same run again skips them by their digests.
    """

    kind: ClassVar[str]
    batch_size: ClassVar[int] = 1000

    def __init__(self, *, source: str, observed_at: datetime, summary: Summary) -> None:
        self.source = source
        self.observed_at = observed_at
        self.summary = summary
        self._batch: dict[str, Seen] = {}
        # What this run has stored or skipped already, to tell a second record of the same key.
        self._ranks: dict[str, tuple[datetime, int, bytes]] = {}
        # Records that must wait for others, such as a roll call whose measure comes later in the same file.
        self.waiting: list[R] = []

    # --- What a subclass says ------------------------------------------------------------------------------------

    def key(self, record: R) -> str:
        """What makes it this record, for this source."""
        raise NotImplementedError

    def weight(self, record: R) -> int:
        """How much a record holds; of two of the same moment the fuller one counts."""
        return 0

    def write(self, records: list[R]) -> None:
        """Stores records that are new or differ from this source's last word, inside the batch's transaction.

        Counts each in `self.summary` as added, changed or unchanged. One that must wait goes to `self.waiting`,
        one that cannot be stored to `self.summary.reject`.
        """
        raise NotImplementedError

    # --- What it does --------------------------------------------------------------------------------------------

    def add(self, record: R) -> None:
        """Takes one record; writes when the batch is full."""
        key = self.key(record)
        seen = Seen(
            record, digest_of(record), getattr(record, "as_of", None) or LONG_AGO, self.weight(record)
        )
        known = self._batch[key].rank if key in self._batch else self._ranks.get(key)
        if known is not None:
            if known[2] != seen.digest:
                self.summary.reject(
                    self.kind, key, _("It comes more than once; only the newest and fullest is kept.")
                )
            if known >= seen.rank:
                return
        self._batch[key] = seen
        if len(self._batch) >= self.batch_size:
            self.flush()

    def flush(self) -> None:
        """Writes what was collected, all of it or nothing."""
        if not self._batch:
            return
        batch, self._batch = self._batch, {}
        with transaction.atomic():
            self._store(batch)
        self._ranks.update((key, seen.rank) for key, seen in batch.items())

    def _store(self, batch: dict[str, Seen]) -> None:
        last_words = {
            row.key: row
            for row in SourceRecord.objects.filter(source=self.source, kind=self.kind, key__in=list(batch))
        }
        fresh: dict[str, Seen] = {}
        newer: list[SourceRecord] = []
        for key, seen in batch.items():
            last = last_words.get(key)
            if last is None:
                fresh[key] = seen
            elif bytes(last.digest) == seen.digest:
                self.summary.count(self.kind, "unchanged")
                if (last.as_of or LONG_AGO) < seen.as_of:
                    last.as_of = seen.as_of
                    newer.append(last)
            elif seen.as_of != LONG_AGO and last.as_of and last.as_of > seen.as_of:
                # The source said this before it said what we have.
                self.summary.count(self.kind, "unchanged")
            else:
                fresh[key] = seen
        if newer:
            SourceRecord.objects.bulk_update(newer, ["as_of"])
        if not fresh:
            return
        waiting = len(self.waiting)
        refused = len(self.summary.rejected)
        self.write([seen.record for seen in fresh.values()])  # type: ignore[misc]
        not_stored = {self.key(record) for record in self.waiting[waiting:]}
        not_stored |= {rejected.identifier for rejected in self.summary.rejected[refused:]}
        self._remember(seen for key, seen in fresh.items() if key not in not_stored)

    def _remember(self, stored: Iterable[Seen]) -> None:
        """Keeps the digests, so that the same words again change nothing."""
        SourceRecord.objects.bulk_create(
            [
                SourceRecord(
                    source=self.source,
                    kind=self.kind,
                    key=self.key(seen.record),  # type: ignore[arg-type]
                    digest=seen.digest,
                    as_of=None if seen.as_of == LONG_AGO else seen.as_of,
                )
                for seen in stored
            ],
            update_conflicts=True,
            unique_fields=["source", "kind", "key"],
            update_fields=["digest", "as_of"],
        )
