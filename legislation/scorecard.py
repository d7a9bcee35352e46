"""How far a legislator's public record agrees with our positions, with every bill behind the number.

What counts: bills and resolutions of one General Assembly that we publicly support or oppose, and that come before
the member's chamber at all. Appointments do not: only the Senate votes on them, and nobody sponsors them.

- The member's latest floor vote on passing the bill decides: third reading, concurrence, adoption, override. "Yes" on a
  bill we support and "no" on one we oppose agree. Present, excused, absent and not voting count neither way.
- Without such a vote a name among the sponsors counts as standing for the bill. Where an amendment replaced the whole
  text, the name alone does not count: it may have been given to another text. A vote on it does.
- Committee votes do not count: most members have none. Names that nobody could resolve count for nobody.

Agreement is the number of agreeing bills by the number of counted bills, shown from three counted bills on.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from legislation.chambers import Chamber, GeneralAssembly
from legislation.models import Bill, Legislator, RollCall, Sponsorship, Vote
from legislation.models.bill import Stage

LEAST_COUNTED = 3
# Floor votes on the bill itself; votes on a procedural motion or on one amendment say little of the bill.
PASSAGE = re.compile(r"third reading|concur|adopt|conference|overrid|veto|pass", re.IGNORECASE)
NOT_PASSAGE = re.compile(
    r"table|postpone|reconsider|discharge|suspend|recommit|amendment to be adopted", re.IGNORECASE
)
# A motion that says only "Motion" is the vote itself on a resolution.
PLAIN_MOTION = re.compile(r"motion( to adopt)?\s*", re.IGNORECASE)
BARE_MOTION_KINDS = {Bill.Kind.RESOLUTION, Bill.Kind.JOINT_RESOLUTION, Bill.Kind.AMENDMENT}
UNSCORED_KINDS = {Bill.Kind.APPOINTMENT, Bill.Kind.EXECUTIVE_ORDER}
# Bills that nothing can be asked for any more.
DECIDED = {
    Stage.PUBLIC_ACT,
    Stage.SIGNED,
    Stage.ADOPTED,
    Stage.CONFIRMED,
    Stage.TABLED,
    Stage.DEAD,
    Stage.VETOED,
}
STANDS_FOR = {Vote.Option.YES: True, Vote.Option.NO: False}


@dataclass(frozen=True)
class Line:
    """One bill in a scorecard: our position, what this member did, and what that means."""

    bill: Bill
    supports: bool  # our position: support, else oppose
    chamber: str  # the member's
    sponsor: Sponsorship | None = None
    vote: Vote | None = None  # on passage, with its roll call

    @property
    def stands_for(self) -> bool | None:
        """Whether the member stood for the bill; None where the record does not say."""
        if self.vote is not None:
            return STANDS_FOR.get(Vote.Option(self.vote.option))
        if self.sponsor is not None and not self.bill.replaces_everything:
            return True
        return None

    @property
    def agrees(self) -> bool | None:
        """Whether that agrees with our position; None where it does not count."""
        stands_for = self.stands_for
        return None if stands_for is None else stands_for == self.supports

    @property
    def is_open(self) -> bool:
        """Whether the bill is still to be decided."""
        return self.bill.stage not in DECIDED and self.bill.session >= GeneralAssembly.current().number

    @property
    def did(self) -> str:
        """What the member did, in words."""
        words = [_sponsor_words(self.sponsor)] if self.sponsor else []
        if self.vote is not None:
            words.append(_vote_words(self.vote))
        return capfirst(", ".join(words)) or _("No floor vote and not a sponsor")

    @property
    def is_to_come(self) -> bool:
        """Whether the bill has not reached the member's chamber yet."""
        return self.bill.chamber != self.chamber and self.bill.current_chamber in {"", self.bill.chamber}

    @property
    def is_before_them(self) -> bool:
        """Whether the member's chamber has the bill now."""
        return (self.bill.current_chamber or self.bill.chamber) == self.chamber

    @property
    def next_step(self) -> str:
        """What to ask or thank the member for; nothing where the record leaves nothing to say."""
        if self.agrees:
            return _("Thank them")
        if self.agrees is False:
            if self.supports:
                return _("Ask why, and tell them what the bill means to you")
            return _("Tell them why we oppose it")
        if not self.is_open:
            return ""
        if self.is_to_come:
            if self.supports:
                return _("Ask for their yes when it comes to their chamber")
            return _("Ask for their no when it comes to their chamber")
        if not self.is_before_them:
            return ""
        if not self.supports:
            return _("Ask them to vote no")
        return _("Ask them to vote yes") if self.sponsor else _("Ask them to co-sponsor")


@dataclass(frozen=True)
class Scorecard:
    """One member's record on our bills of one General Assembly."""

    session: int
    lines: tuple[Line, ...]

    @property
    def counted(self) -> int:
        """Bills on which the record says something."""
        return sum(line.agrees is not None for line in self.lines)

    @property
    def agreed(self) -> int:
        return sum(line.agrees is True for line in self.lines)

    @property
    def tracked(self) -> int:
        """Bills that could count."""
        return len(self.lines)

    @property
    def disputed(self) -> int:
        """Votes from roll calls whose stated counts differ from the named votes."""
        return sum(line.vote is not None and not line.vote.roll_call.counts_agree for line in self.lines)

    @property
    def is_enough(self) -> bool:
        """Whether there is enough to give a number at all."""
        return self.counted >= LEAST_COUNTED

    @property
    def percent(self) -> int | None:
        return round(100 * self.agreed / self.counted) if self.is_enough else None

    @property
    def assembly(self) -> GeneralAssembly:
        return GeneralAssembly(self.session)

    @property
    def priorities(self) -> tuple[Line, ...]:
        """The bills that matter most: those we do more for than watch them."""
        return tuple(line for line in self.lines if line.bill.tracking.priority != "monitor")


def scorecard(
    legislator: Legislator, *, session: int | None = None, names: Iterable[Sponsorship] | None = None
) -> Scorecard:
    """The scorecard of one member, of this General Assembly or the last one in which we held positions.

    `names`: where this member's name stands today, from whoever has read that already.
    """
    return scorecards([legislator], session=session, names=names)[legislator.pk]


def scorecards(
    legislators: Sequence[Legislator],
    *,
    session: int | None = None,
    names: Iterable[Sponsorship] | None = None,
) -> dict[int, Scorecard]:
    """Scorecards by the members' primary keys, in three reads for any number of members and bills."""
    bills = scored_bills(session)
    number = bills[0].session if bills else session or GeneralAssembly.current().number
    people = [legislator.pk for legislator in legislators]
    if names is None:
        names = Sponsorship.objects.active().filter(legislator__in=people, bill__in=bills)
    sponsors = _weightiest(names)
    votes = _votes(people, bills)
    return {
        legislator.pk: Scorecard(
            number,
            tuple(
                Line(
                    bill,
                    bill.tracking.position == "support",
                    legislator.chamber,
                    sponsors.get((legislator.pk, bill.pk)),
                    votes.get((legislator.pk, bill.pk)),
                )
                for bill in bills
                if bill.kind != Bill.Kind.RESOLUTION or bill.chamber == legislator.chamber
            ),
        )
        for legislator in legislators
    }


def scored_bills(session: int | None = None) -> list[Bill]:
    """Bills that we publicly support or oppose, lead priorities first."""
    bills = (
        Bill.objects.tracked()
        .filter(tracking__position__in=["support", "oppose"])
        .exclude(kind__in=UNSCORED_KINDS)
    )
    latest = bills.order_by("-session").values("session")[:1]
    rank = {"lead": 0, "support": 1, "monitor": 2}
    return sorted(
        bills.filter(session=session or Subquery(latest)).for_rows(),
        key=lambda bill: (rank[bill.tracking.priority], bill.prefix, bill.number),
    )


def is_passage(roll_call: RollCall, bill: Bill) -> bool:
    """Whether a floor vote was on the bill itself."""
    if PLAIN_MOTION.fullmatch(roll_call.motion):
        return bill.kind in BARE_MOTION_KINDS
    return bool(PASSAGE.search(roll_call.motion)) and not NOT_PASSAGE.search(roll_call.motion)


def _weightiest(names: Iterable[Sponsorship]) -> dict[tuple[int, int], Sponsorship]:
    """By member and bill the name that stands on it; of two the one that weighs more."""
    weight = {Sponsorship.Role.COSPONSOR: 0, Sponsorship.Role.CHIEF_COSPONSOR: 1, Sponsorship.Role.CHIEF: 2}
    found = sorted(names, key=lambda row: weight.get(Sponsorship.Role(row.role), 0))
    return {(row.legislator_id or 0, row.bill_id): row for row in found}


def _votes(people: Iterable[int], bills: Sequence[Bill]) -> dict[tuple[int, int], Vote]:
    """The latest vote on passage per member and bill."""
    by_id = {bill.pk: bill for bill in bills}
    rows = Vote.objects.filter(
        legislator__in=people, roll_call__bill__in=bills, roll_call__scope=RollCall.Scope.FLOOR
    ).select_related("roll_call")
    latest: dict[tuple[int, int], Vote] = {}
    for vote in sorted(rows, key=_moment):
        bill = by_id[vote.roll_call.bill_id]
        if is_passage(vote.roll_call, bill):
            latest[vote.legislator_id or 0, bill.pk] = vote
    return latest


def _moment(vote: Vote) -> tuple[date, int, int]:
    return vote.roll_call.date, vote.roll_call_id, vote.pk


def _sponsor_words(sponsor: Sponsorship) -> str:
    return {
        Sponsorship.Role.CHIEF: _("Chief sponsor"),
        Sponsorship.Role.CHIEF_COSPONSOR: _("Chief co-sponsor"),
        Sponsorship.Role.COSPONSOR: _("Co-sponsor"),
    }[Sponsorship.Role(sponsor.role)]


def _vote_words(vote: Vote) -> str:
    where = _("in the House") if vote.roll_call.chamber == Chamber.LOWER else _("in the Senate")
    words = {
        Vote.Option.YES: _("voted yes %(where)s"),
        Vote.Option.NO: _("voted no %(where)s"),
        Vote.Option.PRESENT: _("voted present %(where)s"),
        Vote.Option.NOT_VOTING: _("did not vote %(where)s"),
        Vote.Option.EXCUSED: _("was excused from the vote %(where)s"),
        Vote.Option.ABSENT: _("was absent from the vote %(where)s"),
    }
    return words[Vote.Option(vote.option)] % {"where": where}
