"""Single messages: written with what caused them, handed over right after."""

import uuid
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing.addresses import MAX_LENGTH, is_address, normalize_address
from mailing.compile import clean
from mailing.errors import StateError
from mailing.message import as_wire, build_message, message_id, sender_address
from mailing.models import OutboxMessage
from mailing.queueing import queue_after_commit
from mailing.services.settling import Settled, settle
from mailing.smtp import Envelope, SmtpTransport, Transport, Verdict

logger = structlog.get_logger(__name__)

_STATES = {
    Verdict.ACCEPTED: OutboxMessage.State.SENT,
    Verdict.FAILED: OutboxMessage.State.FAILED,
    Verdict.UNKNOWN: OutboxMessage.State.UNKNOWN,
    Verdict.DEFERRED: OutboxMessage.State.PENDING,
    Verdict.CUT: OutboxMessage.State.PENDING,
    Verdict.UNREACHABLE: OutboxMessage.State.PENDING,
}


@dataclass(frozen=True)
class Draft:
    """One message that is to be written, as `queue_message` takes it."""

    to: str
    subject: str
    text: str
    html: str = ""
    reply_to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def queue_message(
    *,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    reply_to: str = "",
    headers: dict[str, str] | None = None,
) -> OutboxMessage:
    """Writes a message in the transaction that causes it; the worker sends it after the commit."""
    now = timezone.now()
    draft = Draft(to=to, subject=subject, text=text, html=html, reply_to=reply_to, headers=headers or {})
    identifier, wire = _finish(draft, now)
    return store_message(to=to, subject=subject, wire=wire, identifier=identifier, now=now)


@transaction.atomic
def queue_messages(*, drafts: Iterable[Draft]) -> list[OutboxMessage]:
    """Writes many messages at once, in the transaction that causes them: one insert, and one call to the worker."""
    from mailing.tasks import send_outbox

    now = timezone.now()
    rows = []
    for draft in drafts:
        identifier, wire = _finish(draft, now)
        rows.append(_row(draft.to, draft.subject, wire, identifier, now))
    stored = OutboxMessage.objects.bulk_create(rows)
    if stored:
        queue_after_commit(send_outbox)
    return stored


@transaction.atomic
def store_message(*, to: str, subject: str, wire: bytes, identifier: str, now: datetime) -> OutboxMessage:
    """Keeps a finished message, `wire` being its bytes and `identifier` its message ID, and has it sent."""
    from mailing.tasks import send_outbox

    stored = _row(to, subject, wire, identifier, now)
    stored.save()
    if stored.state == OutboxMessage.State.PENDING:
        queue_after_commit(send_outbox)
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


def _row(to: str, subject: str, wire: bytes, identifier: str, now: datetime) -> OutboxMessage:
    """The outbox's row, not yet written; what cannot be an address fails at once."""
    email = normalize_address(to)
    sendable = is_address(email)
    return OutboxMessage(
        to=email if sendable else clean(email)[:MAX_LENGTH],
        subject=clean(subject)[:300],
        message=wire,
        message_id=identifier,
        next_attempt_at=now,
        state=OutboxMessage.State.PENDING if sendable else OutboxMessage.State.FAILED,
        response="" if sendable else _("This cannot be an e-mail address."),
    )


@transaction.atomic
def send_again(*, message: OutboxMessage) -> OutboxMessage:
    """Has a failed or unknown message sent once more, because a person decided so."""
    from mailing.tasks import send_outbox

    locked = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if not OutboxMessage.objects.may_be_sent_again().filter(pk=locked.pk).exists():
        raise StateError(_("Only a message that failed or is unknown can be sent again."))
    locked.state = OutboxMessage.State.PENDING
    locked.attempts = 0
    locked.next_attempt_at = timezone.now()
    # Whoever still holds the old lease can no longer change this row.
    locked.lease = locked.lease_until = None
    locked.save()
    queue_after_commit(send_outbox)
    return locked


def send_due_messages(*, transport: Transport | None = None, limit: int = 500) -> int:
    """Sends what waits in the outbox, one message at a time; stops when the server takes nothing.

    Returns how many were handed over or settled. Safe to run in several workers at once.
    """
    done = 0
    with closing(transport or SmtpTransport()) as wire:
        while done < limit and (message := _claim(timezone.now())):
            (outcome,) = wire.send([Envelope(sender_address(), message.to, bytes(message.message))])
            _record(message, settle(outcome, attempts=message.attempts, now=timezone.now()))
            if outcome.verdict is Verdict.UNREACHABLE:
                logger.error("mail server unreachable", answer=outcome.answer)
                break
            done += 1
    return done


@transaction.atomic(durable=True)
def _claim(now: datetime) -> OutboxMessage | None:
    """Takes one message and writes down, before the first byte goes out, that it may go out."""
    message = (
        OutboxMessage.objects.due(now)
        .order_by("next_attempt_at", "id")
        .select_for_update(skip_locked=True)
        .first()
    )
    if message is not None:
        message.state = OutboxMessage.State.SENDING
        message.lease = uuid.uuid4()
        message.lease_until = now + timedelta(seconds=settings.MAILING_LEASE_SECONDS)
        message.save(update_fields=["state", "lease", "lease_until"])
    return message


def _record(message: OutboxMessage, settled: Settled) -> None:
    """Writes the outcome down, unless the row has gone its own way meanwhile.

    A row that the sweeper called unknown still carries the lease: late truth is better than "unknown".
    """
    now = timezone.now()
    state = _STATES[settled.verdict]
    OutboxMessage.objects.filter(
        pk=message.pk,
        lease=message.lease,
        state__in=[OutboxMessage.State.SENDING, OutboxMessage.State.UNKNOWN],
    ).update(
        state=state,
        attempts=settled.attempts,
        response=settled.answer,
        next_attempt_at=settled.next_attempt_at or now,
        sent_at=now if state == OutboxMessage.State.SENT else None,
        lease=None,
        lease_until=None,
    )
