"""Events, as the month shows them."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.text import capfirst

from meetings.models import Event
from partners.models import User
from partners.months import Entry, in_months


@in_months
def events(start: datetime, end: datetime, user: User | AnonymousUser) -> list[Entry]:
    """Events that begin in the month, also those that were called off. One read, and whose partner the user is."""
    shown = Event.objects.visible_to(user).exclude(state=Event.State.DRAFT)
    found = shown.filter(starts_at__gte=start, starts_at__lt=end).select_related("area")
    return [
        Entry(
            starts_at=event.starts_at,
            title=event.title,
            url=event.get_absolute_url(),
            kind=capfirst(event.get_kind_display()),
            detail=event.city if event.is_in_person else str(event.get_mode_display()),
            is_cancelled=event.state == Event.State.CANCELLED,
        )
        for event in found
    ]
