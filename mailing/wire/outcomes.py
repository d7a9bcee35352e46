"""What a sender hands over, and what it hears about it."""

import enum
import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from mailing.composing.compile import clean

MAX_ANSWER = 500


class Verdict(enum.Enum):
    """What became of one message."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"  # The server asks to try later (4yz).
    FAILED = "failed"  # The server refuses it for good (5yz).
    UNKNOWN = "unknown"  # All of it was handed over, and no answer came.
    CUT = "cut"  # The connection ended before all of it was handed over, so it was not sent.
    UNREACHABLE = "unreachable"  # The server takes nothing at all now; this message was not begun.


class Ready(bytes):
    """A message that needs no more care: each line ends in CRLF, none begins with a dot."""

    __slots__ = ()


_LINE_END = re.compile(rb"\r\n|\r|\n")


def wire_lines(data: bytes) -> bytes:
    """A message whose lines all end as the wire wants it."""
    return _LINE_END.sub(b"\r\n", data)


class Envelope(NamedTuple):
    """One message to one recipient: the two addresses of the envelope, and the message in bytes."""

    sender: str
    recipient: str
    data: bytes


class Outcome(NamedTuple):
    """A verdict, and the server's words."""

    verdict: Verdict
    answer: str = ""


class Transport(Protocol):
    """Takes messages a window at a time, so that one may pipeline them."""

    def send(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        """One outcome per envelope, in their order. Never raises for what the server or the network does.

        Once a message is `UNREACHABLE`, so are all after it.
        """

    def close(self) -> None:
        """Ends the connection, if there is one."""


class AskableTransport(Transport, Protocol):
    """A transport to one server, which can be asked whether it would take mail at all."""

    def ask(self, sender: str) -> str:
        """Empty when the server would take mail of this sender, else its words."""


def words(value: object) -> str:
    """An answer or an error as it can be stored and shown."""
    text = str(value) or type(value).__name__
    return (text if text.isprintable() else clean(text))[:MAX_ANSWER]
