"""The outline of each district, drawn small: a path in a box of a thousand units."""

from dataclasses import dataclass

import shapely

from legislation.chambers import SEATS, Chamber, house_districts
from legislation.places.geography import current_atlas
from legislation.places.projection import svg_path
from research.fact_sheets.figures import Place

# The longer side of a drawing in its units, and how much of a bend is left out.
SIZE = 1000
TOLERANCE = 4.0


@dataclass(frozen=True)
class Outline:
    """A district's shape as an SVG path in a box of this size."""

    path: str
    width: int
    height: int


def district_outlines() -> dict[Place, Outline]:
    """Every district of the plan in force; none while no plan is loaded. One query."""
    atlas = current_atlas()
    if atlas is None:
        return {}
    houses: dict[int, shapely.Geometry] = dict(zip(atlas.numbers.tolist(), atlas.drawn, strict=True))
    found = {(Chamber.LOWER.value, number): _outline(shape) for number, shape in houses.items()}
    for senate in range(1, SEATS[Chamber.UPPER] + 1):
        parts = [houses[house] for house in house_districts(senate) if house in houses]
        if parts:
            found[Chamber.UPPER.value, senate] = _outline(shapely.union_all(parts))
    return found


def _outline(shape: shapely.Geometry) -> Outline:
    west, north, east, south = shapely.bounds(shape)
    scale = SIZE / max(east - west, south - north)
    drawn = shapely.transform(shape, lambda points: (points - [west, north]) * scale)
    simple = shapely.simplify(drawn, TOLERANCE)
    return Outline(
        svg_path(simple), max(1, round((east - west) * scale)), max(1, round((south - north) * scale))
    )
