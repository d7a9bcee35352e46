"""Bounce messages (RFC 3464) and complaint reports (RFC 5965) that came by mail, read with the standard library."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

from mailing.composing.compile import clean
from mailing.composing.message import read_message_id
from mailing.models import DeliveryEvent
from mailing.reports.event import ProviderEvent, bounce_kind

Kind = DeliveryEvent.Kind

# RFC 5965, 7.3; what speaks of no complaint ("not-spam", "auth-failure") is left out.
_FEEDBACK = {
    "abuse": Kind.COMPLAINED,
    "fraud": Kind.COMPLAINED,
    "virus": Kind.COMPLAINED,
    "other": Kind.COMPLAINED,
    "opt-out": Kind.UNSUBSCRIBED,
    "opt-out-list": Kind.UNSUBSCRIBED,
}


def read_report(message: Message, *, now: datetime) -> list[ProviderEvent]:
    """What one message reports about messages of ours; nothing when it is no report, or about another's mail.

    Anybody can write such a message, so it must carry the message ID of ours that it speaks of: only whoever saw
    our message knows it.
    """
    parts = {part.get_content_type(): part for part in message.walk()}
    identifier = _original_message_id(message, parts)
    if not identifier:
        return []
    if status := parts.get("message/delivery-status"):
        found = _bounces(message, _blocks(status), identifier, now)
    elif feedback := parts.get("message/feedback-report"):
        found = _complaints(message, _blocks(feedback), identifier, now)
    else:
        return []
    return list(found)


def _bounces(
    report: Message, blocks: list[Message], identifier: str, now: datetime
) -> Iterator[ProviderEvent]:
    for block in blocks:
        address = _address(block["Original-Recipient"] or block["Final-Recipient"])
        status, words = clean(block["Status"] or ""), _after_type(block["Diagnostic-Code"])
        match clean(block["Action"] or "").lower():
            case "failed":
                kind = bounce_kind(words, status)
            case "delayed":
                kind = Kind.DEFERRED
            case "delivered":
                kind = Kind.DELIVERED
            case _:
                continue
        yield ProviderEvent(
            kind=kind,
            happened_at=_moment(block["Last-Attempt-Date"], report["Date"], now),
            event_id=_event_id(report, address, str(kind)),
            message_id=identifier,
            email=address,
            reason=" ".join([status, words]).strip() if status not in words else words,
        )


def _complaints(
    report: Message, blocks: list[Message], identifier: str, now: datetime
) -> Iterator[ProviderEvent]:
    for block in blocks:
        kind = _FEEDBACK.get(clean(block["Feedback-Type"] or "").lower())
        if kind is None:
            continue
        address = clean(block["Original-Rcpt-To"] or "").strip("<>")
        yield ProviderEvent(
            kind=kind,
            happened_at=_moment(block["Arrival-Date"] or block["Received-Date"], report["Date"], now),
            event_id=_event_id(report, address, str(kind)),
            message_id=identifier,
            email=address,
            reason=clean(block["User-Agent"] or ""),
        )


def _original_message_id(message: Message, parts: dict[str, Message]) -> str:
    """The message ID of ours that a report speaks of: in the returned message, or what the report answers to."""
    places: list[str] = []
    for kind in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
        if part := parts.get(kind):
            places += _values(_returned(part), "Message-ID")
    for name in ("X-Original-Message-ID", "In-Reply-To", "References"):
        places += _values([message, *_all_blocks(parts)], name)
    return next((value for value in places if read_message_id(value)), "")


def _returned(part: Message) -> list[Message]:
    """The message that came back, whole or only its head."""
    if part.is_multipart():
        return [inner for inner in part.get_payload() if isinstance(inner, Message)]
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return []
    return [message_from_bytes(payload)]


def _all_blocks(parts: dict[str, Message]) -> list[Message]:
    return [
        block
        for kind in ("message/delivery-status", "message/feedback-report")
        if kind in parts
        for block in _blocks(parts[kind])
    ]


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a machine-readable part; the library reads each as a message without a body."""
    return _returned(part)


def _values(messages: Iterable[Message], name: str) -> list[str]:
    return [
        word for message in messages for value in message.get_all(name, []) for word in str(value).split()
    ]


def _after_type(value: str | None) -> str:
    """The words after the type in `smtp; 550 5.1.1 unknown`."""
    kind, semicolon, words = clean(value or "").partition(";")
    return words.strip() if semicolon else kind


def _address(value: str | None) -> str:
    return _after_type(value).strip("<> ")


def _event_id(report: Message, address: str, kind: str) -> str:
    """The report's own message ID and the address it speaks of; without one, the report's facts tell it apart."""
    own = clean(report["Message-ID"] or "")
    return f"{kind} {own} {address.lower()}" if own else ""


def _moment(written: str | None, date: str | None, now: datetime) -> datetime:
    """When it happened, as the report or its own date say; never later than now."""
    for value in (written, date):
        try:
            moment = parsedate_to_datetime(clean(value or ""))
        except ValueError:
            continue
        # A date with "-0000" tells no zone; its numbers are UTC (RFC 5322, 3.3).
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(aware, now)
    return now
