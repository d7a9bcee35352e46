"""The General Assembly's page of one hearing: the only place that lists the measures before it."""

import re
from html.parser import HTMLParser

from django.conf import settings
from django.utils.translation import gettext as _

from legislation.records import HearingDocumentRecord, HearingRecord, Rejected
from legislation.sources.files import read_text
from legislation.sources.ilga_documents import read_document
from legislation.sources.reading import (
    Refused,
    assembly_at,
    chamber_of,
    check_session,
    check_text,
    read_local,
)

PRINTED = ("%m/%d/%Y - %I:%M %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y")
_NUMBER = re.compile(r"hearingid=(\d+)", re.IGNORECASE)
_PAGES = re.compile(r"pageSize:(\d+),\s*total:(\d+)")
_ANNOUNCED = re.compile(r"^(?:SUBJECT MATTER:\s*)+")
_TITLE = re.compile(r"^(House|Senate|Joint)\s+(.+?)\s+Hearing Details$")


class _Page(HTMLParser):
    """Collects headings and tables: rows of cells, each a line of text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.headings: list[str] = []
        self.tables: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._heading: list[str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self._cell = []
        elif tag == "h1":
            self._heading = []

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"} and self._cell is not None and self.tables and self.tables[-1]:
            self.tables[-1][-1].append(" ".join("".join(self._cell).split()))
            self._cell = None
        elif tag == "h1" and self._heading is not None:
            self.headings.append(" ".join("".join(self._heading).split()))
            self._heading = None

    def handle_data(self, data: str) -> None:
        if self._heading is not None:
            self._heading.append(data)
        elif self._cell is not None:
            self._cell.append(data)


def read_page(content: bytes, name: str, wanted: int) -> HearingRecord | Rejected | None:
    """The hearing on a page, with its measures; a `Rejected` where the page is something else."""
    text = read_text(content, name)
    number = _NUMBER.search(text)
    try:
        if number is None:
            raise Refused(_("It is not the page of a hearing."))
        page = _Page()
        page.feed(text)
        record = _hearing(page, number[1], text, wanted)
        check_text(record)
        return record
    except Refused as refused:
        return Rejected("hearing", f"{number[1]} ({name})" if number else name, str(refused))


def _hearing(page: _Page, number: str, text: str, wanted: int) -> HearingRecord:
    title = next(filter(None, map(_TITLE.match, page.headings)), None)
    if title is None:
        raise Refused(_("It is not the page of a hearing."))
    facts = {row[0]: row[1] for table in page.tables for row in table if len(row) == 2}
    starts_at = read_local(facts.get("Scheduled Date", ""), *PRINTED)
    posted = facts.get("Posting Date", "")
    return HearingRecord(
        key=number,
        chamber="joint" if title[1] == "Joint" else chamber_of(title[1]),
        committee=title[2],
        starts_at=starts_at,
        session=check_session(assembly_at(starts_at), wanted),
        posted_at=read_local(posted, *PRINTED) if posted else None,
        location=_place(facts.get("Location", "")),
        subject=subject_of(facts.get("Subject Matter", "")),
        cancelled="cancel" in facts.get("Status", "").lower(),
        documents=_documents(page, text),
        source_url=settings.ILGA_HEARING_URL.format(hearing=number),
    )


def subject_of(text: str) -> str:
    """The subject matter without the words that announce it; the schedule prints them, the page does not."""
    return _ANNOUNCED.sub("", " ".join(text.split()))


def _place(printed: str) -> str:
    """In the order of the schedule: the page prints room, building, address, city."""
    parts = [part.strip() for part in re.split(r"\s-(?=\s)", printed)]
    if len(parts) == 4:
        parts = [parts[1], parts[0], *parts[2:]]
    return " - ".join(filter(None, parts))


def _documents(page: _Page, text: str) -> tuple[HearingDocumentRecord, ...] | None:
    """The measures listed; None where the page holds only some of a list that goes on."""
    found = tuple(dict.fromkeys(_listed(page)))
    return found if page_count(text) == 1 else None


def _listed(page: _Page) -> list[HearingDocumentRecord]:
    for table in page.tables:
        if table and "Bill #" in table[0]:
            column = table[0].index("Bill #")
            return [
                HearingDocumentRecord(*read_document(row[column])) for row in table[1:] if len(row) > column
            ]
    return []


def page_count(text: str) -> int:
    """On how many pages a hearing's list of measures goes on."""
    pages = _PAGES.search(text)
    return max(1, -(-int(pages[2]) // max(1, int(pages[1])))) if pages else 1


def documents_on(content: bytes, name: str) -> tuple[list[HearingDocumentRecord], int]:
    """The measures that one page lists, and on how many pages the list goes on. Raises `Refused`."""
    text = read_text(content, name)
    page = _Page()
    page.feed(text)
    if not any(map(_TITLE.match, page.headings)):
        raise Refused(_("It is not the page of a hearing."))
    return _listed(page), page_count(text)
