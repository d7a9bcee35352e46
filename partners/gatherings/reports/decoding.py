"""From a file's bytes to its rows of cells: encodings, signs between the cells, quotes."""

import codecs
import csv
import io
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = "\t;,"


@dataclass(frozen=True)
class Row:
    """A row of cells without the space around them, and the line of the file on which it ends."""

    line: int
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)

    @property
    def is_title(self) -> bool:
        """One word or sentence on a line of its own, as over the parts of a report."""
        return bool(self.cells and self.cells[0]) and not any(self.cells[1:])


def decode(data: bytes) -> str:
    """The text. Without a mark: UTF-16 by its zero bytes, else UTF-8, else what Windows wrote in the West."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace").replace("\0", "")
    head = data[:2000]
    if head.count(0) > len(head) // 4:
        encoding = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        return data.decode(encoding, errors="replace").replace("\0", "")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("windows-1252", errors="replace")
    return text.replace("\0", "")


def rows_of(text: str) -> list[Row]:
    """All rows, blank ones too: they stand between the parts of a report."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    rows = []
    try:
        for cells in reader:
            rows.append(Row(reader.line_num, [_cell(cell) for cell in cells]))
    except csv.Error:
        # A cell longer than any name or title: what came before it is all that can be told.
        return rows
    return rows


def _delimiter(text: str) -> str:
    """The sign that stands in most lines; in one with quoted dates a comma counts only outside of the quotes."""
    lines = text.splitlines()[:400]
    counts = {sign: sum(sign in _without_quoted(line) for line in lines) for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: counts[sign])


def _without_quoted(line: str) -> str:
    return "".join(line.split('"')[::2])


def _cell(cell: str) -> str:
    """Without space around it, of any width, and without marks nobody sees."""
    return " ".join(cell.replace("\u202f", " ").replace("\u200e", "").replace("\ufeff", "").split())
