"""What machines that read pages are told of events (schema.org)."""

from django.conf import settings
from django.utils.safestring import SafeString

from meetings.models import Event
from partners.gatherings.models import Mode
from partners.models import Coalition
from partners.structured_data import json_ld

_MODES = {Mode.IN_PERSON: "Offline", Mode.ONLINE: "Online", Mode.HYBRID: "Mixed"}


def event_data(event: Event, coalition: Coalition) -> SafeString:
    """An event as an Event. Source: https://schema.org/Event"""
    status = "EventCancelled" if event.state == Event.State.CANCELLED else "EventScheduled"
    page = f"{settings.SITE_URL}{event.get_absolute_url()}"
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.title,
        "startDate": event.starts_at.isoformat(),
        "endDate": event.ends_at.isoformat(),
        "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": f"https://schema.org/{_MODES[Mode(event.mode)]}EventAttendanceMode",
        "location": _locations(event, page),
        "organizer": {"@type": "Organization", "name": coalition.name, "url": settings.SITE_URL},
        "isAccessibleForFree": True,
        "url": page,
    }
    if event.summary:
        data["description"] = event.summary
    return json_ld(data)


def _locations(event: Event, page: str) -> list[dict[str, object]]:
    """The place, and that one can join online: the address to join is not for machines."""
    found: list[dict[str, object]] = []
    if event.is_in_person:
        address = ", ".join(part for part in (event.street, event.city) if part)
        found.append({"@type": "Place", "name": event.venue, "address": address or event.venue})
    if event.is_online:
        found.append({"@type": "VirtualLocation", "url": page})
    return found
