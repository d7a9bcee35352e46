"""The life of a mailing: compiled, filled with recipients, started, paused, cancelled, expired, done."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing.addresses import MAX_LENGTH, hash_address, is_address, normalize_address
from mailing.compile import PERSONAL_SLOTS, clean, compile_content, find_links
from mailing.errors import CompileError, StateError
from mailing.models import Delivery, Mailing, Topic, TrackedLink
from mailing.queueing import queue_after_commit

CHUNK = 1000
STRAGGLERS_WITHIN = timedelta(days=1)
_STOPPABLE = {Mailing.State.READY, Mailing.State.SENDING, Mailing.State.PAUSED}

# Both unique constraints answer to ON CONFLICT, also for two rows of one chunk.
_ADD = """
INSERT INTO mailing_delivery (mailing_id, recipient, email, address_hash, slots, state, response, attempts)
SELECT %s, row.recipient, row.email, row.hash, row.slots::jsonb, row.state, row.response, 0
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
     AS row(recipient, email, hash, slots, state, response)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Recipient:
    """One person to mail: the address, the caller's own number for the person, and what fills the slots."""

    email: str
    recipient: int | None = None
    slots: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def compile_mailing(
    *,
    topic: Topic,
    name: str,
    subject: str,
    text: str,
    html: str,
    send_at: datetime,
    expires_at: datetime | None = None,
    reply_to: str = "",
    personal_links: Collection[str] = (),
) -> Mailing:
    """Makes a mailing of a written message; it waits, without recipients, in the state `ready`.

    Links become tracked; those in `personal_links` also tell their page who comes. Raises `CompileError`.
    """
    if expires_at is not None and expires_at <= send_at:
        raise CompileError(_("This message would expire before it is sent."))
    mailing = Mailing.objects.create(
        topic=topic,
        name=clean(name)[:200],
        from_header=settings.DEFAULT_FROM_EMAIL,
        reply_to=clean(reply_to),
        send_at=send_at,
        expires_at=expires_at,
    )
    links = TrackedLink.objects.bulk_create(
        TrackedLink(mailing=mailing, url=url, identifies_recipient=url in personal_links)
        for url in find_links(text=text, html=html)
    )
    numbers = {link.url: link.pk for link in links}
    content = compile_content(subject=subject, text=text, html=html, number=numbers.__getitem__)
    if len(content.subject) > 200:
        raise CompileError(_("The subject is longer than 200 characters."))
    mailing.subject, mailing.text, mailing.html = content.subject, content.text, content.html
    mailing.save()
    return mailing


@transaction.atomic
def add_recipients(*, mailing: Mailing, recipients: Iterable[Recipient]) -> int:
    """Writes one row for each recipient and returns how many are new.

    Nobody twice: neither a recipient nor an address, however often it is added. Streams in bounded memory.
    """
    _locked(mailing, _STOPPABLE, _("People can no longer be added to this mailing."))
    added, rest = 0, iter(recipients)
    while rows := [_row(recipient) for recipient in islice(rest, CHUNK)]:
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [mailing.pk, *(list(column) for column in zip(*rows, strict=True))])
            added += cursor.rowcount
    if added >= CHUNK:
        # Without fresh statistics the first claims of a large mailing read the whole table.
        transaction.on_commit(_analyze, robust=True)
    return added


@transaction.atomic
def start_mailing(*, mailing: Mailing) -> Mailing:
    """Sends a ready mailing from now on, or from its `send_at` if that is still to come."""
    locked = _locked(mailing, {Mailing.State.READY}, _("This mailing has started already."))
    return _go_on(locked, timezone.now())


@transaction.atomic
def pause_mailing(*, mailing: Mailing) -> Mailing:
    """Holds a mailing. Each worker stops within one window of messages."""
    locked = _locked(
        mailing, {Mailing.State.READY, Mailing.State.SENDING}, _("This mailing is not on its way.")
    )
    locked.state = Mailing.State.PAUSED
    locked.save(update_fields=["state"])
    return locked


@transaction.atomic
def resume_mailing(*, mailing: Mailing) -> Mailing:
    """Goes on with a paused mailing."""
    locked = _locked(mailing, {Mailing.State.PAUSED}, _("This mailing is not paused."))
    now = timezone.now()
    if locked.expires_at and locked.expires_at <= now:
        raise StateError(_("This mailing has expired."))
    locked.state = Mailing.State.READY
    return _go_on(locked, now)


@transaction.atomic
def cancel_mailing(*, mailing: Mailing) -> Mailing:
    """Ends a mailing for good. What is with the mail server already cannot be called back."""
    locked = _locked(mailing, _STOPPABLE, _("This mailing is over already."))
    return _end(locked, Mailing.State.CANCELLED, timezone.now())


def pump(*, now: datetime) -> list[int]:
    """Expires, starts and finishes what is due, and returns the mailings that workers should send."""
    _settle_stragglers(now)
    expired = Mailing.objects.filter(state__in=_STOPPABLE, expires_at__lte=now)
    for pk in list(expired.values_list("pk", flat=True)):
        _expire(pk, now)
    for pk in list(Mailing.objects.due(now).filter(state=Mailing.State.READY).values_list("pk", flat=True)):
        _start(pk, now)
    sending = []
    for pk in list(
        Mailing.objects.filter(state=Mailing.State.SENDING).order_by("send_at").values_list("pk", flat=True)
    ):
        if not finish_if_done(mailing_id=pk):
            sending.append(pk)
    return sending


@transaction.atomic
def finish_if_done(*, mailing_id: int) -> bool:
    """Marks a mailing as sent once none of its rows may still be sent; True when it is."""
    rows = Delivery.objects.filter(mailing_id=mailing_id)
    # Two questions, because each has its own small index.
    if rows.waiting().exists() or rows.in_flight().exists():
        return False
    Mailing.objects.filter(pk=mailing_id, state=Mailing.State.SENDING).update(
        state=Mailing.State.DONE, finished_at=timezone.now()
    )
    return True


def _row(recipient: Recipient) -> tuple[int | None, str, str, str, str, str]:
    email = normalize_address(recipient.email)
    state, response = Delivery.State.PENDING, ""
    if not is_address(email):
        # Written down, so that whoever sends sees that this person got nothing.
        state, response = Delivery.State.FAILED, _("This cannot be an e-mail address.")
        email = clean(email)[:MAX_LENGTH]
    slots = {name: clean(value) for name, value in recipient.slots.items() if name in PERSONAL_SLOTS}
    return recipient.recipient, email, hash_address(email), json.dumps(slots), str(state), response


def _locked(mailing: Mailing, allowed: Collection[str], refusal: str) -> Mailing:
    locked = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if locked.state not in allowed:
        raise StateError(refusal)
    return locked


def _go_on(locked: Mailing, now: datetime) -> Mailing:
    """From ready to sending where it is time; else beat starts it later."""
    from mailing.tasks import send_mailings

    if locked.send_at <= now:
        locked.state = Mailing.State.SENDING
        locked.started_at = locked.started_at or now
        queue_after_commit(send_mailings, locked.pk)
    locked.save(update_fields=["state", "started_at"])
    return locked


def _end(locked: Mailing, state: Mailing.State, now: datetime) -> Mailing:
    locked.state, locked.finished_at = state, now
    locked.save(update_fields=["state", "finished_at"])
    locked.deliveries.stoppable().update(state=Delivery.State.CANCELLED, lease=None, lease_until=None)
    return locked


@transaction.atomic
def _settle_stragglers(now: datetime) -> None:
    """Deals with rows whose worker could say only after the mailing's end that they were not sent."""
    ended = Mailing.objects.filter(finished_at__gt=now - STRAGGLERS_WITHIN)
    late = Delivery.objects.waiting().filter(mailing__in=ended)
    late.filter(mailing__state__in=[Mailing.State.CANCELLED, Mailing.State.EXPIRED]).update(
        state=Delivery.State.CANCELLED
    )
    # Still owed to their readers: the mailing goes on for them.
    Mailing.objects.filter(state=Mailing.State.DONE, pk__in=late.values("mailing")).update(
        state=Mailing.State.SENDING, finished_at=None
    )


def _due(pk: int, states: Collection[str]) -> Iterator[Mailing]:
    """The mailing under lock, if it is still in one of the states and nobody else is at it."""
    yield from Mailing.objects.select_for_update(skip_locked=True).filter(pk=pk, state__in=states)


@transaction.atomic
def _expire(pk: int, now: datetime) -> None:
    for mailing in _due(pk, _STOPPABLE):
        if mailing.expires_at and mailing.expires_at <= now:
            _end(mailing, Mailing.State.EXPIRED, now)


@transaction.atomic
def _start(pk: int, now: datetime) -> None:
    for mailing in _due(pk, {Mailing.State.READY}):
        mailing.state, mailing.started_at = Mailing.State.SENDING, mailing.started_at or now
        mailing.save(update_fields=["state", "started_at"])


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mailing_delivery")
