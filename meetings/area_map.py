"""A council's area as a drawing: Illinois with its Senate districts, and a dot for each ZIP code of the area's counties."""

from dataclasses import dataclass
from functools import lru_cache

from legislation.chambers import Chamber
from legislation.models import ZipCode
from legislation.places.geography import Atlas, current_atlas
from legislation.places.maps import DrawnDistrict, chamber_map, state_window
from legislation.places.projection import to_map
from partners.models import Area

WIDTH = 300


@dataclass(frozen=True)
class AreaMap:
    """The drawing: its size in pixels, the districts, and where the dots are."""

    width: int
    height: int
    districts: tuple[DrawnDistrict, ...]
    dots: tuple[tuple[float, float], ...]


def area_map(area: Area) -> AreaMap | None:
    """The drawing; None while no districts or no ZIP codes of these counties are loaded. Needs `counties` at hand."""
    atlas = current_atlas()
    if atlas is None:
        return None
    names = [county.name for county in area.counties.all()]
    codes = ZipCode.objects.filter(
        county__in=[*names, *(f"{name} County" for name in names)],
        latitude__isnull=False,
        longitude__isnull=False,
    )
    places = [(code.longitude or 0.0, code.latitude or 0.0) for code in codes]
    if not places:
        return None
    window = state_window(WIDTH)
    xs, ys = to_map([place[0] for place in places], [place[1] for place in places])
    dots = [window.pixel(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]
    rounded = tuple((round(x, 1), round(y, 1)) for x, y in dots)
    return AreaMap(window.pixels, window.pixel_height, _districts(atlas), rounded)


@lru_cache(maxsize=2)
def _districts(atlas: Atlas) -> tuple[DrawnDistrict, ...]:
    # `current_atlas` hands out the same object until the districts change.
    return chamber_map(atlas, Chamber.UPPER, state_window(WIDTH)).districts
