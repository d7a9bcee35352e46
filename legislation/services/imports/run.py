"""One run over a source's records: each goes to the importer of its kind, and what came in is stored as it comes."""

from collections.abc import Callable, Iterable
from datetime import datetime
from time import monotonic
from typing import Any

from django.utils import timezone

from legislation.records import (
    AnyRecord,
    CommitteeRecord,
    DistrictRecord,
    HearingRecord,
    LegislatorRecord,
    MeasureRecord,
    Record,
    Rejected,
    RollCallRecord,
    SlipRecord,
    ZipCodeRecord,
)
from legislation.services.imports.base import Importer, Summary
from legislation.services.imports.committees import CommitteeImporter
from legislation.services.imports.hearings import HearingImporter
from legislation.services.imports.measures import MeasureImporter
from legislation.services.imports.people import LegislatorImporter
from legislation.services.imports.places import DistrictImporter, ZipCodeImporter
from legislation.services.imports.roll_calls import RollCallImporter
from legislation.services.imports.slips import SlipImporter
from legislation.services.names import settle_readings
from legislation.sources.base import Progress, SourceBroken, SourceUnavailable

OnProgress = Callable[[Progress | None, int, Summary], None]

# In the order in which what was collected is stored: whoever is named comes before whoever names them.
IMPORTERS: dict[type[Record], type[Importer[Any]]] = {
    DistrictRecord: DistrictImporter,
    ZipCodeRecord: ZipCodeImporter,
    LegislatorRecord: LegislatorImporter,
    CommitteeRecord: CommitteeImporter,
    MeasureRecord: MeasureImporter,
    RollCallRecord: RollCallImporter,
    HearingRecord: HearingImporter,
    SlipRecord: SlipImporter,
}
# A source may pause after every record; a transaction for each would take longer than the records. What is lost when
# the machine dies is this much, and is read again.
STORE_AFTER_SECONDS = 1.0
STORE_AFTER_RECORDS = 1000
SIGN_OF_LIFE_RECORDS = 250


class _Run:
    """The importers of one run, made as their records appear."""

    def __init__(
        self, source: str, observed_at: datetime, summary: Summary, on_progress: OnProgress | None
    ) -> None:
        self.source = source
        self.observed_at = observed_at
        self.summary = summary
        self.on_progress = on_progress
        self.importers: dict[type[Record], Importer[Any]] = {}
        self.done = 0
        self.stored_at = monotonic()
        # The source's last pause; what came before it may not be stored yet.
        self.paused: Progress | None = None

    def take(self, records: Iterable[AnyRecord | Progress]) -> None:
        for item in records:
            if isinstance(item, Progress):
                self.pause(item)
                continue
            self.done += 1
            if isinstance(item, Rejected):
                self.summary.reject(item.kind, item.identifier, item.reason)
            else:
                self.importer(type(item)).add(item)
            if self.done % SIGN_OF_LIFE_RECORDS == 0:
                self.tell(None)

    def importer(self, of: type[Record]) -> Importer[Any]:
        if of not in self.importers:
            self.importers[of] = IMPORTERS[of](
                source=self.source, observed_at=self.observed_at, summary=self.summary
            )
        return self.importers[of]

    @property
    def in_order(self) -> list[Importer[Any]]:
        return [self.importers[of] for of in IMPORTERS if of in self.importers]

    def pause(self, progress: Progress) -> None:
        """Stores what came in, unless that was just done; only what is stored counts as done."""
        self.paused = progress
        pending = sum(importer.pending for importer in self.in_order)
        if pending < STORE_AFTER_RECORDS and monotonic() - self.stored_at < STORE_AFTER_SECONDS:
            if pending:
                progress = Progress(total=progress.total)
            self.tell(progress)
            return
        self.store()
        self.tell(progress)

    def store(self) -> None:
        for importer in self.in_order:
            importer.flush()
        self.stored_at = monotonic()

    def finish(self) -> None:
        """Stores the rest, takes up once more what had to wait, and names what waits still."""
        self.store()
        for importer in self.in_order:
            importer.retry_waiting()
            for record in importer.waiting:
                self.summary.reject(importer.kind, importer.key(record), importer.waits_for(record))
        settle_readings()
        self.tell(self.paused)

    def tell(self, progress: Progress | None) -> None:
        if self.on_progress is not None:
            self.on_progress(progress, self.done, self.summary)


def import_records(
    records: Iterable[AnyRecord | Progress],
    *,
    source: str,
    observed_at: datetime | None = None,
    on_progress: OnProgress | None = None,
    summary: Summary | None = None,
) -> Summary:
    """Takes in all records. What came before an error of the source is stored before the error goes on.

    `on_progress` is called with each `Progress` (with its cursor only when everything before it is stored), every
    250 records and at the end, with the number of records so far. `summary` lets a caller keep what was counted
    when the source breaks off.
    """
    run = _Run(
        source, observed_at or timezone.now(), summary if summary is not None else Summary(), on_progress
    )
    try:
        run.take(records)
    except (SourceUnavailable, SourceBroken):
        run.finish()
        raise
    run.finish()
    return run.summary
