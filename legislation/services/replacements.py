"""Warnings when an amendment replaces a bill's whole text: whoever holds a position must look again."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from legislation import position_emails as emails
from legislation.models import BillEvent, BillTracking, OrganizationPosition, ReplacementWarning
from legislation.permissions import primary_contacts
from mailing.services import Precedence, queue_message
from partners.models import Organization

# A portal that stood still longer than this does not write to people about what is old by then.
WARNED_WITHIN = timedelta(days=14)


def warn_of_replacement(*, now: datetime) -> int:
    """Writes to the primary contacts of every partner with a position on record that was taken before a text was
    replaced, and to whoever looks after the bill. Once per event and partner; several events of one bill make
    one message. Returns the number of messages.
    """
    by_bill = _recent_replacements(now)
    if not by_bill:
        return 0
    looked_after = BillTracking.objects.filter(bill__in=by_bill, owner__is_active=True)
    on_record = OrganizationPosition.objects.on_record().filter(bill__in=by_bill).order_by("pk")
    warnings = ReplacementWarning.objects.filter(event__bill__in=by_bill)
    told: set[tuple[int, int | None]] = {*warnings.values_list("event_id", "organization_id")}
    sent = 0
    for tracking in looked_after.select_related("owner", "bill"):
        if news := _untold(by_bill[tracking.bill_id], tracking.created_at, None, told):
            sent += _warn_owner(tracking=tracking, events=news, now=now)
    for position in on_record.select_related("organization", "bill"):
        since = position.decided_at or position.proposed_at
        if news := _untold(by_bill[position.bill_id], since, position.organization_id, told):
            sent += _warn_partner(position=position, events=news, now=now)
    return sent


def _recent_replacements(now: datetime) -> dict[int, list[BillEvent]]:
    events = BillEvent.objects.filter(
        kind=BillEvent.Kind.REPLACED,
        is_news=True,
        observed_at__gt=now - WARNED_WITHIN,
        observed_at__lte=now,
    )
    by_bill: dict[int, list[BillEvent]] = defaultdict(list)
    for event in events.order_by("observed_at", "pk"):
        by_bill[event.bill_id].append(event)
    return by_bill


def _untold(
    events: Iterable[BillEvent],
    since: datetime,
    organization: int | None,
    told: set[tuple[int, int | None]],
) -> list[BillEvent]:
    """What happened since the position was taken and was not written about."""
    return [event for event in events if event.observed_at > since and (event.pk, organization) not in told]


@transaction.atomic
def _warn_partner(*, position: OrganizationPosition, events: list[BillEvent], now: datetime) -> int:
    """A partner without a primary contact is tried again by the next run."""
    contacts = primary_contacts(position.organization)
    events = _claim(events, position.organization, now) if contacts else []
    if not events:
        return 0
    for contact in contacts:
        queue_message(**emails.text_replaced(position, contact, events), precedence=Precedence.NOTICE)
    return len(contacts)


@transaction.atomic
def _warn_owner(*, tracking: BillTracking, events: list[BillEvent], now: datetime) -> int:
    events = _claim(events, None, now)
    if not events or tracking.owner is None:
        return 0
    message = emails.tracked_text_replaced(tracking, tracking.owner, events)
    queue_message(**message, precedence=Precedence.NOTICE)
    return 1


def _claim(events: Iterable[BillEvent], organization: Organization | None, now: datetime) -> list[BillEvent]:
    """The events this run is the first to write about; the database lets each pair in once."""
    claimed = []
    for event in events:
        _row, is_new = ReplacementWarning.objects.get_or_create(
            event=event, organization=organization, defaults={"sent_at": now}
        )
        if is_new:
            claimed.append(event)
    return claimed
