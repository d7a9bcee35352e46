"""Indicator R1 as it may be published: nothing under ten, and nothing from which that could be worked out.

Only years that are over are published: two tables of a year that still runs would tell by their difference who came in
between.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from partners.fiscal_year import FiscalYear
from research.indicators.participant_answers import ToldOf
from research.indicators.participants import Column, ResearchParticipants, Row, Table, research_participants
from surveys.results import SMALLEST
from surveys.suppression import withheld_cells

Place = tuple[int, int]


def can_be_published(year: FiscalYear, now: datetime) -> bool:
    """Whether the year is over."""
    return year.end <= now


def published_participants(year: FiscalYear, now: datetime) -> ResearchParticipants:
    """R1 of a year that is over, as it may be published."""
    if not can_be_published(year, now):
        raise ValueError("A year that still runs is not published.")
    return publishable(research_participants(year, now))


def publishable(found: ResearchParticipants) -> ResearchParticipants:
    """The same without small numbers. Projects of fewer than ten are told together."""
    parts = _parts([count or 0 for count in found.total[:-1]])
    if parts is None:
        total: list[int | None] = [None if found.people else 0]
        tables = [Table(table.label, [], table.adds_up) for table in found.tables]
        return replace(
            found,
            columns=[],
            total=total,
            tables=tables,
            told=[],
            for_publication=True,
        )
    alone = {pk for part in parts if len(part) == 1 for pk in found.columns[part[0]].projects}
    told = [of for of in found.told if of.pk in alone and _can_tell(of, found)]
    return replace(
        found,
        columns=[_column(found.columns, part) for part in parts],
        total=_merged(found.total, parts),
        tables=[_thinned(table, parts, found.total) for table in found.tables],
        told=told,
        for_publication=True,
    )


def _can_tell(told: ToldOf, found: ResearchParticipants) -> bool:
    """Whether not just a few of a project's participants took part in other years alone."""
    count = next(
        people or 0
        for column, people in zip(found.columns, found.total, strict=False)
        if told.pk in column.projects
    )
    return not 0 < told.participants - count < SMALLEST


def _parts(counts: Sequence[int]) -> list[list[int]] | None:
    """Which columns are told together so that each has ten participants at least; None where all have fewer."""
    if sum(counts) < SMALLEST:
        return None
    large = [place for place, count in enumerate(counts) if count >= SMALLEST]
    small = [place for place, count in enumerate(counts) if 0 < count < SMALLEST]
    if not small:
        return [[place] for place in large]
    while sum(counts[place] for place in small) < SMALLEST or len(small) < 2:
        smallest = min(large, key=lambda place: counts[place])
        large.remove(smallest)
        small.append(smallest)
    return [*([place] for place in large), sorted(small)]


def _column(columns: Sequence[Column], part: Sequence[int]) -> Column:
    if len(part) == 1:
        return columns[part[0]]
    projects = frozenset(pk for place in part for pk in columns[place].projects)
    return Column(_("%(n)d projects together") % {"n": len(part)}, projects)


def _merged(people: Sequence[int | None], parts: Sequence[Sequence[int]]) -> list[int | None]:
    return [*(sum(people[place] or 0 for place in part) for part in parts), people[-1]]


def _thinned(table: Table, parts: Sequence[Sequence[int]], total: Sequence[int | None]) -> Table:
    """One table with its margins, which every other table shows too: where one of them would have to go, all goes."""
    grid = [[count or 0 for count in _merged(row.people, parts)] for row in table.rows]
    margins = [count or 0 for count in _merged(total, parts)]
    height, width = len(grid), len(margins)
    lines = [*grid, margins]
    numbers = {(y, x): count for y, line in enumerate(lines) for x, count in enumerate(line)}
    # Where people stand on several lines, a number tells of those who are not on its line, too.
    others = (
        {}
        if table.adds_up
        else {(y, x): margins[x] - count for y, line in enumerate(grid) for x, count in enumerate(line)}
    )
    # The column of all projects repeats the only one there is.
    single = width == 2
    rows = [((y, width - 1), [(y, x) for x in range(width - 1)]) for y in range(height + 1)]
    columns = [((height, x), [(y, x) for y in range(height)]) for x in range(width)]
    across = [] if single else rows
    hidden: set[Place] = set()
    while True:
        more = withheld_cells(numbers, [], [*across, *columns], also=sorted(hidden))
        if others and not any((height, x) in more for x in range(width)):
            more |= withheld_cells(others, [], across[:height], also=sorted(more))
        if more == hidden:
            break
        hidden = more
    if any((height, x) in hidden for x in range(width)):
        return Table(table.label, [], table.adds_up)
    return Table(
        table.label,
        [
            Row(
                row.label,
                [None if _is_gone(hidden, y, x, single) else count for x, count in enumerate(grid[y])],
                row.is_unknown,
            )
            for y, row in enumerate(table.rows)
        ],
        table.adds_up,
    )


def _is_gone(hidden: set[Place], y: int, x: int, single: bool) -> bool:
    return any((y, place) in hidden for place in ((0, 1) if single else (x,)))
