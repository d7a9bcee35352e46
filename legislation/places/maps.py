"""Maps as templates draw them: shapes as SVG paths, numbers and place names where there is room for them.

Everything is in the pixels of the drawing. Neighbors share their borders, because all districts of a map are
simplified together. The templates are `legislation/_map.html` (on a page) and `legislation/map.svg` (as a picture).
"""

from dataclasses import dataclass, field

import numpy as np
import shapely

from legislation.chambers import Chamber, house_districts, senate_district
from legislation.places.geography import Atlas
from legislation.places.projection import STATE_HEIGHT, STATE_WIDTH, svg_path
from legislation.places.zip_areas import ZipAreas

DISTRICT_MAP_WIDTH = 360
# How flat and how tall a district's map may be, as height in widths.
FLATTEST, TALLEST = 0.62, 1.15
MARGIN = 0.14
# A number is written where a circle of so many pixels fits.
ROOM_FOR_NUMBER = 13
LETTER, LINE = 8.2, 20.0  # the size of a character, in pixels
MOST_NAMES = 14
# The words stand so many pixels above their dot.
RAISED = 10
# ZIP codes are named on maps that are less wide than this, in map units (30 km); small places on those up to 170 km.
NEAR, FAR = 300, 1700

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Window:
    """The part of the state that a map shows, in map units, on so many pixels."""

    left: float
    top: float
    width: float
    height: float
    pixels: int

    @property
    def scale(self) -> float:
        """Pixels in a map unit."""
        return self.pixels / self.width

    @property
    def pixel_height(self) -> int:
        return round(self.height * self.scale)

    @property
    def box(self) -> shapely.Geometry:
        return shapely.box(self.left, self.top, self.left + self.width, self.top + self.height)

    def place(self, pixel_x: float, pixel_y: float) -> tuple[float, float]:
        """The map point under a pixel."""
        return self.left + pixel_x / self.scale, self.top + pixel_y / self.scale

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """The pixel over a map point."""
        return (x - self.left) * self.scale, (y - self.top) * self.scale


@dataclass(frozen=True)
class DrawnDistrict:
    """One district on a map. `is_here`: the one that the map is about."""

    number: int
    path: str
    is_here: bool
    label: tuple[int, int] | None  # where its number has room


@dataclass(frozen=True)
class Name:
    """A city or a ZIP code: a dot at its place, and the words over it, moved where they would leave the map."""

    text: str
    x: int
    y: int
    dot_x: int
    is_zip: bool


@dataclass(frozen=True)
class Drawing:
    """A map ready to be drawn."""

    width: int
    height: int
    districts: tuple[DrawnDistrict, ...]
    names: tuple[Name, ...] = field(default=())


def state_window(pixels: int) -> Window:
    """The whole of Illinois."""
    return Window(0, 0, STATE_WIDTH, STATE_HEIGHT, pixels)


def around(shape: shapely.Geometry, pixels: int = DISTRICT_MAP_WIDTH) -> Window:
    """A window with a margin around a shape, neither too flat nor too tall."""
    west, north, east, south = shapely.bounds(shape)
    width, height = (east - west) * (1 + 2 * MARGIN), (south - north) * (1 + 2 * MARGIN)
    width, height = max(width, height / TALLEST), max(height, width * FLATTEST)
    return Window((west + east - width) / 2, (north + south - height) / 2, width, height, pixels)


def district_map(atlas: Atlas, chamber: str, number: int, zips: ZipAreas | None) -> Drawing | None:
    """A district with its neighbors of the same chamber; None where the plan has no such district."""
    shapes = _of_chamber(atlas, chamber)
    if number not in shapes:
        return None
    return draw(shapes, around(shapes[number]), zips, here=number)


def house_map(atlas: Atlas, window: Window, zips: ZipAreas | None) -> Drawing:
    """The House districts in a window, without their numbers: for finding a place, not a district."""
    return draw(_of_chamber(atlas, Chamber.LOWER), window, zips)


def chamber_map(atlas: Atlas, chamber: str, window: Window) -> Drawing:
    """All districts of a chamber in a window, each with its number where there is room."""
    return draw(_of_chamber(atlas, chamber), window, None, numbered=True)


def draw(
    shapes: dict[int, shapely.Geometry],
    window: Window,
    zips: ZipAreas | None,
    here: int | None = None,
    *,
    numbered: bool = False,
) -> Drawing:
    """Districts of one chamber (map units) as far as the window shows them.

    Their numbers are written where one of them is `here`, or where it is asked for.
    """
    numbers = [number for number, shape in shapes.items() if shapely.intersects(window.box, shape)]
    if not numbers:
        return Drawing(window.pixels, window.pixel_height, ())
    seen = np.array([shapes[number] for number in numbers], dtype=object)
    simple = shapely.coverage_simplify(seen, 0.8 / window.scale)
    # A little more than the window, so that its edge is no border.
    edge = 4 / window.scale
    west, north, east, south = shapely.bounds(window.box)
    cut = shapely.clip_by_rect(simple, west - edge, north - edge, east + edge, south + edge)
    origin = np.array([window.left, window.top])
    pixels = shapely.transform(cut, lambda points: (points - origin) * window.scale)
    frame = shapely.box(0, 0, window.pixels, window.pixel_height)
    drawn = [
        DrawnDistrict(
            number,
            svg_path(shape),
            number == here,
            _room(shapely.intersection(shape, frame)) if here or numbered else None,
        )
        for number, shape in zip(numbers, pixels, strict=True)
        if not shapely.is_empty(shape)
    ]
    drawn.sort(key=lambda one: one.is_here)
    taken = [_box(*one.label, str(one.number)) for one in drawn if one.label]
    return Drawing(
        window.pixels, window.pixel_height, tuple(drawn), _names(window, zips, taken) if zips else ()
    )


def _of_chamber(atlas: Atlas, chamber: str) -> dict[int, shapely.Geometry]:
    houses = dict(zip(atlas.numbers.tolist(), atlas.drawn, strict=True))
    if chamber == Chamber.LOWER:
        return houses
    return {
        senate: shapely.union_all([houses[house] for house in house_districts(senate) if house in houses])
        for senate in sorted({senate_district(house) for house in houses})
    }


def _room(shape: shapely.Geometry) -> tuple[int, int] | None:
    """Where a district's number has room: the middle of the largest circle inside."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    if not parts:
        return None
    largest = max(parts, key=lambda part: part.area)
    radius = shapely.maximum_inscribed_circle(largest, tolerance=2)
    if shapely.length(radius) < ROOM_FOR_NUMBER:
        return None
    x, y = shapely.get_coordinates(radius)[0]
    return round(x), round(y)


def _names(window: Window, zips: ZipAreas, taken: list[Box]) -> tuple[Name, ...]:
    """Cities, those with the most ZIP codes first, then ZIP codes where the map is close; none over another."""
    names: list[Name] = []
    for text, x, y, is_zip in _candidates(window, zips):
        # The words stand over the dot, and stay on the map.
        half = len(text) * LETTER / 2 + 3
        middle = min(max(x, half), window.pixels - half)
        box = _box(middle, y - RAISED, text)
        if box[1] > 0 and not any(_touch(box, other) for other in taken):
            taken.append(box)
            names.append(Name(text, round(middle), round(y), round(x), is_zip))
            if len(names) == MOST_NAMES:
                break
    return tuple(names)


def _candidates(window: Window, zips: ZipAreas) -> list[tuple[str, float, float, bool]]:
    cities: dict[str, list[tuple[float, float]]] = {}
    codes = []
    for point in zips.points.values():
        if point.x is None or point.y is None:
            continue
        x, y = window.pixel(point.x, point.y)
        cities.setdefault(point.city, []).append((x, y))
        codes.append((point.zip_code, x, y, True))
    in_order = sorted(cities.items(), key=lambda one: (-len(one[1]), one[0]))
    # On a map of half the state or more, a place with one ZIP code says little.
    least = 2 if window.width > FAR else 1
    found = [
        (city, *np.mean(places, axis=0).tolist(), False) for city, places in in_order if len(places) >= least
    ]
    if window.width < NEAR:
        found += codes
    return [one for one in found if 0 < one[1] < window.pixels and 0 < one[2] < window.pixel_height]


def _box(x: float, y: float, text: str) -> Box:
    half = len(text) * LETTER / 2 + 3
    return x - half, y - LINE / 2, x + half, y + LINE / 2


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
