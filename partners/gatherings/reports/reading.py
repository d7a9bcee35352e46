"""A report read into one shape: every person once, with the time they were there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from django.utils.translation import gettext as _

from partners.fiscal_year import CHICAGO
from partners.gatherings.reports import columns
from partners.gatherings.reports.blocks import Block, Entry, Problem, blocks_of, entries_of
from partners.gatherings.reports.decoding import decode, rows_of
from partners.gatherings.reports.intervals import Interval, minutes_of, union
from partners.gatherings.reports.lists import from_actions
from partners.gatherings.reports.names import name_key, read_name
from partners.gatherings.reports.times import Reading, day_first

MOST_BYTES = 5_000_000
MOST_ROWS = 20_000


class ReportTrouble(ValueError):
    """The file cannot be read as a report at all. The message is for the person who uploaded it."""


@dataclass
class Participant:
    """One person of a report: the name they showed, their intervals without overlaps, and minutes over all of them."""

    name: str
    email: str
    shown: list[str]
    intervals: list[Interval]
    minutes: int | None
    rows: list[list[str]]


@dataclass
class Report:
    """What a file tells. `kind` is one of zoom_meeting, zoom_webinar, teams, teams_list."""

    kind: str
    participants: list[Participant]
    problems: list[Problem]


def read_report(data: bytes, *, held_on: date | None = None, zone: tzinfo = CHICAGO) -> Report:
    """Reads a report of Zoom or Teams by its content, whatever the file is called.

    `held_on` is the day on which people came together: it settles dates that can be read two ways. `zone` holds for
    times that name none. Raises `ReportTrouble`.
    """
    if len(data) > MOST_BYTES:
        raise ReportTrouble(_("The file is larger than 5 MB. An attendance report is much smaller."))
    rows = rows_of(decode(data))
    if len(rows) > MOST_ROWS:
        raise ReportTrouble(_("The file has more than 20,000 lines. Is it an attendance report?"))
    blocks = blocks_of(rows)
    if not blocks:
        raise ReportTrouble(
            _(
                "This is not an attendance report of Zoom or Teams that we can read. "
                "Download the report as a CSV file and upload it as it is."
            )
        )
    reading = Reading(_day_first(blocks, held_on), zone)
    problems: list[Problem] = []
    entries: list[Entry] = []
    for block in blocks:
        read = from_actions if columns.ACTION in block.places else entries_of
        entries += read(block, reading, problems)
    return Report(_kind(blocks), _people(entries), problems)


def _day_first(blocks: list[Block], held_on: date | None) -> bool:
    timed = (columns.JOINED, columns.LEFT, columns.SINCE, columns.UNTIL, columns.MOMENT)
    samples = (block.cell(row, column) for block in blocks for row in block.rows for column in timed)
    headings = " ".join(columns.plain(cell) for block in blocks for cell in block.heading)
    return day_first(samples, held_on=held_on, usual=bool(columns.DAY_FIRST_WORDS.search(headings)))


def _kind(blocks: list[Block]) -> str:
    found = {column for block in blocks for column in block.places}
    if columns.ACTION in found:
        return "teams_list"
    if found & {columns.SINCE, columns.ACCOUNT}:
        return "teams"
    return "zoom_webinar" if columns.ATTENDED in found else "zoom_meeting"


def _people(entries: Iterable[Entry]) -> list[Participant]:
    """Everybody once: by e-mail address, else by name. Who has an address on one device has it on all."""
    by_email: dict[str, list[Entry]] = {}
    by_name: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.email:
            by_email.setdefault(entry.email, []).append(entry)
        else:
            by_name.setdefault(name_key(read_name(entry.shown).best) or entry.shown, []).append(entry)
    owners: dict[str, set[str]] = {}
    for email, own in by_email.items():
        for entry in own:
            owners.setdefault(name_key(read_name(entry.shown).best), set()).add(email)
    for name, own in list(by_name.items()):
        if len(owners.get(name, ())) == 1:
            (email,) = owners[name]
            by_email[email] += [replace(entry, email=email) for entry in own]
            del by_name[name]
    return [_person(own) for own in (*by_email.values(), *by_name.values())]


def _person(entries: list[Entry]) -> Participant:
    """Several lines of one person as one."""
    exact = [entry for entry in entries if not entry.spans]
    intervals = union((entry.joined, entry.left) for entry in exact if entry.joined and entry.left)
    minutes: int | None = minutes_of(intervals) if intervals else None
    if not intervals:
        intervals = union((entry.joined, entry.left) for entry in entries if entry.joined and entry.left)
        # Between the first moment and the last they may have been away: the report's own sum knows.
        stated = [entry.minutes for entry in exact or entries if entry.minutes is not None]
        minutes = round(sum(stated)) if stated else None
        if intervals:
            most = minutes_of(intervals)
            minutes = most if minutes is None else min(minutes, most)
    shown = list(dict.fromkeys(entry.shown for entry in entries if entry.shown))
    names = [name for name in (read_name(one).best for one in shown) if name]
    email = next((entry.email for entry in entries if entry.email), "")
    name = names[0] if names else (shown[0] if shown else email)
    return Participant(name, email, shown, intervals, minutes, [entry.cells for entry in entries])
