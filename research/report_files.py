"""Tables of a report as files: one as CSV, all of them as a package that says what is in it."""

import csv
import json
from collections.abc import Iterator
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from partners.spreadsheets import neutral_cell
from research.citing import Work, apa
from research.report_content import ReadReport, ReadTable

# Packages of the same content are the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def table_rows(table: ReadTable) -> Iterator[list[object]]:
    """The heads, then the rows with bare numbers, as programs read them."""
    yield list(table.heads)
    for row in table.rows:
        yield ["" if cell is None else cell for cell in row]


def tables_package(shown: ReadReport, work: Work) -> bytes:
    """A ZIP with each table as CSV, and `datapackage.json` with titles, units, sources and the citation.

    Source: the Data Package standard, https://datapackage.org/standard/data-package/
    """
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        for table in shown.tables:
            lines = StringIO()
            csv.writer(lines).writerows([neutral_cell(cell) for cell in row] for row in table_rows(table))
            _add(package, file_name(table), "\ufeff" + lines.getvalue())
        described = json.dumps(_described(shown, work), ensure_ascii=False, indent=2)
        _add(package, "datapackage.json", described)
        _add(package, "how-to-cite.txt", f"{apa(work)}\n")
    return target.getvalue()


def file_name(table: ReadTable) -> str:
    return f"table-{table.number}.csv"


def _add(package: ZipFile, name: str, text: str) -> None:
    package.writestr(ZipInfo(name, _NO_TIME), text.encode(), compress_type=ZIP_DEFLATED)


def _described(shown: ReadReport, work: Work) -> dict[str, object]:
    return {
        "name": work.url.rstrip("/").rpartition("/")[2],
        "title": shown.full_title,
        "description": shown.summary,
        "homepage": work.url,
        "version": str(work.version),
        "created": work.on.isoformat(),
        "contributors": [{"title": author.straight, "role": "author"} for author in shown.authors],
        "resources": [_resource(table) for table in shown.tables],
    }


def _resource(table: ReadTable) -> dict[str, object]:
    source = {"title": table.source} | ({"path": table.source_url} if table.source_url else {})
    return {
        "name": f"table-{table.number}",
        "path": file_name(table),
        "title": table.title,
        "description": " ".join(part for part in (table.unit, table.note) if part),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "sources": [source] if table.source else [],
        "schema": {
            "fields": [
                {"name": head, "type": "number" if place in table.numeric else "string"}
                for place, head in enumerate(table.heads)
            ]
        },
    }
