"""Indicator T1 as it may be published: nothing under ten, and nothing from which that could be worked out.

A line shows all its numbers or none. Counties and House districts are left out: their numbers add up to those of
councils and Senate districts, which would give away what a county withholds. Only years that are over are published:
two tables of a year that runs would tell by their difference who came in between.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from partners.fiscal_year import Period
from surveys.results import SMALLEST
from surveys.suppression import is_safe, withheld_cells
from trainings.breakdowns import COARSE, NO_ORGANIZATION
from trainings.indicators import Participants, TrainingParticipants

_MEASURES = ("people", "organizations", "attendances", "enrolled", "completions")
_ALL = "all"


def can_be_published(period: Period, now: datetime) -> bool:
    """Whether the period is over."""
    return period.end <= now


def publishable(found: TrainingParticipants) -> TrainingParticipants:
    """T1 without small numbers. What leaders told never has any."""
    total = found.total
    if any(0 < getattr(total, name) < SMALLEST for name in _MEASURES):
        return replace(found, total=_gone(total), parts=[], breakdowns=[], leaders=[])
    breakdowns = [
        (label, _thinned(rows, total)) for label, rows in found.breakdowns if str(label) in map(str, COARSE)
    ]
    is_known = is_safe([total.placed, total.people - total.placed]) and not any(
        row.is_withheld and str(row.label) == str(NO_ORGANIZATION)
        for _label, rows in breakdowns
        for row in rows
    )
    parts = [replace(row, has_coverage=False) for row in _thinned(found.parts, total)]
    return replace(found, total=replace(total, has_coverage=is_known), parts=parts, breakdowns=breakdowns)


def _thinned(rows: Sequence[Participants], total: Participants) -> list[Participants]:
    """The lines of one table; where its total would have to go, every line goes."""
    hidden: set[object] = set()
    for name in _MEASURES:
        numbers: dict[object, int] = {place: getattr(row, name) for place, row in enumerate(rows)}
        places = list(numbers)
        hidden |= withheld_cells({**numbers, _ALL: getattr(total, name)}, [], [(_ALL, places)])
    return [_gone(row) if _ALL in hidden or place in hidden else row for place, row in enumerate(rows)]


def _gone(row: Participants) -> Participants:
    return Participants(row.label, is_withheld=True, has_coverage=False)
