"""The files of a toolkit: text, Word, PDF, slides, graphics of findings, and all of them as one ZIP archive."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator
from io import RawIOBase
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partners.services.identity import get_coalition
from partners.typesetting import typeset_pdf, typeset_png
from research.keeping import kept
from research.models import Finding, Toolkit, ToolkitItem
from research.toolkit_docx import docx_of
from research.toolkit_filling import SIZES, FilledItem
from research.toolkit_readers import Reader

TYPES = {
    "txt": "text/plain; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What was set once is kept for a day; every change of what it says has a key of its own.
KEPT_FOR = 24 * 3600
_CHUNK = 64 * 1024


def content_type(name: str) -> str:
    """What a file of ours is, by its ending."""
    return TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def file_of(filled: FilledItem, form: str, *, keep: bool) -> bytes:
    """An item as one of its formats. `keep`: nothing a visitor typed is in it, so that the file may be kept."""
    item = filled.item
    if form in SIZES and item.finding:
        return finding_card(item.finding, form)
    if form == "txt":
        return f"{filled.text}\n".encode()
    if form == "docx":
        heading = "" if item.kind == ToolkitItem.Kind.LETTER else item.title
        return docx_of(filled.text, title=item.title, heading=heading, author=get_coalition().name)
    if form == "pdf":
        return _pdf(filled, keep=keep)
    with item.file.open("rb") as file:
        return file.read()


def _pdf(filled: FilledItem, *, keep: bool) -> bytes:
    data: dict[str, Any] = {"title": filled.item.title, "coalition": get_coalition().name, "page": _("Page")}
    if filled.item.kind == ToolkitItem.Kind.SLIDES:
        slides = [{"head": head, "lines": lines} for head, *lines in filled.slides]
        template, data = "research/typst/toolkit_slides.typ", {**data, "slides": slides}
    else:
        parts = [part.split("\n") for part in filled.text.split("\n\n") if part.strip()]
        is_letter = filled.item.kind == ToolkitItem.Kind.LETTER
        template = "research/typst/toolkit_text.typ"
        data = {**data, "heading": "" if is_letter else filled.item.title, "paragraphs": parts}

    def made() -> bytes:
        return typeset_pdf(template, data)

    return _kept("pdf", [template, data], made) if keep else made()


def finding_card(finding: Finding, form: str) -> bytes:
    """A finding as a picture to share: its value, its claim and where it comes from; wide or square."""
    width, height = SIZES[form]
    data = {
        "coalition": get_coalition().name,
        "value": finding.value,
        "claim": finding.claim,
        "place": f"{finding.place_words}, {finding.year}",
        "source": _("Source: %(source)s") % {"source": finding.source},
        "address": settings.SITE_URL.split("://", 1)[-1],
        "height": height / width,
    }
    template = "research/typst/finding_card.typ"
    return _kept("png", [template, data], lambda: typeset_png(template, data, width=width))


def _kept(kind: str, facts: list[Any], make: Callable[[], bytes]) -> bytes:
    digest = hashlib.sha256(json.dumps([get_language(), *facts], sort_keys=True).encode()).hexdigest()
    return kept(f"toolkits:{kind}:{digest}", KEPT_FOR, make)


# --- The whole toolkit ------------------------------------------------------------------------------------------


def zip_of(toolkit: Toolkit, items: list[FilledItem], reader: Reader) -> Iterator[bytes]:
    """The archive, piece by piece, each file made when its turn comes: first what is in it, then the items."""
    pipe = _Pipe()
    now = timezone.localtime()
    with ZipFile(cast(IO[bytes], pipe), "w", ZIP_DEFLATED) as archive:
        for name, content in _entries(toolkit, items, reader):
            entry = ZipInfo(name, now.timetuple()[:6])
            # Pictures and Word files are packed already.
            packed = name.endswith((".png", ".jpg", ".docx", ".pptx"))
            entry.compress_type = ZIP_STORED if packed else ZIP_DEFLATED
            with archive.open(entry, "w") as target:
                for start in range(0, len(content), _CHUNK):
                    target.write(content[start : start + _CHUNK])
                    yield pipe.taken()
            yield pipe.taken()
    yield pipe.taken()


def _entries(toolkit: Toolkit, items: list[FilledItem], reader: Reader) -> Iterator[tuple[str, bytes]]:
    missing = {filled.item.pk for filled in items if filled.item.file and not _has_file(filled)}
    yield "0-read-me.txt", _read_me(toolkit, items, reader, missing).encode()
    for filled in items:
        for form in filled.formats:
            # The answer has begun: what is not there must not break it.
            try:
                content = file_of(filled, form, keep=not reader.typed_name)
            except FileNotFoundError:
                continue
            yield filled.file_name(form), content


def _has_file(filled: FilledItem) -> bool:
    return filled.item.file.storage.exists(filled.item.file.name or "")


def _read_me(toolkit: Toolkit, items: list[FilledItem], reader: Reader, missing: Collection[int]) -> str:
    day = date_format(timezone.localdate(), "F j, Y")
    lines = [toolkit.title, "", toolkit.summary, ""]
    whom = " · ".join(part for part in (reader.name, reader.districts_words) if part)
    if whom:
        lines += [_("Filled in for: %(whom)s") % {"whom": whom}, ""]
    else:
        lines += [_("Words in brackets are yours to fill in."), ""]
    for filled in items:
        gone = filled.item.pk in missing
        names = ", ".join(filled.file_name(form) for form in filled.formats if form != "file" or not gone)
        lines += [f"{filled.number}. {filled.item.title} ({filled.item.get_kind_display()})"]
        absent = _("Missing at the moment: %(name)s") % {"name": filled.file_name("file")} if gone else ""
        lines += [f"   {part}" for part in (filled.item.note, filled.item.alt_text, names, absent) if part]
    address = settings.SITE_URL + toolkit.get_absolute_url()
    return "\r\n".join([*lines, "", f"{get_coalition().name}, {day}", address, ""])


class _Pipe(RawIOBase):
    """A file that cannot go back: what the archive writes is taken away at once."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece = b"".join(self._pieces)
        self._pieces.clear()
        return piece
