"""Reads what every source prints: numbers of measures, General Assemblies, days, chambers. Refuses in words.

A value that cannot be what it should be raises `Refused`; the adapter turns that into a `Rejected` that names the
record. Nothing is guessed: a measure with one impossible date is refused by name instead of losing that line.
"""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _

from legislation.chambers import GeneralAssembly
from legislation.records import Record

CHICAGO = ZoneInfo("America/Chicago")
PREFIXES = ("HB", "SB", "HR", "SR", "HJR", "SJR", "HJRCA", "SJRCA", "AM", "EO", "JSR")
JURISDICTION = "ocd-jurisdiction/country:us/state:il/government"
_IDENTIFIER = re.compile(r"([A-Z]+)[\s.\-]*0*(\d{1,9})", re.ASCII)
_ASSEMBLY = re.compile(r"(\d{1,3})(?:st|nd|rd|th)?(?:\s+general assembly)?", re.IGNORECASE | re.ASCII)
_YEARS = re.compile(r"(\d{4})(?:\s*[-–/]\s*(\d{4}))?", re.ASCII)
_US_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_CHAMBERS = {
    "lower": "lower",
    "house": "lower",
    "h": "lower",
    "upper": "upper",
    "senate": "upper",
    "s": "upper",
    "executive": "executive",
    "governor": "executive",
}
_ENCODE = msgspec.json.Encoder().encode


class Refused(ValueError):
    """Why one record cannot go in, in words for staff."""


@lru_cache(maxsize=20_000)
def read_identifier(text: str) -> str:
    """`HB 1075`, `hb-1075` or `HB01075` as stored: `HB1075`. A kind of measure that Illinois has not is refused."""
    match = _IDENTIFIER.fullmatch(text.strip().upper())
    if match is None or match[2] == "0":
        raise Refused(_("“%(value)s” is not the number of a measure.") % {"value": text[:60]})
    if match[1] not in PREFIXES:
        raise Refused(
            _("“%(kind)s” is not a kind of measure that the General Assembly has.") % {"kind": match[1]}
        )
    return match[1] + match[2]


# How the General Assembly codes the longer kinds in names of files; LegiScan follows it.
CODES = {"HJ": "HJR", "SJ": "SJR", "HC": "HJRCA", "SC": "SJRCA", "JS": "JSR"}


def read_coded_identifier(text: str) -> str:
    """As `read_identifier`, also from the code of a file's name: `HJ0059` is HJR 59, `HC0003` HJRCA 3."""
    match = _IDENTIFIER.fullmatch(text.strip().upper())
    if match is not None and match[1] in CODES:
        text = CODES[match[1]] + match[2]
    return read_identifier(text)


@lru_cache(maxsize=500)
def read_session(value: str | int) -> int:
    """The General Assembly's number from `104th`, `104`, `2025-2026` or `2025`."""
    text = str(value).strip()
    if match := _ASSEMBLY.fullmatch(text):
        number = int(match[1])
        if 70 <= number <= 200:
            return number
    elif match := _YEARS.fullmatch(text):
        first, last = int(match[1]), int(match[2] or match[1])
        if 1950 <= first <= 2200:
            number = GeneralAssembly.of(date(first, 7, 1)).number
            if GeneralAssembly(number).year <= first <= last <= GeneralAssembly(number).year + 1:
                return number
    if "special" in text.lower():
        raise Refused(
            _("“%(value)s” is a special session, which is not followed here.") % {"value": text[:60]}
        )
    raise Refused(_("“%(value)s” is not a General Assembly.") % {"value": text[:60]})


def check_session(number: int, wanted: int) -> int:
    """The number again, unless the run asked for another General Assembly (0 means any)."""
    if wanted and number != wanted:
        raise Refused(
            _("It belongs to the %(found)s General Assembly; this import reads the %(wanted)s.")
            % {"found": GeneralAssembly(number).ordinal, "wanted": GeneralAssembly(wanted).ordinal}
        )
    return number


def check_illinois(jurisdiction: str) -> None:
    """Refuses what belongs to another state; says nothing where the source names none."""
    if jurisdiction and jurisdiction.lower() not in {JURISDICTION, "illinois", "il"}:
        raise Refused(_("It belongs to %(place)s, not to Illinois.") % {"place": jurisdiction[:80]})


def _sensible(day: date, text: str) -> date:
    if not 1900 <= day.year <= 2100:
        raise Refused(_("“%(value)s” cannot be a date.") % {"value": text[:60]})
    return day


@lru_cache(maxsize=10_000)
def read_day(text: str) -> date:
    """A day from `2025-01-23`, with or without a time behind it (then the day in Illinois), or from `1/23/2025`."""
    value = text.strip()
    try:
        if match := _US_DAY.match(value):
            return _sensible(date(int(match[3]), int(match[1]), int(match[2])), text)
        if len(value) <= 10:
            if len(value) != 10:
                raise ValueError(value)
            return _sensible(date.fromisoformat(value), text)
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise Refused(_("“%(value)s” cannot be a date.") % {"value": text[:60]}) from None
    return _sensible((moment.astimezone(CHICAGO) if moment.tzinfo else moment).date(), text)


@lru_cache(maxsize=10_000)
def read_moment(text: str) -> datetime:
    """A moment in UTC from ISO text; one without an offset is meant in UTC, as machines print it."""
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        raise Refused(_("“%(value)s” cannot be a date and time.") % {"value": text[:60]}) from None
    _sensible(moment.date(), text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def assembly_at(moment: datetime) -> int:
    """The number of the General Assembly in office at a moment."""
    return GeneralAssembly.of(moment.astimezone(CHICAGO).date()).number


def read_local(text: str, *layouts: str) -> datetime:
    """A moment in Illinois as printed there, in UTC as all moments are handed on. `layouts`: those of `strptime`."""
    for layout in layouts:
        try:
            moment = datetime.strptime(" ".join(text.split()), layout)
        except ValueError:
            continue
        _sensible(moment.date(), text)
        return moment.replace(tzinfo=CHICAGO).astimezone(UTC)
    raise Refused(_("“%(value)s” cannot be a date and time.") % {"value": text[:60]})


def read_when_known(text: str | None) -> datetime | None:
    """As `read_moment`, but for the source's own remark of when it looked: an odd one is as good as none."""
    try:
        return read_moment(text) if text else None
    except Refused:
        return None


@lru_cache(maxsize=1_000)
def unpack(text: str) -> dict[str, Any]:
    """What stands in a string such as `~{"classification": "upper"}`; nothing for an id or other text."""
    if not text.startswith("~{"):
        return {}
    try:
        value = msgspec.json.decode(text[1:])
    except msgspec.DecodeError:
        return {}
    return value if isinstance(value, dict) else {}


@lru_cache(maxsize=1_000)
def chamber_of(text: str) -> str:
    """`lower`, `upper` or `executive` from any spelling, also inside a `~{…}` string; "" where it says neither."""
    packed = unpack(text)
    word = str(packed.get("classification") or packed.get("chamber") or packed.get("name") or "") or text
    return _CHAMBERS.get(word.strip().lower(), "")


def person_of(text: str) -> tuple[str, str]:
    """The Open Civic Data id and the chamber that stand in a `person_id`, each "" where it names none."""
    if text.startswith("ocd-person/"):
        return text, ""
    chamber = str(unpack(text).get("chamber") or "")
    return "", chamber_of(chamber) if chamber else ""


def check_text(record: Record) -> None:
    """Refuses text that no database takes: NUL characters and halves of characters."""
    try:
        damaged = _ESCAPED_NUL.search(_ENCODE(record)) is not None
    except UnicodeEncodeError:
        damaged = True
    if damaged:
        raise Refused(_("Its text holds a character that cannot be stored (NUL or half a character)."))
