"""The life of a mailing: compiled, filled with recipients, started, paused, cancelled, expired, done."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing.composing.compile import Content, clean, compile_content, find_links
from mailing.errors import CompileError, StateError
from mailing.models import Batch, Delivery, Mailing, MailingContent, Topic, TrackedLink
from mailing.queueing import queue_after_commit
from mailing.services.tallies import recount

S = Mailing.State
STOPPABLE = {S.READY, S.SENDING, S.PAUSED}
# So many batches are closed with their mailing at once; the pump closes the others.
CLOSED_AT_ONCE = 100


@dataclass(frozen=True)
class Written:
    """What a mailing says in one language and one variant, as its author wrote it."""

    subject: str
    text: str
    html: str
    variant: str = "A"
    language: str = "en"


@transaction.atomic
def compile_mailing(
    *,
    topic: Topic,
    name: str,
    contents: Sequence[Written],
    send_at: datetime,
    expires_at: datetime | None = None,
    reply_to: str = "",
    personal_links: Collection[str] = (),
    rate_per_minute: int | None = None,
    in_recipients_window: bool = False,
    standing: bool = False,
) -> Mailing:
    """Makes a mailing of written messages; it waits, without recipients, in the state `ready`.

    Variant A in English must be there: who has no other gets it. Links become tracked, the same target once for
    all contents; those in `personal_links` also tell their page who comes. Raises `CompileError`.
    """
    if expires_at is not None and expires_at <= send_at:
        raise CompileError(_("This message would expire before it is sent."))
    kinds = [(written.variant, written.language) for written in contents]
    if ("A", "en") not in kinds or len(set(kinds)) < len(kinds):
        raise CompileError(_("A message needs its first version in English, and each version once."))
    mailing = Mailing.objects.create(
        topic=topic,
        name=clean(name)[:200],
        from_header=settings.DEFAULT_FROM_EMAIL,
        reply_to=clean(reply_to),
        send_at=send_at,
        expires_at=expires_at,
        rate_per_minute=rate_per_minute,
        in_recipients_window=in_recipients_window,
        standing=standing,
    )
    targets = dict.fromkeys(
        url for written in contents for url in find_links(text=written.text, html=written.html)
    )
    links = TrackedLink.objects.bulk_create(
        TrackedLink(mailing=mailing, url=url, identifies_recipient=url in personal_links) for url in targets
    )
    numbers = {link.url: link.pk for link in links}
    MailingContent.objects.bulk_create(_compiled(mailing, written, numbers) for written in contents)
    return mailing


@transaction.atomic
def start_mailing(*, mailing: Mailing) -> Mailing:
    """Sends a ready mailing from now on, or from its `send_at` if that is still to come."""
    locked = _locked(mailing, {S.READY}, _("This mailing has started already."))
    return _go_on(locked, timezone.now())


@transaction.atomic
def pause_mailing(*, mailing: Mailing, by: str = Mailing.PauseReason.STAFF) -> Mailing:
    """Holds a mailing. Each worker stops within one window of messages."""
    locked = _locked(mailing, {S.READY, S.SENDING}, _("This mailing is not on its way."))
    locked.state, locked.pause_reason = S.PAUSED, by
    locked.save(update_fields=["state", "pause_reason"])
    return locked


@transaction.atomic
def resume_mailing(*, mailing: Mailing) -> Mailing:
    """Goes on with a paused mailing."""
    locked = _locked(mailing, {S.PAUSED}, _("This mailing is not paused."))
    if locked.pause_reason == Mailing.PauseReason.RESTORED:
        raise StateError(_("The database was restored. Decide about this mailing in the desk, under Mail."))
    now = timezone.now()
    if locked.expires_at and locked.expires_at <= now:
        raise StateError(_("This mailing has expired."))
    locked.state, locked.pause_reason = S.READY, ""
    return _go_on(locked, now)


@transaction.atomic
def cancel_mailing(*, mailing: Mailing) -> Mailing:
    """Ends a mailing for good. What is with the mail server already cannot be called back."""
    locked = _locked(mailing, STOPPABLE, _("This mailing is over already."))
    return _end(locked, S.CANCELLED, timezone.now())


@transaction.atomic
def choose_variant(*, mailing: Mailing, variant: str) -> int:
    """Gives the remainder of an A/B test its variant and lets it go; how many people that are.

    A second choice finds nobody left, whatever it chose.
    """
    locked = _locked(mailing, STOPPABLE, _("This mailing is over already."))
    if not locked.contents.filter(variant=variant).exists():
        raise StateError(_("This mailing has no such variant."))
    held = list(Batch.objects.select_for_update().filter(mailing=locked, variant="").order_by("pk"))
    Batch.objects.filter(pk__in=[batch.pk for batch in held]).update(variant=variant)
    if locked.state == S.SENDING:
        _call_workers()
    return sum(batch.tally.get("pending", 0) for batch in held)


@transaction.atomic
def expire(*, mailing_id: int, now: datetime) -> None:
    """Ends a mailing whose time is over."""
    for mailing in _due(mailing_id, STOPPABLE):
        if mailing.expires_at and mailing.expires_at <= now:
            _end(mailing, S.EXPIRED, now)


@transaction.atomic
def start_due(*, mailing_id: int, now: datetime) -> None:
    """Starts a mailing whose time has come."""
    for mailing in _due(mailing_id, {S.READY}):
        mailing.state, mailing.started_at = S.SENDING, mailing.started_at or now
        mailing.save(update_fields=["state", "started_at"])


@transaction.atomic
def finish_if_done(*, mailing_id: int, now: datetime) -> bool:
    """Marks a mailing as sent once none of its rows may still be sent; True when it is."""
    for mailing in _due(mailing_id, {S.SENDING}):
        if not mailing.standing and not mailing.batches.unfinished().exists():
            mailing.state, mailing.finished_at = S.DONE, now
            mailing.save(update_fields=["state", "finished_at"])
            return True
    return False


@transaction.atomic
def close_batches(*, mailing_id: int) -> bool:
    """Cancels what waits of a mailing that is over, some batches at a time. True when nothing is left.

    Batches that a worker has are closed by the worker, or by the sweeper.
    """
    waiting = Batch.objects.filter(mailing=mailing_id, state=Batch.State.WAITING)
    taken = list(
        waiting.select_for_update().order_by("pk").values_list("pk", flat=True)[:CLOSED_AT_ONCE]
    )  # fmt: skip
    Delivery.objects.filter(batch__in=taken).waiting().update(
        state=Delivery.State.CANCELLED, next_attempt_at=None
    )
    Batch.objects.filter(pk__in=taken).update(state=Batch.State.DONE)
    recount(taken)
    return len(taken) < CLOSED_AT_ONCE


def _compiled(mailing: Mailing, written: Written, numbers: dict[str, int]) -> MailingContent:
    content: Content = compile_content(
        subject=written.subject, text=written.text, html=written.html, number=numbers.__getitem__
    )
    if len(content.subject) > 200:
        raise CompileError(_("The subject is longer than 200 characters."))
    return MailingContent(
        mailing=mailing,
        variant=written.variant,
        language=written.language,
        subject=content.subject,
        text=content.text,
        html=content.html,
    )


def _locked(mailing: Mailing, allowed: Collection[str], refusal: str) -> Mailing:
    locked = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if locked.state not in allowed:
        raise StateError(refusal)
    return locked


def _go_on(locked: Mailing, now: datetime) -> Mailing:
    """From ready to sending where it is time; else beat starts it later."""
    if locked.send_at <= now:
        locked.state = S.SENDING
        locked.started_at = locked.started_at or now
        _call_workers()
    locked.save(update_fields=["state", "pause_reason", "started_at"])
    return locked


def _call_workers() -> None:
    from mailing.tasks import pump_mailings

    queue_after_commit(pump_mailings)


def _end(locked: Mailing, state: Mailing.State, now: datetime) -> Mailing:
    locked.state, locked.pause_reason, locked.finished_at = state, "", now
    locked.save(update_fields=["state", "pause_reason", "finished_at"])
    close_batches(mailing_id=locked.pk)
    return locked


def _due(pk: int, states: Collection[str]) -> Iterator[Mailing]:
    """The mailing under lock, if it is still in one of the states and nobody else is at it."""
    yield from Mailing.objects.select_for_update(skip_locked=True).filter(pk=pk, state__in=states)
