"""One conversation with a mail server: set up by the standard library, then read and written as bytes."""

import io
import smtplib
import socket
import ssl
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from mailing.wire.outcomes import words
from mailing.wire.relay_urls import RelayAddress, Security

MAX_LINE = 8192
MAX_LINES = 100
# One record of TLS: it arrives as a whole or not at all, so that we know what was handed over.
TLS_RECORD = 16 * 1024


class Garbled(OSError):
    """The server's answer is nothing one can read."""


class Reply(NamedTuple):
    """The server's answer to one command; `code` is -1 where there is none."""

    code: int
    text: bytes

    @property
    def is_good(self) -> bool:
        return 200 <= self.code < 300

    @property
    def is_refusal(self) -> bool:
        return 400 <= self.code < 600

    def __str__(self) -> str:
        return words(f"{self.code} {self.text.decode('utf-8', 'replace')}")


@lru_cache(maxsize=64)
def _last_line(line: bytes) -> Reply:
    """Most answers are the same few lines over and over."""
    code = line[:3]
    return Reply(int(code) if code.isdigit() else -1, line[4:].strip())


class Connection:
    """An open line to a server that has greeted us, up to and including EHLO, STARTTLS and the password.

    Everything that fails here is an `OSError`; those of `smtplib` are, too.
    """

    def __init__(self, relay: RelayAddress) -> None:
        # The portal's own host name: asking DNS for this machine's name can hang.
        host_name = urlsplit(settings.SITE_URL).hostname or "localhost"
        timeout = settings.EMAIL_TIMEOUT
        context = ssl.create_default_context() if relay.security is not Security.NONE else None
        if relay.security is Security.TLS:
            self._smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                relay.host, relay.port, local_hostname=host_name, timeout=timeout, context=context
            )
        else:
            self._smtp = smtplib.SMTP(relay.host, relay.port, local_hostname=host_name, timeout=timeout)
        try:
            self._set_up(relay, context)
        except OSError:
            self._smtp.close()
            raise
        self._piece = TLS_RECORD if relay.security is not Security.NONE else 1 << 30
        # How many bytes of the last `write` are on their way.
        self.written = 0
        # Whether a message was begun over this line, and whether it takes no more.
        self.used = self.broken = False

    def _set_up(self, relay: RelayAddress, context: ssl.SSLContext | None) -> None:
        smtp = self._smtp
        if relay.security is Security.STARTTLS:
            smtp.starttls(context=context)
        if relay.user:
            smtp.login(relay.user, relay.password)
        smtp.ehlo_or_helo_if_needed()
        if smtp.sock is None or smtp.file is None:
            raise smtplib.SMTPServerDisconnected("The server hung up.")
        self._socket: socket.socket = smtp.sock
        self._lines: io.BufferedReader = smtp.file
        # Else the last piece of a message waits for the receiver's acknowledgment of the one before.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pipelines = smtp.has_extn("pipelining")
        self.chunks = self.pipelines and smtp.has_extn("chunking")
        self.takes_size = smtp.has_extn("size")

    def write(self, data: bytes) -> None:
        """Hands bytes to the network; `written` says how many, also when it fails."""
        self.written = 0
        if len(data) <= self._piece:
            self.written = self._socket.send(data)
        rest = memoryview(data)
        while self.written < len(data):
            self.written += self._socket.send(rest[self.written : self.written + self._piece])

    def reply(self) -> Reply:
        """The next answer, its lines joined."""
        texts: list[bytes] = []
        for _line in range(MAX_LINES):
            line = self._lines.readline(MAX_LINE + 1)
            if not line.endswith(b"\n"):
                raise (
                    Garbled("The answer has no end.") if line else ConnectionResetError("Connection closed.")
                )
            if line[3:4] != b"-":
                last = _last_line(line)
                return Reply(last.code, b" ".join(filter(None, [*texts, last.text]))) if texts else last
            texts.append(line[4:].strip())
        raise Garbled("The answer has no end.")

    def ask(self, command: bytes) -> Reply:
        """One command, and the answer to it."""
        self.write(command)
        return self.reply()

    def quit(self) -> None:
        """Says goodbye where somebody still listens."""
        try:
            self.ask(b"QUIT\r\n")
        except OSError:
            pass
        finally:
            self.close()

    def close(self) -> None:
        """Ends the line at once."""
        self._smtp.close()


def trouble(error: OSError | None) -> str:
    """An error of the line or of its set-up, in the server's words where it said any."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return str(Reply(error.smtp_code, said if isinstance(said, bytes) else str(said).encode()))
    return words(error)
