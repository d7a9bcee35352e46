"""A table as staff paste it from a spreadsheet, and as it is kept: heads, and rows of words and numbers."""

import csv
import re
from io import StringIO

Cell = str | int | float | None

_NOTHING = {"", "-", "–", "—", "n/a", "na", ".."}
_NUMBER = re.compile(r"[-+−]?\$?\(?\d[\d,]*(\.\d+)?\)?%?|[-+−]?\$?\.\d+%?")


def cells_from(text: str) -> tuple[list[str], list[list[Cell]]]:
    """The heads and rows of pasted lines, parted by tabs as spreadsheets do, or else by commas.

    A column is one of numbers where all its cells are, with or without dollar and percent signs; the first column
    names the rows. Empty cells, dashes and "n/a" mean that there is no figure.
    """
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    if not lines:
        return [], []
    delimiter = "\t" if "\t" in lines[0] else ","
    parted = [
        [cell.strip() for cell in row] for row in csv.reader(StringIO("\n".join(lines)), delimiter=delimiter)
    ]
    heads, bodies = parted[0], parted[1:]
    columns = [
        _column([row[place] if place < len(row) else "" for row in bodies]) for place in range(1, len(heads))
    ]
    rows: list[list[Cell]] = []
    for number, row in enumerate(bodies):
        # Cells beyond the heads stay, so that the check finds them.
        rows.append([row[0], *(column[number] for column in columns), *row[len(heads) :]])
    return heads, rows


def text_from(heads: list[str], rows: list[list[Cell]]) -> str:
    """The same as lines to change, parted by tabs."""
    target = StringIO()
    writer = csv.writer(target, delimiter="\t", lineterminator="\n")
    writer.writerows([heads, *(["" if cell is None else cell for cell in row] for row in rows)])
    return target.getvalue() if heads else ""


def _column(cells: list[str]) -> list[Cell]:
    known = [cell for cell in cells if cell.lower() not in _NOTHING]
    if known and all(_NUMBER.fullmatch(cell) for cell in known):
        return [None if cell.lower() in _NOTHING else _number(cell) for cell in cells]
    return [cell or None for cell in cells]


def _number(cell: str) -> int | float:
    """`$1,240.50`, `(12)` for minus twelve as bookkeepers write it, `12.5%` as 12.5."""
    minus = cell.startswith(("-", "−")) or ("(" in cell and ")" in cell)
    bare = re.sub(r"[^\d.]", "", cell)
    value = float(bare) if "." in bare else int(bare)
    return -value if minus else value
