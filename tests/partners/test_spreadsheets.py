"""Cells from strangers: never a formula, never a reason why a whole file cannot be written."""

from io import BytesIO

import pytest
from openpyxl import Workbook

from partners.spreadsheets import neutral_cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", " =1", "\u00a0=1", "\x01\x0b=1", "＝1+1"]
)
def test_a_formula_becomes_text(text):
    assert neutral_cell(text).startswith("'")


def test_other_cells_stay_as_they_are():
    for value in ("Arden Shore", 7, -7, None, "a = b"):
        assert neutral_cell(value) == value


def test_control_characters_cannot_stop_an_export():
    sheet = Workbook()
    sheet.active.append([neutral_cell("pasted\x0bfrom\x01a word processor")])
    sheet.save(BytesIO())
