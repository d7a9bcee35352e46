"""Moments and lengths of time as reports write them, in the order of day and month of whoever wrote the report."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from partners.gatherings.reports.columns import plain

_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan ene januar january enero",
            "feb februar february febrero",
            "mar mrz marz march marzo",
            "apr abr april abril",
            "may mai mayo",
            "jun juni june junio",
            "jul juli july julio",
            "aug ago august agosto",
            "sep sept set september septiembre",
            "oct okt oktober october octubre",
            "nov november noviembre",
            "dec dez dic dezember december diciembre",
        ),
        start=1,
    )
    for word in words.split()
}
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\.\d+)?\s*(?P<half>[ap]\.?\s?m\.?)?"
_NUMBERS = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<sign>[/.-])(?P<b>\d{{1,2}})[/.-](?P<year>\d{{4}}|\d{{2}}),? +{_CLOCK}", re.I
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})[-/.](?P<b>\d{{1,2}})[-/.](?P<a>\d{{1,2}})[T ]+{_CLOCK}\s*(?P<zone>Z|[+-]\d{{2}}:?\d{{2}})?",
    re.I,
)
_WORDS = re.compile(rf"(?P<month>[a-zä]{{3,10}})\.? (?P<a>\d{{1,2}}),? (?P<year>\d{{4}}),? +{_CLOCK}", re.I)
_LENGTH = re.compile(
    r"(?:(?P<hours>\d+)\s*(?:h|hr|hrs|hours?|horas?|std|stunden?)\.?)?\s*"
    r"(?:(?P<minutes>\d+)\s*(?:m|min|mins|minutes?|minutos?|minuten?)\.?)?\s*"
    r"(?:(?P<seconds>\d+)\s*(?:s|sec|seg|sek|seconds?|segundos?|sekunden?)\.?)?",
    re.I,
)


@dataclass(frozen=True)
class Reading:
    """How a report's moments are read: the order of its numbers, and the zone of times that name none."""

    day_first: bool
    zone: tzinfo

    def moment(self, words: str, *, in_utc: bool = False) -> datetime | None:
        """The moment; None where the words are none."""
        for pattern in (_YEAR_FIRST, _NUMBERS, _WORDS):
            if found := pattern.fullmatch(words.strip()):
                return _built(found.groupdict(), self.day_first, UTC if in_utc else self.zone)
        return None


def day_first(samples: Iterable[str], *, held_on: date | None, usual: bool) -> bool:
    """Whether the day stands before the month. What cannot be a date the other way decides.

    Else the order that meets the day on which people came together, and else what is usual in the report's language.
    """
    fits = {True: True, False: True}
    nearest: dict[bool, int] = {}
    for words in samples:
        found = _NUMBERS.fullmatch(words.strip())
        if found is None:
            continue
        for order in (True, False):
            moment = _built(found.groupdict(), order, UTC)
            fits[order] = fits[order] and moment is not None
            if moment is not None and held_on is not None:
                distance = abs((moment.date() - held_on).days)
                nearest[order] = min(distance, nearest.get(order, distance))
    if fits[True] != fits[False]:
        return fits[True]
    if len(nearest) == 2 and nearest[True] != nearest[False]:
        return nearest[True] < nearest[False]
    return usual


def _built(parts: dict[str, str | None], day_is_first: bool, zone: tzinfo) -> datetime | None:
    first, second = int(parts["a"] or 0), int(parts.get("b") or 0)
    if parts.get("month"):
        day, month = first, _MONTHS.get(plain(parts["month"] or ""), 0)
    elif parts.get("sign") in {"/", "-"} and not day_is_first:
        day, month = second, first
    else:  # The day first, as always between points; where the year is first, the pattern names them so.
        day, month = first, second
    year, hour = int(parts["year"] or 0), int(parts["hour"] or 0)
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    offset = parts.get("zone")
    try:
        built = datetime(
            year + 2000 if year < 100 else year,
            month,
            day,
            hour,
            int(parts["minute"] or 0),
            int(parts["second"] or 0),
            tzinfo=zone,
        )
    except ValueError:
        return None
    if offset:
        return datetime.fromisoformat(built.replace(tzinfo=None).isoformat() + offset.upper())
    return built


def minutes_in(words: str) -> float | None:
    """A length of time in minutes: "62", "1h 2m 30s", "1 Std. 2 Min.", "01:02:30"; None for anything else."""
    words = words.strip()
    if re.fullmatch(r"\d{1,5}([.,]\d+)?", words):
        return float(words.replace(",", "."))
    if found := re.fullmatch(r"(\d{1,3}):(\d{2}):(\d{2})", words):
        hours, minutes, seconds = map(int, found.groups())
        return hours * 60 + minutes + seconds / 60
    found = _LENGTH.fullmatch(words)
    if not words or found is None:
        return None
    return int(found["hours"] or 0) * 60 + int(found["minutes"] or 0) + int(found["seconds"] or 0) / 60
