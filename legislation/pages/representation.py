"""Who sits for a district, vacant seats included, and how the members stand on our priorities."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from legislation.chambers import Chamber, house_districts, senate_district
from legislation.models import Bill, Legislator
from legislation.places.district_plans import district_name
from legislation.scorecard import Line, scorecards

# How a chamber is called in addresses.
CHAMBER_WORDS = {Chamber.LOWER: "house", Chamber.UPPER: "senate"}
CHAMBERS = {word: chamber for chamber, word in CHAMBER_WORDS.items()}


@dataclass(frozen=True)
class Seat:
    """A seat of the General Assembly and who holds it today; nobody where it is vacant."""

    chamber: str
    number: int
    legislator: Legislator | None

    @property
    def name(self) -> str:
        return district_name(self.chamber, self.number)

    @property
    def role(self) -> str:
        """What its holder is called."""
        return _("State Representative") if self.chamber == Chamber.LOWER else _("State Senator")

    @property
    def url(self) -> str:
        return district_url(self.chamber, self.number)


@dataclass(frozen=True)
class Standing:
    """One of our priorities, and what each member did about it."""

    bill: Bill
    members: tuple[tuple[Legislator, Line], ...]


def district_url(chamber: str, number: int) -> str:
    """The page of a district. It says nothing of an address."""
    return reverse("legislation:district", args=[CHAMBER_WORDS[Chamber(chamber)], number])


def seats(wanted: Iterable[tuple[str, int]], *, with_offices: bool = False) -> list[Seat]:
    """The seats of districts given as (chamber, number), in that order, in one read, and one for the offices."""
    asked = list(wanted)
    members = Legislator.objects.current().filter(district__in={number for _chamber, number in asked})
    if with_offices:
        members = members.prefetch_related("offices")
    held = {(legislator.chamber, legislator.district): legislator for legislator in members}
    return [Seat(chamber, number, held.get((chamber, number))) for chamber, number in asked]


def seats_of_district(chamber: str, number: int, *, with_offices: bool = False) -> list[Seat]:
    """Everybody who represents a district: its own member first, then those of the other chamber."""
    others = (
        [(Chamber.UPPER, senate_district(number))]
        if chamber == Chamber.LOWER
        else [(Chamber.LOWER, house) for house in house_districts(number)]
    )
    return seats([(chamber, number), *others], with_offices=with_offices)


def pairs_of_houses(houses: Sequence[int]) -> list[tuple[Seat, Seat]]:
    """For each House district its two seats."""
    wanted = [
        pair for house in houses for pair in ((Chamber.LOWER, house), (Chamber.UPPER, senate_district(house)))
    ]
    found = seats(wanted)
    return list(zip(found[::2], found[1::2], strict=True))


def standings(of: Sequence[Seat]) -> list[Standing]:
    """Our priorities and what the holders of these seats did about each."""
    members = [seat.legislator for seat in of if seat.legislator]
    if not members:
        return []
    cards = scorecards(members)
    found: dict[int, Standing] = {}
    for member in members:
        for line in cards[member.pk].priorities:
            earlier = found.get(line.bill.pk, Standing(line.bill, ()))
            found[line.bill.pk] = Standing(line.bill, (*earlier.members, (member, line)))
    return list(found.values())
