"""A toolkit as one reader gets it: every text filled in, with the files that can be made of it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from django.conf import settings
from django.utils.text import slugify

from research.models import Toolkit, ToolkitItem
from research.toolkit_fields import fields_in, fill_text
from research.toolkit_readers import Reader, reader_values

_Kind = ToolkitItem.Kind
# Texts that people go on writing in: as text, as a Word file, on paper.
WRITTEN = {_Kind.LETTER, _Kind.SCRIPT, _Kind.POINTS, _Kind.OTHER}
# The forms of a finding's graphic with their pixels.
WIDE, SQUARE = "wide", "square"
SIZES = {WIDE: (1200, 630), SQUARE: (1200, 1200)}


@dataclass(frozen=True)
class FilledItem:
    """One item with its text filled in. `number` counts the toolkit's items from 1."""

    item: ToolkitItem
    number: int
    text: str

    @property
    def length(self) -> int:
        """Characters of the text, as networks count them."""
        return len(self.text)

    @property
    def is_too_long(self) -> bool:
        """Whether the network would cut it off, as long as this reader's names are."""
        return self.item.length_limit is not None and self.length > self.item.length_limit

    @property
    def rows(self) -> int:
        """Lines that the text takes, about, for its field on the page."""
        return min(18, max(3, sum(1 + len(line) // 70 for line in self.text.split("\n"))))

    @cached_property
    def slides(self) -> list[list[str]]:
        """The slides of a text, each by its lines: the first is its head."""
        parts: list[list[str]] = [[]]
        for line in self.text.split("\n"):
            if line.strip() == "---":
                parts.append([])
            elif line.strip():
                parts[-1].append(line.strip())
        return [part for part in parts if part]

    @property
    def formats(self) -> list[str]:
        """What it can be downloaded as, by the last word of the address."""
        item = self.item
        if item.finding_id:
            drawn = item.finding is not None and item.finding.state == "published"
            return [WIDE, SQUARE] if drawn else []
        made = ["file"] if item.file else []
        if not item.text:
            return made
        if item.kind in WRITTEN:
            return [*made, "txt", "docx", "pdf"]
        return [*made, "pdf", "txt"] if item.kind == _Kind.SLIDES else [*made, "txt"]

    def file_name(self, form: str) -> str:
        """What a file is called where it is saved, such as `2-letter-to-the-editor.docx`."""
        name = f"{self.number}-{slugify(self.item.title)[:60] or self.item.kind}"
        if form == "file":
            return f"{name}{PurePath(self.item.file.name or '').suffix}"
        return f"{name}-{form}.png" if form in SIZES else f"{name}.{form}"


def fill_toolkit(toolkit: Toolkit, reader: Reader) -> list[FilledItem]:
    """The toolkit's items in order, for a reader. A graphic whose finding is retracted is left out."""
    items = list(toolkit.items.select_related("finding__county"))
    shown = [item for item in items if item.finding is None or item.finding.state == "published"]
    values = _values(toolkit, reader, {*fields_in(item.text for item in shown)})
    return [
        FilledItem(item, number, fill_text(item.text, values).strip())
        for number, item in enumerate(shown, start=1)
    ]


def _values(toolkit: Toolkit, reader: Reader, fields: set[str]) -> dict[str, str]:
    found = reader_values(reader, fields)
    if toolkit.bill:
        found["bill"] = toolkit.bill.label
    report = toolkit.report
    if report and report.is_published:
        found["report"] = report.title
        found["report_link"] = settings.SITE_URL + report.get_absolute_url()
    return found
