"""Cells from strangers: never a formula, never a reason why a whole file cannot be written."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from partners.spreadsheets import neutral_cell, xlsx_download


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


def test_an_excel_file_has_no_formula_and_takes_any_title():
    response = xlsx_download(
        "a.xlsx", [["name", "n"], ["=1+1", 3]], title="Was it worth it? [2026: Q1/Q2] and more words"
    )
    sheet = load_workbook(BytesIO(response.content)).active

    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["name", "n"], ["'=1+1", 3]]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}
