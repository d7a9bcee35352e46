"""Opens what staff hand over: a file, plain or compressed, an archive or a folder. Told apart by content, not by name.

Everything is read in pieces, so that memory stays bounded; nothing is written to disk under a name from an archive.
"""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, TypeVar
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from legislation.records import Rejected
from legislation.sources.base import SourceBroken, SourceUnavailable

T = TypeVar("T")
PIECE = 1 << 18
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHER_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_text(content: bytes, name: str) -> str:
    """Text in whichever encoding it really has, whatever it says of itself: UTF-8, UTF-16 with its mark, else Latin-1
    as Windows writes it. Raises `SourceBroken` for what is not text."""
    for mark, encoding in _OTHER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    content = content.removeprefix(BYTE_ORDER_MARK)
    head = content[:1024]
    # A stray NUL in a text costs its record, not the file.
    if head.count(0) * 32 > len(head):
        raise SourceBroken(_("%(name)s is not text.") % {"name": name})
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


@dataclass(frozen=True)
class Limits:
    """How much one handed-over thing may hold, in bytes; a small archive that grows beyond all measure is refused."""

    document: int = 64 << 20  # one JSON or XML document, which is read whole
    line: int = 32 << 20
    expanded: int = 8 << 30  # everything in one compressed file or archive
    ratio: int = 300  # expanded to compressed, once `free` bytes have come out
    free: int = 32 << 20
    parts: int = 200_000


LIMITS = Limits()


class Meter:
    """Counts what comes out of one compressed thing and stops a bomb."""

    def __init__(self, name: str, compressed: int, limits: Limits) -> None:
        self.name = name
        self.allowed = min(limits.expanded, max(limits.free, compressed * limits.ratio))
        self.count = 0

    def add(self, size: int) -> None:
        self.count += size
        if self.count > self.allowed:
            raise SourceBroken(
                _("%(name)s grows to more than %(size)s MB when it is unpacked; it was not read further.")
                % {"name": self.name, "size": self.allowed >> 20}
            )


@dataclass(frozen=True)
class Part:
    """One readable file, wherever it lies. `name` is what staff know it by; it is never used as a path."""

    name: str
    open: Callable[[], IO[bytes]]
    size: int  # compressed
    limits: Limits = LIMITS
    meter: Meter | None = None  # of the archive that it lies in

    def chunks(self) -> Generator[bytes, None, None]:
        """Its bytes, unpacked, in pieces. Raises `SourceBroken` where they end before their end."""
        own = Meter(self.name, self.size, self.limits)
        try:
            with closing(self.open()) as raw:
                zipped = raw.read(2) == b"\x1f\x8b"
                raw.seek(0)
                stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if zipped else raw  # type: ignore[assignment]
                read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
                while chunk := read(PIECE):
                    if self.meter is not None:
                        self.meter.add(len(chunk))
                    if zipped:
                        own.add(len(chunk))
                    yield chunk
        except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile) as error:
            raise SourceBroken(
                _("%(name)s is damaged or cut off (%(error)s). What came before that was read.")
                % {"name": self.name, "error": error}
            ) from None
        except (OSError, NotImplementedError, RuntimeError) as error:
            raise SourceBroken(
                _("%(name)s cannot be read: %(error)s") % {"name": self.name, "error": error}
            ) from None

    def lines(self) -> Iterator[tuple[int, bytes, bool]]:
        """Line number from 1, the line without its end, and whether it had one. Without a byte order mark."""
        number, held, size = 0, [b""], 0
        start = True
        for chunk in self.chunks():
            if start:
                chunk, start = chunk.removeprefix(BYTE_ORDER_MARK), False
            pieces = chunk.split(b"\n")
            if len(pieces) > 1:
                held.append(pieces[0])
                pieces[0] = b"".join(held)
                last = pieces.pop()
                for line in pieces:
                    number += 1
                    yield number, line, True
                held, size = [last], len(last)
            else:
                held.append(chunk)
                size += len(chunk)
            if size > self.limits.line:
                raise SourceBroken(
                    _("Line %(line)s of %(name)s is longer than %(size)s MB.")
                    % {"line": number + 1, "name": self.name, "size": self.limits.line >> 20}
                )
        if rest := b"".join(held):
            yield number + 1, rest, False

    def content(self) -> bytes:
        """All of it, for documents that are read whole."""
        chunks, size = [], 0
        for chunk in self.chunks():
            size += len(chunk)
            if size > self.limits.document:
                raise SourceBroken(
                    _("%(name)s is one document of more than %(size)s MB. Please split it.")
                    % {"name": self.name, "size": self.limits.document >> 20}
                )
            chunks.append(chunk)
        return b"".join(chunks)

    def head(self, size: int = 4096) -> bytes:
        """The first bytes, for telling what it is."""
        with closing(self.chunks()) as chunks:
            found = b""
            for chunk in chunks:
                found += chunk
                if len(found) >= size:
                    break
        return found[:size]


def split_location(location: str) -> tuple[str, dict[str, str]]:
    """A location and what is said behind it, as in `boundaries.zip#plan=Public Act 102-0663&chamber=lower`."""
    base, mark, words = location.rpartition("#")
    if not mark or "=" not in words:
        return location, {}
    return base, dict(parse_qsl(words))


def is_archive(path: Path) -> bool:
    """Whether a file is a zip archive by its first bytes."""
    with path.open("rb") as stream:
        return stream.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}


def open_parts(path: Path, limits: Limits = LIMITS) -> Iterator[Part | Rejected]:
    """The files at a path, in the order of their names; those of archives included. One that may not be read is a
    `Rejected`. Raises `SourceUnavailable` where nothing is there and `SourceBroken` where there is nothing to read.
    """
    if not path.exists():
        raise SourceUnavailable(_("There is no file or folder %(path)s.") % {"path": path})
    if path.is_dir():
        files = sorted(
            file for file in path.rglob("*") if file.is_file() and not _is_hidden(file.relative_to(path))
        )
        if not files:
            raise SourceBroken(_("The folder %(path)s holds no files.") % {"path": path})
        for file in files:
            try:
                yield from _open_file(file, str(file.relative_to(path)), limits)
            except SourceBroken as error:
                yield Rejected("file", str(file.relative_to(path)), str(error))
    elif path.stat().st_size == 0:
        raise SourceBroken(_("%(name)s is empty.") % {"name": path.name})
    else:
        yield from _open_file(path, path.name, limits)


def _is_hidden(path: Path | PurePosixPath) -> bool:
    """Files that systems leave behind and nobody meant to hand over."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def _open_file(path: Path, name: str, limits: Limits) -> Iterator[Part | Rejected]:
    if not is_archive(path):
        yield Part(name, lambda: path.open("rb"), path.stat().st_size, limits)
        return
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise SourceBroken(
            _("%(name)s is not a whole zip archive (%(error)s).") % {"name": name, "error": error}
        ) from None
    with archive:
        yield from _open_archive(archive, name, path.stat().st_size, limits)


def _open_archive(
    archive: zipfile.ZipFile, name: str, size: int, limits: Limits
) -> Iterator[Part | Rejected]:
    entries = sorted((entry for entry in archive.infolist() if not entry.is_dir()), key=lambda e: e.filename)
    if not entries:
        raise SourceBroken(_("%(name)s is an archive without files.") % {"name": name})
    if len(entries) > limits.parts:
        raise SourceBroken(_("%(name)s holds too many files.") % {"name": name})
    meter = Meter(name, size, limits)
    for entry in entries:
        inner = PurePosixPath(entry.filename.replace("\\", "/"))
        if reason := _why_not(entry, inner):
            yield Rejected("file", entry.filename, reason)
        elif not _is_hidden(inner):
            yield Part(str(inner), _opener(archive, entry), entry.compress_size, limits, meter)


def _why_not(entry: zipfile.ZipInfo, inner: PurePosixPath) -> str:
    if inner.is_absolute() or ".." in inner.parts or ":" in entry.filename or "\x00" in entry.orig_filename:
        return _("Its name leads out of the archive.")
    if entry.flag_bits & 1:
        return _("It is locked with a password.")
    if inner.suffix.lower() == ".zip":
        return _("It is an archive inside an archive. Please unpack it first.")
    return ""


def _opener(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(entry)


def read_each(
    path: Path, read: Callable[[Part], Iterator[T]], limits: Limits = LIMITS
) -> Iterator[T | Rejected]:
    """What `read` finds in each file. One that breaks off does not hold up the others; it is named at the end."""
    broken: list[str] = []
    parts: Iterator[Any] = open_parts(path, limits)
    for part in parts:
        if isinstance(part, Rejected):
            yield part
            continue
        try:
            yield from read(part)
        except SourceBroken as error:
            broken.append(str(error))
    if broken:
        more = _(" And %(count)s more files.") % {"count": len(broken) - 5} if len(broken) > 5 else ""
        raise SourceBroken(" ".join(broken[:5]) + more)
