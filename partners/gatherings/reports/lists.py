"""The list that Teams gives during a meeting: a line each time somebody joined or left."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from partners.gatherings.reports import columns
from partners.gatherings.reports.blocks import LONGEST_NAME, Block, Entry, Problem
from partners.gatherings.reports.times import Reading


def from_actions(block: Block, reading: Reading, problems: list[Problem]) -> Iterator[Entry]:
    """Turns joining and leaving into stretches of time. Who had not left stays until the list's last moment."""
    moments: list[tuple[datetime, int, str, bool, list[str]]] = []
    for row in block.rows:
        shown, words = block.cell(row, columns.NAME)[:LONGEST_NAME], block.cell(row, columns.MOMENT)
        moment = reading.moment(words, in_utc=block.is_utc(columns.MOMENT))
        if not shown or moment is None:
            problems.append(Problem(row.line, _("There is no name, or no date and time that we can read.")))
            continue
        leaves = columns.plain(block.cell(row, columns.ACTION)) in columns.LEFT_WORDS
        moments.append((moment, row.line, shown, leaves, row.cells))
    last = max((moment for moment, *_rest in moments), default=None)
    there: dict[str, datetime] = {}
    for moment, line, shown, leaves, cells in sorted(moments, key=lambda one: (one[0], one[1])):
        if not leaves:
            there.setdefault(shown, moment)
            yield Entry(line, shown, "", joined=moment, left=moment, cells=cells)
        elif shown in there:
            yield Entry(line, shown, "", joined=there.pop(shown), left=moment, cells=cells)
    for shown, since in there.items():
        yield Entry(0, shown, "", joined=since, left=last)
