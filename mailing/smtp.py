"""Hands messages to the mail server and says of each exactly what became of it.

`Transport` is all that the senders know. The one here speaks SMTP over a connection it keeps.
"""

import enum
import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

from mailing.addresses import MAILBOX
from mailing.compile import clean


class Verdict(enum.Enum):
    """What became of one message."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"  # The server asks to try later (4yz).
    FAILED = "failed"  # The server refuses it for good (5yz).
    UNKNOWN = "unknown"  # All of it was handed over, and no answer came.
    CUT = "cut"  # The connection ended before all of it was handed over, so it was not sent.
    UNREACHABLE = "unreachable"  # The server takes nothing at all now; this message was not begun.


@dataclass(frozen=True)
class Envelope:
    """One message to one recipient: the two addresses of the envelope, and the message in bytes."""

    sender: str
    recipient: str
    data: bytes


@dataclass(frozen=True)
class Outcome:
    """A verdict, and the server's words."""

    verdict: Verdict
    answer: str = ""


class Transport(Protocol):
    """Takes messages a window at a time, so that one may pipeline them."""

    def send(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        """One outcome per envelope, in their order. Never raises for what the server or the network does."""

    def close(self) -> None:
        """Ends the connection, if there is one."""


class _Stale(Exception):
    """A kept connection turned out to be gone before this message began."""


_LINE_END = re.compile(rb"\r\n|\r|\n")
_TOO_LARGE = 552


class SmtpTransport:
    """Plain SMTP with `settings.EMAIL_*`; one connection for as many messages as the server allows.

    Every error of `smtplib` and of the network is an `OSError`.
    """

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None
        self._used = False

    def send(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        """See `Transport`. After the first `UNREACHABLE` the rest is not tried."""
        outcomes: list[Outcome] = []
        for envelope in envelopes:
            if outcomes and outcomes[-1].verdict is Verdict.UNREACHABLE:
                outcomes.append(outcomes[-1])
            else:
                outcomes.append(self._send_one(envelope))
        return outcomes

    def close(self) -> None:
        """Says goodbye where somebody still listens."""
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except OSError:
                self._smtp.close()
            self._smtp = None

    def _send_one(self, envelope: Envelope) -> Outcome:
        if not MAILBOX.fullmatch(envelope.recipient):
            return Outcome(Verdict.FAILED, "This cannot be an address.")
        try:
            return self._attempt(envelope)
        except _Stale:
            # Servers end idle or well-used connections; the message had not begun, so a new one is safe.
            return self._attempt(envelope)

    def _attempt(self, envelope: Envelope) -> Outcome:
        kept = self._smtp is not None and self._used
        try:
            smtp = self._connection()
        except OSError as error:
            self._drop()
            return Outcome(Verdict.UNREACHABLE, _words(error))
        refusal = self._begin(smtp, envelope, kept=kept)
        if refusal:
            return refusal
        self._used = True
        return self._hand_over(smtp, envelope)

    def _connection(self) -> smtplib.SMTP:
        if self._smtp is not None:
            return self._smtp
        # The portal's own host name: asking DNS for this machine's name can hang.
        host_name = urlsplit(settings.SITE_URL).hostname or "localhost"
        timeout = settings.EMAIL_TIMEOUT
        where = (settings.EMAIL_HOST, settings.EMAIL_PORT)
        if settings.EMAIL_USE_SSL:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                *where, local_hostname=host_name, timeout=timeout, context=ssl.create_default_context()
            )
        else:
            smtp = smtplib.SMTP(*where, local_hostname=host_name, timeout=timeout)
        self._smtp, self._used = smtp, False
        if settings.EMAIL_USE_TLS:
            smtp.starttls(context=ssl.create_default_context())
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        smtp.ehlo_or_helo_if_needed()
        return smtp

    def _begin(self, smtp: smtplib.SMTP, envelope: Envelope, *, kept: bool) -> Outcome | None:
        """MAIL FROM. None when the server is ready for the recipient."""
        try:
            code, reply = smtp.mail(
                envelope.sender, [f"SIZE={len(envelope.data)}"] if smtp.has_extn("size") else []
            )
        except OSError as error:
            self._drop()
            if kept:
                raise _Stale from error
            return Outcome(Verdict.UNREACHABLE, _words(error))
        if 200 <= code < 300:
            return None
        self._reset_or_drop(code)
        if code == 421 and kept:
            raise _Stale
        if code == _TOO_LARGE:
            return Outcome(Verdict.FAILED, _answer(code, reply))
        # The sender is refused, not this recipient: no other message would fare better.
        return Outcome(Verdict.UNREACHABLE, _answer(code, reply))

    def _hand_over(self, smtp: smtplib.SMTP, envelope: Envelope) -> Outcome:
        """RCPT TO and DATA: from here on the outcome is this message's own."""
        try:
            code, reply = smtp.rcpt(envelope.recipient)
            if 200 <= code < 300:
                code, reply = smtp.docmd("DATA")
                if code == 354:
                    # All bytes and the final dot in one call: if it raises, the dot was not sent.
                    smtp.send(_dotted(envelope.data))
                    return self._answer_to_data(smtp)
        except OSError as error:
            self._drop()
            return Outcome(Verdict.CUT, _words(error))
        self._reset_or_drop(code)
        return Outcome(_refusal(code), _answer(code, reply))

    def _answer_to_data(self, smtp: smtplib.SMTP) -> Outcome:
        try:
            code, reply = smtp.getreply()
        except OSError as error:
            self._drop()
            return Outcome(Verdict.UNKNOWN, _words(error))
        if 200 <= code < 300:
            return Outcome(Verdict.ACCEPTED, _answer(code, reply))
        if 400 <= code < 600:
            self._reset_or_drop(code)
            return Outcome(_refusal(code), _answer(code, reply))
        self._drop()
        return Outcome(Verdict.UNKNOWN, _answer(code, reply))

    def _reset_or_drop(self, code: int) -> None:
        """Makes the connection ready for the next message, or gives it up."""
        if self._smtp is None:
            return
        if code == 421 or not 400 <= code < 600:
            self._drop()
            return
        try:
            code, _reply = self._smtp.rset()
        except OSError:
            self._drop()
            return
        if code != 250:
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _refusal(code: int) -> Verdict:
    return Verdict.FAILED if 500 <= code < 600 else Verdict.DEFERRED


def _dotted(data: bytes) -> bytes:
    """The message with leading dots doubled and the line that ends it (RFC 5321, 4.5.2)."""
    data = _LINE_END.sub(b"\r\n", data)
    if data.startswith(b"."):
        data = b"." + data
    data = data.replace(b"\r\n.", b"\r\n..")
    return data + (b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n")


def _answer(code: int, reply: bytes) -> str:
    return clean(f"{code} {reply.decode('utf-8', 'replace')}")[:500]


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return _answer(error.smtp_code, reply if isinstance(reply, bytes) else str(reply).encode())
    return clean(str(error) or type(error).__name__)[:500]
