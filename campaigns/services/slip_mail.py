"""Mail about witness slips on its way: single messages that go after the answers, to nobody who wants no mail."""

from collections.abc import Collection
from datetime import datetime

from mailing.addresses import hash_address
from mailing.models import OutboxMessage, Suppression
from mailing.services import Draft, queue_messages
from partners.emails import Message


def queue_notices(messages: Collection[Message], *, expires_at: datetime) -> int:
    """Queues the messages, in the transaction that causes them; how many, without suppressed addresses.

    What no mail server has taken at `expires_at` is dropped: it speaks of a hearing.
    """
    hashes = {message["to"]: hash_address(message["to"]) for message in messages}
    stopped = set(
        Suppression.objects.filter(address_hash__in=hashes.values()).values_list("address_hash", flat=True)
    )
    drafts = [
        Draft(**message, precedence=OutboxMessage.Precedence.NOTICE, expires_at=expires_at)
        for message in messages
        if hashes[message["to"]] not in stopped
    ]
    queue_messages(drafts=drafts)
    return len(drafts)
