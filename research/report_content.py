"""What a report says, taken from its draft when a version is released, and read again for pages, files and the PDF.

The content is plain JSON, so that a version stays what it was: title, subtitle, summary, authors, method, key findings,
chapters with their tables. Tables are numbered through the whole report. Findings stand in it by reference only:
whoever reads gets what they say now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from research.charts import BarChart, LineChart, bar_chart, figure, line_chart, places_of
from research.citing import Author
from research.embedding import quoted, with_findings
from research.models import Finding, KeyFinding, Report, ReportTable
from research.models.report_parts import numeric_columns

# What the search gets of a report; PostgreSQL refuses to index words without end.
MOST_SEARCHED = 200_000

Content = Mapping[str, Any]


@dataclass(frozen=True)
class ReadTable:
    """A table for readers, with its chart where it has one."""

    number: int
    title: str
    heads: list[str]
    rows: list[list[Any]]
    unit: str
    note: str
    source: str
    source_url: str
    chart_kind: str
    numeric: list[int]

    @property
    def shown_rows(self) -> list[tuple[str, list[tuple[str, bool]]]]:
        """Each row's name, and its cells as words; True where a cell is a number."""
        places = {place: places_of([row[place] for row in self.rows], self.unit) for place in self.numeric}
        return [
            (
                str(row[0]),
                [
                    (self._shown(cell, places.get(place)), place in self.numeric)
                    for place, cell in enumerate(row[1:], 1)
                ],
            )
            for row in self.rows
        ]

    @property
    def shown_heads(self) -> list[tuple[str, bool]]:
        return [(head, place in self.numeric) for place, head in enumerate(self.heads)]

    @property
    def bars(self) -> BarChart | None:
        """Bars for each row, one for each column of numbers."""
        if self.chart_kind != ReportTable.Chart.BAR:
            return None
        names = [self.heads[place] for place in self.numeric]
        rows = [(str(row[0]), [row[place] for place in self.numeric]) for row in self.rows]
        series = names if len(names) > 1 else []
        return bar_chart(rows, title=self.title, unit=self.unit, series=series)

    @property
    def lines(self) -> LineChart | None:
        """A line for each column of numbers over the rows."""
        if self.chart_kind != ReportTable.Chart.LINE:
            return None
        series = [(self.heads[place], [row[place] for row in self.rows]) for place in self.numeric]
        return line_chart([str(row[0]) for row in self.rows], series, title=self.title, unit=self.unit)

    def _shown(self, cell: Any, places: int | None) -> str:
        return cell if isinstance(cell, str) else figure(cell, self.unit, places)


@dataclass(frozen=True)
class ReadChapter:
    """A chapter for readers: its text before findings are filled in, and its tables."""

    title: str
    slug: str
    body: str
    tables: list[ReadTable]
    findings: Mapping[str, Finding] = field(repr=False)

    @property
    def html(self) -> SafeString:
        return with_findings(_demoted(self.body), self.findings)


@dataclass(frozen=True)
class ReadKeyFinding:
    """A key finding for readers; `is_gone` where the library took the finding back."""

    text: str
    finding: Finding | None
    is_gone: bool


@dataclass(frozen=True)
class ReadReport:
    """A version, or the draft, as readers see it."""

    title: str
    subtitle: str
    summary: str
    authors: list[Author]
    key_findings: list[ReadKeyFinding]
    chapters: list[ReadChapter]
    method: str
    findings: Mapping[str, Finding] = field(repr=False)

    @property
    def full_title(self) -> str:
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    @property
    def method_html(self) -> SafeString:
        return with_findings(_demoted(self.method), self.findings)

    @property
    def tables(self) -> list[ReadTable]:
        return [table for chapter in self.chapters for table in chapter.tables]

    @property
    def byline(self) -> str:
        return ", ".join(author.straight for author in self.authors)

    def table(self, number: int) -> ReadTable | None:
        """The table of a number, if there is one."""
        return next((table for table in self.tables if table.number == number), None)


def _demoted(html: str) -> str:
    """Headings one level down: the chapter's own title stands over them. (Sanitised headings have no attributes.)"""
    html = html.replace("<h3>", "<h4>").replace("</h3>", "</h4>")
    return html.replace("<h2>", "<h3>").replace("</h2>", "</h3>")


def content_of(report: Report) -> dict[str, Any]:
    """What the draft says at this moment, as it is frozen."""
    number = 0
    chapters = []
    for chapter in report.chapters.prefetch_related("tables"):
        tables = []
        for table in chapter.tables.all():
            number += 1
            tables.append({"number": number, **{name: getattr(table, name) for name in _TABLE}})
        chapters.append(
            {"title": chapter.title, "slug": chapter.slug, "body": chapter.body, "tables": tables}
        )
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "summary": report.summary,
        "authors": list(report.authors.values("family", "given")),
        "method": report.method,
        "key_findings": [_key_finding(key) for key in report.key_findings.select_related("finding")],
        "chapters": chapters,
    }


_TABLE = ("title", "heads", "rows", "unit", "note", "source", "source_url", "chart")


def _key_finding(key: KeyFinding) -> dict[str, str]:
    return {"text": key.text, "finding": key.finding.slug if key.finding else ""}


def read(content: Content) -> ReadReport:
    """Frozen content for readers, with the findings it names as they stand now (one query, none without any)."""
    keys = [key.get("finding", "") for key in content["key_findings"]]
    marks = [f"[finding:{slug}]" for slug in keys if slug]
    bodies = [chapter["body"] for chapter in content["chapters"]]
    found = quoted(*bodies, content["method"], *marks)
    return ReadReport(
        title=content["title"],
        subtitle=content["subtitle"],
        summary=content["summary"],
        authors=[Author(**author) for author in content["authors"]],
        key_findings=[
            ReadKeyFinding(key["text"], found.get(slug), bool(slug) and slug not in found)
            for key, slug in zip(content["key_findings"], keys, strict=True)
        ],
        chapters=[
            ReadChapter(
                chapter["title"],
                chapter["slug"],
                chapter["body"],
                [_table(table) for table in chapter["tables"]],
                found,
            )
            for chapter in content["chapters"]
        ],
        method=content["method"],
        findings=found,
    )


def _table(table: Mapping[str, Any]) -> ReadTable:
    values = {name: table[name] for name in _TABLE if name != "chart"}
    return ReadTable(
        number=table["number"],
        chart_kind=table["chart"],
        numeric=numeric_columns(table["heads"], table["rows"]),
        **values,
    )


def searched_text(content: Content) -> str:
    """The words of a version by which the report is found."""
    words = [key["text"] for key in content["key_findings"]]
    for chapter in content["chapters"]:
        words += [chapter["title"], strip_tags(chapter["body"])]
        words += [table["title"] for table in chapter["tables"]]
    return "\n".join(words)[:MOST_SEARCHED]
