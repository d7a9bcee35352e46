"""What a ZIP code may stand for. No one draws ZIP codes: each is a bundle of mail routes, and we know one point of it.

So its area is estimated: whatever lies nearer to its point than to any other ZIP code's, within Illinois. Candidates
are the districts that share this area. A ZIP code is not a district; only an address is sure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from legislation.chambers import senate_district

# A district that holds less than this share of the estimated area is left out.
LEAST_SHARE = 0.02


@dataclass(frozen=True)
class ZipPoint:
    """A ZIP code's place on our map (map units), or None where nobody knows one, as for many PO boxes."""

    zip_code: str
    city: str
    county: str
    x: float | None
    y: float | None


@dataclass(frozen=True)
class Candidate:
    """A House district, with its Senate district, that a ZIP code or a city may lie in."""

    house: int
    share: float  # of the estimated area, 0 to 1

    @property
    def senate(self) -> int:
        return senate_district(self.house)


@dataclass(frozen=True)
class ZipCandidates:
    """What a ZIP code or a city may mean, the likeliest first. Always an estimate, never an answer.

    `basis`: "area" (estimated from its point), "city" (the ZIP code has no point: estimated from the other ZIP codes
    of its city), "none" (we know the name, not the place).
    """

    name: str  # the ZIP code, or the city as the Postal Service writes it
    city: str
    basis: str
    candidates: tuple[Candidate, ...] = ()


class ZipAreas:
    """Estimated areas of all ZIP codes over the House districts of one plan (both in map units)."""

    def __init__(self, points: Iterable[ZipPoint], houses: Mapping[int, shapely.Geometry]) -> None:
        self.points = {point.zip_code: point for point in points}
        self._numbers = list(houses)
        self._houses = np.array(list(houses.values()), dtype=object)
        self._tree = shapely.STRtree(self._houses)
        self._cells = _cells([point for point in self.points.values() if point.x is not None], self._houses)
        self._by_city: dict[str, list[str]] = {}
        for point in self.points.values():
            self._by_city.setdefault(point.city.casefold(), []).append(point.zip_code)

    def of_zip(self, zip_code: str) -> ZipCandidates | None:
        """Candidates of a ZIP code of five digits; None where we do not know it at all."""
        point = self.points.get(zip_code)
        if point is None:
            return None
        if zip_code in self._cells:
            return ZipCandidates(zip_code, point.city, "area", self._shares([zip_code]))
        neighbors = [other for other in self._by_city[point.city.casefold()] if other in self._cells]
        if neighbors:
            return ZipCandidates(zip_code, point.city, "city", self._shares(neighbors))
        return ZipCandidates(zip_code, point.city, "none")

    def of_city(self, name: str) -> ZipCandidates | None:
        """Candidates of a city, over all its ZIP codes; None where no ZIP code names it."""
        zip_codes = self._by_city.get(" ".join(name.split()).casefold())
        if not zip_codes:
            return None
        city = self.points[zip_codes[0]].city
        known = [zip_code for zip_code in zip_codes if zip_code in self._cells]
        return ZipCandidates(city, city, "area" if known else "none", self._shares(known) if known else ())

    def _shares(self, zip_codes: Sequence[str]) -> tuple[Candidate, ...]:
        area = shapely.union_all([self._cells[zip_code] for zip_code in zip_codes])
        near = self._tree.query(area)
        shared = shapely.area(shapely.intersection(self._houses[near], area))
        total = float(shared.sum())
        if not total:
            return ()
        found = [
            Candidate(self._numbers[index], float(part / total))
            for index, part in zip(near, shared, strict=True)
        ]
        # A small ZIP code in a large city must not vanish, and one candidate always remains.
        likely = [one for one in found if one.share >= LEAST_SHARE / len(zip_codes)] or found
        return tuple(sorted(likely, key=lambda one: (-one.share, one.house)))


def _cells(points: Sequence[ZipPoint], houses: npt.NDArray[np.object_]) -> dict[str, shapely.Geometry]:
    """What lies nearest to each point; ZIP codes that share a point share its area."""
    if len(points) < 2 or not len(houses):
        return {point.zip_code: shapely.union_all(houses) for point in points}
    places = sorted({(point.x, point.y) for point in points if point.x is not None and point.y is not None})
    if len(places) < 2:
        return {point.zip_code: shapely.union_all(houses) for point in points}
    state = shapely.box(*shapely.total_bounds(houses))
    drawn = shapely.voronoi_polygons(shapely.MultiPoint(places), extend_to=state, ordered=True)
    of_place = dict(zip(places, shapely.get_parts(drawn), strict=True))
    return {
        point.zip_code: of_place[point.x, point.y]
        for point in points
        if point.x is not None and point.y is not None
    }
