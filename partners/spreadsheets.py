"""Tables that people open in a spreadsheet, and cells that it shows and never runs.

A name such as `=HYPERLINK(…)` comes from a stranger's form and would run on the machine of the staff member
who opens the export. Source: OWASP, "CSV Injection".
"""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

from mailing.composing.compile import clean_body

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
