"""How far a measure is: the steps it must take, drawn as a frame that fills up, and the same in words.

Steps differ by kind: a bill goes through both chambers and to the governor, a resolution through one, an appointment
through the Senate alone. A measure that was sent back, tabled, vetoed or died shows where it stopped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from legislation.chambers import Chamber
from legislation.models import Bill, BillAction

_S = Bill.Stage
OTHER = {Chamber.LOWER.value: Chamber.UPPER.value, Chamber.UPPER.value: Chamber.LOWER.value}
STOPPED = frozenset({_S.RE_REFERRED, _S.TABLED, _S.VETOED, _S.DEAD})
# Of these there is nothing to come. What was sent back to the rules committee may come out again.
ENDED = frozenset({_S.TABLED, _S.VETOED, _S.DEAD})
FINISHED = frozenset({_S.PUBLIC_ACT, _S.ADOPTED, _S.CONFIRMED})
# Lines that show a measure has left committee, for the second chamber, all of which is one stage.
_ON_THE_FLOOR = frozenset(
    {
        "do_pass",
        "recommends_adoption",
        "reported_without_recommendation",
        "approved_for_consideration",
        "discharged",
        "second_reading_calendar",
        "second_reading",
        "second_reading_held",
        "third_reading_calendar",
        "third_reading",
        "resolutions_calendar",
    }
)
# Lines that show a committee had it. Many resolutions are adopted without one.
_IN_COMMITTEE = frozenset(
    {
        "assigned",
        "re_referred_to_committee",
        "referred_to_committee",
        "reported_back",
        "do_pass",
        "recommends_adoption",
        "reported_without_recommendation",
    }
)


@dataclass(frozen=True)
class Step:
    """One step of a track: its name, and the stages that say it is done."""

    label: str
    done_by: tuple[str, ...]
    # The chamber whose committee this step is, where it is one.
    committee_of: str = ""


@dataclass(frozen=True)
class Track:
    """`stages` as the component `stage_track` draws them; `words` say the same in a sentence."""

    stages: list[dict[str, str]]
    words: str
    number: int
    total: int


def stage_track(bill: Bill, actions: Sequence[BillAction]) -> Track:
    """The track of a measure whose lines are `actions`, in the order printed."""
    steps = [step for step in _steps(bill) if not _was_skipped(step, bill, actions)]
    place = _place(bill, actions, len(steps))
    days = _days(actions)
    stages = []
    for number, step in enumerate(steps):
        if number < place:
            stages.append({"label": step.label, "state": "done", "note": _short(_day_of(step, days))})
        elif number == place:
            state = "stopped" if bill.stage in STOPPED else "current"
            stages.append({"label": step.label, "state": state, "note": _note(bill)})
        else:
            state = "missed" if bill.stage in ENDED else "ahead"
            stages.append({"label": step.label, "state": state, "note": ""})
    return Track(stages, _words(bill), min(place + 1, len(steps)), len(steps))


def _steps(bill: Bill) -> list[Step]:
    here = str(Chamber(bill.chamber).label)
    there = str(Chamber(OTHER[bill.chamber]).label)
    filed = Step(_("Filed"), (_S.INTRODUCED,))
    committee = Step(
        _("%(chamber)s committee") % {"chamber": here},
        (_S.PASSED_COMMITTEE, _S.SECOND_READING),
        bill.chamber,
    )
    vote = Step(_("%(chamber)s vote") % {"chamber": here}, (_S.PASSED_CHAMBER, _S.CROSSED))
    second_committee = Step(_("%(chamber)s committee") % {"chamber": there}, (), OTHER[bill.chamber])
    kind = bill.kind
    if kind == Bill.Kind.BILL:
        return [
            filed,
            committee,
            vote,
            second_committee,
            Step(_("%(chamber)s vote") % {"chamber": there}, (_S.PASSED_BOTH,)),
            Step(_("Governor"), (_S.SIGNED, _S.PUBLIC_ACT)),
            Step(_("Public Act"), (_S.PUBLIC_ACT,)),
        ]
    if kind in {Bill.Kind.JOINT_RESOLUTION, Bill.Kind.AMENDMENT}:
        last = _("Goes to the voters") if kind == Bill.Kind.AMENDMENT else _("Adopted by both")
        return [filed, committee, vote, second_committee, Step(last, (_S.ADOPTED,))]
    if kind == Bill.Kind.APPOINTMENT:
        return [Step(_("Received"), (_S.INTRODUCED,)), committee, Step(_("Confirmed"), (_S.CONFIRMED,))]
    return [filed, committee, Step(_("Adopted"), (_S.ADOPTED,))]


def _was_skipped(step: Step, bill: Bill, actions: Sequence[BillAction]) -> bool:
    """Whether a resolution was adopted without this committee."""
    if bill.stage != _S.ADOPTED or not step.committee_of:
        return False
    return not any(action.chamber == step.committee_of and action.rule in _IN_COMMITTEE for action in actions)


def _place(bill: Bill, actions: Sequence[BillAction], total: int) -> int:
    """The number of the step it is at, from 0; `total` when all are done."""
    if bill.stage in FINISHED:
        return total
    reached = bill.furthest_stage if bill.stage in STOPPED else bill.stage
    if bill.kind == Bill.Kind.APPOINTMENT or total == 3:
        return {_S.INTRODUCED: 0, _S.IN_COMMITTEE: 1}.get(_S(reached), 2)
    if reached == _S.CROSSED:
        return 4 if _left_second_committee(bill, actions) else 3
    places = {
        _S.INTRODUCED: 0,
        _S.IN_COMMITTEE: 1,
        _S.PASSED_COMMITTEE: 2,
        _S.SECOND_READING: 2,
        _S.PASSED_CHAMBER: 3,
        _S.PASSED_BOTH: 5,
        _S.SENT_TO_GOVERNOR: 5,
        _S.SIGNED: 6,
    }
    return min(places.get(_S(reached), total - 1), total - 1)


def _left_second_committee(bill: Bill, actions: Sequence[BillAction]) -> bool:
    second = OTHER[bill.chamber]
    return any(action.chamber == second and action.rule in _ON_THE_FLOOR for action in actions)


def _days(actions: Sequence[BillAction]) -> dict[str, date]:
    """The first day on which each stage was reached."""
    days: dict[str, date] = {}
    for action in actions:
        if action.stage and action.removed_on is None:
            days.setdefault(action.stage, action.happened_on)
    return days


def _day_of(step: Step, days: dict[str, date]) -> date | None:
    return min((days[stage] for stage in step.done_by if stage in days), default=None)


def _short(day: date | None) -> str:
    return date_format(day, pgettext("short date format: Mar 5, 2026", "M j, Y")) if day else ""


def _note(bill: Bill) -> str:
    """What holds at the step it is at: the stage, the committee, the day."""
    words = str(bill.get_stage_display())
    if bill.committee_name and bill.stage in {_S.IN_COMMITTEE, _S.CROSSED}:
        words = bill.committee_name
    return ", ".join(filter(None, [words, _short(bill.stage_on)]))


def _words(bill: Bill) -> str:
    """One sentence for people who do not see the drawing."""
    facts = {"bill": bill.label, "stage": str(bill.stage_label), "since": _short(bill.stage_on)}
    if bill.stage in STOPPED:
        furthest = capfirst(str(bill.get_furthest_stage_display()))
        facts["furthest"] = furthest[:1].lower() + furthest[1:]
        words = _("%(bill)s got as far as “%(furthest)s”. Now: %(stage)s") % facts
    else:
        words = _("Where %(bill)s stands: %(stage)s") % facts
    if bill.committee_name:
        chamber = bill.get_current_chamber_display()
        words += f" ({chamber} {bill.committee_name})" if chamber else f" ({bill.committee_name})"
    if bill.stage_on:
        words += _(", since %(since)s") % facts
    return f"{words}."
