"""What providers post to us, as django-anymail reads it, in our own words."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.utils import timezone

from mailing.composing.message import read_message_id
from mailing.models import DeliveryEvent, Suppression
from mailing.reports.event import ProviderEvent, bounce_kind

Kind = DeliveryEvent.Kind
Reason = Suppression.Reason

_KINDS = {
    EventType.DELIVERED: Kind.DELIVERED,
    EventType.DEFERRED: Kind.DEFERRED,
    EventType.COMPLAINED: Kind.COMPLAINED,
    EventType.UNSUBSCRIBED: Kind.UNSUBSCRIBED,
    EventType.REJECTED: Kind.REJECTED,
    EventType.FAILED: Kind.REJECTED,
}
# A provider that refuses an address for what it did before tells us something we did not know.
_STOPS = {
    RejectReason.BOUNCED: Reason.BOUNCED,
    RejectReason.INVALID: Reason.BOUNCED,
    RejectReason.SPAM: Reason.COMPLAINED,
    RejectReason.UNSUBSCRIBED: Reason.UNSUBSCRIBED,
}
# The providers' own words for the two kinds of bounce, in lower case and letters only, where they have such words.
_SOFT = {"softbounce", "blocked", "transient", "undetermined", "virusnotification"}
_HARD = {"hardbounce", "permanent", "invalidemail"}

_collected: ContextVar[list[ProviderEvent] | None] = ContextVar("collected", default=None)


@contextmanager
def collecting() -> Iterator[list[ProviderEvent]]:
    """Gathers what one request brings, so that it is written in one go."""
    events: list[ProviderEvent] = []
    token = _collected.set(events)
    try:
        yield events
    finally:
        _collected.reset(token)


def receive(sender: type, event: AnymailTrackingEvent, esp_name: str, **kwargs: object) -> None:
    """Takes one event of django-anymail's `tracking` signal."""
    from mailing.services.events import record_events

    found = read_event(event, esp_name, now=timezone.now())
    if found is None:
        return
    collected = _collected.get()
    if collected is None:
        record_events(provider=provider_name(esp_name), events=[found])
    else:
        collected.append(found)


def provider_name(esp_name: str) -> str:
    """The name under which a provider's events are kept: `amazon_ses` of "Amazon SES"."""
    return esp_name.lower().replace(" ", "_")


def read_event(event: AnymailTrackingEvent, esp_name: str, *, now: datetime) -> ProviderEvent | None:
    """One event in our words; None for what is of no interest here, such as visits and openings."""
    raw = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    words = event.mta_response or event.description or ""
    kind = _bounce(raw, words) if event.event_type == EventType.BOUNCED else _KINDS.get(event.event_type)
    if kind is None:
        return None
    return ProviderEvent(
        kind=kind,
        happened_at=_moment(event.timestamp, now),
        event_id=_event_id(event, esp_name, raw),
        message_id=_our_message_id(event, raw),
        email=event.recipient or "",
        reason=words,
        stops=_STOPS.get(event.reject_reason or "", "") if kind == Kind.REJECTED else "",
    )


def _moment(told: datetime | None, now: datetime) -> datetime:
    """When it happened, never later than now; a time without a zone is UTC."""
    if told is None:
        return now
    return min(told if told.tzinfo else told.replace(tzinfo=UTC), now)


def _bounce(raw: Mapping[str, Any], words: str) -> str:
    """The provider's own judgment where it has one; otherwise what the receiving server's words mean."""
    detail = raw.get("event-data") or raw.get("bounce") or {}
    own = {
        re.sub(r"[^a-z]", "", str(word).lower())
        for word in (raw.get("type"), raw.get("Type"), raw.get("event"), detail.get("bounceType"))
        if word
    }
    if own & _SOFT:
        return Kind.SOFT_BOUNCED
    # SendGrid calls a hard bounce by no other name; Mailjet says it apart.
    if (
        own & _HARD
        or (raw.get("type") == "bounce" and "sg_event_id" in raw)
        or raw.get("hard_bounce") is True
    ):
        return Kind.BOUNCED
    status = detail.get("delivery-status") or {}
    return bounce_kind(f"{status.get('code', '')} {words}", str(status.get("enhanced-code", "")))


def _event_id(event: AnymailTrackingEvent, esp_name: str, raw: Mapping[str, Any]) -> str:
    """The provider's own number for the event, the same when it posts the event again."""
    if esp_name == "Mailgun":
        # django-anymail takes the signature's token, which is new with each post; the number is one day's own.
        data = raw.get("event-data") or {}
        return (
            f"{data['id']} {float(data['timestamp']):.0f}" if data.get("id") and data.get("timestamp") else ""
        )
    return event.event_id or ""


def _our_message_id(event: AnymailTrackingEvent, raw: Mapping[str, Any]) -> str:
    """The message ID that we gave the message; providers put it in different places."""
    places = [
        *(event.metadata or {}).values(),
        event.message_id,
        raw.get("smtp-id"),
    ]
    texts = [place for place in places if isinstance(place, str)]
    return next((text for text in texts if read_message_id(text)), event.message_id or "")
