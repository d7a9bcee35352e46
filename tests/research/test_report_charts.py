"""Charts: everything lies inside of the drawing, in proportion, and missing figures are no zeros."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.charts import BOTTOM, LEFT, RIGHT, TOP, bar_chart, figure, line_chart

NUMBERS = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.floats(-1e9, 1e9, allow_nan=False).filter(lambda number: number == 0 or abs(number) > 1e-6),
)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (18.5, "dollars an hour", "$18.50"),
        (1240, "dollars", "$1,240"),
        (-3.25, "dollars", "−$3.25"),
        (12.5, "percent of wages", "12.5%"),
        (12, "%", "12%"),
        (1240, "people", "1,240"),
        (0.125, "", "0.125"),
        (2.00001, "", "2"),
        (None, "people", "no figure"),
    ],
)
def test_figures_read_as_people_write_them(value, unit, shown):
    assert figure(value, unit) == shown


def test_bars_are_in_proportion_and_a_missing_figure_is_said():
    chart = bar_chart([("Wage", [20]), ("Rent", [5]), ("Travel", [None])], unit="dollars")
    wage, rent, travel = (row.bars[0] for row in chart.rows)
    assert wage.width == pytest.approx(4 * rent.width, abs=0.05)
    assert (travel.width, travel.is_known, travel.shown) == (0, False, "no figure")
    assert not chart.has_series


def test_figures_of_one_column_show_as_many_decimals():
    chart = bar_chart([("Wage", [28.0]), ("Rent", [26.3])], unit="dollars")
    assert [row.bars[0].shown for row in chart.rows] == ["$28.00", "$26.30"]
    assert [row.bars[0].shown for row in bar_chart([("a", [3]), ("b", [4])], unit="dollars").rows] == [
        "$3",
        "$4",
    ]


def test_long_labels_leave_each_other_room():
    quarters = [f"FY2026, quarter {number}" for number in range(1, 5)]
    assert [mark.words for mark in line_chart(quarters, [("a", [1, 2, 3, 4])]).labels] == [
        quarters[0],
        quarters[-1],
    ]
    years = [str(year) for year in range(2015, 2026)]
    shown = [mark.words for mark in line_chart(years, [("a", list(range(11)))]).labels]
    assert (shown[0], shown[-1]) == ("2015", "2025")
    assert 4 <= len(shown) <= 8


def test_bars_below_nothing_begin_left_of_it():
    chart = bar_chart([("Lost", [-10]), ("Won", [30])])
    lost, won = (row.bars[0] for row in chart.rows)
    assert lost.x + lost.width == pytest.approx(chart.zero, abs=0.02)
    assert won.x == chart.zero


@given(st.lists(st.lists(NUMBERS, min_size=2, max_size=2), min_size=1, max_size=12))
def test_charts_stay_inside_of_their_drawing(values):
    bars = bar_chart([(f"row {place}", row) for place, row in enumerate(values)], series=["a", "b"])
    for row in bars.rows:
        for bar in row.bars:
            assert 0 <= bar.x <= bar.x + bar.width <= 100
    labels = [f"FY{place}" for place in range(len(values))]
    lines = line_chart(labels, [(name, [row[place] for row in values]) for place, name in enumerate("ab")])
    for line in lines.lines:
        for point in line.points:
            assert LEFT <= point.x <= RIGHT
            assert TOP - 0.01 <= point.y <= BOTTOM + 0.01
        assert len(line.points) == sum(
            value is not None for value in [row["ab".index(line.name)] for row in values]
        )
    assert [mark.words for mark in lines.labels][-1] == labels[-1]
    assert 2 <= len(lines.steps) <= 8


def test_a_gap_in_a_series_is_a_gap_in_its_line():
    chart = line_chart(["2021", "2022", "2023", "2024"], [("Rate", [10, None, 12, 13])])
    (line,) = chart.lines
    assert len(line.points) == 3
    assert len(line.segments) == 1
    assert [step.words for step in chart.steps] == ["0", "5", "10", "15"]
