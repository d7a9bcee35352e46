"""Tables that people open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

from partners.spreadsheets import neutral_cell


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
