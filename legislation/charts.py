"""The geometry of the budget's charts: bars as shares of a width, drawn by our own small SVG templates.

Altair with vl-convert was measured for this: importing it and drawing one chart adds about 115 MB to a process and
takes 0.6 s the first time; it writes colors into the drawing (no dark scheme), measures words in fonts that the page
does not use, and scales a whole drawing, words included, to a third on a phone. The charts here are a few bars with
words beside them in HTML: no memory, colors from the stylesheet, words that stay readable at any width, nothing that
the content security policy refuses. Each stands beside its table.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.formats import number_format

from legislation.models import AppropriationAsk, AppropriationFigure, BudgetYear

_Step = AppropriationFigure.Step
# Room behind the longest bar, so that it does not look like the whole.
FULL = 92.0


@dataclass(frozen=True)
class Bar:
    """One bar: `width` in percent of the drawing; `kind` names its look in the stylesheet."""

    label: str
    value: Decimal | float
    width: float
    kind: str


@dataclass(frozen=True)
class BarGroup:
    """Bars under one heading, such as a fiscal year."""

    label: str
    bars: list[Bar]


@dataclass(frozen=True)
class YearShare:
    """Human services' share of one budget year beside the baseline's and the year's before.

    `points`: percentage points above (or below) the baseline; `change`: growth in dollars over the year before, as a
    part of it; both None where there is nothing to compare with.
    """

    year: BudgetYear
    bar: Bar
    points: float | None
    change: float | None
    added: Decimal | None

    @property
    def points_words(self) -> str:
        """Such as `+1.2`."""
        return signed(self.points)

    @property
    def change_words(self) -> str:
        """Such as `−0.4%`."""
        return f"{signed(100 * self.change)}%" if self.change is not None else ""


@dataclass(frozen=True)
class ShareChart:
    """All years, and where the baseline lies, in percent of the drawing."""

    rows: list[YearShare]
    baseline: BudgetYear | None
    baseline_at: float | None


@dataclass(frozen=True)
class AskChart:
    """One appropriation ask over the years, with its figures by year and step for the table."""

    ask: AppropriationAsk
    groups: list[BarGroup]
    rows: list[tuple[str, list[AppropriationFigure | None]]] = field(default_factory=list)


def signed(number: float | None) -> str:
    """One decimal with its sign: `+1.2`, `−0.4`, and `0.0` for nothing, also where rounding left nothing."""
    if number is None:
        return ""
    rounded = round(number, 1)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + number_format(abs(rounded), decimal_pos=1)


def share_chart(years: Sequence[BudgetYear]) -> ShareChart:
    """Budget years, the earliest first, as bars from zero."""
    years = sorted(years, key=lambda year: year.year)
    longest = max((year.share for year in years), default=0.0)
    baseline = next((year for year in years if year.is_baseline), None)
    by_year = {year.year: year for year in years}
    rows = []
    for year in years:
        before = by_year.get(year.year - 1)
        added = year.human_services - before.human_services if before else None
        rows.append(
            YearShare(
                year=year,
                bar=Bar(str(year), year.share, _width(year.share, longest), _kind_of(year)),
                points=100 * (year.share - baseline.share) if baseline and baseline != year else None,
                change=float(added / before.human_services)
                if before and added is not None and before.human_services
                else None,
                added=added,
            )
        )
    return ShareChart(rows, baseline, _width(baseline.share, longest) if baseline else None)


def ask_charts(asks: Sequence[AppropriationAsk]) -> list[AskChart]:
    """Each ask with its figures (prefetched); all asks keep their own scale, because their sizes differ widely."""
    return [_ask_chart(ask) for ask in asks]


def _ask_chart(ask: AppropriationAsk) -> AskChart:
    figures = list(ask.figures.all())
    highest = max((float(figure.amount) for figure in figures), default=0.0)
    by_year: dict[int, dict[str, AppropriationFigure]] = {}
    for figure in sorted(figures, key=lambda figure: figure.year):
        by_year.setdefault(figure.year, {})[figure.step] = figure
    groups, rows = [], []
    for steps in by_year.values():
        label = next(iter(steps.values())).year_label
        bars = [
            Bar(
                str(_Step(step).label),
                steps[step].amount,
                _width(float(steps[step].amount), highest),
                step,
            )
            for step in _Step.values
            if step in steps
        ]
        groups.append(BarGroup(label, bars))
        rows.append((label, [steps.get(step) for step in _Step.values]))
    return AskChart(ask, groups, rows)


def _kind_of(year: BudgetYear) -> str:
    if year.is_baseline:
        return "baseline"
    return "enacted" if year.is_enacted else "proposed"


def _width(value: float, longest: float) -> float:
    return round(FULL * value / longest, 2) if longest else 0.0
