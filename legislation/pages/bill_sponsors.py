"""Who stands on a bill, who left, and how the number of names grew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from legislation.chambers import SEATS, Chamber
from legislation.models import Bill, Sponsorship

PARTY_ORDER = {"Democratic": 0, "Republican": 1}
_ROLE_ORDER = {Sponsorship.Role.CHIEF: 0, Sponsorship.Role.CHIEF_COSPONSOR: 1}
# The drawing of the curve, in its own units.
CHART_WIDTH, CHART_HEIGHT = 320, 96
FEWEST_STEPS = 2
# Names of a party that are shown at once.
SHOWN = 8


@dataclass
class PartyNames:
    """The sponsors of one party in one chamber, chief sponsors first. `party` is empty where it is not known."""

    party: str
    sponsorships: list[Sponsorship] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.party or _("Party not known")

    @property
    def shown(self) -> list[Sponsorship]:
        """The first names; a few too many are better than a fold for one."""
        return self.sponsorships if len(self.sponsorships) <= SHOWN + 2 else self.sponsorships[:SHOWN]

    @property
    def folded(self) -> list[Sponsorship]:
        return self.sponsorships[len(self.shown) :]


@dataclass
class ChamberNames:
    """The sponsors of one chamber by party. `seats` is 0 where the chamber is not known."""

    label: str
    seats: int
    parties: list[PartyNames] = field(default_factory=list)

    @property
    def number(self) -> int:
        return sum(len(party.sponsorships) for party in self.parties)


@dataclass(frozen=True)
class Step:
    """The names on the bill at the end of a day on which some joined or left."""

    day: date
    joined: int
    left: int
    number: int


@dataclass
class Curve:
    """The steps as an SVG path and as a table."""

    steps: list[Step]
    path: str
    most: int
    last: date
    width: int = CHART_WIDTH
    height: int = CHART_HEIGHT

    @property
    def first(self) -> date:
        return self.steps[0].day


@dataclass
class BillSponsors:
    """All names of one bill: those on it, those who left, and the curve, where there is one to draw."""

    chambers: list[ChamberNames]
    gone: list[Sponsorship]
    curve: Curve | None

    @property
    def number(self) -> int:
        return sum(chamber.number for chamber in self.chambers)


def bill_sponsors(bill: Bill, sponsorships: Sequence[Sponsorship], today: date) -> BillSponsors:
    """Sorts the names of a bill; each sponsorship comes with its legislator."""
    active = [row for row in sponsorships if row.removed_on is None]
    gone = sorted(
        (row for row in sponsorships if row.removed_on), key=lambda row: row.removed_on or today, reverse=True
    )
    return BillSponsors(_by_chamber(active), gone, _curve(bill, sponsorships, today))


def _by_chamber(active: Iterable[Sponsorship]) -> list[ChamberNames]:
    grouped: dict[str, dict[str, PartyNames]] = {}
    for row in sorted(active, key=lambda row: (_ROLE_ORDER.get(Sponsorship.Role(row.role), 2), row.position)):
        party = row.legislator.party if row.legislator else ""
        grouped.setdefault(row.chamber, {}).setdefault(party, PartyNames(party)).sponsorships.append(row)
    found = []
    for value, label in [*Chamber.choices, ("", _("Chamber not known"))]:
        if value in grouped:
            parties = sorted(
                grouped[value].values(), key=lambda names: (PARTY_ORDER.get(names.party, 2), names.party)
            )
            seats = SEATS[Chamber(value)] if value else 0
            found.append(ChamberNames(str(label), seats, parties))
    return found


def _curve(bill: Bill, sponsorships: Iterable[Sponsorship], today: date) -> Curve | None:
    """Names whose day of joining no line tells stood on the bill when it was filed."""
    begin = bill.introduced_on or min((row.added_on for row in sponsorships if row.added_on), default=None)
    if begin is None:
        return None
    changes: dict[date, list[int]] = {}
    for row in sponsorships:
        changes.setdefault(max(row.added_on or begin, begin), [0, 0])[0] += 1
        if row.removed_on:
            changes.setdefault(max(row.removed_on, begin), [0, 0])[1] += 1
    steps: list[Step] = []
    number = 0
    for day in sorted(changes):
        joined, left = changes[day]
        number += joined - left
        steps.append(Step(day, joined, left, number))
    if len(steps) < FEWEST_STEPS:
        return None
    most = max(step.number for step in steps)
    # A measure at rest does not go on to the right for years.
    end = max(min(bill.last_action_on or today, today), steps[-1].day)
    return Curve(steps, _path(steps, end, max(most, 1)), most, end)


def _path(steps: Sequence[Step], end: date, most: int) -> str:
    """The staircase from the first day to the last."""
    days = max((end - steps[0].day).days, 1)

    def x(day: date) -> float:
        return round(CHART_WIDTH * (day - steps[0].day).days / days, 1)

    def y(number: int) -> float:
        return round(CHART_HEIGHT - (CHART_HEIGHT - 4) * number / most, 1)

    stairs = [f"M0 {CHART_HEIGHT}V{y(steps[0].number)}"]
    stairs += [f"H{x(step.day)}V{y(step.number)}" for step in steps[1:]]
    return "".join([*stairs, f"H{CHART_WIDTH}V{CHART_HEIGHT}Z"])
