"""Reads a file with people, line by line: CSV in the usual encodings and separators, and XLSX."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import IO
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from campaigns.services.errors import StateError
from mailing.composing.compile import clean

MAX_BYTES = 20 * 1024 * 1024
MAX_LINES = 100_000
MAX_COLUMNS = 60
MAX_CELL = 500
# An XLSX file is packed; so much may be in it.
MAX_UNPACKED = 300 * 1024 * 1024
_PORTION = 64 * 1024
_SEPARATORS = ",;\t|"

# What a column can hold, with the words by which its title is known, English and Spanish.
FIELDS = {
    "email": (gettext_lazy("e-mail address"), ("email", "e mail", "mail", "correo")),
    "first_name": (gettext_lazy("first name"), ("first", "given", "nombre", "fname")),
    "last_name": (gettext_lazy("last name"), ("last", "surname", "family", "apellido", "lname")),
    "name": (gettext_lazy("whole name"), ("name", "full name", "contact", "attendee")),
    "title": (gettext_lazy("job title"), ("title", "position", "job", "role", "cargo")),
    "phone": (gettext_lazy("phone"), ("phone", "telephone", "mobile", "cell", "teléfono")),
    "zip_code": (gettext_lazy("ZIP code"), ("zip", "postal", "zipcode", "código postal")),
}

Line = tuple[int, list[str]]


class UnreadableFile(StateError):
    """The file cannot be read. The message says why, in words for staff."""


def read_lines(file: IO[bytes]) -> Iterator[Line]:
    """The lines that hold anything, each with its number in the file, from the first on."""
    file.seek(0)
    is_xlsx = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    for number, cells in _xlsx(file) if is_xlsx else _csv(file):
        if len(cells) > MAX_COLUMNS:
            raise UnreadableFile(
                _("Line %(line)s has more than %(n)s columns.") % {"line": number, "n": MAX_COLUMNS}
            )
        cleaned = [clean(cell)[:MAX_CELL] for cell in cells]
        if any(cleaned):
            yield number, cleaned


def _csv(file: IO[bytes]) -> Iterator[Line]:
    text = io.TextIOWrapper(file, encoding=_encoding(file), errors="replace", newline="")
    try:
        first = text.readline()
        text.seek(0)
        reader = csv.reader(text, delimiter=_separator(first))
        before = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise UnreadableFile(
                    _("Line %(line)s cannot be read: %(error)s.") % {"line": before + 1, "error": error}
                ) from error
            yield before + 1, cells
            before = reader.line_num
    finally:
        # The caller's file stays open.
        text.detach()


def _encoding(file: IO[bytes]) -> str:
    """UTF-16 by its mark, UTF-8 where the whole file is, else the encoding of older spreadsheets."""
    start = file.read(2)
    file.seek(0)
    if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while portion := file.read(_PORTION):
            decoder.decode(portion)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(0)
    return "utf-8-sig"


def _separator(line: str) -> str:
    """The sign that parts the first line's columns: the one that stands most often outside of quotes."""
    bare = re.sub(r'"[^"]*"', "", line)
    best = max(_SEPARATORS, key=bare.count)
    return best if bare.count(best) else ","


def _xlsx(file: IO[bytes]) -> Iterator[Line]:
    """The first sheet's rows."""
    words = _("This is no spreadsheet that can be read. Save it as CSV and try again.")
    try:
        with ZipFile(file) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED:
                raise UnreadableFile(_("This spreadsheet is too large. Save the sheet as CSV and try again."))
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise UnreadableFile(words) from error
    try:
        if not book.worksheets:
            raise UnreadableFile(words)
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            cells = ["" if value is None else _written(value) for value in row[: MAX_COLUMNS + 1]]
            yield number, cells[:MAX_COLUMNS]
    finally:
        book.close()


def _written(value: object) -> str:
    """A cell as one reads it: 60601, not 60601.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


# --- Which column holds what -------------------------------------------------------------------------------------


def has_titles(first: Sequence[str]) -> bool:
    """Whether a file's first line names the columns: a line with an address in it is somebody's."""
    return not any("@" in cell for cell in first)


def guess_mapping(titles: Sequence[str], lines: Sequence[Sequence[str]]) -> dict[str, int]:
    """Which column likely holds what, by its title, and the address by its look."""
    found: dict[str, int] = {}
    words = [" ".join(re.sub(r"[^\w]+", " ", title.lower().replace("-", " ")).split()) for title in titles]
    for field, (_label, known) in FIELDS.items():
        if field == "name" and {"first_name", "last_name"} & set(found):
            continue
        place = _best(words, known, set(found.values()))
        if place is not None:
            found[field] = place
    looks = [sum("@" in line[place] for line in lines if place < len(line)) for place in range(len(titles))]
    most = max(looks, default=0)
    if most and not ("email" in found and looks[found["email"]]):
        best = looks.index(most)
        found = {field: place for field, place in found.items() if place != best} | {"email": best}
    return found


def _best(titles: Sequence[str], known: Sequence[str], taken: set[int]) -> int | None:
    """The column whose title is one of the known words, or else begins with or holds one."""
    for fits in (
        lambda title, word: title == word,
        lambda title, word: title.startswith(word),
        lambda title, word: word in title.split(),
    ):
        for word in known:
            for place, title in enumerate(titles):
                if place not in taken and fits(title, word):
                    return place
    return None
