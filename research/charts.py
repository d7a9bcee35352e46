"""Charts of reports and findings: geometry in percent, drawn by two small templates beside their tables.

    {% include "components/chart_bar.html" with chart=chart n=1 only %}
    {% include "components/chart_line.html" with chart=chart n=1 only %}

Everything is placed in percent of the drawing, so that nothing is stretched, words keep their size on a phone, colors come
from the stylesheet in both schemes, and the content security policy has nothing to refuse. A chart never stands
alone: its table says the same.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.formats import number_format
from django.utils.translation import gettext as _

Number = float | int
# Room behind the longest bar, so that it does not look like the whole.
FULL = 96.0
# Where the lines' plot lies in the drawing, in percent; the rest is for the words at its edges.
LEFT, RIGHT, TOP, BOTTOM = 11.0, 93.0, 6.0, 88.0
MOST_SERIES = 4
# What the labels below have room for on a phone, in letters with the blanks between them.
LETTERS = 44
_DOTS = (
    "M-4.5 0A4.5 4.5 0 1 1 4.5 0 4.5 4.5 0 1 1-4.5 0Z",
    "M-4-4H4V4H-4Z",
    "M0-5.5 5.5 0 0 5.5-5.5 0Z",
    "M0-5 5 4H-5Z",
)


@dataclass(frozen=True)
class Bar:
    """One bar from `x` on, `width` wide, both in percent; `name` is its series where there are several."""

    name: str
    shown: str
    x: float
    width: float
    kind: int
    is_known: bool


@dataclass(frozen=True)
class BarRow:
    """The bars of one row of the table."""

    label: str
    bars: list[Bar]


@dataclass(frozen=True)
class BarChart:
    """Rows of bars on one scale. `zero`: where nothing lies, in percent; 0 unless figures are negative."""

    title: str
    unit: str
    rows: list[BarRow]
    zero: float
    has_series: bool


@dataclass(frozen=True)
class Point:
    """One figure of a line, in percent of the drawing from its upper left corner."""

    x: float
    y: float
    label: str
    shown: str


@dataclass(frozen=True)
class Segment:
    """A piece of a line between two figures that follow each other."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Line:
    """One series. A figure that is missing leaves a gap. `kind` counts from 1 and names color, dashes and dots."""

    name: str
    kind: int
    points: list[Point]
    segments: list[Segment]

    @property
    def dot(self) -> str:
        """The path of its dots around their middle: a circle, a square, a diamond or a triangle."""
        return _DOTS[self.kind - 1]


@dataclass(frozen=True)
class Mark:
    """A word at an edge: a step of the scale at `at` percent from the top, or a label at `at` percent from the left."""

    at: float
    words: str


@dataclass(frozen=True)
class LineChart:
    """Lines over the same labels on one scale."""

    title: str
    unit: str
    lines: list[Line]
    steps: list[Mark]
    labels: list[Mark]


def places_of(values: Sequence[object], unit: str = "") -> int:
    """How many decimals figures of one column need, so that all of them show as many: two where cents are among dollars."""
    found = 0
    for value in values:
        if isinstance(value, float) and value != int(value):
            found = max(found, len(f"{abs(value):.4f}".rstrip("0").partition(".")[2]))
    return 2 if found and _is_money(unit) else found


def _is_money(unit: str) -> bool:
    return unit.strip().lower().startswith(("dollar", "$", "us dollar"))


def figure(value: Number | None, unit: str = "", places: int | None = None) -> str:
    """A number as readers see it: `$18.50` where the unit is dollars, `12.5%` where it is percent, else `1,240`."""
    if value is None:
        return _("no figure")
    places = places_of([value], unit) if places is None else places
    shown = number_format(round(abs(value), places), decimal_pos=places, force_grouping=True)
    sign = "−" if value < 0 else ""
    percent = "%" if unit.strip().lower().startswith(("%", "percent")) else ""
    return f"{sign}{'$' if _is_money(unit) else ''}{shown}{percent}"


def bar_chart(
    rows: Sequence[tuple[str, Sequence[Number | None]]],
    *,
    title: str = "",
    unit: str = "",
    series: Sequence[str] = (),
) -> BarChart:
    """Bars for each `(label, figures)`; `series` names several figures of a row; None is said to be missing."""
    known = [value for _label, values in rows for value in values if value is not None]
    low = min([0, *known])
    span = (max([0, *known]) - low) or 1
    zero, places = FULL * -low / span, places_of(known, unit)

    def bar(place: int, value: Number | None) -> Bar:
        width = FULL * abs(value or 0) / span
        return Bar(
            name=series[place] if place < len(series) else "",
            shown=figure(value, unit, places),
            x=_part(zero - width if (value or 0) < 0 else zero),
            width=_part(width),
            kind=place % MOST_SERIES + 1,
            is_known=value is not None,
        )

    made = [
        BarRow(label, [bar(place, value) for place, value in enumerate(values)]) for label, values in rows
    ]
    return BarChart(title, unit, made, _part(zero), any(len(row.bars) > 1 for row in made))


def line_chart(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[Number | None]]],
    *,
    title: str = "",
    unit: str = "",
) -> LineChart:
    """Lines over `labels`, such as fiscal years, for each `(name, figures)`; the scale begins at nothing or below."""
    series = series[:MOST_SERIES]
    known = [value for _name, values in series for value in values if value is not None]
    ticks = _ticks(min([0, *known]), max([0, *known]))
    low, high = ticks[0], ticks[-1]
    places = places_of(known, unit)

    def x(place: int) -> float:
        return _part(LEFT + (RIGHT - LEFT) * (place / (len(labels) - 1) if len(labels) > 1 else 0.5))

    def y(value: Number) -> float:
        return _part(BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low))

    lines = []
    for kind, (name, values) in enumerate(series, 1):
        points = [
            None if value is None else Point(x(place), y(value), labels[place], figure(value, unit, places))
            for place, value in enumerate(values[: len(labels)])
        ]
        lines.append(Line(name, kind, [point for point in points if point], _segments(points)))
    tick_places = places_of(ticks, unit)
    steps = [Mark(y(tick), figure(tick, unit, tick_places)) for tick in ticks]
    return LineChart(title, unit, lines, steps, _label_marks(labels, x))


def _segments(points: Sequence[Point | None]) -> list[Segment]:
    """The pieces between figures that follow each other: none over a gap."""
    return [Segment(a.x, a.y, b.x, b.y) for a, b in pairwise(points) if a and b]


def _label_marks(labels: Sequence[str], x: Callable[[int], float]) -> list[Mark]:
    """As many labels as a phone has room for: always the first and the last, the others at even distances."""
    last = len(labels) - 1
    most = max(2, LETTERS // (max((len(label) for label in labels), default=0) + 1))
    every = max(1, math.ceil(last / (most - 1)))
    shown = [place for place in range(0, last + 1, every) if place == 0 or last - place >= every]
    return [Mark(x(place), labels[place]) for place in dict.fromkeys([*shown, last]) if last >= 0]


def _ticks(low: Number, high: Number) -> list[float]:
    """Round steps of a scale that holds everything: at most six of 1, 2 or 5 times a power of ten."""
    span = (high - low) or 1
    rough = span / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(place * step, 10) for place in range(first, max(last, first + 1) + 1)]


def _part(number: float) -> float:
    return round(number, 2)
