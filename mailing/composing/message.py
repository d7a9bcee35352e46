"""Builds messages as they go over the wire, from the standard library's parts."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from email import message_from_bytes
from email.charset import QP, Charset
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime

from django.conf import settings

from mailing.composing.compile import clean, clean_body
from mailing.composing.headers import encode_address, encode_header, split_address
from mailing.composing.signing import message_id_hash

# The older policy on purpose: the newer one breaks long List-Unsubscribe addresses into encoded words.
# Lines may be as long as the standard allows, so that such an address stays on the line of its name.
WIRE = compat32.clone(linesep="\r\n", max_line_length=998)
# "=_" never occurs in quoted-printable text, so no part can hold the boundary (RFC 2045, 6.7).
BOUNDARY = "=_part"
UTF8 = Charset("utf-8")
UTF8.body_encoding = QP


def sender_address() -> str:
    """The bare address that sends, also for the envelope."""
    return split_address(settings.DEFAULT_FROM_EMAIL)[1]


def sender_domain() -> str:
    """The domain after the @ of the sending address, for message IDs."""
    return sender_address().rpartition("@")[2] or "localhost"


def message_id(kind: str, *numbers: object) -> str:
    """The same message ID for the same row, whoever sends it and however often, and not to be guessed."""
    name = ".".join([kind, *(str(number) for number in numbers)])
    return f"<{name}.{_proof(name)}@{sender_domain()}>"


def _proof(name: str) -> str:
    return message_id_hash().digest(name.encode()).hex()[:16]


def read_message_id(value: str) -> tuple[str, ...]:
    """The parts of a message ID of ours, such as `("m", "7", "1234")`, or nothing when it is not one of ours.

    Whatever the domain: a relay may have moved since. The proof is what tells.
    """
    name, _at, _domain = value.strip().strip("<>").partition("@")
    name, _dot, proof = name.rpartition(".")
    return (
        tuple(name.split(".")) if name and hmac.compare_digest(proof.encode(), _proof(name).encode()) else ()
    )


def build_message(
    *,
    to: str,
    subject: str,
    text: str,
    message_id: str,
    date: datetime,
    html: str = "",
    from_header: str = "",
    reply_to: str = "",
    headers: Mapping[str, str] | None = None,
) -> Message:
    """A message with a text part and, where `html` is given, an HTML part beside it."""
    body = _text_part(text, "plain")
    message: Message = body
    if html:
        message = MIMEMultipart("alternative", BOUNDARY, policy=WIRE)
        message.attach(body)
        message.attach(_text_part(html, "html"))
    message["From"] = encode_address(from_header or settings.DEFAULT_FROM_EMAIL)
    message["To"] = clean(to)
    message["Subject"] = encode_header("Subject", subject)
    if reply_to:
        message["Reply-To"] = encode_address(reply_to)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id
    for name, value in (headers or {}).items():
        message[name] = encode_header(name, value)
    return message


def as_wire(message: Message) -> bytes:
    """The bytes to hand over: lines end in CRLF and stay short."""
    return message.as_bytes(policy=WIRE)


def _text_part(text: str, subtype: str) -> MIMEText:
    # The library takes a `Charset` too; its declaration knows names only.
    return MIMEText(clean_body(text), subtype, UTF8, policy=WIRE)  # type: ignore[arg-type]


def read_text(wire: bytes) -> str:
    """The text part of a message in bytes, as its reader sees it; empty when it has none."""
    for part in message_from_bytes(wire).walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            charset = part.get_content_charset() or "utf-8"
            return payload.decode(charset, "replace") if isinstance(payload, bytes) else ""
    return ""
