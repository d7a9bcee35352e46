"""Recipients as a caller's SELECT hands them over."""

import json
from collections.abc import Iterable

from mailing.services import RecipientSelect


def people(emails: Iterable[str], **columns: list) -> RecipientSelect:
    """A SELECT that gives these addresses, numbered from 1; `columns` holds other values, one per address."""
    emails = list(emails)
    numbers = columns.get("recipient", list(range(1, len(emails) + 1)))
    parties = columns.get("party", [None] * len(emails))
    languages = columns.get("language", ["en"] * len(emails))
    slots = [json.dumps(each) for each in columns.get("slots", [{"first_name": "Ada"}] * len(emails))]
    return RecipientSelect(
        "SELECT recipient, party, email, language, slots FROM unnest"
        "(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::jsonb[])"
        " AS people(recipient, party, email, language, slots)",
        (numbers, parties, emails, languages, slots),
    )
