"""Single messages: written in the transaction that causes them. `outbox_sending` hands them over right after."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing.addresses import MAX_LENGTH, is_address, normalize_address
from mailing.composing.compile import clean
from mailing.composing.message import as_wire, build_message, message_id
from mailing.errors import StateError
from mailing.models import OutboxMessage
from mailing.queueing import queue_after_commit

Precedence = OutboxMessage.Precedence


@dataclass(frozen=True)
class Draft:
    """One message that is to be written, as `queue_message` takes it."""

    to: str
    subject: str
    text: str
    html: str = ""
    reply_to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    precedence: Precedence = Precedence.ANSWER
    # After that it would mislead: what still waits then is dropped.
    expires_at: datetime | None = None


@transaction.atomic
def queue_message(
    *,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    reply_to: str = "",
    headers: dict[str, str] | None = None,
    precedence: Precedence = Precedence.ANSWER,
    expires_at: datetime | None = None,
) -> OutboxMessage:
    """Writes a message in the transaction that causes it; the worker sends it after the commit.

    An answer, for which somebody waits, goes before all notices. What still waits at `expires_at` is dropped.
    """
    now = timezone.now()
    draft = Draft(to=to, subject=subject, text=text, html=html, reply_to=reply_to, headers=headers or {})
    identifier, wire = _finish(draft, now)
    return store_message(
        to=to,
        subject=subject,
        wire=wire,
        identifier=identifier,
        now=now,
        precedence=precedence,
        expires_at=expires_at,
    )


@transaction.atomic
def queue_messages(*, drafts: Iterable[Draft]) -> list[OutboxMessage]:
    """Writes many messages at once, in the transaction that causes them: one insert, and one call to the worker."""
    now = timezone.now()
    rows = []
    for draft in drafts:
        identifier, wire = _finish(draft, now)
        rows.append(_row(draft.to, draft.subject, wire, identifier, now, draft.precedence, draft.expires_at))
    stored = OutboxMessage.objects.bulk_create(rows)
    _call_workers(stored)
    return stored


@transaction.atomic
def store_message(
    *,
    to: str,
    subject: str,
    wire: bytes,
    identifier: str,
    now: datetime,
    precedence: Precedence = Precedence.ANSWER,
    expires_at: datetime | None = None,
) -> OutboxMessage:
    """Keeps a finished message, `wire` being its bytes and `identifier` its message ID, and has it sent."""
    stored = _row(to, subject, wire, identifier, now, precedence, expires_at)
    stored.save()
    _call_workers([stored])
    return stored


def _finish(draft: Draft, now: datetime) -> tuple[str, bytes]:
    """A message's ID and its bytes."""
    identifier = message_id("o", uuid.uuid4().hex)
    message = build_message(
        to=draft.to,
        subject=draft.subject,
        text=draft.text,
        html=draft.html,
        reply_to=draft.reply_to,
        message_id=identifier,
        date=now,
        headers={"Auto-Submitted": "auto-generated"} | dict(draft.headers),
    )
    return identifier, as_wire(message)


def _row(
    to: str,
    subject: str,
    wire: bytes,
    identifier: str,
    now: datetime,
    precedence: Precedence,
    expires_at: datetime | None,
) -> OutboxMessage:
    """The outbox's row, not yet written; what cannot be an address fails at once."""
    email = normalize_address(to)
    sendable = is_address(email)
    return OutboxMessage(
        to=email if sendable else clean(email)[:MAX_LENGTH],
        subject=clean(subject)[:300],
        message=wire,
        message_id=identifier,
        precedence=precedence,
        next_attempt_at=now,
        expires_at=expires_at,
        state=OutboxMessage.State.PENDING if sendable else OutboxMessage.State.FAILED,
        response="" if sendable else _("This cannot be an e-mail address."),
    )


@transaction.atomic
def send_again(*, message: OutboxMessage) -> OutboxMessage:
    """Has a failed or unknown message sent once more, because a person decided so."""
    locked = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if not OutboxMessage.objects.may_be_sent_again().filter(pk=locked.pk).exists():
        raise StateError(_("Only a message that failed or is unknown can be sent again."))
    now = timezone.now()
    if locked.expires_at and locked.expires_at <= now:
        raise StateError(_("Its time is over: what it says would mislead whoever reads it now."))
    locked.state = OutboxMessage.State.PENDING
    locked.attempts = 0
    locked.next_attempt_at = now
    # Whoever still holds the old lease can no longer change this row.
    locked.lease = locked.lease_until = None
    locked.save()
    _call_workers([locked])
    return locked


@transaction.atomic
def count_as_sent(*, message: OutboxMessage, by: str) -> OutboxMessage:
    """Counts a message as sent of which nobody knows whether it was; `by` says who decided."""
    locked = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if locked.state != OutboxMessage.State.UNKNOWN:
        raise StateError(_("Only a message whose outcome is unknown can be counted as sent."))
    locked.state, locked.sent_at = OutboxMessage.State.SENT, timezone.now()
    locked.response = (_("Counted as sent by %(who)s.") % {"who": by})[:500]
    locked.lease = locked.lease_until = None
    locked.save()
    return locked


def _call_workers(messages: Iterable[OutboxMessage]) -> None:
    """After the commit: those who send answers, those who send notices, or both."""
    from mailing.tasks import send_notices, send_outbox

    waiting = {row.precedence for row in messages if row.state == OutboxMessage.State.PENDING}
    if Precedence.ANSWER in waiting:
        queue_after_commit(send_outbox)
    if Precedence.NOTICE in waiting:
        queue_after_commit(send_notices)
