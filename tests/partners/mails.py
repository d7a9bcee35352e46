"""Reading what stands in the outbox."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from mailing.models import OutboxMessage


def mails_to(address: str) -> list[EmailMessage]:
    """Every message to an address, the oldest first."""
    rows = OutboxMessage.objects.filter(to=address).order_by("id")
    return [message_from_bytes(bytes(row.message), policy=policy.default) for row in rows]


def mail_to(address: str) -> EmailMessage:
    """The latest message to an address."""
    return mails_to(address)[-1]


def link_in(message: EmailMessage, part: str) -> str:
    """The path of the first link in the text part that holds `part`."""
    words = message.get_body(("plain",)).get_content().split()
    url = next(word for word in words if part in word and word.startswith("http"))
    return "/" + url.split("/", 3)[3]
