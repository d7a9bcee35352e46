"""ZIP codes of Illinois with their place and, where known, a point: JSON or CSV. They only name candidates."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legislation.records import AnyRecord, Rejected, ZipCodeRecord
from legislation.sources.base import Progress, ReadOptions, SourceBroken
from legislation.sources.files import BYTE_ORDER_MARK, Part, read_each, read_text
from legislation.sources.http import Fetching, located
from legislation.sources.reading import Refused, check_illinois, check_text

_COLUMNS = {
    "zip": ("zip", "zip_code", "zipcode", "zcta", "zcta5", "geoid", "postal_code"),
    "city": ("city", "primary_city", "place", "place_name"),
    "county": ("county", "county_name"),
    "state": ("statecode", "state", "state_id", "state_code", "stusps"),
    "latitude": ("latitude", "lat", "intptlat"),
    "longitude": ("longitude", "lng", "lon", "long", "intptlong"),
}


class ZipCodes(Fetching):
    """Which ZIP codes there are, and roughly where."""

    name = "zip-codes"
    label = gettext_lazy("ZIP codes")
    needs_key = ""

    def read(self, options: ReadOptions) -> Iterator[AnyRecord | Progress]:
        """`location`: a JSON or CSV file, or its address."""
        with located(options.location, self.client) as path:
            yield from read_each(path, read_part)


def read_part(part: Part) -> Iterator[AnyRecord]:
    """The ZIP codes of one file."""
    rows = (
        _json_rows(part)
        if part.head(64).removeprefix(BYTE_ORDER_MARK).lstrip()[:1] in b"[{"
        else _csv_rows(part)
    )
    for number, row in rows:
        where = _("%(name)s, entry %(number)s") % {"name": part.name, "number": number}
        try:
            record = _zip_code(row)
            check_text(record)
            yield record
        except Refused as refused:
            yield Rejected("ZIP code", f"{row.get('zip') or ''} ({where})".strip(), str(refused))


def _json_rows(part: Part) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        document = msgspec.json.decode(part.content().removeprefix(BYTE_ORDER_MARK))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourceBroken(
            _("%(name)s is not JSON: %(error)s") % {"name": part.name, "error": error}
        ) from None
    entries = document if isinstance(document, list) else next(iter(document.values()), None)
    if not isinstance(entries, list):
        raise SourceBroken(_("%(name)s is not a list of ZIP codes.") % {"name": part.name})
    for number, entry in enumerate(entries, 1):
        row = entry if isinstance(entry, dict) else {}
        point = row.get("location")
        yield number, _known({**row, **(point if isinstance(point, dict) else {})})


def _csv_rows(part: Part) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(read_text(part.content(), part.name), newline=""))
    named = {(name or "").strip().lower() for name in reader.fieldnames or []}
    if not named & set(_COLUMNS["zip"]) or not named & set(_COLUMNS["city"]):
        raise SourceBroken(_("%(name)s has no columns for ZIP code and city.") % {"name": part.name})
    try:
        for row in reader:
            yield reader.line_num, _known({(key or "").strip(): value for key, value in row.items()})
    except csv.Error as error:
        raise SourceBroken(
            _("%(name)s is not CSV: %(error)s") % {"name": part.name, "error": error}
        ) from None


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns under one set of names."""
    lower = {key.lower(): value for key, value in row.items()}
    return {
        name: next((lower[word] for word in words if lower.get(word) not in {None, ""}), None)
        for name, words in _COLUMNS.items()
    }


def _zip_code(row: dict[str, Any]) -> ZipCodeRecord:
    check_illinois(str(row["state"] or ""))
    code = str(row["zip"] or "").strip()
    if len(code) != 5 or not (code.isascii() and code.isdecimal()):
        raise Refused(_("“%(value)s” is not a ZIP code.") % {"value": code[:20]})
    city = str(row["city"] or "").strip()
    if not city:
        raise Refused(_("It names no city."))
    latitude, longitude = _degrees(row["latitude"], 36, 43.5), _degrees(row["longitude"], -92.5, -86.5)
    if (latitude is None) != (longitude is None):
        raise Refused(_("Its point has only one of latitude and longitude."))
    return ZipCodeRecord(code, city, str(row["county"] or "").strip(), latitude, longitude)


def _degrees(value: object, least: float, most: float) -> float | None:
    if value is None:
        return None
    try:
        degrees = float(str(value))
    except ValueError:
        degrees = most + 1
    if not least <= degrees <= most:
        raise Refused(_("Its point does not lie in Illinois (%(value)s).") % {"value": str(value)[:40]})
    return degrees
