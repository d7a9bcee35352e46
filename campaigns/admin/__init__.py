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
    pages,
    segment,
    series,
    shared_story,
    story,
    voice,
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
    "pages",
    "segment",
    "series",
    "shared_story",
    "story",
    "voice",
]
