"""Districts for a legislature that is invented: the state's rough outline, cut in halves again and again."""

from collections.abc import Iterator

from shapely import Polygon, box, segmentize, wkb
from shapely.geometry.base import BaseGeometry

from legislation.chambers import Chamber
from legislation.records import DistrictRecord

PLAN = "Sample districts (not the real ones)"
# Corners of Illinois, walked clockwise from the north-west; longitude, latitude, to the nearest few miles.
OUTLINE = (
    (-90.64, 42.51), (-87.80, 42.49), (-87.53, 41.71), (-87.53, 39.35), (-87.60, 39.10), (-87.50, 38.45),
    (-87.95, 38.00), (-88.05, 37.80), (-88.45, 37.40), (-88.45, 37.08), (-89.15, 36.99), (-89.50, 37.32),
    (-89.52, 37.70), (-90.15, 38.20), (-90.18, 38.75), (-90.60, 38.87), (-90.73, 39.25), (-91.40, 39.90),
    (-91.42, 40.38), (-91.10, 40.70), (-90.95, 41.10), (-91.08, 41.25), (-90.33, 41.75), (-90.15, 41.93),
    (-90.18, 42.12),
)  # fmt: skip
# Where most people live: longitude, latitude, and how many of a hundred.
CENTERS = (
    (-87.72, 41.86, 40), (-88.00, 42.05, 14), (-88.05, 41.65, 12), (-88.30, 41.90, 8), (-89.07, 42.27, 4),
    (-89.60, 40.70, 5), (-89.65, 39.80, 4), (-88.24, 40.12, 4), (-90.10, 38.60, 5), (-89.20, 37.75, 4),
)  # fmt: skip


def districts() -> Iterator[DistrictRecord]:
    """118 House districts and the 59 Senate districts that each holds two of."""
    for senate, area in enumerate(_cut(Polygon(OUTLINE), 59), start=1):
        yield DistrictRecord(Chamber.UPPER.value, senate, _bent(area), PLAN)
        for half, part in enumerate(_cut(area, 2)):
            yield DistrictRecord(Chamber.LOWER.value, 2 * senate - 1 + half, _bent(part), PLAN)


def _bent(area: BaseGeometry) -> bytes:
    """With a corner every few miles: a border drawn straight bends alike for both neighbors when it is projected."""
    return wkb.dumps(segmentize(area, 0.03))


def _cut(area: BaseGeometry, parts: int) -> list[BaseGeometry]:
    """`area` in `parts` pieces with about as many people each, from the north-east outward."""
    if parts == 1:
        return [area]
    first = parts // 2
    west, south, east, north = area.bounds
    upright = (east - west) * 0.75 < north - south
    low, high = (south, north) if upright else (west, east)
    for _step in range(24):
        middle = (low + high) / 2
        share = _people(area.intersection(_beyond(area, middle, upright))) / _people(area)
        low, high = (middle, high) if share > first / parts else (low, middle)
    near = _beyond(area, (low + high) / 2, upright)
    return _cut(area.intersection(near), first) + _cut(area.difference(near), parts - first)


def _beyond(area: BaseGeometry, line: float, upright: bool) -> BaseGeometry:
    """The box north of a latitude, or east of a longitude."""
    west, south, east, north = area.bounds
    return box(west, line, east, north) if upright else box(line, south, east, north)


def _people(area: BaseGeometry) -> float:
    """How many of the state's people live in an area, roughly: some everywhere, most around the centers."""
    people = area.area * 0.4
    for longitude, latitude, share in CENTERS:
        for width, part in ((0.12, 0.5), (0.3, 0.5)):
            around = box(longitude - width, latitude - width, longitude + width, latitude + width)
            people += share * part * area.intersection(around).area / around.area
    return people
