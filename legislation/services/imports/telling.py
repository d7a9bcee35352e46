"""Writes events that are not of a measure's own record: roll calls and hearings."""

from collections.abc import Iterable
from datetime import datetime

from legislation.models import Bill, BillEvent


def tell(events: Iterable[BillEvent], observed_at: datetime) -> None:
    """Each event once; a measure with news counts as changed."""
    events = list(events)
    BillEvent.objects.bulk_create(events, ignore_conflicts=True)
    changed = {event.bill_id for event in events if event.is_news}
    Bill.objects.filter(pk__in=changed, changed_at__lt=observed_at).update(changed_at=observed_at)
