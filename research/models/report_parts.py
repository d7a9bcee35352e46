"""What a report is made of: chapters, key findings, and tables with the figures behind its charts."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.html import RichTextField
from research.models.report import Report

MOST_COLUMNS = 12
MOST_ROWS = 500
LONGEST_CELL = 200


class Chapter(models.Model):
    """One chapter of a report's draft."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="chapters", verbose_name=_("report"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(_("short name"), max_length=80)
    body = RichTextField(_("text"), blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "slug"], name="chapter_slug_once")]

    def __str__(self) -> str:
        return self.title


class KeyFinding(models.Model):
    """One thing a report found: a sentence of its own, or a finding of the library by reference.

    A finding says what it says at the moment somebody reads it, with its source; the text then explains it.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="key_findings", verbose_name=_("report"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.CharField(_("what it says"), max_length=400, blank=True)
    finding = models.ForeignKey(
        "research.Finding",
        models.PROTECT,
        related_name="key_findings",
        null=True,
        blank=True,
        verbose_name=_("finding of the library"),
    )

    class Meta:
        verbose_name = _("key finding")
        verbose_name_plural = _("key findings")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text="") | models.Q(finding__isnull=False),
                name="key_finding_says_something",
            ),
        ]

    def __str__(self) -> str:
        return self.text or str(self.finding)


class ReportTable(models.Model):
    """Figures of a chapter: a table, perhaps drawn as a chart, and always there to download.

    `heads`: the columns' names. `rows`: lists as long as `heads`; the first cell names the row, the others are numbers,
    words, or None where there is no figure.
    """

    class Chart(models.TextChoices):
        NONE = "none", _("table only")
        BAR = "bar", _("bars, one for each row")
        LINE = "line", _("lines, one for each column")

    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="tables", verbose_name=_("chapter"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=200)
    heads = models.JSONField(_("columns"), default=list)
    rows = models.JSONField(_("rows"), default=list)
    unit = models.CharField(_("unit"), max_length=60, blank=True, help_text=_("Such as dollars an hour"))
    note = models.CharField(_("note"), max_length=400, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("address of the source"), blank=True)
    chart = models.CharField(_("chart"), max_length=4, choices=Chart.choices, default=Chart.NONE)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("table")
        verbose_name_plural = _("tables")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if problem := cell_problem(self.heads, self.rows):
            raise ValidationError(problem)
        if self.chart != self.Chart.NONE and not numeric_columns(self.heads, self.rows):
            raise ValidationError({"chart": _now("A chart needs a column whose cells are numbers.")})


def cell_problem(heads: object, rows: object) -> str:
    """What keeps heads and rows from being a table, in a sentence; empty when they are one."""
    if not isinstance(heads, list) or not heads or not all(isinstance(h, str) and h.strip() for h in heads):
        return _now("Every column needs a name.")
    if len(heads) > MOST_COLUMNS or len(set(heads)) < len(heads):
        return _now("Columns need different names, and there may be at most %(most)d.") % {
            "most": MOST_COLUMNS
        }
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ROWS:
        return _now("A table needs one to %(most)d rows.") % {"most": MOST_ROWS}
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != len(heads) or not all(_is_cell(cell) for cell in row):
            return _now("Row %(number)d does not have a cell for every column.") % {"number": number}
        if not isinstance(row[0], str) or not row[0].strip():
            return _now("Row %(number)d needs a name in its first column.") % {"number": number}
    return ""


def _is_cell(cell: object) -> bool:
    if isinstance(cell, bool):
        return False
    if isinstance(cell, float):
        return abs(cell) < float("inf")
    return cell is None or isinstance(cell, int) or (isinstance(cell, str) and len(cell) <= LONGEST_CELL)


def numeric_columns(heads: list[str], rows: list[list[object]]) -> list[int]:
    """The places of columns whose cells are numbers, or empty here and there."""
    found = []
    for place in range(1, len(heads)):
        cells = [row[place] for row in rows]
        known = [cell for cell in cells if cell is not None]
        if known and all(isinstance(cell, int | float) for cell in known):
            found.append(place)
    return found
