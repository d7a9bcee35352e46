"""One measure on its way in: what the record says, what is stored, and what changes because of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntFlag
from typing import Any, NamedTuple

from django.db.models import Model

from legislation.models import BillAction, BillDocument, BillEvent, Sponsorship
from legislation.records import ActionRecord, Day, MeasureRecord

Kind = BillEvent.Kind

LINE_COLUMNS = (
    "id",
    "bill_id",
    "position",
    "chamber",
    "date",
    "happened_on",
    "description",
    "rule",
    "stage",
    "removed_on",
)
SPONSOR_COLUMNS = (
    "id",
    "bill_id",
    "legislator_id",
    "name",
    "chamber",
    "role",
    "position",
    "added_on",
    "removed_on",
)
DOCUMENT_COLUMNS = (
    "id",
    "bill_id",
    "kind",
    "note",
    "date",
    "chamber",
    "amendment_number",
    "fate",
    "replaces_everything",
    "html_url",
    "pdf_url",
    "position",
)
EVENT_COLUMNS = ("bill_id", "kind", "key", "before", "after", "is_news", "happened_on", "observed_at")
# Of a measure's own row, what a record may change.
BILL_COLUMNS = (
    "ocd_id",
    "title",
    "synopsis",
    "stage",
    "stage_on",
    "furthest_stage",
    "current_chamber",
    "committee_name",
    "committee_id",
    "introduced_on",
    "last_action",
    "last_action_on",
    "public_act",
    "effective_on",
    "replaces_everything",
    "source_url",
    "told",
)


class Part(IntFlag):
    """What a record may speak of, in the order of `parts_of`."""

    TITLE = 1
    SYNOPSIS = 2
    SPONSORSHIPS = 4
    ACTIONS = 8
    DOCUMENTS = 16


PARTS = {part: part.name.lower() for part in Part if part.name}


class Line(NamedTuple):
    """A stored line of a history (`BillAction`), in the order of `LINE_COLUMNS`."""

    id: int
    bill_id: int
    position: int
    chamber: str
    date: Day
    happened_on: Day
    description: str
    rule: str
    stage: str
    removed_on: Day | None

    @property
    def record(self) -> ActionRecord:
        return ActionRecord(self.chamber, self.date, self.description)


class Sponsor(NamedTuple):
    """A stored `Sponsorship`, in the order of `SPONSOR_COLUMNS`."""

    id: int
    bill_id: int
    legislator_id: int | None
    name: str
    chamber: str
    role: str
    position: int
    added_on: date | None
    removed_on: date | None


class Document(NamedTuple):
    """A stored `BillDocument`, in the order of `DOCUMENT_COLUMNS`."""

    id: int
    bill_id: int
    kind: str
    note: str
    date: Day | None
    chamber: str
    amendment_number: int | None
    fate: str
    replaces_everything: bool
    html_url: str
    pdf_url: str
    position: int


@dataclass(slots=True)
class Stored:
    """What the database holds of a measure. Without `id` it is not there yet."""

    id: int | None = None
    first_seen_at: datetime | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    sponsors: list[Sponsor] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    event_keys: set[tuple[str, str]] = field(default_factory=set)  # kind and key

    @property
    def printed(self) -> list[Line]:
        """The lines that the source still prints."""
        return [line for line in self.lines if line.removed_on is None]


Rows = list[tuple[Any, ...]]


@dataclass(slots=True)
class Writes:
    """Rows to be written at the end of a batch, by table. New ones carry no id, except measures."""

    new_bills: Rows = field(default_factory=list)
    changed_bills: Rows = field(default_factory=list)
    new: dict[type[Model], Rows] = field(
        default_factory=lambda: {BillAction: [], Sponsorship: [], BillDocument: []}
    )
    changed: dict[type[Model], Rows] = field(
        default_factory=lambda: {BillAction: [], Sponsorship: [], BillDocument: []}
    )
    # Events of measures that are new themselves cannot be there yet; the others may.
    first_events: Rows = field(default_factory=list)
    events: Rows = field(default_factory=list)


@dataclass(slots=True)
class Case:
    """One measure on its way in."""

    bill_id: int
    record: MeasureRecord
    stored: Stored
    is_first: bool  # nobody has told of the measure before
    today: date  # the day the source looked, in Illinois
    observed_at: datetime
    session_over: bool
    writes: Writes
    touched: bool = False
    told: int = 0
    # The measure's lines as they stand after this record, for whatever is read from them.
    actions: Sequence[ActionRecord] = ()
    fields: dict[str, Any] = field(default_factory=dict)

    def is_first_of(self, part: Part) -> bool:
        """Whether nobody has spoken of this part before: then it is history, not news."""
        return self.is_first or not self.told & part

    def note(
        self,
        kind: BillEvent.Kind,
        key: str,
        *,
        before: str = "",
        after: str = "",
        on: date | None = None,
        is_news: bool = True,
    ) -> None:
        """Writes down an event. What happens again, such as a title that goes back and forth, is counted in the key."""
        self.touched = True
        key, known, times = key[:190], self.stored.event_keys, 1
        counted = key
        while (kind.value, counted) in known:
            times += 1
            counted = f"{key} {times}"
        known.add((kind.value, counted))
        rows = self.writes.first_events if self.stored.id is None else self.writes.events
        rows.append((self.bill_id, kind.value, counted, before, after, is_news, on, self.observed_at))

    def add(self, table: type[Model], row: tuple[Any, ...]) -> None:
        """A new row: the table's columns without the id."""
        self.touched = True
        self.writes.new[table].append(row)

    def change(self, table: type[Model], row: tuple[Any, ...]) -> None:
        """A stored row with its new values, the id first."""
        self.touched = True
        self.writes.changed[table].append(row)
