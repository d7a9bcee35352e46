"""Reads the messages that the embedded catcher kept: one file each, never changed after it was written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from functools import cached_property
from pathlib import Path

from portal.embedded.catcher import FROM_HEADER, TO_HEADER

MESSAGE_ID = re.compile(r"[0-9]{19}")
# No header block of ours is longer; a list page reads only this much of each message.
_HEAD_BYTES = 64 * 1024


@dataclass(frozen=True)
class Attachment:
    """A part that is not the message's own text: its file name, type and size in bytes."""

    name: str
    kind: str
    size: int


@dataclass(frozen=True)
class StoredMessage:
    """One message in the mailbox."""

    id: str
    path: Path

    @property
    def received(self) -> datetime:
        """When the catcher took it (aware, UTC)."""
        return datetime.fromtimestamp(int(self.id) / 1e9, tz=UTC)

    @cached_property
    def head(self) -> Message:
        """The header block alone."""
        with self.path.open("rb") as file:
            return BytesHeaderParser().parsebytes(file.read(_HEAD_BYTES))

    @cached_property
    def message(self) -> Message:
        """All of it, parsed leniently: what came over the wire may be malformed."""
        return BytesParser().parsebytes(self.path.read_bytes())

    @property
    def subject(self) -> str:
        """The decoded subject line, possibly empty."""
        return self.header("Subject")

    @property
    def sender(self) -> str:
        """The From header, else the sender named on the wire."""
        return self.header("From") or self.header(FROM_HEADER)

    @property
    def recipients(self) -> str:
        """The addresses named on the wire, separated by commas."""
        return self.header(TO_HEADER)

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Every header in order, decoded."""
        return [(name, _decoded(value)) for name, value in self.head.items()]

    def header(self, name: str) -> str:
        """One header, decoded and on one line."""
        return _decoded(self.head.get(name, ""))

    @property
    def text(self) -> str:
        """The plain text part, empty when there is none."""
        return self._body("text/plain")

    @property
    def html(self) -> str:
        """The HTML part, empty when there is none."""
        return self._body("text/html")

    @property
    def attachments(self) -> list[Attachment]:
        """The parts with a file name, and those that are neither text nor HTML."""
        return [
            Attachment(_decoded(part.get_filename() or ""), part.get_content_type(), len(_payload(part)))
            for part in self.message.walk()
            if not part.is_multipart() and not _is_body(part)
        ]

    def _body(self, kind: str) -> str:
        for part in self.message.walk():
            if _is_body(part) and part.get_content_type() == kind:
                return _text(part)
        return ""


class Mailbox:
    """The directory of kept messages, newest first."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def messages(self, *, to: str = "") -> list[StoredMessage]:
        """All messages, or those whose recipients contain `to` (case does not matter)."""
        found = [StoredMessage(path.stem, path) for path in self._files()]
        found.sort(key=lambda message: message.id, reverse=True)
        wanted = to.strip().lower()
        return [message for message in found if wanted in _wire_recipients(message.path)] if wanted else found

    def get(self, message_id: str) -> StoredMessage | None:
        """One message; None when there is none of that id."""
        path = self.directory / f"{message_id}.eml"
        return (
            StoredMessage(message_id, path) if MESSAGE_ID.fullmatch(message_id) and path.is_file() else None
        )

    def _files(self) -> Iterator[Path]:
        if self.directory.is_dir():
            yield from (path for path in self.directory.glob("*.eml") if MESSAGE_ID.fullmatch(path.stem))


def _wire_recipients(path: Path) -> str:
    """The second line of the file, which the catcher wrote; lower case, "" when it is something else."""
    try:
        with path.open("rb") as file:
            file.readline()
            name, _, addresses = file.readline().decode("utf-8", "replace").partition(":")
    except FileNotFoundError:  # Emptied meanwhile.
        return ""
    return addresses.strip().lower() if name == TO_HEADER else ""


def _is_body(part: Message) -> bool:
    return (
        part.get_content_type() in {"text/plain", "text/html"}
        and part.get_content_disposition() != "attachment"
        and not part.get_filename()
    )


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(part: Message) -> str:
    """The part's text; an unknown or wrong character set shows replacement marks instead of failing."""
    try:
        return _payload(part).decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return _payload(part).decode("utf-8", "replace")


def _decoded(value: object) -> str:
    """A header as people read it: encoded words decoded, folding undone, raw UTF-8 kept."""
    raw = " ".join(str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())
    try:
        return str(make_header(decode_header(raw)))
    except (LookupError, ValueError):  # An unknown character set or broken base64: show it as it came.
        return raw
