"""District boundaries: TIGER/Line shapefiles of the Census, or GeoJSON.

Which plan they draw is said behind the location, `sldl.zip#plan=Public Act 102-0663 (2021-09-24)`, or taken from the
file's name: a date (`il_state_lower_2021-09-24.json`) or TIGER's year (`tl_2024_17_sldl.zip`). House and Senate of one
plan must come out under one name. Which chamber: `&chamber=lower`, the columns, the name, or 118 against 59 districts.
"""

import io
import re
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
import shapefile
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from legislation.chambers import SEATS, Chamber
from legislation.records import AnyRecord, DistrictRecord, Rejected
from legislation.sources.base import Progress, ReadOptions, SourceBroken
from legislation.sources.files import BYTE_ORDER_MARK, Limits, Part, open_parts, split_location
from legislation.sources.http import Fetching, located
from legislation.sources.reading import Refused, chamber_of, read_day

LIMITS = Limits(document=512 << 20, expanded=2 << 30)
ILLINOIS = "17"
_COLUMNS = {"SLDLST": "lower", "SLDUST": "upper"}
_NUMBER_KEYS = ("name", "number", "district", "district_n", "districtno", "namelsad")
_IN_NAME = re.compile(r"(?:^|[^a-z])(sldl|sldu|lower|upper|house|senate)(?:[^a-z]|$)", re.IGNORECASE)
_TIGER = re.compile(r"(?:^|[^a-z0-9])(?:tl|cb)_(?:rd\d\d_)?(\d{4})_", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")
# Illinois with a wide margin, in degrees. What lies elsewhere is not in degrees, or not Illinois.
_WEST, _SOUTH, _EAST, _NORTH = -92.5, 36.0, -86.5, 43.5

Feature = tuple[str, str, BaseGeometry]  # chamber where the feature says it, number as printed, shape


class Districts(Fetching):
    """Where the districts lie."""

    name = "districts"
    label = gettext_lazy("District boundaries")
    needs_key = ""

    def read(self, options: ReadOptions) -> Iterator[AnyRecord | Progress]:
        """`location`: GeoJSON, a zipped shapefile, a folder of either, or an address."""
        location, words = split_location(options.location)
        with located(location, self.client) as path:
            # A copy of what was fetched goes under the name at the end of its address.
            yield from _read(path, words)


def _read(path: Path, words: dict[str, str]) -> Iterator[AnyRecord]:
    shapefiles: dict[str, dict[str, Part]] = defaultdict(dict)
    found = False
    for part in open_parts(path, LIMITS):
        if isinstance(part, Rejected):
            yield part
            continue
        inner = PurePosixPath(part.name)
        suffix = inner.suffix.lower()
        if suffix in {".shp", ".dbf", ".shx", ".prj", ".cpg"}:
            # Read here: a part of an archive can be read only while the archive is open.
            shapefiles[str(inner.with_suffix(""))][suffix] = _held(part)
        elif part.head(64).removeprefix(BYTE_ORDER_MARK).lstrip()[:1] == b"{":
            found = True
            yield from _districts(*_read_geojson(part), part.name, path.name, words)
    for stem, files in sorted(shapefiles.items()):
        if ".shp" in files:
            found = True
            yield from _districts(_read_shapefile(stem, files), "", stem, path.name, words)
    if not found:
        raise SourceBroken(_("%(name)s holds neither GeoJSON nor a shapefile.") % {"name": path.name})


def _held(part: Part) -> Part:
    content = part.content()
    return Part(part.name, lambda: io.BytesIO(content), len(content), LIMITS)


def _read_geojson(part: Part) -> tuple[list[Feature], str]:
    """The features, and what the collection calls itself."""
    try:
        document: dict[str, Any] = msgspec.json.decode(
            part.content().removeprefix(BYTE_ORDER_MARK), type=dict
        )
        features = document["features"]
        system = str((document.get("crs") or {}).get("properties", {}).get("name", ""))
        if system and not re.search(r"(CRS84|4326|4269)$", system):
            raise SourceBroken(
                _("%(name)s is not in degrees but in %(system)s.")
                % {"name": part.name, "system": system[:80]}
            )
        found = [
            _feature({str(key): value for key, value in entry["properties"].items()}, entry["geometry"])
            for entry in features
        ]
    except (
        msgspec.DecodeError,
        shapely.errors.ShapelyError,
        LookupError,
        TypeError,
        AttributeError,
        ValueError,
    ) as error:
        raise SourceBroken(
            _("%(name)s is not GeoJSON of districts: %(error)s") % {"name": part.name, "error": error}
        ) from None
    return [feature for feature in found if feature is not None], str(document.get("name") or "")


def _read_shapefile(stem: str, files: dict[str, Part]) -> list[Feature]:
    projection = files[".prj"].content() if ".prj" in files else b""
    if projection.lstrip().upper().startswith(b"PROJCS"):
        raise SourceBroken(
            _("%(name)s is projected; the Census's TIGER/Line is in degrees.") % {"name": stem}
        )
    try:
        streams = {
            suffix[1:]: io.BytesIO(part.content()) for suffix, part in files.items() if suffix[1:3] != "cp"
        }
        streams.pop("prj", None)
        with shapefile.Reader(**streams, encoding="utf-8", encodingErrors="replace") as reader:
            found = [
                _feature(entry.record.as_dict(), entry.shape.__geo_interface__)
                for entry in reader.iterShapeRecords()
            ]
    except (
        shapefile.ShapefileException,
        shapely.errors.ShapelyError,
        struct.error,
        ValueError,
        LookupError,
        TypeError,
    ) as error:
        raise SourceBroken(
            _("%(name)s is not a whole shapefile: %(error)s") % {"name": stem, "error": error}
        ) from None
    return [feature for feature in found if feature is not None]


def _feature(properties: dict[str, Any], geometry: dict[str, Any] | None) -> Feature | None:
    """One feature; None for water without a district (`ZZZ`), for other states and for empty shapes."""
    columns = {key.upper(): value for key, value in properties.items()}
    if str(columns.get("STATEFP", ILLINOIS)) != ILLINOIS or not geometry:
        return None
    chamber, number = "", ""
    for column, body in _COLUMNS.items():
        if columns.get(column):
            chamber, number = body, str(columns[column])
    lower = {key.lower(): value for key, value in properties.items()}
    for key in _NUMBER_KEYS:
        if not number and lower.get(key) not in {None, ""}:
            number = str(lower[key])
    if number.upper().startswith("ZZ"):
        return None
    return chamber, number, shapely.force_2d(shape(geometry))


def _districts(
    features: list[Feature], title: str, name: str, container: str, words: dict[str, str]
) -> Iterator[AnyRecord]:
    """One record a district; the pieces of one number are put together."""
    pieces: dict[str, list[BaseGeometry]] = defaultdict(list)
    for _body, number, geometry in features:
        pieces[number].append(geometry)
    told = {body for body, _number, _geometry in features if body}
    chamber = _chamber(words.get("chamber", ""), told, (name, container, title), len(pieces))
    if not chamber:
        raise SourceBroken(
            _("%(name)s does not say whether it draws House or Senate districts.") % {"name": name}
        )
    plan, effective_on = _plan(words, (name, container), title)
    for number, shapes in sorted(pieces.items(), key=lambda item: (len(item[0]), item[0])):
        try:
            yield DistrictRecord(
                chamber=chamber,
                number=_number(number, chamber),
                geometry=shapely.to_wkb(_united(shapes)),
                plan=plan,
                effective_on=effective_on,
            )
        except Refused as refused:
            yield Rejected("district", f"{chamber} {number} ({name})", str(refused))


def _number(text: str, chamber: str) -> int:
    digits = re.search(r"\d+", text)
    if digits is None or not 1 <= int(digits[0]) <= SEATS[Chamber(chamber)]:
        raise Refused(_("“%(value)s” is not a district of its chamber.") % {"value": text[:60]})
    return int(digits[0])


def _united(shapes: list[BaseGeometry]) -> BaseGeometry:
    """All pieces as one polygon or multipolygon, mended where lines cross."""
    if any(piece.geom_type not in {"Polygon", "MultiPolygon"} or piece.is_empty for piece in shapes):
        raise Refused(_("Its shape is not an area."))
    try:
        sound = [
            piece if piece.is_valid else shapely.make_valid(piece, method="structure") for piece in shapes
        ]
        united = sound[0] if len(sound) == 1 else shapely.unary_union(sound)
    except shapely.errors.ShapelyError as error:
        raise Refused(_("Its shape cannot be read: %(error)s") % {"error": error}) from None
    west, south, east, north = united.bounds
    if west < _WEST or south < _SOUTH or east > _EAST or north > _NORTH:
        raise Refused(_("It does not lie in Illinois, or its numbers are not degrees."))
    if united.geom_type not in {"Polygon", "MultiPolygon"}:
        raise Refused(_("Its shape is not an area."))
    return united


def _chamber(said: str, told: set[str], names: Iterable[str], count: int) -> str:
    if said or len(told) == 1:
        return chamber_of(said) if said else told.pop()
    for name in names:
        words = {word.lower() for word in _IN_NAME.findall(name.replace("_", " "))}
        bodies = {"lower" if word in {"sldl", "lower", "house"} else "upper" for word in words}
        if len(bodies) == 1:
            return bodies.pop()
    return {number: body.value for body, number in SEATS.items()}.get(count, "")


def _plan(words: dict[str, str], names: Iterable[str], title: str) -> tuple[str, date | None]:
    """The plan's name, the same for both chambers, and since when it holds where that is said.

    The name is data: it is not translated.
    """
    day = next((read for name in names for read in _days(name)), None)
    if said := words.get("plan", ""):
        effective = words.get("effective", "") or next(iter(_DAY.findall(said)), "")
        try:
            return said[:120], read_day(effective) if effective else day
        except Refused as refused:
            raise SourceBroken(str(refused)) from None
    if day is not None:
        return f"Districts of {day.isoformat()}", day
    if tiger := next(filter(None, map(_TIGER.search, names)), None):
        return f"Census TIGER/Line {tiger[1]}", None
    plain = _IN_NAME.sub(" ", (title or PurePosixPath(next(iter(names))).stem).replace("_", " "))
    return " ".join(plain.split())[:120] or "Districts", None


def _days(name: str) -> list[date]:
    try:
        return [date.fromisoformat(day) for day in _DAY.findall(name)]
    except ValueError:
        return []
