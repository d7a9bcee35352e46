"""A year of council meetings made in one step: drafts, never twice for a quarter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from meetings.models import Event
from meetings.quarters import council_meetings, quarter_of
from partners.errors import NotAllowed
from partners.fiscal_year import Period
from partners.gatherings.models import Mode
from partners.history import changed_by
from partners.models import Area, User

LENGTH = timedelta(minutes=90)


@dataclass(frozen=True)
class Planned:
    """One meeting as staff want it: whose, and when it starts."""

    area: Area
    starts_at: datetime


@transaction.atomic
def plan_meetings(
    *, meetings: Sequence[Planned], by: User, mode: str = Mode.IN_PERSON, length: timedelta = LENGTH
) -> list[Event]:
    """Drafts of the meetings; one whose council meets in that quarter already is left out. Raises `NotAllowed`."""
    if not meetings:
        raise NotAllowed(_("There is nothing to plan."))
    # Two who plan at once would both find the quarter free.
    ids = {meeting.area.pk for meeting in meetings}
    list(Area.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    made: list[Event] = []
    for meeting in meetings:
        quarter = quarter_of(meeting.starts_at)
        if not council_meetings(quarter).filter(area=meeting.area).exists():
            made.append(_draft(meeting, quarter, by, mode, length))
    return made


def _draft(meeting: Planned, quarter: Period, by: User, mode: str, length: timedelta) -> Event:
    event = Event(
        kind=Event.Kind.COUNCIL,
        area=meeting.area,
        title=_("Local Area Council: %(area)s") % {"area": meeting.area},
        slug=_free_slug(f"{meeting.area.slug}-{slugify(quarter.label)}"),
        starts_at=meeting.starts_at,
        ends_at=meeting.starts_at + length,
        mode=mode,
    )
    changed_by(event, by)
    event.save()
    return event


def _free_slug(wanted: str) -> str:
    """The address for a meeting; a quarter whose meeting was cancelled has one of that name already."""
    taken = set(Event.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug
