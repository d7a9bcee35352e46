"""How it stands with what our people said about their slips: whether it still counts, and what is left to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.models import Hearing, ReportedSlip
from legislation.slip_windows import SlipWindow, is_gone, moment_words, slip_window

State = Literal["to_file", "again", "not_said", "filed", "earlier", "cancelled"]
# What waits for the person, and what stands as it is.
TO_DO: frozenset[State] = frozenset({"to_file", "again", "not_said"})


def posting_day(hearing: Hearing) -> date:
    """The day for which the hearing is set now, by Chicago's calendar: what a slip belongs to."""
    return timezone.localdate(hearing.starts_at)


def posting_days(hearing: Hearing) -> set[date]:
    """The days for which somebody may have filed: the one that holds, and the one it moved from."""
    days = {posting_day(hearing)}
    if hearing.moved_from is not None:
        days.add(timezone.localdate(hearing.moved_from))
    return days


@dataclass(frozen=True)
class SlipStanding:
    """One self-reported slip as its person reads it."""

    slip: ReportedSlip
    window: SlipWindow
    state: State
    # Where the slip must be filed anew, because its hearing is off and the committee posted it once more.
    posting: Hearing | None = None

    @property
    def needs_something(self) -> bool:
        """Whether the person has something left to do."""
        return self.state in TO_DO

    @property
    def label(self) -> str:
        """The state in a few words."""
        return {
            "to_file": _("To file"),
            "again": _("File again"),
            "not_said": _("Did you file it?"),
            "filed": _("Filed, you say"),
            "earlier": _("For an earlier day"),
            "cancelled": _("Hearing cancelled"),
        }[self.state]

    @property
    def team_label(self) -> str:
        """The same for the person's colleagues."""
        return {
            "to_file": _("Pledged"),
            "not_said": _("Pledged, nothing told"),
            "filed": _("Filed, they say"),
        }.get(self.state, self.label)

    @property
    def color(self) -> str:
        """The kind of tag it wears."""
        return {"again": "brick", "to_file": "gold", "not_said": "gold", "filed": "pine"}.get(
            self.state, "plain"
        )

    @property
    def words(self) -> str:
        """What the state means, in a sentence."""
        if self.posting is not None:
            return _(
                "The hearing was posted anew: the committee meets on %(when)s instead. A slip for the old posting does "
                "not count there: file again."
            ) % {"when": moment_words(self.posting.starts_at)}
        return {
            "to_file": _("You said that you will file it. File it at the General Assembly, then tell us."),
            "again": _("The hearing moved to another day. This slip does not count there: file again."),
            "not_said": _("You said that you will file it, and slips are closed. Tell us whether you did."),
            "filed": "",
            "earlier": _(
                "The hearing moved after you filed. This slip stands for the day it was set for then."
            ),
            "cancelled": _("The hearing does not take place. A new posting needs a new slip."),
        }[self.state]


def standings(
    slips: Iterable[ReportedSlip], now: datetime, *, anew: Mapping[int, Hearing] | None = None
) -> list[SlipStanding]:
    """How it stands with each of these slips, which come with their documents' hearings. No query.

    `anew` says by the number of a slip where it must be filed once more, because its hearing is off.
    """
    rows = list(slips)
    again = anew or {}
    held = {_key(slip) for slip in rows if slip.filed_at and is_of_today(slip)}
    return [
        SlipStanding(
            slip,
            window,
            "again" if slip.pk in again else _state(slip, window, replaced=_key(slip) in held),
            again.get(slip.pk),
        )
        for slip in rows
        for window in [slip_window(slip.document.hearing, now)]
    ]


def is_of_today(slip: ReportedSlip) -> bool:
    """Whether the slip is for the posting that holds: its hearing neither moved to another day nor was replaced."""
    hearing = slip.document.hearing
    return slip.posting_on == posting_day(hearing) and not is_gone(hearing)


def _key(slip: ReportedSlip) -> tuple[int, int, int | None]:
    return slip.person_id, slip.document_id, slip.organization_id


def _state(slip: ReportedSlip, window: SlipWindow, *, replaced: bool) -> State:
    if window.state == "cancelled":
        return "cancelled"
    if not is_of_today(slip):
        may_file = window.state != "closed" or is_gone(slip.document.hearing)
        if replaced or not may_file:
            return "earlier"
        return "again" if slip.filed_at else "to_file"
    if slip.filed_at:
        return "filed"
    return "not_said" if window.state == "closed" else "to_file"
