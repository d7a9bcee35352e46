"""Tells by its content which source an uploaded file is of."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from legislation.records import Rejected
from legislation.sources.base import SourceBroken
from legislation.sources.files import BYTE_ORDER_MARK, Part, open_parts
from legislation.sources.openstates_csv import table_of

_LOOKED_AT = 40
_HEAD = 16_384


def _has(*words: bytes) -> Callable[[bytes], bool]:
    return lambda head: all(word in head for word in words)


# What JSON of each source holds near its beginning, most telling first.
_JSON: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (_has(b'"FeatureCollection"'), "districts"),
    (_has(b'"CommitteeHearing"'), "ilga-hearings"),
    (_has(b'"change_hash"'), "legiscan"),
    (_has(b'"roll_call_id"'), "legiscan"),
    (_has(b'"people_id"'), "legiscan"),
    (_has(b'"legislative_session"'), "openstates-files"),
    (_has(b'"motion_text"'), "openstates-files"),
    (_has(b'"identifier"', b'"actions"'), "openstates-files"),
    (_has(b'"zip"', b'"city"'), "zip-codes"),
)
_EMPTY_SCHEDULE = re.compile(rb'^\{\s*"data"\s*:\s*\[\s*\]\s*,\s*"total"')


def detect(path: Path) -> str:
    """The name of the source whose file, folder or archive this is. Raises `SourceBroken` with words when none's."""
    for part in _first_parts(path):
        if (name := sniff(part)) is not None:
            return name
    raise SourceBroken(
        _(
            "%(name)s was not recognized. Known are: files of Open States (JSON, lines of JSON, CSV, zip), its YAML or "
            "CSV of people, bill status XML, hearing schedules, exports of witness slips, LegiScan JSON, "
            "district boundaries (GeoJSON, shapefile zip) and ZIP code lists."
        )
        % {"name": path.name}
    )


def _first_parts(path: Path) -> Iterator[Part]:
    count = 0
    for part in open_parts(path):
        if isinstance(part, Rejected):
            continue
        yield part
        count += 1
        if count >= _LOOKED_AT:
            return


def sniff(part: Part) -> str | None:
    """The source of one file, None when it is nothing known."""
    if PurePosixPath(part.name).suffix.lower() == ".shp":
        return "districts"
    if table_of(part.name):
        return "openstates-files"
    try:
        head = part.head(_HEAD).removeprefix(BYTE_ORDER_MARK).lstrip()
    except SourceBroken:
        return None
    if head[:1] in {b"{", b"["}:
        if _EMPTY_SCHEDULE.match(head):
            return "ilga-hearings"
        return next((name for holds, name in _JSON if holds(head)), None)
    if head[:1] == b"<":
        return _markup(head, part)
    return _text(head)


def _markup(head: bytes, part: Part) -> str | None:
    if b"<statusdate>" in head or b"Bill Status for" in head:
        return "ilga-billstatus"
    if head[:9].lower() in {b"<!doctype", b"<html>"} or b"<html" in head[:500].lower():
        return "ilga-hearings" if b"Hearing Details" in part.head(1 << 20) else None
    return None


def _text(head: bytes) -> str | None:
    first = head.split(b"\n", 1)[0].strip().lower()
    if re.search(rb"^id:\s*['\"]?ocd-(person|organization)/", head, re.MULTILINE):
        return "openstates-people"
    if first.count(b"|") in {6, 7}:
        return "ilga-slips"
    columns = {column.strip(b' "') for column in first.split(b",")}
    if {b"current_chamber", b"current_district"} <= columns:
        return "openstates-people"
    if columns & {b"zip", b"zip_code", b"zipcode"} and columns & {b"city", b"primary_city"}:
        return "zip-codes"
    return None
