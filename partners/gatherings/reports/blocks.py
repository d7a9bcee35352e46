"""The parts of a report: headings over people, and what each line under them says of one person."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from mailing.addresses import is_address, normalize_address
from partners.gatherings.reports import columns
from partners.gatherings.reports.decoding import Row
from partners.gatherings.reports.names import name_key
from partners.gatherings.reports.times import Reading, minutes_in

LONGEST_NAME = 200
_NOTHING = {"", "-", "--", "n/a"}


@dataclass(frozen=True)
class Problem:
    """A line that was left out, and why."""

    line: int
    words: str


@dataclass
class Entry:
    """One line about one person. `spans` says that they may have been away between its two moments."""

    line: int
    shown: str
    email: str
    joined: datetime | None = None
    left: datetime | None = None
    minutes: float | None = None
    spans: bool = False
    cells: list[str] = field(default_factory=list)


@dataclass
class Block:
    """A heading over people, and the lines under it."""

    places: dict[str, int]
    heading: list[str]
    rows: list[Row] = field(default_factory=list)

    def cell(self, row: Row, column: str) -> str:
        place = self.places.get(column, -1)
        words = row.cells[place] if 0 <= place < len(row.cells) else ""
        return "" if words in _NOTHING else words

    def is_utc(self, column: str) -> bool:
        return column in self.places and "(utc)" in self.heading[self.places[column]].lower()


def blocks_of(rows: list[Row]) -> list[Block]:
    blocks: list[Block] = []
    filled = [row for row in rows if not row.is_blank]
    for place, row in enumerate(filled):
        if places := columns.headings_of(row.cells):
            blocks.append(Block(places, row.cells))
        elif blocks and not _is_title(row, filled[place + 1 : place + 2]):
            blocks[-1].rows.append(row)
    return blocks


def _is_title(row: Row, following: list[Row]) -> bool:
    """Whether a line is the title of the next part: one cell, and a heading under it."""
    return row.is_title and bool(following) and bool(columns.headings_of(following[0].cells))


def entries_of(block: Block, reading: Reading, problems: list[Problem]) -> Iterator[Entry]:
    """The lines of a block about people who were there."""
    for row in block.rows:
        attended = columns.plain(block.cell(row, columns.ATTENDED))
        waits = columns.plain(block.cell(row, columns.WAITING)) in columns.YES
        if waits or (attended and attended not in columns.YES):
            continue
        entry = _entry(block, row)
        if not entry.shown and not entry.email:
            problems.append(Problem(row.line, _("There is no name and no e-mail address.")))
            continue
        if trouble := _read_times(entry, block, row, reading):
            problems.append(Problem(row.line, trouble))
            continue
        yield entry


def _entry(block: Block, row: Row) -> Entry:
    given = f"{block.cell(row, columns.FIRST)} {block.cell(row, columns.LAST)}".strip()
    shown = block.cell(row, columns.NAME) or given
    if given and name_key(given) != name_key(shown):
        shown = f"{shown} ({given})"
    email = normalize_address(block.cell(row, columns.EMAIL))
    if not is_address(email):
        email = normalize_address(block.cell(row, columns.ACCOUNT))
    return Entry(row.line, shown[:LONGEST_NAME], email if is_address(email) else "", cells=row.cells)


def _read_times(entry: Entry, block: Block, row: Row, reading: Reading) -> str:
    """Fills in when somebody was there; what is wrong with it, or ""."""
    entry.spans = columns.SINCE in block.places
    came, went = (columns.SINCE, columns.UNTIL) if entry.spans else (columns.JOINED, columns.LEFT)
    moments = []
    for column in (came, went):
        words = block.cell(row, column)
        moment = reading.moment(words, in_utc=block.is_utc(column)) if words else None
        if words and moment is None:
            return _("“%(words)s” is not a date and time that we can read.") % {"words": words[:60]}
        moments.append(moment)
    entry.joined, entry.left = moments
    words = block.cell(row, columns.MINUTES)
    entry.minutes = minutes_in(words) if words else None
    if words and entry.minutes is None:
        return _("“%(words)s” is not a length of time that we can read.") % {"words": words[:60]}
    if entry.joined and entry.left and entry.left < entry.joined:
        return _("It says that they left before they came.")
    if entry.joined and entry.left is None and entry.minutes is not None:
        entry.left = entry.joined + timedelta(minutes=entry.minutes)
    if entry.joined is None and entry.minutes is None:
        return _("It does not say when they were there.")
    return ""
