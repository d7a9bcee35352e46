"""The staff desk's pages for campaigns."""

from campaigns.admin import (
    action,
    agenda,
    alert,
    call_events,
    call_letters,
    call_to_action,
    campaign,
    contacts,
    hearing,
    segment,
    series,
    shared_story,
    story,
)

__all__ = [
    "action",
    "agenda",
    "alert",
    "call_events",
    "call_letters",
    "call_to_action",
    "campaign",
    "contacts",
    "hearing",
    "segment",
    "series",
    "shared_story",
    "story",
]
