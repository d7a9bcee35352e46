"""Tables: pasted from a spreadsheet, checked, and set from rich text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.models.report_parts import MOST_COLUMNS, cell_problem, numeric_columns
from research.rich_tree import rich_tree
from research.table_cells import cells_from, text_from


def test_a_table_is_read_as_spreadsheets_paste_it():
    heads, rows = cells_from(
        "Role\tWage\tShare\tNote\r\nAide\t$18.50\t12%\tall year\r\nNurse\t(1,240)\t–\t\r\n"
    )
    assert heads == ["Role", "Wage", "Share", "Note"]
    assert rows == [["Aide", 18.5, 12, "all year"], ["Nurse", -1240, None, None]]
    assert numeric_columns(heads, rows) == [1, 2]


def test_commas_part_cells_where_there_are_no_tabs():
    assert cells_from('Year,Dollars\n2024,"1,200"\n2025,n/a') == (
        ["Year", "Dollars"],
        [["2024", 1200], ["2025", None]],
    )


CELLS = st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6).map(lambda number: round(number, 3)))


@given(st.lists(CELLS, min_size=1, max_size=8), st.text("ab c\"'=", min_size=1, max_size=8).filter(str.strip))
def test_what_staff_see_to_change_reads_back_as_the_same(numbers, name):
    heads, rows = (
        ["Name", "Value"],
        [[f"{name.strip()} {place}", number] for place, number in enumerate(numbers)],
    )
    assert cells_from(text_from(heads, rows)) == (heads, rows)


@pytest.mark.parametrize(
    ("heads", "rows", "said"),
    [
        ([], [], "Every column needs a name."),
        (["A", ""], [["x", 1]], "Every column needs a name."),
        (["A", "A"], [["x", 1]], "different names"),
        ([str(place) for place in range(MOST_COLUMNS + 1)], [], "different names"),
        (["A", "B"], [], "one to"),
        (["A", "B"], [["x", 1], ["y"]], "Row 2 does not have a cell for every column."),
        (["A", "B"], [["x", True]], "Row 1 does not have a cell for every column."),
        (["A", "B"], [["x", {"=": 1}]], "Row 1 does not have a cell for every column."),
        (["A", "B"], [["", 1]], "Row 1 needs a name"),
    ],
)
def test_what_is_no_table_is_said_in_words(heads, rows, said):
    assert said in cell_problem(heads, rows)


def test_a_sound_table_has_no_problem():
    assert cell_problem(["A", "B", "C"], [["x", 1, None], ["y", 2.5, "words"]]) == ""


def test_rich_text_becomes_blocks_and_runs():
    tree = rich_tree(
        '<h2>Cost</h2><p>An <strong>hour <em>of</em></strong> <a href="https://a.example/?b=1&amp;c=2">care</a>.<br>New'
        "</p><ul><li><p>One</p><ol><li>Deep</li></ol></li><li>Two &lt;b&gt;</li></ul><blockquote><p>Said</p></blockquote>"
        "<hr><p> </p>"
    )
    assert [block["kind"] for block in tree] == ["h2", "p", "ul", "blockquote", "hr"]
    assert tree[1]["runs"] == [
        {"text": "An "},
        {"text": "hour ", "bold": True},
        {"text": "of", "bold": True, "italic": True},
        {"text": " "},
        {"text": "care", "href": "https://a.example/?b=1&c=2"},
        {"text": "."},
        {"text": "\n"},
        {"text": "New"},
    ]
    first, second = tree[2]["blocks"]
    assert [block["kind"] for block in first["blocks"]] == ["p", "ol"]
    assert second["blocks"][0]["runs"] == [{"text": "Two <b>"}]
    (twice,) = rich_tree("<p><em>a<em>b</em>c</em></p>")
    assert all(run["italic"] for run in twice["runs"])


@given(st.text(st.sampled_from(list("<>/pulioahr \n&;x")), max_size=60))
def test_no_text_breaks_the_reading(text):
    rich_tree(text)
