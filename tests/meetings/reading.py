"""What tests read: pages, and the mails that wait in the outbox."""

import html
import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from mailing.models import OutboxMessage


def content(response) -> str:
    """A page's words as people read them."""
    return " ".join(html.unescape(response.content.decode()).split())


def mails(to: str = "") -> list[EmailMessage]:
    """Messages in the outbox, the oldest first."""
    rows = OutboxMessage.objects.filter(to=to) if to else OutboxMessage.objects.all()
    return [message_from_bytes(bytes(row.message), policy=policy.default) for row in rows.order_by("pk")]


def text_of(message: EmailMessage) -> str:
    """The text part."""
    return message.get_body(("plain",)).get_content()


def html_of(message: EmailMessage) -> str:
    """The HTML part."""
    return message.get_body(("html",)).get_content()


def link_in(message: EmailMessage, part: str) -> str:
    """The path of the shortest address of ours in a message that holds `part`."""
    found = re.findall(rf"https?://[^/\s]+(/[^\s]*{part}[^\s]*)", text_of(message))
    assert found, text_of(message)
    return min(found, key=len)
