"""Cuts a compiled content and its headers where messages differ, and encodes the pieces between."""

import html as html_module
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import quote

from django.utils.http import int_to_base36

from mailing.composing.compile import COMPILED, ENGINE_SLOTS, Content, clean
from mailing.composing.headers import encode_address, encode_clean, encode_header
from mailing.composing.message import BOUNDARY, sender_domain
from mailing.composing.pages import around_token
from mailing.composing.quoted import SOFT, quote_text, quote_value
from mailing.tokens import LINK_SALT, PAGE_SALTS

_PAGES = {"unsubscribe_url": "unsubscribe", "view_url": "view_online", "why_url": "why"}
_SUBJECT_COLUMN = len("Subject: ")


@dataclass(frozen=True)
class Frame:
    """What the messages of one mailing share besides their content. `topic` is the topic's short name."""

    mailing: int
    topic: str
    from_header: str
    reply_to: str = ""


class Each(Enum):
    """Values that every message has once. The order is that in which they are made."""

    MAILBOX = "To"
    SUBJECT = "Subject"
    DATE = "Date"
    MESSAGE_ID = "Message-ID"
    PREFERENCES = "preferences"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed token of the recipient's number, and of what else it says, such as the number of a link."""

    salt: str
    suffix: bytes = b""


@dataclass(frozen=True, slots=True)
class Personal:
    """A personal slot, and how its value is written in this kind of place."""

    name: str
    fallback: str
    write: Callable[[str], bytes]


Value = Each | Signed | Personal


@dataclass
class Plan:
    """Encoded pieces with empty ones between them, and what goes into each of those."""

    pieces: list[bytes] = field(default_factory=lambda: [b""])
    holes: dict[int, Value] = field(default_factory=dict)
    # Empty when the subject is the same for all.
    subject: list[str | Personal] = field(default_factory=list)

    def add(self, piece: bytes) -> None:
        """Appends what all messages share."""
        self.pieces[-1] += piece

    def add_hole(self, value: Value) -> None:
        """Leaves room for what differs."""
        self.holes[len(self.pieces)] = value
        self.pieces += [b"", b""]


def plan_message(content: Content, frame: Frame) -> Plan:
    """The plan of the whole message: headers, a text part, an HTML part."""
    plan = Plan()
    _add_headers(plan, content.subject, frame)
    plan.add(
        b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="%b"\r\n' % BOUNDARY.encode()
    )
    _add_part(plan, "plain", _cut(content.text, html=False))
    _add_part(plan, "html", _cut(content.html, html=True))
    plan.add(b"\r\n--%b--\r\n" % BOUNDARY.encode())
    return plan


def _add_headers(plan: Plan, subject: str, frame: Frame) -> None:
    """Source: RFC 5322; RFC 2369, 2919 and 8058 for the List headers, which bulk mail owes its readers."""
    plan.add(f"From: {encode_address(frame.from_header)}\r\nTo: ".encode())
    plan.add_hole(Each.MAILBOX)
    plan.add(b"\r\nSubject: ")
    parts = _cut(subject, html=False)
    if any(isinstance(part, Personal) for part in parts):
        plan.subject = [part for part in parts if isinstance(part, str | Personal)]
        plan.add_hole(Each.SUBJECT)
    else:
        plan.add(encode_clean(clean(subject), _SUBJECT_COLUMN).encode())
    if frame.reply_to:
        plan.add(f"\r\nReply-To: {encode_address(frame.reply_to)}".encode())
    plan.add(b"\r\nDate: ")
    plan.add_hole(Each.DATE)
    plan.add(b"\r\nMessage-ID: ")
    plan.add_hole(Each.MESSAGE_ID)
    before, after = around_token("unsubscribe")
    plan.add(f"\r\nList-Id: <{frame.topic}.{sender_domain()}>\r\nList-Unsubscribe: <{before}".encode())
    plan.add_hole(Signed(PAGE_SALTS["unsubscribe"]))
    plan.add(f"{after}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".encode())
    # Providers tell complaint rates by these parts; the last names the sender.
    feedback = f"{frame.mailing}:{frame.topic}:mailing:{sender_domain()}"
    plan.add(f"Feedback-ID: {encode_header('Feedback-ID', feedback)}\r\n".encode())


def _add_part(plan: Plan, subtype: str, parts: list[str | Value]) -> None:
    """One part: its own headers, then text and values by turns. Every piece begins at the start of a line."""
    plan.add(
        f'\r\n--{BOUNDARY}\r\nContent-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
    )
    after_hole = False
    for position, part in enumerate(parts):
        if after_hole and not (isinstance(part, str) and part.startswith("\n")):
            plan.add(SOFT)
        if isinstance(part, str):
            plan.add(quote_text(part, ends_line=position == len(parts) - 1))
        else:
            plan.add_hole(part)
        after_hole = not isinstance(part, str)


def _cut(text: str, *, html: bool) -> list[str | Value]:
    """The text in turns: what is fixed, then what differs. No two pieces of fixed text follow each other."""
    parts: list[str | Value] = [""]
    end = 0
    for slot in COMPILED.finditer(text):
        before, value, after = _slot(*slot.groups(), html=html)
        parts[-1] = f"{parts[-1]}{text[end : slot.start()]}{before}"
        parts += [value, after]
        end = slot.end()
    parts[-1] = f"{parts[-1]}{text[end:]}"
    return [part for part in parts if part != ""]


def _slot(
    in_url: str | None, name: str | None, fallback: str | None, link: str | None, *, html: bool
) -> tuple[str, Value, str]:
    """What a slot becomes: fixed text, the value, fixed text."""
    if name is not None and name not in ENGINE_SLOTS:
        fallback = fallback or ""
        write = _as_url if in_url else _as_html if html else quote_value
        return "", Personal(name, html_module.unescape(fallback) if html else fallback, write), ""
    value: Value
    if link is not None:
        page, value = "go", Signed(LINK_SALT, f"-{int_to_base36(int(link))}".encode())
    elif name == "preferences_url":
        page, value = "preferences", Each.PREFERENCES
    else:
        page = _PAGES[str(name)]
        value = Signed(PAGE_SALTS[page])
    before, after = around_token(page)
    if in_url:
        before, after = quote(before, safe=""), quote(after, safe="")
    if html:
        before, after = html_module.escape(before), html_module.escape(after)
    return before, value, after


def _as_html(value: str) -> bytes:
    return quote_value(html_module.escape(value))


def _as_url(value: str) -> bytes:
    return quote_value(quote(value, safe=""))
