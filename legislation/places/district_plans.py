"""Districts as shapes: reading them, whether a plan's fit together, how they are drawn. No database.

A chamber's districts are given as a dictionary from number to shape, in degrees (WGS 84).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from django.utils.translation import gettext as _

from legislation.chambers import SEATS, Chamber, house_districts, senate_district
from legislation.places.projection import (
    SQUARE_MILE,
    is_around_illinois,
    looks_swapped,
    project,
    square_miles,
    svg_path,
)

Shapes = Mapping[int, shapely.Geometry]
ShapeArray = npt.NDArray[np.object_]

# Borders drawn twice never meet exactly. What is left between them is a sliver up to this share of a district.
SLIVER_SHARE = 0.005
# Gaps between neighbors narrower than this are closed; in degrees, some 20 meters.
GAP = 0.0002
# How much of a bend the state's map leaves out, in its units of 100 meters.
OUTLINE_TOLERANCE = 5.0


@dataclass(frozen=True)
class Problem:
    """What does not fit, by the district's name."""

    name: str
    reason: str


class NotADistrict(Exception):
    """Why something cannot be a district's boundary, in words for staff."""


POLYGONS = {"Polygon", "MultiPolygon"}


def read_shape(wkb: bytes) -> tuple[shapely.Geometry, str]:
    """The area that a boundary encloses, and what had to be mended in it, or nothing. Raises `NotADistrict`."""
    try:
        shape = shapely.force_2d(shapely.from_wkb(wkb))
    except shapely.GEOSException as error:
        raise NotADistrict(_("Its boundary cannot be read.")) from error
    if shape is None or shape.geom_type not in POLYGONS or shape.is_empty:
        raise NotADistrict(_("Its boundary is not an area."))
    _check_place(shape)
    if shape.is_valid:
        return shape, ""
    fault = str(shapely.is_valid_reason(shape)).partition("[")[0]
    # Mending may leave loose lines and points.
    parts = shapely.get_parts(shapely.make_valid(shape))
    shape = shapely.union_all([part for part in parts if part.geom_type in POLYGONS and part.area > 0])
    if shape.is_empty:
        raise NotADistrict(_("Its boundary encloses nothing (%(fault)s).") % {"fault": fault})
    return shape, fault


def _check_place(shape: shapely.Geometry) -> None:
    """Raises `NotADistrict` unless the shape lies around Illinois, in degrees."""
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise NotADistrict(_("Its boundary holds numbers that are no places."))
    west, south, east, north = shapely.bounds(shape)
    if is_around_illinois(south, west) and is_around_illinois(north, east):
        return
    if looks_swapped(south, west) and looks_swapped(north, east):
        raise NotADistrict(_("Its boundary has latitude and longitude in the wrong order."))
    raise NotADistrict(_("Its boundary lies outside Illinois, or is not in degrees (WGS 84)."))


def district_name(chamber: str, number: int) -> str:
    """Such as `House District 25`."""
    if chamber == Chamber.LOWER:
        return _("House District %(number)s") % {"number": number}
    return _("Senate District %(number)s") % {"number": number}


def missing(numbers: Mapping[str, set[int]]) -> list[Problem]:
    """Districts of the constitution's 118 and 59 that a plan does not have."""
    return [
        Problem(district_name(chamber, number), _("The plan has no such district."))
        for chamber, seats in SEATS.items()
        for number in range(1, seats + 1)
        if number not in numbers.get(chamber, set())
    ]


def problems(houses: Shapes, senates: Shapes) -> list[Problem]:
    """Where a complete plan contradicts itself by more than slivers: nesting, overlaps, holes."""
    lower, upper = project(in_order(houses)), project(in_order(senates))
    found = _not_nested(lower, upper)
    found += _overlaps(Chamber.LOWER, lower) + _overlaps(Chamber.UPPER, upper)
    return found + _holes(in_order(houses))


def in_order(shapes: Shapes) -> ShapeArray:
    """The shapes by number, from 1."""
    return np.array([shapes[number] for number in sorted(shapes)], dtype=object)


def _not_nested(lower: ShapeArray, upper: ShapeArray) -> list[Problem]:
    homes = upper[[senate_district(number) - 1 for number in range(1, len(lower) + 1)]]
    outside = shapely.area(shapely.difference(lower, homes)) / shapely.area(lower)
    return [
        Problem(
            district_name(Chamber.LOWER, int(index) + 1),
            _("%(share)s%% of it lies outside Senate District %(senate)s.")
            % {"share": f"{outside[index] * 100:.1f}", "senate": senate_district(int(index) + 1)},
        )
        for index in np.flatnonzero(outside > SLIVER_SHARE)
    ]


def _overlaps(chamber: Chamber, shapes: ShapeArray) -> list[Problem]:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = first < second
    first, second = first[pairs], second[pairs]
    shared = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    share = shared / np.minimum(shapely.area(shapes[first]), shapely.area(shapes[second]))
    return [
        Problem(
            district_name(chamber, int(first[index]) + 1),
            _("It overlaps %(other)s by %(area)s square miles.")
            % {
                "other": district_name(chamber, int(second[index]) + 1),
                "area": f"{shared[index] / SQUARE_MILE:.2f}",
            },
        )
        for index in np.flatnonzero(share > SLIVER_SHARE)
    ]


def _holes(houses: ShapeArray) -> list[Problem]:
    """Places inside the state, in degrees, that remain nobody's when the cracks between districts are closed."""
    found = []
    for part in shapely.get_parts(shapely.union_all(mend(houses))):
        for ring in shapely.get_rings(part)[1:]:
            area = square_miles(np.array([shapely.polygons(ring)]))[0]
            near = int(np.argmin(shapely.distance(houses, ring))) + 1
            reason = _("%(area)s square miles beside it belong to no House district.") % {
                "area": f"{area:.2f}"
            }
            found.append(Problem(district_name(Chamber.LOWER, near), reason))
    return found


def mend(shapes: ShapeArray) -> ShapeArray:
    """The same districts without slivers between them: each border is one line, gaps and overlaps are given away.

    A border moves by some meters at most, as far as the two drawings of it lay apart.
    """
    return np.asarray(shapely.coverage_clean(shapes, gap_width=GAP))  # type: ignore[attr-defined]


def outlines(houses: Shapes) -> dict[tuple[str, int], str]:
    """Each district's simplified drawing on the state's map, as an SVG path. Neighbors keep their common border.

    A Senate district is drawn as the two House districts that it is made of.
    """
    simple = shapely.coverage_simplify(project(mend(in_order(houses))), OUTLINE_TOLERANCE)
    paths = {(str(Chamber.LOWER), number + 1): svg_path(shape) for number, shape in enumerate(simple)}
    for senate in range(1, len(simple) // 2 + 1):
        pair = [simple[house - 1] for house in house_districts(senate)]
        paths[str(Chamber.UPPER), senate] = svg_path(shapely.union_all(pair))
    return paths
