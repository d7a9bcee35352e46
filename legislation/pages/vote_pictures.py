"""A roll call as a picture: one bar per party, its parts the votes, in the units of an SVG that fills its place."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from legislation.models import RollCall, Vote

_Option = Vote.Option
# In the order they are drawn; "other" is not voting, excused and absent.
PARTS = ("yes", "no", "present", "other")
_PART_OF: dict[str, str] = {_Option.YES: "yes", _Option.NO: "no", _Option.PRESENT: "present"}
WIDTH = 100.0
PARTY_ORDER = {"Democratic": 0, "Republican": 1}


@dataclass(frozen=True)
class Part:
    """A stretch of a bar: how many voted so, where it begins and how wide it is, in percent of the drawing."""

    kind: str
    count: int
    left: float
    width: float


@dataclass
class PartyBar:
    """How one party voted. `party` is empty for names that no member could be found for."""

    party: str
    counts: Counter[str] = field(default_factory=Counter)
    parts: list[Part] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.party or _("Party not known")

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def yes(self) -> int:
        return self.counts["yes"]

    @property
    def no(self) -> int:
        return self.counts["no"]

    @property
    def present(self) -> int:
        return self.counts["present"]

    @property
    def other(self) -> int:
        return self.counts["other"]


def part_of(option: str) -> str:
    """Which part of a bar a vote belongs to."""
    return _PART_OF.get(option, "other")


def party_bars(counts: Mapping[tuple[str, str], int]) -> list[PartyBar]:
    """Bars from numbers of votes by (party, option). The largest party fills the drawing."""
    bars: dict[str, PartyBar] = {}
    for (party, option), number in counts.items():
        bars.setdefault(party, PartyBar(party)).counts[part_of(option)] += number
    found = sorted(bars.values(), key=lambda bar: (PARTY_ORDER.get(bar.party, 2), not bar.party, bar.party))
    most = max((bar.total for bar in found), default=0)
    for bar in found:
        left = 0.0
        for kind in PARTS:
            if bar.counts[kind]:
                width = WIDTH * bar.counts[kind] / most
                bar.parts.append(Part(kind, bar.counts[kind], round(left, 2), round(width, 2)))
                left += width
    return found


@dataclass(frozen=True)
class CountRow:
    """One way to vote: as the source states it, and as the names add up."""

    label: str
    stated: int
    named: int

    @property
    def agrees(self) -> bool:
        return self.stated == self.named


def count_rows(roll_call: RollCall) -> list[CountRow]:
    """Both counts side by side."""
    labels = {"yes": _("Yes"), "no": _("No"), "present": _("Present"), "other": _("Not voting or away")}
    return [
        CountRow(labels[part], getattr(roll_call, f"stated_{part}"), getattr(roll_call, f"named_{part}"))
        for part in PARTS
    ]
