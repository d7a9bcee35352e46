"""What became of the mail to one address, in sentences, for staff who are asked "why did she not get it?"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailing.addresses import hash_address, normalize_address
from mailing.models import (
    Batch,
    Delivery,
    DeliveryEvent,
    Mailing,
    OutboxMessage,
    Preference,
    Subscription,
    Suppression,
)

ROWS = 200
_REASONS = {
    "unsubscribed": gettext_lazy("they unsubscribed"),
    "paused": gettext_lazy("they asked for no mail for a while"),
    "bounced": gettext_lazy("the mailbox does not exist"),
    "complained": gettext_lazy("they reported our mail as spam"),
    "staff": gettext_lazy("staff stopped the address"),
    "erased": gettext_lazy("they asked to be forgotten"),
}
_OVER = {Mailing.State.CANCELLED, Mailing.State.EXPIRED}
_LOST = {OutboxMessage.State.FAILED, OutboxMessage.State.UNKNOWN, OutboxMessage.State.EXPIRED}
_GOOD = {
    Delivery.State.PENDING,
    Delivery.State.ACCEPTED,
    Delivery.State.DELIVERED,
    Delivery.State.SUMMARIZED,
}
_BAD_NEWS = {
    DeliveryEvent.Kind.BOUNCED,
    DeliveryEvent.Kind.SOFT_BOUNCED,
    DeliveryEvent.Kind.COMPLAINED,
    DeliveryEvent.Kind.REJECTED,
}


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, with what, in words; the server's or somebody's own words; the record."""

    at: datetime | None
    title: str
    words: str
    detail: str = ""
    is_good: bool = True
    record: Model | None = None


@dataclass(frozen=True)
class Timeline:
    """Everything the mail engine knows of one address, the newest first. `standing` says what it gets today."""

    email: str
    standing: list[str]
    entries: list[Entry]
    has_more: bool


def timeline_of(email: str, now: datetime) -> Timeline:
    """All mailings and single messages to an address, with what came back. Six queries."""
    email = normalize_address(email)
    address_hash = hash_address(email)
    deliveries = list(
        Delivery.objects.filter(address_hash=address_hash)
        .select_related("mailing", "batch")
        .order_by("-id")[: ROWS + 1]
    )
    events = DeliveryEvent.objects.filter(address_hash=address_hash).select_related("delivery__mailing")
    single = OutboxMessage.objects.filter(to=email).defer("message").order_by("-created_at")[:ROWS]
    entries = [_of_delivery(row, now) for row in deliveries[:ROWS]]
    entries += [of_event(event) for event in events.order_by("-happened_at", "-id")[:ROWS]]
    entries += [_of_message(message) for message in single]
    entries.sort(key=lambda entry: entry.at or now, reverse=True)
    return Timeline(email, _standing(address_hash, now), entries, len(deliveries) > ROWS)


def delivery_words(row: Delivery, now: datetime) -> str:
    """One recipient's row in a sentence. Its mailing and batch are loaded."""
    if row.state in {Delivery.State.PENDING, Delivery.State.DEFERRED}:
        return _waiting_words(row, now)
    words: dict[str, str] = {
        Delivery.State.ACCEPTED: _("The mail server took it. Nobody reported where it went from there."),
        Delivery.State.DELIVERED: _("It arrived in the mailbox."),
        Delivery.State.FAILED: _("It was refused for good."),
        Delivery.State.BOUNCED: _("It came back."),
        Delivery.State.COMPLAINED: _("It arrived and was reported as spam."),
        Delivery.State.SUMMARIZED: _("It goes into the weekly summary, as the person chose."),
        Delivery.State.CANCELLED: _("The mailing ended before it was sent."),
        Delivery.State.UNKNOWN: _(
            "Nobody knows: the line broke while it was handed over. It is not sent again unless staff decide so."
        ),
        Delivery.State.SUPPRESSED: _("Not sent: %(why)s.") % {"why": _why(row)},
    }
    return words[Delivery.State(row.state)]


def of_event(event: DeliveryEvent) -> Entry:
    """A report from the receiving side, or what a person decided."""
    what = str(event.get_kind_display())
    return Entry(
        at=event.happened_at,
        title=str(event.delivery.mailing) if event.delivery else _("The address"),
        words=_("%(what)s (reported by %(who)s).")
        % {"what": what[:1].upper() + what[1:], "who": event.by or event.provider},
        detail=event.reason,
        is_good=event.kind not in _BAD_NEWS,
        record=event.delivery,
    )


def _of_delivery(row: Delivery, now: datetime) -> Entry:
    return Entry(
        at=row.accepted_at or row.mailing.started_at or row.mailing.send_at,
        title=str(row.mailing),
        words=delivery_words(row, now),
        detail="" if row.state == Delivery.State.SUPPRESSED else row.response,
        is_good=row.state in _GOOD,
        record=row,
    )


def _of_message(message: OutboxMessage) -> Entry:
    words: dict[str, str] = {
        OutboxMessage.State.PENDING: _("Waits to be sent."),
        OutboxMessage.State.SENDING: _("Is being handed over."),
        OutboxMessage.State.SENT: _("The mail server took it."),
        OutboxMessage.State.FAILED: _("It was refused for good."),
        OutboxMessage.State.UNKNOWN: _("Nobody knows: it may have been sent."),
        OutboxMessage.State.EXPIRED: _("It was not sent: its time was over."),
    }
    return Entry(
        at=message.sent_at or message.created_at,
        title=message.subject,
        words=words[OutboxMessage.State(message.state)],
        detail=message.response,
        is_good=message.state not in _LOST,
        record=message,
    )


def _waiting_words(row: Delivery, now: datetime) -> str:
    mailing, batch = row.mailing, row.batch
    if mailing.state in _OVER:
        return _("The mailing ended before it was sent.")
    if mailing.state == Mailing.State.PAUSED:
        return _("Waits: the mailing is paused (%(why)s).") % {
            "why": mailing.get_pause_reason_display() or _("staff paused it")
        }
    if row.state == Delivery.State.DEFERRED:
        return _(
            "The mail server asked to wait (attempts so far: %(times)d). It is tried again by itself."
        ) % {"times": row.attempts}
    if batch.variant == "":
        return _("Waits: the test of two variants is not decided yet.")
    if batch.state == Batch.State.SENDING:
        return _("Is going out at this moment.")
    if batch.not_before > now or mailing.send_at > now:
        return _("Waits for its time.")
    return _("Waits for its turn.")


def _why(row: Delivery) -> str:
    return str(_REASONS.get(row.response, row.response or _("they want no such mail"))).rstrip(".")


def _standing(address_hash: str, now: datetime) -> list[str]:
    """What an address gets today and what it does not, in sentences."""
    found: list[str] = []
    stop = Suppression.objects.filter(address_hash=address_hash).first()
    if stop:
        note = f" ({stop.note})" if stop.note else ""
        found.append(
            _("Gets no bulk mail: %(reason)s%(note)s.") % {"reason": stop.get_reason_display(), "note": note}
        )
    wish = Preference.objects.filter(address_hash=address_hash).first()
    if wish and wish.paused_until and wish.paused_until > now:
        found.append(_("Asked for no mail for a while."))
    return found + _topics(Subscription.objects.filter(address_hash=address_hash).select_related("topic"))


def _topics(rows: Iterable[Subscription]) -> list[str]:
    return [
        _("%(topic)s: %(state)s.") % {"topic": row.topic.name, "state": row.get_state_display()}
        for row in sorted(rows, key=lambda row: row.topic.order)
    ]
