"""One report about one message, whoever sent it."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from mailing.models import DeliveryEvent

Kind = DeliveryEvent.Kind

# RFC 3463: class.subject.detail.
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
# RFC 5321, 4.2.3: replies that speak of the mailbox itself.
_NO_MAILBOX = re.compile(r"(?<!\d)(550|551|553)(?!\d)")
# Of the mailbox: does not exist, moved, disabled. Anything else may be over tomorrow, or speaks of the message.
_GONE = {(1, 0), (1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)}


@dataclass(frozen=True)
class ProviderEvent:
    """What happened to one message at one address.

    `event_id` is the reporter's own number; without one, the report's own facts are its identity. `message_id` is
    a message ID as we wrote it, where the report tells one. `stops` is a `Suppression.Reason` where the report
    means more than its kind: a provider that refuses an address because it bounced before, for example.
    """

    kind: str
    happened_at: datetime
    event_id: str = ""
    message_id: str = ""
    email: str = ""
    reason: str = ""
    stops: str = ""

    @property
    def identity(self) -> str:
        """What is the same when the same report comes twice; at most 200 characters."""
        if self.event_id:
            return self.event_id[:200]
        facts = [self.kind, self.message_id, self.email.lower(), self.happened_at.isoformat()]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def bounce_kind(words: str, status: str = "") -> str:
    """Whether a bounce means that the mailbox is gone (hard) or perhaps only full, slow or choosy (soft).

    `status` is the enhanced status code where the report tells it apart; otherwise it is looked for in `words`.
    A code of class 5 that speaks of policy or size is soft: three such bounces stop an address too.
    """
    code = _STATUS.search(status) or _STATUS.search(words)
    if code is None:
        return Kind.BOUNCED if _NO_MAILBOX.search(words) else Kind.SOFT_BOUNCED
    major, subject, detail = (int(part) for part in code.groups())
    gone = (subject, detail) in _GONE or ((subject, detail) == (0, 0) and bool(_NO_MAILBOX.search(words)))
    return Kind.BOUNCED if major == 5 and gone else Kind.SOFT_BOUNCED
