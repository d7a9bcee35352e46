"""When witness slips for a hearing can be filed: the rule that applies, in words, and where to file.

A slip belongs to one posting. It opens when the hearing is posted. The Senate closes at the end of the scheduled
day, the House when the hearing ends, which no clock knows: until its start a slip is sure to be taken.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from legislation.models import Hearing

State = Literal["not_posted", "open", "closing", "closed", "cancelled"]

# Whoever files later than this before the start may find the door shut.
ADVISED_BEFORE_START = timedelta(hours=1)


@dataclass(frozen=True)
class SlipWindow:
    """What holds for slips at one moment. `closes_at` is None where nobody can know it."""

    state: State
    opens_at: datetime | None
    closes_at: datetime | None
    # Until then a slip is sure to be taken: the close where it is known, else the start of the hearing.
    sure_until: datetime
    # The last moment by which we ask people to file.
    advise_by: datetime
    rule: str
    filing_url: str
    # The hearing came here from another day: slips for that day do not count.
    file_again: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a slip can be filed, as far as anybody knows."""
        return self.state in {"open", "closing"}

    @property
    def label(self) -> str:
        """The state in a few words."""
        if self.state == "closing" and self.closes_at is None:
            return _("Slips may close any minute")
        return {
            "not_posted": _("Slips not open yet"),
            "open": _("Slips open"),
            "closing": _("Slips close soon"),
            "closed": _("Slips closed"),
            "cancelled": _("Cancelled: no slips"),
        }[self.state]


def slip_window(hearing: Hearing, now: datetime) -> SlipWindow:
    """The window for slips of this posting at `now`."""
    closes_at = end_of_day(hearing.starts_at) if hearing.chamber == Hearing.HearingChamber.UPPER else None
    state = _state(hearing, now)
    return SlipWindow(
        state=state,
        opens_at=hearing.posted_at,
        closes_at=closes_at,
        sure_until=closes_at or hearing.starts_at,
        advise_by=advise_by(hearing),
        rule=_rule(hearing, now, state),
        filing_url=filing_url(hearing),
        file_again=was_moved(hearing),
    )


def advise_by(hearing: Hearing) -> datetime:
    """An hour before the start, counted in real time."""
    return hearing.starts_at.astimezone(UTC) - ADVISED_BEFORE_START


def end_of_day(moment: datetime) -> datetime:
    """The last instant of that day by Chicago's clock, also on days of 23 or 25 hours."""
    return datetime.combine(timezone.localdate(moment), time.max, tzinfo=timezone.get_default_timezone())


def was_moved(hearing: Hearing) -> bool:
    """Whether this posting came from another day. A delay within the day does not count: slips stay valid."""
    return hearing.moved_from is not None and (
        timezone.localdate(hearing.moved_from) != timezone.localdate(hearing.starts_at)
    )


def filing_url(hearing: Hearing) -> str:
    """Where the General Assembly takes slips: the slip's own page, else the hearing's page, else what the source named."""
    if hearing.number:
        template = settings.ILGA_SLIP_URL or settings.ILGA_HEARING_URL
        if template:
            return template.replace("{hearing}", hearing.number)
    return hearing.source_url


def is_gone(hearing: Hearing) -> bool:
    """Whether this posting holds no longer because another one took its place."""
    return hearing.state == Hearing.State.MOVED and not was_moved(hearing)


def _state(hearing: Hearing, now: datetime) -> State:
    if hearing.state == Hearing.State.CANCELLED:
        return "cancelled"
    if is_gone(hearing):
        return "closed"
    if now > end_of_day(hearing.starts_at) or _ended(hearing, now):
        return "closed"
    if hearing.posted_at is not None and hearing.posted_at > now:
        return "not_posted"
    return "open" if now < advise_by(hearing) else "closing"


def _ended(hearing: Hearing, now: datetime) -> bool:
    """Whether the end of the hearing closed its slips. The Senate goes by the day, not by the hearing."""
    if hearing.chamber == Hearing.HearingChamber.UPPER:
        return False
    return hearing.ended_at is not None and hearing.ended_at <= now


def _rule(hearing: Hearing, now: datetime, state: State) -> str:
    """What applies at this moment, in sentences for people."""
    if state == "cancelled":
        return _("The hearing is cancelled, so no slips are taken. A new posting needs a new slip.")
    if is_gone(hearing):
        return _("The hearing moved to another posting. A slip filed here does not count there: file again.")
    if state == "not_posted":
        return _("Slips open on %(when)s, when the hearing is posted.") % {
            "when": moment_words(hearing.posted_at)
        }
    words = _closed_rule(hearing) if state == "closed" else _open_rule(hearing, now)
    return " ".join(filter(None, [words, _changed_rule(hearing)]))


def _closed_rule(hearing: Hearing) -> str:
    if hearing.chamber == Hearing.HearingChamber.UPPER:
        return _("The Senate took slips until the end of %(day)s.") % {"day": day_words(hearing.starts_at)}
    return _("Slips closed when the hearing of %(day)s ended.") % {"day": day_words(hearing.starts_at)}


def _open_rule(hearing: Hearing, now: datetime) -> str:
    facts = {
        "start": moment_words(hearing.starts_at),
        "by": moment_words(advise_by(hearing)),
        "day": day_words(hearing.starts_at),
    }
    if hearing.chamber == Hearing.HearingChamber.UPPER:
        if now < hearing.starts_at:
            return (
                _(
                    "The Senate takes slips until the end of %(day)s. Members read them at the hearing: file the day "
                    "before if you can."
                )
                % facts
            )
        return _("The hearing has begun. The Senate still takes slips until the end of %(day)s.") % facts
    if now >= hearing.starts_at:
        return _("The hearing has begun. Slips close when it ends, which may be any minute: file now.")
    if hearing.chamber == Hearing.HearingChamber.JOINT:
        return (
            _(
                "Joint hearings follow the shorter rule: slips are open at least until the start (%(start)s). File the "
                "day before if you can, and by %(by)s at the latest."
            )
            % facts
        )
    return (
        _(
            "The House closes slips when the hearing ends, and nobody knows that hour ahead. They are open at least "
            "until the start (%(start)s). File the day before if you can, and by %(by)s at the latest."
        )
        % facts
    )


def _changed_rule(hearing: Hearing) -> str:
    if hearing.moved_from is None:
        return ""
    if was_moved(hearing):
        return _("The hearing moved here from %(day)s. A slip for that day does not count: file again.") % {
            "day": day_words(hearing.moved_from)
        }
    return _("The hour changed within the day: slips filed before still count.")


def day_words(moment: date | datetime | None) -> str:
    """`Thursday, March 5, 2026`, by Chicago's calendar."""
    pattern = pgettext("date format: Thursday, March 5, 2026", "l, F j, Y")
    return date_format(_local(moment), pattern) if moment else ""


def moment_words(moment: datetime | None) -> str:
    """`Thursday, March 5, 2026, 2:00 p.m.`, by Chicago's clock."""
    pattern = pgettext("date format: Thursday, March 5, 2026, 2:00 p.m.", "l, F j, Y, g:i a")
    return date_format(_local(moment), pattern) if moment else ""


def _local(moment: date | datetime) -> date | datetime:
    return timezone.localtime(moment) if isinstance(moment, datetime) else moment
