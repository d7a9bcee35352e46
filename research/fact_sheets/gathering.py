"""What the fact sheets of all districts are made from, read once in a few queries, however many sheets there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.chambers import Chamber, senate_district
from legislation.models import AppropriationAsk, AppropriationFigure, ZipCode
from legislation.pages.representation import Seat, seats
from legislation.places.geography import zip_areas
from legislation.places.of_partners import PlacedPartner, placed_partners
from partners.fiscal_year import FiscalYear
from partners.models import Coalition, Organization
from partners.services.identity import get_coalition
from research.fact_sheets.figures import Place, YearFigures, all_places, newest_figures, places_of
from research.fact_sheets.outlines import Outline, district_outlines
from research.models import Finding

# A city or a county is named where at least so much of one ZIP code's area lies in the district.
LEAST_SHARE = 0.25
MOST_CITIES = 4


@dataclass
class Surroundings:
    """The cities and counties of a district, the larger part first, and the counties' names."""

    cities: list[str] = field(default_factory=list)
    counties: list[str] = field(default_factory=list)


@dataclass
class Gathered:
    """The facts of all districts on one day; `at` is when their reading began."""

    at: datetime
    day: date
    coalition: Coalition
    partners: Mapping[Place, list[PlacedPartner]]
    listed: frozenset[int]
    # Fields of work by organization, of those in the directory.
    fields: Mapping[int, list[str]]
    figures: YearFigures
    seats: Mapping[Place, Seat]
    outlines: Mapping[Place, Outline]
    surroundings: Mapping[Place, Surroundings]
    findings: list[Finding]
    ask: str


def gather() -> Gathered:
    """Reads everything. About fifteen queries."""
    at = timezone.now()
    partners = placed_partners()
    by_place: dict[Place, list[PlacedPartner]] = defaultdict(list)
    for partner in partners:
        for place in places_of(partner.seat.likeliest(Chamber.LOWER)):
            by_place[place].append(partner)
    fields = _fields()
    listed = frozenset(Organization.objects.listed().values_list("pk", flat=True))
    return Gathered(
        at=at,
        day=timezone.localdate(at),
        coalition=get_coalition(),
        partners=by_place,
        listed=listed,
        fields=fields,
        figures=newest_figures(),
        seats={(seat.chamber, seat.number): seat for seat in seats(all_places(), with_offices=True)},
        outlines=district_outlines(),
        surroundings=_surroundings(),
        findings=list(_findings()),
        ask=default_ask(),
    )


def _fields() -> Mapping[int, list[str]]:
    through = Organization.sub_sectors.through.objects
    rows = through.filter(organization__in=Organization.objects.listed())
    found: dict[int, list[str]] = defaultdict(list)
    for pk, name in rows.order_by("subsector__name").values_list("organization_id", "subsector__name"):
        found[pk].append(name)
    return found


def _findings() -> Iterable[Finding]:
    """Findings about Illinois or a part of it, the newest first."""
    found = Finding.objects.published().exclude(place=Finding.Place.NATION)
    return found.shown().order_by("-year", "claim")


def _surroundings() -> dict[Place, Surroundings]:
    """The cities and counties of each district, by the estimated areas of their ZIP codes."""
    areas = zip_areas()
    cities: dict[Place, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    counties: dict[Place, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    rows = ZipCode.objects.values_list("zip_code", "city", "county") if areas else []
    for zip_code, city, county in rows:
        found = areas.of_zip(zip_code) if areas else None
        for one in found.candidates if found and found.basis == "area" else ():
            for place in places_of(one.house)[:2]:
                cities[place][city] += one.share
                if county:
                    counties[place][county] += one.share
    return {place: Surroundings(_largest(cities[place]), _largest(counties[place])) for place in cities}


def _largest(shares: Mapping[str, float]) -> list[str]:
    """Names by their share; the largest always, the others where they are no mere edge."""
    ordered = sorted(shares, key=lambda name: (-shares[name], name))
    return ordered[:1] + [name for name in ordered[1:] if shares[name] >= LEAST_SHARE]


def findings_for(gathered: Gathered, place: Place, most: int = 3) -> list[Finding]:
    """The findings nearest to a district: of itself, of what it nests in or holds, its counties, the state."""
    chamber, number = place
    own = senate_district(number) if chamber == Chamber.LOWER else number
    around = gathered.surroundings.get(place)
    counties = set(around.counties) if around else set()

    def distance(finding: Finding) -> int | None:
        if finding.place == Finding.Place.STATE:
            return 3
        if finding.place == Finding.Place.COUNTY:
            return 2 if finding.county and finding.county.name in counties else None
        of = (finding.chamber, finding.district or 0)
        if of == place:
            return 0
        theirs = senate_district(of[1]) if of[0] == Chamber.LOWER else of[1]
        return 1 if theirs == own and of[0] != chamber else None

    ranked = [
        (near, index) for index, one in enumerate(gathered.findings) if (near := distance(one)) is not None
    ]
    return [gathered.findings[index] for _near, index in sorted(ranked)[:most]]


def default_ask() -> str:
    """The newest appropriation ask on which nothing is enacted yet, in words; nothing where there is none. Two queries."""
    asks = AppropriationAsk.objects.public().prefetch_related("figures")
    newest: tuple[int, int, str] | None = None
    for order, ask in enumerate(asks):
        figures = list(ask.figures.all())
        enacted = {figure.year for figure in figures if figure.step == AppropriationFigure.Step.ENACTED}
        for figure in figures:
            if figure.step == AppropriationFigure.Step.ASKED and figure.year not in enacted:
                words = _("Include %(money)s for the %(program)s in the budget of %(year)s. %(purpose)s") % {
                    "money": _money(int(figure.amount)),
                    "program": ask.name,
                    "year": FiscalYear(figure.year).label,
                    "purpose": ask.purpose,
                }
                newest = max(newest or (0, 0, ""), (figure.year, -order, words))
    return newest[2] if newest else ""


def _money(dollars: int) -> str:
    """Such as `$15 million`."""
    if dollars >= 1_000_000 and dollars % 100_000 == 0:
        return _("$%(number)s million") % {"number": f"{dollars / 1_000_000:g}"}
    return f"${dollars:,}"
