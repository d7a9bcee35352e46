"""Tables that people open in a spreadsheet, and cells that it shows and never runs.

A name such as `=HYPERLINK(…)` comes from a stranger's form and would run on the machine of the staff member
who opens the export. Source: OWASP, "CSV Injection".
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from mailing.composing.compile import clean_body

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 60
# What Excel refuses in the name of a sheet.
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
# Signs with which spreadsheet programs begin a formula, or that they skip before one.
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def neutral_cell(value: Any) -> Any:
    """The value as a cell that is only text when it could be read as a formula; numbers and dates stay.

    Control characters go: one of them in one comment would make the whole XLSX file impossible to write.
    """
    if not isinstance(value, str):
        return value
    text = clean_body(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA_STARTS) else text


class NeutralCellsMixin:
    """Mixin for a django-import-export resource: every exported cell is neutral."""

    def export_resource(self, *args: Any, **kwargs: Any) -> list[Any]:
        return [neutral_cell(cell) for cell in super().export_resource(*args, **kwargs)]  # type: ignore[misc]


class _Echo:
    """A file that hands back what is written to it, so that rows stream."""

    def write(self, line: str) -> str:
        return line


def csv_download(name: str, rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """Streams rows as a CSV file called `name`, in UTF-8 with the mark Excel needs."""
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff"
        for row in rows:
            yield writer.writerow([neutral_cell(cell) for cell in row])

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def xlsx_download(name: str, rows: Iterable[Sequence[object]], *, title: str) -> HttpResponse:
    """Rows, the first being the heads, as an Excel file called `name`. No cell is ever a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NOT_IN_TITLES.sub(" ", title)[:31])
    kept = [[_plain(neutral_cell(cell)) for cell in row] for row in rows]
    for place, column in enumerate(zip(*kept, strict=False)):
        width = max((len(str(cell)) for cell in column if cell is not None), default=0)
        sheet.column_dimensions[_letter(place)].width = min(width, _WIDEST) + 2
    sheet.freeze_panes = "A2"
    for place, row in enumerate(kept):
        cells = [WriteOnlyCell(sheet, value=value) for value in row]
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
            if place == 0:
                cell.font = Font(bold=True)
        sheet.append(cells)
    file = BytesIO()
    book.save(file)
    return HttpResponse(
        file.getvalue(),
        content_type=XLSX,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _plain(value: object) -> object:
    """What a cell can hold: numbers and days as such, the rest as words."""
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    return str(value)


def _letter(place: int) -> str:
    """The name of a column, from 0: A to Z."""
    return chr(ord("A") + min(place, 25))
