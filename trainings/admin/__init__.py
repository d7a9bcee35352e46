"""The staff desk of trainings. Modules register their pages when imported; one is added with each part."""

from trainings.admin import (
    assistance,
    card_messages,
    community,
    course,
    credits,
    enrollment,
    facilitators,
    funds,
    interviews,
    invoices,
    scholarships,
    session,
    sponsors,
)

__all__ = [
    "assistance",
    "card_messages",
    "community",
    "course",
    "credits",
    "enrollment",
    "facilitators",
    "funds",
    "interviews",
    "invoices",
    "scholarships",
    "session",
    "sponsors",
]
