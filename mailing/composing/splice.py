"""One content of a mailing, ready to become any recipient's message in some thirty microseconds.

What all recipients share is encoded ahead, headers and parts, and cut where they differ. For one recipient only the
tokens and the personal parts are made and put between. `mailing.composing.compile.Content.fill` does the same in readable
steps, for the browser and for previews; a test compares the two.
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from itertools import groupby
from typing import Protocol

from django.core.signing import b64_encode
from django.utils.http import int_to_base36

from mailing.addresses import normalize_address
from mailing.composing.compile import Content, clean, personal_value
from mailing.composing.headers import encode_clean
from mailing.composing.message import sender_domain
from mailing.composing.quoted import quote_value
from mailing.composing.signing import KeyedHash, message_id_hash, signer, time_stamp
from mailing.composing.splice_plan import Each, Frame, Personal, Signed, plan_message
from mailing.tokens import ADDRESS_SALT
from mailing.wire.outcomes import Ready

_SUBJECT_COLUMN = len("Subject: ")


class Row(Protocol):
    """What a message needs of a recipient: a `Delivery`, or a lighter row with the same names."""

    @property
    def pk(self) -> int: ...

    @property
    def email(self) -> str: ...

    @property
    def slots(self) -> Mapping[str, object]: ...


class SplicedContent:
    """A compiled content with its mailing's headers, cut into pieces with holes between them."""

    def __init__(self, content: Content, frame: Frame) -> None:
        plan = plan_message(content, frame)
        self._pieces = plan.pieces
        self._subject = plan.subject
        values = set(plan.holes.values())
        signed = [value for value in values if isinstance(value, Signed)]
        personal = sorted((value for value in values if isinstance(value, Personal)), key=_by_name)
        # The values of one recipient are made in this order.
        order = [*Each, *signed, *personal]
        self._holes = [(place, order.index(value)) for place, value in plan.holes.items()]
        self._signers = [(signer(value.salt), value.suffix) for value in signed]
        self._personal = [
            (name, fallback, [value.write for value in same])
            for (name, fallback), same in groupby(personal, key=_by_name)
        ]
        self._address = signer(ADDRESS_SALT) if Each.PREFERENCES in values else None
        self._id_start, self._id_end = f"m.{frame.mailing}.", f"@{sender_domain()}>"
        self._id_hash = message_id_hash()

    def message(self, row: Row, *, now: datetime) -> Ready:
        """The whole message for one recipient as it goes over the wire."""
        date, stamp = _moment(now)
        slots = row.slots or {}
        made = [
            _mailbox(row.email),
            _subject(self._subject, slots) if self._subject else b"",
            date,
            self._message_id(row.pk),
            _address_token(self._address, row.email, stamp) if self._address else b"",
        ]
        number = int_to_base36(row.pk).encode()
        made += [keyed.sign(b"%b%b%b" % (number, suffix, stamp)) for keyed, suffix in self._signers]
        for name, fallback, writers in self._personal:
            value = personal_value(slots, name, fallback)
            made += [write(value) for write in writers]
        pieces = self._pieces.copy()
        for place, value_number in self._holes:
            pieces[place] = made[value_number]
        return Ready(b"".join(pieces))

    def _message_id(self, number: int) -> bytes:
        """As `mailing.composing.message.message_id` makes it."""
        name = f"{self._id_start}{number}"
        return f"<{name}.{self._id_hash.digest(name.encode()).hex()[:16]}{self._id_end}".encode()


def _by_name(value: Personal) -> tuple[str, str]:
    return value.name, value.fallback


@lru_cache(maxsize=4)
def _moment(now: datetime) -> tuple[bytes, bytes]:
    """The same for a whole window: the date of the messages and the time stamp of their tokens."""
    return format_datetime(now).encode(), time_stamp(now.timestamp())


def _mailbox(email: str) -> bytes:
    if not (email.isascii() and email.isprintable()):
        email = clean(email)
    return email.encode("ascii", "replace")


def _subject(parts: list[str | Personal], slots: Mapping[str, object]) -> bytes:
    subject = "".join(
        part if isinstance(part, str) else personal_value(slots, part.name, part.fallback) for part in parts
    )
    return encode_clean(clean(subject), _SUBJECT_COLUMN).encode()


def _address_token(keyed: KeyedHash, email: str, stamp: bytes) -> bytes:
    """As `mailing.tokens.address_token` makes it; the only token that may be longer than a line."""
    return quote_value(keyed.sign(b64_encode(normalize_address(email).encode()) + stamp).decode())
