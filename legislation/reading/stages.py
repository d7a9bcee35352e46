"""Where a measure stands, read from the lines of its history.

The rules are the table in `legislation.reading.stage_rules`; `legislation.reading.stage_walk` takes a measure through its lines with
them. What each stage of `legislation.models.Stage` means:

introduced        filed, read a first time, or waiting in House Rules or Senate Assignments in its first chamber; also
                  a resolution on the list of those adopted together ("Agreed Resolutions").
in_committee      sent to a committee of its first chamber, also while postponed or in a subcommittee.
passed_committee  reported out, or on the floor's calendar with no second reading yet.
second_reading    had its second reading in its first chamber, also while held there or waiting for third reading.
passed_chamber    passed by its first chamber and not yet printed as arrived in the other.
crossed           in the second chamber, whatever happens there, and back for concurrence, until both have passed it.
                  `current_chamber` and `committee_name` say where exactly.
passed_both       passed by both chambers; also once both accepted an amendatory veto and it goes to the governor again.
sent_to_governor  on the governor's desk.
signed            approved, with no Public Act number printed yet.
public_act        law: a Public Act number is printed, both chambers overrode the veto, or it became law unsigned.
adopted           a resolution that every chamber which must has adopted; a constitutional amendment for the voters.
confirmed         an appointment the Senate agreed to, or that took effect because it did not act in time.
vetoed            vetoed wholly or in part and not law since. A veto that stands stays `vetoed`.
re_referred       sent back to House Rules or Senate Assignments after it had been further, in either chamber.
tabled            tabled. It may be taken from the table again.
dead              voted down, withdrawn, rejected, or ended with its General Assembly.

A measure that is sent back keeps how far it had come in `furthest_stage`, one of the stages from introduced to
public_act, adopted and confirmed: a House bill that sits in Senate Assignments again is `re_referred`, furthest
`crossed`. Approval for consideration, a new committee or a calendar bring it back to where those words put it.
`stage_on` is the day of the line that set the stage.

Lines are read in the order printed; nothing is sorted. Within a day that order is not always the order of events, so
a line of the first chamber's work does not pull back a measure that has passed it, nor a late one a measure that is law.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from legislation.chambers import Chamber, GeneralAssembly
from legislation.models.bill import Bill, Stage
from legislation.reading.stage_walk import PENDING, TRACK, LineReading, Walk
from legislation.records import ActionRecord

__all__ = ["KINDS", "PENDING", "TRACK", "LineReading", "Reading", "kind_and_chamber", "read_history"]

Kind = Bill.Kind
LOWER, UPPER = Chamber.LOWER.value, Chamber.UPPER.value

# What the letters of a number say: the kind of measure and the chamber it begins in.
KINDS: dict[str, tuple[str, str]] = {
    "HB": (Kind.BILL.value, LOWER),
    "SB": (Kind.BILL.value, UPPER),
    "HR": (Kind.RESOLUTION.value, LOWER),
    "SR": (Kind.RESOLUTION.value, UPPER),
    "HJR": (Kind.JOINT_RESOLUTION.value, LOWER),
    "SJR": (Kind.JOINT_RESOLUTION.value, UPPER),
    "HJRCA": (Kind.AMENDMENT.value, LOWER),
    "SJRCA": (Kind.AMENDMENT.value, UPPER),
    "AM": (Kind.APPOINTMENT.value, UPPER),
    "EO": (Kind.EXECUTIVE_ORDER.value, LOWER),
    "JSR": (Kind.RESOLUTION.value, LOWER),
}


class Reading(msgspec.Struct):
    """Where a measure stands after all its lines, with how each was read, in their order."""

    lines: list[LineReading]
    stage: str
    stage_on: date | None
    furthest_stage: str
    current_chamber: str
    committee_name: str
    introduced_on: date | None
    public_act: str
    effective_on: date | None


def kind_and_chamber(identifier: str) -> tuple[str, str]:
    """The kind and the chamber of origin that a number such as `HB1075` says. KeyError: no such kind of measure."""
    return KINDS[identifier.rstrip("0123456789")]


def read_history(identifier: str, actions: Sequence[ActionRecord], *, session_over: bool = False) -> Reading:
    """Reads a measure's lines in the order printed.

    With `session_over` (its General Assembly has ended) what was pending is dead. KeyError: no such kind of measure.
    """
    walk = Walk(*kind_and_chamber(identifier))
    lines = [walk.read(action) for action in actions]
    introduced_on = walk.introduced_on or (lines[0].happened_on if lines else None)
    stage, stage_on = walk.stage, walk.stage_on or introduced_on
    if session_over and stage in PENDING:
        stage = Stage.DEAD
        stage_on = GeneralAssembly.of(actions[-1].date).last if actions else None
    return Reading(
        lines=lines,
        stage=stage.value,
        stage_on=stage_on,
        furthest_stage=TRACK[walk.furthest].value,
        current_chamber=walk.chamber,
        committee_name=walk.committee,
        introduced_on=introduced_on,
        public_act=walk.public_act,
        effective_on=walk.effective_on,
    )
