"""When the part of the day begins that a recipient chose for mail."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from mailing.models import Mailing, Preference

# From and until which hour, in the portal's own time zone.
HOURS = {
    Preference.Hours.MORNING: (7, 9),
    Preference.Hours.NOON: (11, 13),
    Preference.Hours.EVENING: (17, 19),
}


def window_start(hours: str, after: datetime) -> datetime:
    """The moment `after` where it falls into these hours, or else when they begin next."""
    if hours not in HOURS:
        return after
    first, end = HOURS[Preference.Hours(hours)]
    here = timezone.localtime(after)
    if first <= here.hour < end:
        return after
    day = here.date() if here.hour < first else here.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(first)))


def window_starts(mailing: Mailing, now: datetime) -> dict[str, datetime]:
    """For each choice of hours, when a mailing may go to those who chose them; not set for "any time".

    Whose hours come only after the mailing expires gets it at once rather than never.
    """
    begins = max(mailing.send_at, now)
    starts = {}
    for hours in HOURS:
        start = window_start(hours, begins) if mailing.in_recipients_window else begins
        too_late = mailing.expires_at is not None and start >= mailing.expires_at
        starts[str(hours)] = begins if too_late else start
    return {"": begins} | starts
