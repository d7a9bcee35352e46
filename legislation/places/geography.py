"""Which seats stand for a place: points, many points at once, and ZIP codes, over the plan in force.

The districts are read once per process and again when the plan changes. Borders that the source drew twice are
mended first (see `district_plans.mend`), so that every point of Illinois lies in a district. The Senate seat always
follows from the House seat: two House districts make one Senate district by law, and where the two drawings differ
by a sliver, that rule is right and the drawing is not.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import shapely
from django.db.models import Count, Sum

from legislation.chambers import SEATS, Chamber, senate_district
from legislation.models import District, DistrictPlan, ZipCode
from legislation.places.district_plans import in_order, mend
from legislation.places.projection import MILE, project, to_map
from legislation.places.zip_areas import Candidate, ZipAreas, ZipCandidates, ZipPoint

__all__ = ["Candidate", "Seats", "ZipCandidates", "seats_at", "seats_at_many", "zip_candidates"]


@dataclass(frozen=True, slots=True)
class Seats:
    """The House and the Senate district of a place; neither where it lies outside Illinois or is no place at all.

    A point on a border belongs to the lowest number that touches it; the others stand in `border`.
    """

    house: int | None = None
    senate: int | None = None
    border: tuple[int, ...] = ()


NOWHERE = Seats()
_OF_HOUSE = [NOWHERE, *(Seats(house, senate_district(house)) for house in range(1, SEATS[Chamber.LOWER] + 1))]

# What tells one state of the districts from the next: the plan, and when its rows last changed.
Version = tuple[int, datetime]


class Atlas:
    """The districts of one plan, ready to be asked. Threads share it; nothing in it changes once it is made."""

    def __init__(self, version: Version, houses: Mapping[int, shapely.Geometry]) -> None:
        self.version = version
        self.numbers = np.array(sorted(houses))
        self.houses = mend(in_order(houses))
        # In the units of `projection`, for drawing and measuring.
        self.drawn = project(self.houses)
        self._tree = shapely.STRtree(self.houses)
        self._drawn_tree = shapely.STRtree(self.drawn)
        shapely.prepare(self.houses)
        # Trees and prepared shapes finish building when first asked; that must not happen in two threads at once.
        inside = shapely.get_coordinates(shapely.point_on_surface(self.houses))
        self.locate(inside[:, 0], inside[:, 1])
        self.near(0, 0, 0)

    def locate(self, longitudes: npt.ArrayLike, latitudes: npt.ArrayLike) -> list[Seats]:
        """The seats of points given in degrees, in their order."""
        x, y = np.asarray(longitudes, dtype=float), np.asarray(latitudes, dtype=float)
        usable = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        point, house = self._tree.query(shapely.points(x[usable], y[usable]))
        point = usable[point]
        inside = shapely.intersects_xy(self.houses[house], x[point], y[point])
        point, house = point[inside], self.numbers[house[inside]]
        lowest = np.full(len(x), len(_OF_HOUSE), dtype=int)
        np.minimum.at(lowest, point, house)
        lowest[lowest == len(_OF_HOUSE)] = 0
        seats = [_OF_HOUSE[number] for number in lowest.tolist()]
        others = np.flatnonzero(house != lowest[point])
        for index in sorted({int(point[other]) for other in others}):
            rest = tuple(sorted(int(house[other]) for other in others if point[other] == index))
            seats[index] = Seats(seats[index].house, seats[index].senate, rest)
        return seats

    def near(self, x: float, y: float, distance: float) -> list[int]:
        """House districts within a distance of a point, all in map units, by number."""
        found = self._drawn_tree.query(shapely.Point(x, y), predicate="dwithin", distance=distance)
        return sorted(self.numbers[found].tolist())


_building = threading.Lock()
_atlas: Atlas | None = None
_zips: tuple[tuple, ZipAreas] | None = None


def current_atlas() -> Atlas | None:
    """The districts in force, or None while no plan is loaded. One small query tells whether they changed."""
    global _atlas
    version = DistrictPlan.objects.filter(is_current=True).values_list("pk", "loaded_at").first()
    if version is None:
        return None
    atlas = _atlas
    if atlas is None or atlas.version != version:
        with _building:
            atlas = _atlas
            if atlas is None or atlas.version != version:
                atlas = _atlas = _load(version)
    return atlas


def _load(version: Version) -> Atlas:
    rows = District.objects.filter(plan_id=version[0], chamber=Chamber.LOWER)
    shapes = rows.values_list("number", "geometry")
    return Atlas(version, {number: shapely.from_wkb(bytes(wkb)) for number, wkb in shapes})


def seats_at(lat: float, lng: float) -> Seats:
    """The seats that stand for one point in degrees. Neither seat outside Illinois, for NaN, or without a plan."""
    return seats_at_many([(lat, lng)])[0]


def seats_at_many(points: Sequence[tuple[float, float]]) -> list[Seats]:
    """The seats of many points, each (latitude, longitude) in degrees, in their order."""
    if not len(points):
        return []
    atlas = current_atlas()
    if atlas is None:
        return [NOWHERE] * len(points)
    places = np.asarray(points, dtype=float)
    return atlas.locate(places[:, 1], places[:, 0])


def houses_near(lat: float, lng: float, miles: float) -> list[int]:
    """House districts within so many miles of a point, by number."""
    atlas = current_atlas()
    if atlas is None or not np.isfinite([lat, lng]).all():
        return []
    x, y = to_map(lng, lat)
    return atlas.near(float(x), float(y), miles * MILE)


def zip_areas(atlas: Atlas | None = None) -> ZipAreas | None:
    """The estimated areas of ZIP codes over the districts in force; None while no plan is loaded.

    Whoever has just asked for the districts passes them on.
    """
    global _zips
    atlas = atlas or current_atlas()
    if atlas is None:
        return None
    # ZIP codes carry no date; any change shows in these sums.
    sums = ZipCode.objects.aggregate(Count("pk"), Sum("latitude"), Sum("longitude"))
    version = (*atlas.version, *sums.values())
    known = _zips
    if known is None or known[0] != version:
        with _building:
            known = _zips
            if known is None or known[0] != version:
                houses = dict(zip(atlas.numbers.tolist(), atlas.drawn, strict=True))
                known = _zips = (version, ZipAreas(_zip_points(ZipCode.objects.all()), houses))
    return known[1]


def _zip_points(rows: Iterable[ZipCode]) -> list[ZipPoint]:
    points = []
    for row in rows:
        x = y = None
        if row.latitude is not None and row.longitude is not None:
            x, y = (float(value) for value in to_map(row.longitude, row.latitude))
        points.append(ZipPoint(row.zip_code, row.city, row.county, x, y))
    return points


def zip_candidates(zip_code: str) -> ZipCandidates | None:
    """The districts a ZIP code may lie in, the likeliest first; None for a ZIP code we do not know.

    An estimate (see `zip_areas`): show it as candidates and ask for the address.
    """
    areas = zip_areas()
    return areas.of_zip(zip_code[:5]) if areas else None


def city_candidates(name: str) -> ZipCandidates | None:
    """The same for a city, over all its ZIP codes."""
    areas = zip_areas()
    return areas.of_city(name) if areas else None
