"""Staff and populations that partners report, by district, without a number by which an answer could be told.

A partner is counted in the House district in which its ZIP code most likely lies, and in the Senate district that
holds this House district: so two House districts make a Senate district, and the Senate districts the state.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from legislation.chambers import SEATS, Chamber, house_districts, senate_district
from legislation.places.of_partners import PlacedPartner
from partners.fiscal_year import FiscalYear
from partners.models import ProfileAnswer
from research.models import DistrictFigure
from surveys.results import SMALLEST
from surveys.suppression import withheld_cells

# A district, as chamber and number.
Place = tuple[str, int]
STATE: Place = ("", 0)
MEASURES = (DistrictFigure.EMPLOYED, *ProfileAnswer.Population.values)
DEFINITION = _(
    "People employed: the sum of what active partners answered to “number of people employed” in the fiscal year, "
    "the newest answer of each. A partner counts in the House district in which its ZIP code most likely lies. "
    "Where fewer than ten partners answered, or where such a number could be worked out from others, nothing is shown. "
    "The figures of a year are counted once, when it is over."
)


@dataclass
class Tally:
    """How many partners of a place gave an answer, and the sum of their numbers."""

    reported: int = 0
    amount: int = 0


@dataclass
class Counted:
    """Everything that is counted for one year, by measure and place."""

    partners: Counter[Place] = field(default_factory=Counter)
    tallies: dict[str, dict[Place, Tally]] = field(default_factory=dict)

    def add(self, measure: str, place: Place, amount: int) -> None:
        """One partner's answer."""
        tally = self.tallies[measure].setdefault(place, Tally())
        tally.reported += 1
        tally.amount += amount


def all_places() -> list[Place]:
    """Every district, the House's first."""
    return [(chamber.value, number) for chamber, seats in SEATS.items() for number in range(1, seats + 1)]


def places_of(house: int | None) -> list[Place]:
    """Where a partner with its seat in this House district counts."""
    if house is None:
        return [STATE]
    return [(Chamber.LOWER.value, house), (Chamber.UPPER.value, senate_district(house)), STATE]


def sums(seats: int = SEATS[Chamber.UPPER]) -> list[tuple[Place, list[Place]]]:
    """What adds up to what: two House districts to their Senate district, the Senate districts to the state."""
    senates = [(Chamber.UPPER.value, number) for number in range(1, seats + 1)]
    pairs = [
        (senate, [(Chamber.LOWER.value, house) for house in house_districts(senate[1])]) for senate in senates
    ]
    return [*pairs, (STATE, senates)]


def withheld_places(tallies: Mapping[Place, Tally]) -> set[Place]:
    """The places whose number is kept back, with which no other can be worked out."""
    places = [*all_places(), STATE]
    numbers = {place: tallies[place].reported if place in tallies else 0 for place in places}
    withheld = withheld_cells(numbers, [], sums())
    few_people = any(0 < tally.amount < SMALLEST for place, tally in tallies.items() if place not in withheld)
    # Ten partners with fewer than ten people among them: then the whole measure says nothing.
    return set(places) if few_people else withheld


def count_year(year: FiscalYear, partners: Iterable[PlacedPartner]) -> Counted:
    """Counts a year's answers of active partners. One query."""
    counted = Counted(tallies={measure: {} for measure in MEASURES})
    homes = {partner.pk: places_of(partner.seat.likeliest(Chamber.LOWER)) for partner in partners}
    for home in homes.values():
        counted.partners.update(home)
    # A partner whose ZIP code we cannot place would be the difference between the state and its districts.
    placed = {pk: home for pk, home in homes.items() if len(home) > 1}
    for organization, marker, number, values in _answers(year):
        for place in placed.get(organization, ()):
            if marker == ProfileAnswer.Marker.EMPLOYED and number is not None:
                counted.add(DistrictFigure.EMPLOYED, place, number)
            for value in values if marker == ProfileAnswer.Marker.POPULATIONS else ():
                if value in counted.tallies:
                    counted.add(value, place, 0)
    return counted


def _answers(year: FiscalYear) -> Iterable[tuple[int, str, int | None, list[str]]]:
    """The newest answer of the year to each of the two questions, by organization."""
    answers = ProfileAnswer.objects.filter(
        marker__in=[ProfileAnswer.Marker.EMPLOYED, ProfileAnswer.Marker.POPULATIONS],
        answered_at__gte=year.start,
        answered_at__lt=year.end,
    )
    return answers.newest().values_list("organization_id", "marker", "number", "values")


def rows_of(year: FiscalYear, counted: Counted, now: datetime) -> list[DistrictFigure]:
    """A year's rows: every measure for the state and each district where somebody answered, with what is withheld."""
    rows = []
    for measure, tallies in counted.tallies.items():
        withheld = withheld_places(tallies)
        for place in (*all_places(), STATE):
            tally = tallies.get(place, Tally())
            if not tally.reported and place != STATE:
                continue
            rows.append(
                DistrictFigure(
                    fiscal_year=year.year,
                    measure=measure,
                    chamber=place[0],
                    district=place[1],
                    partners=counted.partners[place],
                    reported=tally.reported,
                    amount=tally.amount,
                    is_withheld=place in withheld,
                    counted_at=now,
                )
            )
    return rows


@dataclass(frozen=True)
class Shown:
    """One figure that may be read: `amount` people, reported by `reported` of `partners` partners."""

    amount: int
    reported: int
    partners: int


class YearFigures:
    """The figures of a year as they may be shown. What is withheld does not come in."""

    def __init__(self, year: FiscalYear | None, rows: Iterable[DistrictFigure]) -> None:
        self.year = year
        self._shown = {
            (row.measure, (row.chamber, row.district)): Shown(row.amount, row.reported, row.partners)
            for row in rows
            if not row.is_withheld and row.reported
        }

    def employed(self, place: Place) -> Shown | None:
        """People employed; nothing where it is withheld or nobody answered."""
        return self._shown.get((DistrictFigure.EMPLOYED, place))

    def populations(self, place: Place) -> list[tuple[str, int]]:
        """Populations served that enough partners name, with how many do, the most named first."""
        words = dict(ProfileAnswer.Population.choices)
        found = [
            (str(words[measure]), shown.reported)
            for (measure, where), shown in self._shown.items()
            if where == place and measure in words
        ]
        return sorted(found, key=lambda one: (-one[1], one[0]))


def newest_figures() -> YearFigures:
    """Those of the newest year that was counted. Two queries."""
    newest = DistrictFigure.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).first()
    if newest is None:
        return YearFigures(None, [])
    return YearFigures(FiscalYear(newest), DistrictFigure.objects.filter(fiscal_year=newest, reported__gt=0))
