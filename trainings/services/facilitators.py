"""Payments to facilitators, as staff note them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User
from trainings.models import Facilitation


@transaction.atomic
def mark_facilitation_paid(*, facilitation: Facilitation, by: User, now: datetime) -> Facilitation:
    """Notes that a facilitator got the agreed fee."""
    held = Facilitation.objects.select_for_update().get(pk=facilitation.pk)
    if held.paid_at:
        raise NotAllowed(_("This was noted as paid before."))
    if not held.fee:
        raise NotAllowed(_("Enter the agreed fee first."))
    return _note(held, now, by)


@transaction.atomic
def take_back_payment(*, facilitation: Facilitation, by: User) -> Facilitation:
    """Takes a payment back that was noted by mistake."""
    held = Facilitation.objects.select_for_update().get(pk=facilitation.pk)
    if not held.paid_at:
        raise NotAllowed(_("This is not noted as paid."))
    return _note(held, None, by)


def _note(held: Facilitation, paid_at: datetime | None, by: User) -> Facilitation:
    held.paid_at, held.paid_by = paid_at, by if paid_at else None
    changed_by(held, by)
    held.save(update_fields=["paid_at", "paid_by"])
    empty_page_cache_on_commit()
    return held
