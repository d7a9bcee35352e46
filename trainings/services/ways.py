"""In person or online: whoever takes part in a hybrid session may change their mind until it starts."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mailing.services import queue_message
from partners.errors import NotAllowed
from partners.gatherings.models import Mode
from partners.history import changed_by
from partners.models import User
from trainings import emails
from trainings.models import Enrollment
from trainings.services.cancelling import can_cancel
from trainings.services.waiting import give_seat, held_in_line, offer_free_seats, seats_for_newcomers


def can_change_way(row: Enrollment, now: datetime) -> bool:
    """Whether there are two ways to take part, and it is still time to choose the other one."""
    return row.session.mode == Mode.HYBRID and can_cancel(row, now)


@transaction.atomic
def change_way(*, enrollment: Enrollment, online: bool, by: User | None, now: datetime) -> Enrollment:
    """Takes part in the other way, and is told what there is to know for it. Raises `NotAllowed`.

    Online there is always a seat, also for those who wait for one in the room; a seat in the room that becomes free so is
    offered on. Into the room comes whoever finds a seat that nobody waits for.
    """
    row = held_in_line(enrollment)
    session = row.session
    if not can_change_way(row, now):
        raise NotAllowed(_("The session has begun or is over, or there is only one way to take part."))
    if online == row.is_online:
        return row
    if not online and seats_for_newcomers(session, now) == 0:
        raise NotAllowed(_("Every seat in the room is taken. You keep your place online."))
    row.is_online = online
    changed_by(row, by)
    row.save(update_fields=["is_online"])
    if row.has_seat:
        queue_message(**emails.way_changed(row), expires_at=emails.expires_with(session, now))
    else:
        give_seat(row, now, by)
    if online:
        offer_free_seats(session=session, now=now)
    return row
