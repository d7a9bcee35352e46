"""Places given back, by the person or by staff, and what follows: the refund, and the seat for the next in line."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mailing.services import queue_message
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User
from trainings import emails
from trainings.models import Enrollment
from trainings.services.billing import credit
from trainings.services.waiting import held_session, offer_free_seats

_Status = Enrollment.Status
# Whoever has one of these has something to give back.
OPEN = {_Status.REGISTERED, _Status.WAITLISTED, _Status.OFFERED}
# Whoever is told of the session. People check in before it begins.
PLACED = OPEN | {_Status.ATTENDED}


def held_place(enrollment: Enrollment) -> Enrollment:
    """Somebody's place, locked after its session."""
    session = held_session(enrollment.session)
    rows = Enrollment.objects.select_for_update(of=("self",)).select_related(
        "person", "registration__contact"
    )
    row = rows.get(pk=enrollment.pk)
    row.session = session
    return row


def can_cancel(row: Enrollment, now: datetime) -> bool:
    """Whether there is a place to give back, and it is still time for it."""
    return row.status in OPEN and not row.session.is_over(now) and now < row.session.starts_at


@transaction.atomic
def cancel(*, enrollment: Enrollment, by: User | None, now: datetime) -> Enrollment:
    """Gives a place back before the session starts: a place in line, an offered seat, a seat. Twice is once.

    The refund follows the course's rule. A seat is offered to the next in line at once.
    """
    row = held_place(enrollment)
    if row.status == _Status.CANCELLED:
        return row
    if not can_cancel(row, now):
        raise NotAllowed(_("The session has begun or is over, so the place can no longer be given back."))
    row.status, row.cancelled_at, row.offer_expires_at = _Status.CANCELLED, now, None
    return _given_back(row, by, now)


@transaction.atomic
def excuse(*, enrollment: Enrollment, by: User, now: datetime) -> Enrollment:
    """Staff note that somebody could not come, before or after the session; their seat is free from then on."""
    row = held_place(enrollment)
    if row.status not in OPEN | {_Status.ABSENT}:
        raise NotAllowed(_("Only somebody who is registered, waits or was absent can be excused."))
    row.status, row.offer_expires_at = _Status.EXCUSED, None
    return _given_back(row, by, now)


def _given_back(row: Enrollment, by: User | None, now: datetime) -> Enrollment:
    changed_by(row, by)
    row.save(update_fields=["status", "cancelled_at", "offer_expires_at"])
    refund = credit(enrollment=row, now=now)
    if now < row.session.ends_at:
        queue_message(**emails.place_cancelled(row, refund), expires_at=row.session.ends_at)
    offer_free_seats(session=row.session, now=now)
    return row


@transaction.atomic
def change_wishes(*, enrollment: Enrollment, needs: str, language: str, now: datetime) -> Enrollment:
    """What somebody needs to take part, told over their own link."""
    row = held_place(enrollment)
    if not can_cancel(row, now):
        raise NotAllowed(_("The session has begun or is over. Write to us if you need something."))
    row.needs, row.language = needs, language
    row.save(update_fields=["needs", "language"])
    return row
