"""The two drawings of a coverage map: Illinois, and the Chicago area, where most districts are too small to be seen.

Colors alone tell nothing to many people, so every class of a map has a pattern of its own, a place in the legend and a
line in the table beside it. A drawing depends on the districts alone and is kept for the life of the process.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from legislation.places.geography import Atlas, current_atlas
from legislation.places.maps import DrawnDistrict, Window, chamber_map, state_window
from legislation.places.projection import to_map

STATE_WIDTH = 370
CHICAGO_WIDTH = 640
# Cook and DuPage Counties with their edges: west, south, east, north.
CHICAGO_AREA = (-88.39, 41.47, -87.47, 42.19)


@dataclass(frozen=True)
class Legend:
    """One class of a map: `key` names its pattern, `label` says what it means."""

    key: str
    label: str
    number: int = 0  # districts in it


@dataclass(frozen=True)
class Filled:
    """A district with its class, and what a mouse that rests on it is told."""

    drawn: DrawnDistrict
    key: str
    words: str


@dataclass(frozen=True)
class FilledMap:
    """One of the two drawings. `frame` is the other's outline on it, as x, y, width and height."""

    name: str
    width: int
    height: int
    districts: tuple[Filled, ...]
    frame: tuple[int, int, int, int] | None = None


def coverage_maps(chamber: str, classes: Mapping[int, str], words: Mapping[int, str]) -> list[FilledMap]:
    """Illinois and the Chicago area with each district's class; nothing while no plan is loaded. One query."""
    atlas = current_atlas()
    if atlas is None:
        return []
    state, chicago = state_window(STATE_WIDTH), _chicago()
    left, top = state.pixel(chicago.left, chicago.top)
    right, bottom = state.pixel(chicago.left + chicago.width, chicago.top + chicago.height)
    frame = (round(left), round(top), round(right - left), round(bottom - top))
    return [
        _filled("state", atlas, chamber, state, classes, words, frame),
        _filled("chicago", atlas, chamber, chicago, classes, words, None),
    ]


def _chicago() -> Window:
    west, south, east, north = CHICAGO_AREA
    x, y = to_map([west, east, west, east], [north, north, south, south])
    left, top = float(min(x)), float(min(y))
    return Window(left, top, float(max(x)) - left, float(max(y)) - top, CHICAGO_WIDTH)


def _filled(
    name: str,
    atlas: Atlas,
    chamber: str,
    window: Window,
    classes: Mapping[int, str],
    words: Mapping[int, str],
    frame: tuple[int, int, int, int] | None,
) -> FilledMap:
    districts = _drawn(atlas, chamber, window)
    filled = (Filled(one, classes.get(one.number, ""), words.get(one.number, "")) for one in districts)
    return FilledMap(name, window.pixels, window.pixel_height, tuple(filled), frame)


@lru_cache(maxsize=8)
def _drawn(atlas: Atlas, chamber: str, window: Window) -> tuple[DrawnDistrict, ...]:
    # `current_atlas` hands out the same object until the districts change.
    return chamber_map(atlas, chamber, window).districts
