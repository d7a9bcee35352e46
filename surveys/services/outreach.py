"""Getting in touch with a partner, written down."""

from datetime import datetime

from django.db import transaction

from partners.models import Organization, User
from surveys.models import OutreachTouch


@transaction.atomic
def record_touch(
    *, organization: Organization, outcome: str, note: str, by: User, now: datetime
) -> OutreachTouch:
    """Notes that somebody got in touch with a partner, or tried to."""
    return OutreachTouch.objects.create(
        organization=organization, outcome=outcome, note=note.strip(), touched_at=now, touched_by=by
    )
