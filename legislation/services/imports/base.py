"""What all importers share: digests that make an unchanged record cost a comparison, batches, and the summary."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import ClassVar, Generic, TypeVar

import msgspec
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from legislation.models import SourceRecord
from legislation.records import Record, Rejected
from legislation.services.imports.writing import lock_imports, update_rows, upsert_rows

_encode = msgspec.msgpack.Encoder(order="deterministic").encode
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
# A source that claims to have looked before this, or later than a day from now, has a clock that is set wrong: believed,
# its word would stand against everybody's until then.
_NO_SOURCE_BEFORE = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(days=1)

R = TypeVar("R", bound=Record)
Rank = tuple[datetime, int, bytes]


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
        self.rejected.append(Rejected(kind, storable(identifier)[:300], storable(reason)[:500]))

    def total(self, outcome: str) -> int:
        """Records of all kinds with this outcome."""
        return sum(number for (_kind, what), number in self.by_kind.items() if what == outcome)

    def changed_any(self, kind: str) -> bool:
        """Whether a record of this kind was added or changed."""
        return bool(self.by_kind[kind, "added"] or self.by_kind[kind, "changed"])


def storable(text: str) -> str:
    """The text with a replacement character for each that PostgreSQL cannot hold."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Seen:
    """A record with what decides between two that claim the same key."""

    record: Record
    digest: bytes
    as_of: datetime
    weight: int

    @property
    def rank(self) -> Rank:
        """The greater one counts: the newer, then the fuller; the digest only makes the choice the same each time."""
        return self.as_of, self.weight, self.digest


def digest_of(record: Record) -> bytes:
    """16 bytes that are equal for equal content; when the source looked is not content."""
    if getattr(record, "as_of", None) is not None:
        record = msgspec.structs.replace(record, as_of=None)
    return blake2b(_encode(record), digest_size=16).digest()


def as_of(record: Record, now: datetime) -> datetime:
    """When the source looked; long ago where it does not say, or says what cannot be."""
    moment: datetime | None = getattr(record, "as_of", None)
    if moment is None or not _NO_SOURCE_BEFORE <= moment <= now + _CLOCKS_DIFFER:
        return LONG_AGO
    return moment


class Importer(ABC, Generic[R]):
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
        self._ranks: dict[str, Rank] = {}
        # Records that must wait for others, such as a roll call whose measure comes later in the same file.
        self.waiting: list[R] = []
        # Keys in the batch being written of which another source has told something newer than this record.
        self.outdated: set[str] = set()
        # Keys in the batch being written of which another source has told anything.
        self.shared: set[str] = set()
        # The parts (see `parts_of`) of what this source said last, by key.
        self.said: dict[str, bytes] = {}

    # --- What a subclass says ------------------------------------------------------------------------------------

    @abstractmethod
    def key(self, record: R) -> str:
        """What makes it this record; the same from every source where that can be."""

    def weight(self, record: R) -> int:
        """How much a record holds; of two of the same moment the fuller one counts."""
        return 0

    def parts_of(self, record: R) -> bytes:
        """Digests of the record's parts, for kinds in which a part that is merely repeated says nothing new."""
        return b""

    def explain(self, record: R, refusal: Exception) -> str:
        """Why PostgreSQL refused a record, in words for staff."""
        words = " ".join(str(refusal).split())
        return _("The database refuses it: %(error)s") % {"error": words}

    @abstractmethod
    def write(self, records: list[R]) -> None:
        """Stores records that are new or differ from this source's last word, inside the batch's transaction.

        Counts each in `self.summary` as added, changed or unchanged. One that must wait goes to `self.waiting`,
        one that cannot be stored to `self.summary.reject`. May be called again with some of the same records when
        PostgreSQL refused one of them: what is kept in memory must be kept in `stored` or dropped in `undone`.
        """

    def waits_for(self, record: R) -> str:
        """What a record that still waits at the end of a run lacks, in words for staff."""
        return _(
            "What it belongs to is not in our records yet. It is taken in by the next run that brings both."
        )

    def stored(self) -> None:
        """Called when what `write` wrote is safe."""

    def undone(self) -> None:
        """Called when what `write` wrote was taken back."""

    # --- What it does --------------------------------------------------------------------------------------------

    @property
    def pending(self) -> int:
        """How many records wait for the next `flush`."""
        return len(self._batch)

    def add(self, record: R) -> None:
        """Takes one record; writes when the batch is full."""
        key = self.key(record)
        try:
            seen = Seen(record, digest_of(record), as_of(record, self.observed_at), self.weight(record))
        except UnicodeEncodeError:
            self.summary.reject(self.kind, key, _("It holds characters that are not valid text."))
            return
        except OverflowError:
            self.summary.reject(self.kind, key, _("It holds a number beyond all measure."))
            return
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
        """Writes what was collected. A record that PostgreSQL refuses is rejected by name; the others go in."""
        batch, self._batch = self._batch, {}
        parts = [batch] if batch else []
        while parts:
            part = parts.pop()
            refusal = self._try(part)
            if refusal is None:
                self._ranks.update((key, seen.rank) for key, seen in part.items())
            elif len(part) > 1:
                items = list(part.items())
                middle = len(items) // 2
                parts += [dict(items[middle:]), dict(items[:middle])]
            else:
                key, seen = part.popitem()
                self.summary.reject(self.kind, key, self.explain(seen.record, refusal))  # type: ignore[arg-type]

    def retry_waiting(self) -> None:
        """Takes up what had to wait, once more; what still has to, stays in `waiting`."""
        again, self.waiting = self.waiting, []
        for record in again:
            self._ranks.pop(self.key(record), None)
            self.add(record)
        self.flush()

    def _try(self, batch: dict[str, Seen]) -> Exception | None:
        """Stores all of it or nothing; the reason if nothing. Nothing also when the database breaks off."""
        counts = self.summary.by_kind.copy()
        refused, waiting = len(self.summary.rejected), len(self.waiting)
        is_safe = False
        try:
            with transaction.atomic():
                lock_imports(self.kind)
                self._store(batch)
            is_safe = True
        except (DataError, IntegrityError) as refusal:
            return refusal
        finally:
            if not is_safe:
                self.summary.by_kind.clear()
                self.summary.by_kind.update(counts)
                del self.summary.rejected[refused:]
                del self.waiting[waiting:]
                self.undone()
        self.stored()
        return None

    def _store(self, batch: dict[str, Seen]) -> None:
        last_words: dict[str, tuple[bytes, datetime]] = {}
        others: dict[str, datetime] = {}
        self.said, self.shared = {}, set()
        for source, key, digest, when, parts in SourceRecord.objects.filter(
            kind=self.kind, key__in=list(batch)
        ).values_list("source", "key", "digest", "as_of", "parts"):
            if source == self.source:
                last_words[key] = bytes(digest), when or LONG_AGO
                self.said[key] = bytes(parts)
                continue
            self.shared.add(key)
            if when:
                others[key] = max(when, others.get(key, LONG_AGO))
        fresh = self._fresh(batch, last_words)
        if fresh:
            self.outdated = {
                key for key, seen in fresh.items() if LONG_AGO < seen.as_of < others.get(key, LONG_AGO)
            }
            self._write(fresh)

    def _fresh(
        self, batch: dict[str, Seen], last_words: dict[str, tuple[bytes, datetime]]
    ) -> dict[str, Seen]:
        """What is new or differs from this source's last word; counts the rest as unchanged."""
        fresh: dict[str, Seen] = {}
        newer: list[tuple[str, datetime]] = []
        for key, seen in batch.items():
            last = last_words.get(key)
            if last is None:
                fresh[key] = seen
            elif last[0] == seen.digest:
                self.summary.count(self.kind, "unchanged")
                if last[1] < seen.as_of:
                    newer.append((key, seen.as_of))
            elif LONG_AGO < seen.as_of < last[1]:
                # The source said this before it said what we have.
                self.summary.count(self.kind, "unchanged")
            else:
                fresh[key] = seen
        if newer:
            self._remember_when(newer)
        return fresh

    def _write(self, fresh: dict[str, Seen]) -> None:
        waiting, refused = len(self.waiting), len(self.summary.rejected)
        self.write([seen.record for seen in fresh.values()])  # type: ignore[misc]
        not_stored = {self.key(record) for record in self.waiting[waiting:]}
        not_stored |= {
            rejected.identifier for rejected in self.summary.rejected[refused:] if rejected.kind == self.kind
        }
        self._remember((key, seen) for key, seen in fresh.items() if storable(key)[:300] not in not_stored)

    def _remember(self, stored: Iterable[tuple[str, Seen]]) -> None:
        """Keeps the digests, so that the same words again change nothing."""
        upsert_rows(
            SourceRecord,
            ["source", "kind", "key", "digest", "as_of", "parts"],
            [
                (
                    self.source,
                    self.kind,
                    key,
                    seen.digest,
                    None if seen.as_of == LONG_AGO else seen.as_of,
                    self.parts_of(seen.record),  # type: ignore[arg-type]
                )
                for key, seen in stored
            ],
            unique=["source", "kind", "key"],
        )

    def _remember_when(self, newer: list[tuple[str, datetime]]) -> None:
        """The source said the same later: keeps when."""
        ids = dict(
            SourceRecord.objects.filter(
                source=self.source, kind=self.kind, key__in=[key for key, _when in newer]
            ).values_list("key", "id")
        )
        update_rows(SourceRecord, ["id", "as_of"], [(ids[key], when) for key, when in newer])
