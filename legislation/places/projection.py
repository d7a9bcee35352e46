"""Where a place lies on our maps: an equal-area projection of Illinois, in units of 100 meters.

Albers' conic on the GRS 80 ellipsoid (Snyder, "Map Projections: A Working Manual", 1987, pages 98 to 103). Areas
measured on it are true areas. x grows to the east, y to the south, so that it is at once what an SVG draws.
"""

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]

# Map units in a mile, and square map units in a square mile.
MILE = 16.09344
SQUARE_MILE = MILE * MILE

# The map of the whole state: its width and height in map units, with a margin around Illinois.
STATE_WIDTH, STATE_HEIGHT = 3600, 6320

# Illinois with room to spare: west, south, east, north.
AROUND_ILLINOIS = (-92.5, 36.0, -86.5, 43.5)

_RADIUS = 63781.37
_ECCENTRICITY_2 = 0.00669438002290
_ECCENTRICITY = _ECCENTRICITY_2**0.5
_MERIDIAN = -89.4
# Parallels that are drawn at their true length.
_PARALLELS = (37.5, 42.0)
# The corner of the state's map: so far from the middle meridian and the cone's tip.
_LEFT, _TOP = -1860.0, 0.0


def _q(sine: Floats) -> Floats:
    bent = _ECCENTRICITY * sine
    return (1 - _ECCENTRICITY_2) * (sine / (1 - bent**2) + np.arctanh(bent) / _ECCENTRICITY)


def _m(latitude: float) -> float:
    radians = np.radians(latitude)
    return float(np.cos(radians) / np.sqrt(1 - _ECCENTRICITY_2 * np.sin(radians) ** 2))


_q1, _q2 = (float(_q(np.sin(np.radians(parallel)))) for parallel in _PARALLELS)
_N = (_m(_PARALLELS[0]) ** 2 - _m(_PARALLELS[1]) ** 2) / (_q2 - _q1)
_C = _m(_PARALLELS[0]) ** 2 + _N * _q1
_Q_POLE = float(_q(np.array(1.0)))
# The arc of the latitude at the top of the map, on the middle meridian.
_TIP = _RADIUS * float(np.sqrt(_C - _N * float(_q(np.sin(np.radians(42.58)))))) / _N - _TOP


def to_map(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Degrees (WGS 84) to map units."""
    arc = _RADIUS * np.sqrt(_C - _N * _q(np.sin(np.radians(np.asarray(latitude, dtype=float))))) / _N
    angle = _N * np.radians(np.asarray(longitude, dtype=float) - _MERIDIAN)
    return arc * np.sin(angle) - _LEFT, arc * np.cos(angle) - _TIP


def from_map(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Map units to longitude and latitude in degrees, exact to some centimeters."""
    east = np.asarray(x, dtype=float) + _LEFT
    down = np.asarray(y, dtype=float) + _TIP
    arc = np.hypot(east, down)
    beta = np.arcsin(np.clip((_C - (arc * _N / _RADIUS) ** 2) / _N / _Q_POLE, -1, 1))
    e2, e4, e6 = _ECCENTRICITY_2, _ECCENTRICITY_2**2, _ECCENTRICITY_2**3
    latitude = (
        beta
        + (e2 / 3 + 31 * e4 / 180 + 517 * e6 / 5040) * np.sin(2 * beta)
        + (23 * e4 / 360 + 251 * e6 / 3780) * np.sin(4 * beta)
        + (761 * e6 / 45360) * np.sin(6 * beta)
    )
    return np.degrees(np.arctan2(east, down)) / _N + _MERIDIAN, np.degrees(latitude)


def project(geometries: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Shapes in degrees as shapes in map units."""

    def moved(coordinates: Floats) -> Floats:
        return np.column_stack(to_map(coordinates[:, 0], coordinates[:, 1]))

    return np.asarray(shapely.transform(geometries, moved))


def square_miles(geometries: npt.NDArray[np.object_]) -> Floats:
    """The true areas of shapes in degrees."""
    return np.asarray(shapely.area(project(geometries))) / SQUARE_MILE


def svg_path(shape: shapely.Geometry) -> str:
    """The polygons of a shape as an SVG path of whole numbers; equal borders are written as equal points."""
    parts = []
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        points = np.rint(shapely.get_coordinates(ring)).astype(int)
        steps = np.diff(points, axis=0)
        steps = steps[steps.any(axis=1)]
        if len(steps) < 3:
            continue
        # The last step only closes the ring, which `z` says.
        words = "".join(f"{number:+d}" if number < 0 else f" {number}" for number in steps[:-1].ravel())
        parts.append(f"M{points[0, 0]} {points[0, 1]}l{words.lstrip()}z")
    return "".join(parts)


def is_around_illinois(lat: float, lng: float) -> bool:
    """Whether a point is in or near Illinois; false for NaN."""
    west, south, east, north = AROUND_ILLINOIS
    return south <= lat <= north and west <= lng <= east


def looks_swapped(lat: float, lng: float) -> bool:
    """Whether latitude and longitude changed places: as given it is far away, the other way it is near Illinois."""
    return not is_around_illinois(lat, lng) and is_around_illinois(lng, lat)
