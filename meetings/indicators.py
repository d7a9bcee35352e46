"""Indicator P4, attendees at Local Area Council meetings: its one definition, in code and in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.equity import Look, Panel, panels
from meetings.models import Attendance, Event
from partners.fiscal_year import Period
from partners.models import Area
from surveys.results import SMALLEST
from surveys.suppression import is_safe, withheld_cells

COUNCIL_ATTENDANCE_DEFINITION = gettext_lazy(
    "People who attended a meeting of a Local Area Council in the period; those who only registered do not count. "
    "People and organizations are counted once in each cell, so cells do not add up to their totals; every attendance "
    "is a visit. A person's organization is the one at the time of the meeting; a meeting counts for the council that "
    "held it. The share of underrepresented organizations among those that attended stands beside the same share "
    "among active partners of the area: partners that are active today and had joined by the end of the period, by "
    "what was known on its last day, or today while it runs. Internal events are counted apart."
)


@dataclass(frozen=True)
class Cell:
    """One council, or all of them, in one part of the period; numbers that are withheld are None."""

    area: Area | None
    period: Period
    panel: Panel
    people: int | None = 0
    organizations: int | None = 0
    visits: int | None = 0
    # Whether shares, coverage and gap can be told.
    has_shares: bool = True

    @property
    def label(self) -> str:
        return str(self.area) if self.area else _("All councils")

    @property
    def numbers(self) -> tuple[int | None, int | None, int | None]:
        """People, organizations, visits."""
        return self.people, self.organizations, self.visits


@dataclass(frozen=True)
class CouncilAttendance:
    """Indicator P4 for a period and its parts. `rows` holds each council's cells, `total` those of all of them.

    Each begins with the parts and ends with the whole period.
    """

    period: Period
    parts: Sequence[Period]
    rows: list[list[Cell]]
    total: list[Cell]
    # People and visits at internal events, which count in none of the other numbers.
    internal: tuple[int | None, int | None] = (0, 0)
    for_publication: bool = False
    definition: str | Promise = field(default=COUNCIL_ATTENDANCE_DEFINITION)

    @property
    def whole(self) -> Cell:
        """All councils in the whole period."""
        return self.total[-1]

    @property
    def lines(self) -> Iterator[list[Cell]]:
        """All councils together, then each."""
        yield self.total
        yield from self.rows


def council_attendance(
    period: Period, now: datetime, *, parts: Sequence[Period] = (), areas: Sequence[Area] | None = None
) -> CouncilAttendance:
    """P4 of a period and of its parts, such as a fiscal year and its quarters; parts to come are left out.

    Three queries.
    """
    parts = [part for part in parts if part.start <= now]
    spans = [*parts, period]
    found = panels([Look(span) for span in spans], now)
    areas = list(Area.objects.all()) if areas is None else areas

    def line(area: Area | None) -> list[Cell]:
        key = area.pk if area else None
        return [_cell(area, span, found.get((place, key), Panel())) for place, span in enumerate(spans)]

    return CouncilAttendance(
        period, parts, [line(area) for area in areas], line(None), internal_attendance(period)
    )


def internal_attendance(period: Period) -> tuple[int, int]:
    """People and visits at internal events such as retreats of board and staff. One query."""
    came = Attendance.objects.attended().filter(
        event__kind=Event.Kind.INTERNAL, event__starts_at__gte=period.start, event__starts_at__lt=period.end
    )
    found = came.aggregate(people=Count("person", distinct=True), visits=Count("pk"))
    return found["people"], found["visits"]


def _cell(area: Area | None, period: Period, panel: Panel) -> Cell:
    return Cell(area, period, panel, panel.people, panel.attending.organizations, panel.visits)


# --- For publication --------------------------------------------------------------------------------------------


def publishable(found: CouncilAttendance) -> CouncilAttendance:
    """The same without numbers under ten, and without those from which they could be worked out."""
    grid = [found.total, *found.rows]
    gone = {name: _withheld(grid, name) for name in ("people", "organizations", "visits")}
    safe = _safe_shares(grid)
    shown = [
        [
            replace(
                cell,
                people=None if (y, x) in gone["people"] else cell.people,
                organizations=None if (y, x) in gone["organizations"] else cell.organizations,
                visits=None if (y, x) in gone["visits"] else cell.visits,
                has_shares=(y, x) in safe and (y, x) not in gone["organizations"],
            )
            for x, cell in enumerate(line)
        ]
        for y, line in enumerate(grid)
    ]
    people, visits = found.internal
    if any(number is not None and 0 < number < SMALLEST for number in (people, visits)):
        people = visits = None
    return replace(found, total=shown[0], rows=shown[1:], internal=(people, visits), for_publication=True)


def _withheld(grid: list[list[Cell]], name: str) -> set[tuple[int, int]]:
    """Cells of one kind of number to keep back: the table with its totals, by row and by column.

    People who came twice make a total smaller than its parts; what is safe with exact sums is safe with these too.
    """
    numbers = {(y, x): getattr(cell, name) for y, line in enumerate(grid) for x, cell in enumerate(line)}
    height, width = len(grid), len(grid[0])
    councils = [((0, x), [(y, x) for y in range(1, height)]) for x in range(width)]
    years = [((y, width - 1), [(y, x) for x in range(width - 1)]) for y in range(height)]
    return withheld_cells(numbers, [], [*councils, *years])


def _safe_shares(grid: list[list[Cell]]) -> set[tuple[int, int]]:
    """Cells whose shares can be told. One council alone is never missing: the total would give it away."""
    safe = set()
    for x in range(len(grid[0])):
        fine = [y for y in range(len(grid)) if _shares_are_safe(grid[y][x].panel)]
        councils = [y for y in fine if y]
        if len(grid) - 1 - len(councils) == 1:
            # Exactly one is missing, so another one goes with it, or the total where there is no other.
            smallest = min(councils, key=lambda y: grid[y][x].panel.attending.organizations, default=0)
            fine = [y for y in fine if y != smallest]
        safe |= {(y, x) for y in fine}
    return safe


def _shares_are_safe(panel: Panel) -> bool:
    return all(
        is_safe([side.yes, side.no, side.declined, side.unknown])
        for side in (panel.attending, panel.partners)
    )


# --- As a table -------------------------------------------------------------------------------------------------

Row = list[object]


def p4_rows(found: CouncilAttendance) -> Iterator[Row]:
    """A line for each council and part of the period, all councils first; the definitions at the end."""
    yield [
        _("council"),
        _("period"),
        _("people"),
        _("organizations"),
        _("visits"),
        _("attending organizations: underrepresented, %"),
        _("attending organizations: coverage, %"),
        _("active partners of the area: underrepresented, %"),
        _("active partners of the area: coverage, %"),
        _("difference, percentage points"),
    ]
    for line in found.lines:
        for cell in line:
            yield [
                cell.label,
                cell.period.label,
                *map(_number, cell.numbers),
                *_shares(cell),
            ]
    people, visits = found.internal
    yield [_("Internal events, counted apart"), found.period.label, _number(people), "", _number(visits)]
    yield [str(found.definition)]
    if found.for_publication:
        yield [
            _("Numbers under %(n)d, and those from which they could be worked out, are withheld.")
            % {"n": SMALLEST}
        ]


def _number(number: int | None) -> object:
    return _("withheld") if number is None else number


def _shares(cell: Cell) -> list[object]:
    if not cell.has_shares:
        return [_("withheld")] * 5
    attending, partners = cell.panel.attending, cell.panel.partners
    numbers = [attending.share, attending.coverage, partners.share, partners.coverage, cell.panel.gap]
    return ["" if number is None else number for number in numbers]
