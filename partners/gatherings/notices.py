"""Reminders and news of a gathering: which is due, and that each is written once."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from mailing.services import Draft, queue_messages
from partners.fiscal_year import CHICAGO
from partners.gatherings.models import Attendee, Gathering, Notice

Row = TypeVar("Row", bound=Attendee)

# By the clock on the wall: a week before 10:00 is 10:00, also when summer time ends in between.
LEADS = {
    Notice.Kind.WEEK: timedelta(days=7),
    Notice.Kind.DAY: timedelta(days=1),
    Notice.Kind.HOUR: timedelta(hours=1),
}


def reminder_time(gathering: Gathering, kind: Notice.Kind) -> datetime:
    """From when on a reminder is due."""
    if kind == Notice.Kind.HOUR:
        return gathering.starts_at - LEADS[kind]
    return gathering.starts_at.astimezone(CHICAGO) - LEADS[kind]


def due_reminder(gathering: Gathering, now: datetime) -> Notice.Kind | None:
    """The reminder whose time it is. An earlier one that was missed is not made up for."""
    if gathering.state != Gathering.State.PUBLISHED or now >= gathering.starts_at:
        return None
    due = [kind for kind in LEADS if reminder_time(gathering, kind) <= now]
    return due[-1] if due else None


@transaction.atomic
def write_once(
    *,
    notices: type[Notice],
    to: QuerySet[Row],
    kind: Notice.Kind,
    revision: int,
    now: datetime,
    message: Callable[[Row], Draft],
) -> int:
    """Writes a message to each of `to` that has not had this notice of this revision; how many were written.

    `notices` is the room's own model, with a foreign key named after the attendee's model. Rows are locked: a second
    worker waits and finds them told.
    """
    place = str(to.model._meta.model_name)
    told = notices._default_manager.filter(kind=kind, revision=revision).values(place)
    waiting = list(to.exclude(pk__in=told).select_for_update(of=("self",)).order_by("pk"))
    # Whoever was told while this waited for the lock is in the table now.
    told_meanwhile = set(told.filter(**{f"{place}__in": waiting}).values_list(place, flat=True))
    rows = [row for row in waiting if row.pk not in told_meanwhile]
    notices._default_manager.bulk_create(
        [notices(**{place: row, "kind": kind, "revision": revision, "written_at": now}) for row in rows]
    )
    queue_messages(drafts=[message(row) for row in rows])
    return len(rows)


def count_as_told(
    notices: type[Notice], rows: Iterable[Attendee], kind: Notice.Kind | None, revision: int, now: datetime
) -> None:
    """Leaves a reminder out for `rows`, because another message says the same at this moment. None leaves out none."""
    if kind is None:
        return
    notices._default_manager.bulk_create(
        [
            notices(**{str(row._meta.model_name): row, "kind": kind, "revision": revision, "written_at": now})
            for row in rows
        ],
        ignore_conflicts=True,
    )
