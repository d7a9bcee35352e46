"""Coverage of the state: each district with its member, its partners, and where the member stands on a bill."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from legislation.chambers import SEATS, Chamber
from legislation.models import Bill, Legislator
from legislation.pages.representation import district_url
from legislation.pages.stances import MemberStance, Standing, member_stances
from legislation.places.coverage_maps import Legend
from legislation.places.of_partners import ChamberPartners, DistrictPartners, partners_by_district

# Classes of a count: the key of its pattern, and the smallest number in it.
STEPS = (("none", 0), ("few", 1), ("some", 3), ("many", 6), ("most", 10))
# Many more actions than partners lie in a district.
ACTION_STEPS = (("none", 0), ("few", 1), ("some", 10), ("many", 30), ("most", 100))


@dataclass
class CoveredDistrict:
    """One district of a chamber. `stance` is None where no bill was chosen, or nobody holds the seat."""

    chamber: str
    number: int
    legislator: Legislator | None
    partners: DistrictPartners
    stance: MemberStance | None = None

    @property
    def url(self) -> str:
        return district_url(self.chamber, self.number)

    @property
    def member(self) -> str:
        return self.legislator.name if self.legislator else _("vacant seat")

    @property
    def party(self) -> str:
        return self.legislator.party if self.legislator else ""

    @property
    def standing(self) -> str:
        """The class of the map of a bill; `vacant` where nobody holds the seat."""
        if self.legislator is None:
            return "vacant"
        return self.stance.standing if self.stance else Standing.NOT_ASKED


@dataclass
class Coverage:
    """All districts of a chamber by number, with how many partners could be placed."""

    chamber: Chamber
    districts: list[CoveredDistrict]
    partners: ChamberPartners

    @property
    def empty(self) -> list[CoveredDistrict]:
        """Districts in which no active partner most likely has its seat."""
        return [district for district in self.districts if not district.partners.seats]


def coverage(chamber: Chamber, bill: Bill | None = None) -> Coverage:
    """Seven queries with a bill, five without, for any number of partners."""
    partners = partners_by_district(chamber)
    sitting = Legislator.objects.current().filter(chamber=chamber)
    members = {member.district: member for member in sitting}
    stances = member_stances(bill) if bill is not None else {}
    districts = []
    for number in range(1, SEATS[chamber] + 1):
        member = members.get(number)
        stance = stances.get(member.pk, MemberStance()) if member and bill else None
        districts.append(CoveredDistrict(chamber, number, member, partners.districts[number], stance))
    return Coverage(chamber, districts, partners)


def step_of(number: int, steps: Iterable[tuple[str, int]]) -> str:
    """The class that a number lies in."""
    return [key for key, least in steps if number >= least][-1]


def step_legend(classes: Mapping[int, str], steps: tuple[tuple[str, int], ...]) -> list[Legend]:
    """The classes of a count, such as “3 to 5”, each with its number of districts."""
    counted = list(classes.values())
    legend = []
    for place, (key, least) in enumerate(steps):
        most = steps[place + 1][1] - 1 if place + 1 < len(steps) else None
        if most is None:
            label = _("%(least)d or more") % {"least": least}
        elif most == least:
            label = _("none") if not least else str(least)
        else:
            label = _("%(least)d to %(most)d") % {"least": least, "most": most}
        legend.append(Legend(key, label, counted.count(key)))
    return legend


def standing_legend(classes: Mapping[int, str]) -> list[Legend]:
    """The standings of legislators on a bill, each with its number of districts."""
    counted = list(classes.values())
    kinds = [(standing.value, str(standing.label)) for standing in Standing] + [("vacant", _("vacant seat"))]
    return [Legend(key, label, counted.count(key)) for key, label in kinds]
