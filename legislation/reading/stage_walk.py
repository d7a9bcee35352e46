"""A measure on its way through the lines of its history: what each line does to where it stands.

What the stages mean is told in `legislation.reading.stages`, which is what others use.
"""

import re
from datetime import date

import msgspec

from legislation.chambers import Chamber
from legislation.models.bill import Bill, Stage
from legislation.reading.line_dates import effective_day, named_day
from legislation.reading.stage_rules import Line, Means, read_line
from legislation.records import ActionRecord

Kind = Bill.Kind
OTHER = {Chamber.LOWER.value: Chamber.UPPER.value, Chamber.UPPER.value: Chamber.LOWER.value}
TWO_CHAMBERS = frozenset({Kind.BILL.value, Kind.JOINT_RESOLUTION.value, Kind.AMENDMENT.value})

# How far a measure has come, in order. What is not in it (re-referred, tabled, vetoed, dead) is no progress.
TRACK = (
    Stage.INTRODUCED,
    Stage.IN_COMMITTEE,
    Stage.PASSED_COMMITTEE,
    Stage.SECOND_READING,
    Stage.PASSED_CHAMBER,
    Stage.CROSSED,
    Stage.PASSED_BOTH,
    Stage.SENT_TO_GOVERNOR,
    Stage.SIGNED,
    Stage.PUBLIC_ACT,
    Stage.ADOPTED,
    Stage.CONFIRMED,
)
_RANK = {stage: rank for rank, stage in enumerate(TRACK)}
# Stages that end with the General Assembly. What both chambers passed may still be signed after it.
PENDING = frozenset(TRACK[:6]) | {Stage.RE_REFERRED}
# What can still happen to a measure once it got this far; lines that mean anything else come late.
_STILL_OPEN: dict[Stage, frozenset[Means]] = {
    Stage.PASSED_BOTH: frozenset(
        {Means.SENT, Means.SIGNED, Means.VETOED, Means.LAW, Means.REVOTE, Means.ADOPTED}
    ),
    Stage.SENT_TO_GOVERNOR: frozenset({Means.SIGNED, Means.VETOED, Means.LAW}),
    Stage.SIGNED: frozenset({Means.LAW}),
    Stage.VETOED: frozenset({Means.BOTH, Means.LAW}),
    Stage.PUBLIC_ACT: frozenset({Means.LAW}),
    Stage.ADOPTED: frozenset({Means.REVOTE}),
    Stage.CONFIRMED: frozenset(),
}
# Where a vote left a measure, for when the vote is taken back.
_VOTED_ON = frozenset({Stage.PASSED_CHAMBER, Stage.CROSSED, Stage.PASSED_BOTH, Stage.ADOPTED, Stage.DEAD})
# The work of a chamber before its vote.
_BEFORE_VOTE = frozenset(
    {Means.FILED, Means.REFERRED, Means.ASSIGNED, Means.SUBCOMMITTEE, Means.REPORTED, Means.SECOND_READING}
)
# Meanings that come about in the chamber the measure is in, so that the line's chamber says where it is.
_IN_CHAMBER = _BEFORE_VOTE | {
    Means.ARRIVED,
    Means.PASSED,
    Means.RESOLVED,
    Means.CONCURRENCE,
    Means.RE_REFERRED,
    Means.TABLED,
    Means.UNTABLED,
    Means.LOST,
}


class LineReading(msgspec.Struct, frozen=True, gc=False):
    """How one line was read: the rule's name, the stage after it when it changed one, and the day it happened."""

    rule: str
    stage: str
    happened_on: date


class Walk:
    """A measure on its way through the lines."""

    def __init__(self, kind: str, origin: str) -> None:
        self.kind = kind
        self.origin = origin
        self.two_chambers = kind in TWO_CHAMBERS
        self.chamber = origin
        self.stage: Stage = Stage.INTRODUCED
        self.stage_on: date | None = None
        self.furthest = 0
        self.crossed = False
        self.second_read = False  # in the chamber it is in
        self.amended_there = False  # by the second chamber: the first must concur
        self.committee = ""
        self.introduced_on: date | None = None
        self.public_act = ""
        self.effective_on: date | None = None

    def read(self, action: ActionRecord) -> LineReading:
        """Reads the next line."""
        line = read_line(action.description)
        happened_on = named_day(action.description) or action.date
        before = self.stage if self.stage_on is not None else None
        if line.means is Means.NOTHING:
            self._note(line.rule, action)
            return LineReading(line.rule, "", happened_on)
        if not self._comes_late(line, action.chamber):
            self._move(line, action.chamber, happened_on)
        if self.stage is before:
            return LineReading(line.rule, "", happened_on)
        self.stage_on = happened_on
        return LineReading(line.rule, self.stage.value, happened_on)

    def _note(self, rule: str, action: ActionRecord) -> None:
        """Keeps what a line tells beside the stage.

        Of several effective dates the earliest: some provisions may wait longer.
        """
        if rule == "effective_date":
            day = effective_day(action.description)
            if day is not None and (self.effective_on is None or day < self.effective_on):
                self.effective_on = day
        elif rule == "amendment" and self.crossed and action.chamber == OTHER[self.origin]:
            self.amended_there = self.amended_there or _AMENDED.match(action.description) is not None

    def _comes_late(self, line: Line, chamber: str) -> bool:
        """Whether the measure is past what the line means: it is printed out of the order of events."""
        if self.stage in _STILL_OPEN:
            return line.means not in _STILL_OPEN[self.stage]
        if line.means not in _BEFORE_VOTE:
            return False
        if self.stage == Stage.PASSED_CHAMBER:
            return chamber != OTHER[self.origin]
        return self.crossed and chamber == self.origin != self.chamber

    def _move(self, line: Line, chamber: str, happened_on: date) -> None:
        """Carries out what a line means."""
        if chamber in OTHER and line.means in _IN_CHAMBER:
            self._enter(chamber)
        if line.means is Means.FILED:
            self.introduced_on = self.introduced_on or happened_on
        elif line.means is Means.SUBCOMMITTEE:
            self.committee = self.committee or line.committee
        else:
            self.committee = line.committee
        _MOVES[line.means](self, line, chamber)
        self.furthest = max(self.furthest, _RANK.get(self.stage, 0))

    def _enter(self, chamber: str) -> None:
        """The measure is in this chamber now; its first time in the second one is the crossing."""
        if chamber != self.chamber:
            self.chamber = chamber
            self.second_read = False
        if self.two_chambers and chamber != self.origin:
            self.crossed = True

    def _at(self, stage: Stage) -> None:
        """A stage of the first chamber; past the crossing they are all `crossed`."""
        self.stage = Stage.CROSSED if self.crossed else stage

    # What each meaning does. `line` names a committee or a Public Act where it has one.

    def filed(self, _line: Line, _chamber: str) -> None:
        if self.stage == Stage.PASSED_CHAMBER:
            self.stage = Stage.CROSSED

    def referred(self, _line: Line, _chamber: str) -> None:
        if self.stage == Stage.INTRODUCED or (
            self.crossed and self.stage in (Stage.PASSED_CHAMBER, Stage.CROSSED)
        ):
            self._at(Stage.INTRODUCED)
        else:
            self.stage = Stage.RE_REFERRED

    def arrived(self, _line: Line, chamber: str) -> None:
        if chamber not in OTHER:
            self._enter(OTHER[self.chamber])
        self.crossed = True
        self.stage = Stage.CROSSED

    def assigned(self, _line: Line, _chamber: str) -> None:
        self.second_read = False
        self._at(Stage.IN_COMMITTEE)

    def reported(self, _line: Line, _chamber: str) -> None:
        self._at(Stage.SECOND_READING if self.second_read else Stage.PASSED_COMMITTEE)

    def read_second(self, _line: Line, _chamber: str) -> None:
        self.second_read = True
        self._at(Stage.SECOND_READING)

    def passed(self, _line: Line, _chamber: str) -> None:
        self._at(Stage.PASSED_CHAMBER)

    def resolved(self, _line: Line, _chamber: str) -> None:
        if not self.two_chambers or (self.crossed and not self.amended_there):
            self.stage = Stage.ADOPTED
        else:
            self._at(Stage.PASSED_CHAMBER)

    def up_for_concurrence(self, _line: Line, _chamber: str) -> None:
        """The other chamber has amended it; the stage stays until both agree."""

    def revote(self, line: Line, chamber: str) -> None:
        if self.stage in _VOTED_ON:
            self.reported(line, chamber)

    def both(self, _line: Line, _chamber: str) -> None:
        self.chamber = self.origin
        self.stage = Stage.PASSED_BOTH if self.kind == Kind.BILL else Stage.ADOPTED

    def adopted(self, _line: Line, _chamber: str) -> None:
        self.chamber = self.origin
        self.stage = Stage.ADOPTED

    def confirmed(self, _line: Line, _chamber: str) -> None:
        self.stage = Stage.CONFIRMED

    def sent(self, _line: Line, _chamber: str) -> None:
        self.chamber = ""
        self.stage = Stage.SENT_TO_GOVERNOR

    def signed(self, _line: Line, _chamber: str) -> None:
        self.chamber = ""
        self.stage = Stage.SIGNED

    def vetoed(self, _line: Line, _chamber: str) -> None:
        """It goes back to the chamber it began in."""
        self.chamber = self.origin
        self.stage = Stage.VETOED

    def law(self, line: Line, _chamber: str) -> None:
        self.chamber = ""
        self.stage = Stage.PUBLIC_ACT
        self.public_act = self.public_act or line.act

    def re_referred(self, _line: Line, _chamber: str) -> None:
        self.stage = Stage.RE_REFERRED

    def tabled(self, _line: Line, _chamber: str) -> None:
        self.stage = Stage.TABLED

    def untabled(self, line: Line, chamber: str) -> None:
        if self.stage == Stage.TABLED:
            self.reported(line, chamber)

    def lost(self, _line: Line, _chamber: str) -> None:
        self.stage = Stage.DEAD

    def sine_die(self, _line: Line, _chamber: str) -> None:
        if self.stage in PENDING:
            self.stage = Stage.DEAD


_MOVES = {
    Means.FILED: Walk.filed,
    Means.REFERRED: Walk.referred,
    Means.ARRIVED: Walk.arrived,
    Means.ASSIGNED: Walk.assigned,
    Means.SUBCOMMITTEE: Walk.assigned,
    Means.REPORTED: Walk.reported,
    Means.SECOND_READING: Walk.read_second,
    Means.PASSED: Walk.passed,
    Means.RESOLVED: Walk.resolved,
    Means.CONCURRENCE: Walk.up_for_concurrence,
    Means.REVOTE: Walk.revote,
    Means.BOTH: Walk.both,
    Means.ADOPTED: Walk.adopted,
    Means.CONFIRMED: Walk.confirmed,
    Means.SENT: Walk.sent,
    Means.SIGNED: Walk.signed,
    Means.VETOED: Walk.vetoed,
    Means.LAW: Walk.law,
    Means.RE_REFERRED: Walk.re_referred,
    Means.TABLED: Walk.tabled,
    Means.UNTABLED: Walk.untabled,
    Means.LOST: Walk.lost,
    Means.SINE_DIE: Walk.sine_die,
}

_AMENDED = re.compile(r"(?:House|Senate) (?:Committee |Floor )?Amendment No\. ?\d+ Adopted", re.IGNORECASE)
