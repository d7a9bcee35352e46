"""Django's own mail (password resets, address checks) takes the same way as ours: through the outbox."""

import uuid
from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from mailing.composing.message import message_id
from mailing.services.outbox import store_message


class OutboxBackend(BaseEmailBackend):
    """Writes messages into the outbox: one row for each recipient, so that each has its own outcome."""

    @transaction.atomic
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Returns how many messages were written down."""
        return sum(self._store(message) for message in email_messages or [])

    def _store(self, message: EmailMessage) -> int:
        recipients = list(dict.fromkeys(parseaddr(recipient)[1] for recipient in message.recipients()))
        now = timezone.now()
        for recipient in recipients:
            identifier = message_id("o", uuid.uuid4().hex)
            mime = message.message()
            del mime["Message-ID"]
            mime["Message-ID"] = identifier
            if "Auto-Submitted" not in mime:
                mime["Auto-Submitted"] = "auto-generated"
            store_message(
                to=recipient,
                subject=str(message.subject),
                # The declarations are those of Django 6, whose messages take a policy instead.
                wire=mime.as_bytes(linesep="\r\n"),  # type: ignore[call-arg]
                identifier=identifier,
                now=now,
            )
        return 1 if recipients else 0
