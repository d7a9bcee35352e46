"""Sessions as calendar files: an entry for each day, which keeps its UID for life."""

import copy
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from partners.gatherings.calendar import Entry, calendar_file
from trainings.models import Session

# So long a session stays in a subscribed calendar after it is over.
KEPT = timedelta(days=90)


def entries(session: Session, *, with_join_url: bool = False) -> list[Entry]:
    """One entry a day. The address to join is for those alone who have a seat."""
    days = session.days
    return [_entry(session, day, place, len(days), with_join_url) for place, day in enumerate(days, start=1)]


def _entry(session: Session, day: Any, place: int, number: int, with_join_url: bool) -> Entry:
    shown = copy.copy(session)
    shown.starts_at, shown.ends_at = day.starts_at, day.ends_at
    title = session.course.title
    if number > 1:
        title = _("%(title)s (day %(place)d of %(number)d)") % {
            "title": title,
            "place": place,
            "number": number,
        }
    return Entry(
        uid=f"training-{session.pk}" + (f"-{place}" if place > 1 else ""),
        gathering=shown,
        title=title,
        summary=session.course.summary,
        page=session.get_absolute_url(),
        changed_at=_changed_at(session),
        join_url=session.join_url if with_join_url and session.is_online else "",
    )


def _changed_at(session: Session) -> datetime:
    """When it was last changed; lists bring it with them (`SessionQuerySet.with_changed_at`)."""
    if not hasattr(session, "changed_at"):
        session = Session.objects.with_changed_at().get(pk=session.pk)
    changed: datetime = session.changed_at  # type: ignore[attr-defined]
    return changed


def session_file(session: Session, *, with_join_url: bool = False) -> bytes:
    """One session to keep."""
    return calendar_file(entries(session, with_join_url=with_join_url))


def trainings_file(sessions: Iterable[Session]) -> bytes:
    """A calendar to subscribe to."""
    return calendar_file((entry for session in sessions for entry in entries(session)), name=_("Trainings"))
