"""Reads findings from a table that staff made in a spreadsheet: what each line would become, and what is wrong with it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from legislation.chambers import SEATS, Chamber
from partners.gatherings.reports.decoding import rows_of
from partners.models import County, SubSector
from research.models import Finding, ResearchTopic
from research.models.finding import field_name

# Columns of a table; only the needed ones must be there. The library's own CSV has them all.
NEEDED = ("claim", "value", "kind", "year", "method", "source")
COLUMNS = (*NEEDED, "slug", "number", "unit", "place", "sub_sector", "topics", "source_url", "caveat")
MOST_LINES = 500
_PLAIN = ("claim", "value", "unit", "method", "source", "source_url", "caveat")
_DISTRICT = re.compile(r"(house|senate)(?:\s+district)?[\s-]+(\d{1,3})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Line:
    """One line of the table as the draft it would become."""

    number: int
    finding: Finding
    topics: list[ResearchTopic] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Reading:
    """A table as it was understood. Only one without any error can be imported."""

    lines: list[Line] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def can_be_imported(self) -> bool:
        return bool(self.lines) and not self.errors and not any(line.errors for line in self.lines)

    @property
    def wrong(self) -> int:
        """How many lines have errors."""
        return sum(bool(line.errors) for line in self.lines)


class _Known:
    """What a table's words may name, read once for all lines."""

    def __init__(self, slugs: Iterable[str]) -> None:
        self.counties = {county.name.lower(): county for county in County.objects.all()}
        self.by_fips = {county.fips: county for county in self.counties.values()}
        self.services = _by_names(SubSector.objects.all())
        self.topics = _by_names(ResearchTopic.objects.all())
        self.taken = set(Finding.objects.filter(slug__in=slugs).values_list("slug", flat=True))


def _by_names(rows: Iterable[Any]) -> dict[str, Any]:
    return {name: row for row in rows for name in (row.slug, row.name.lower())}


def read_findings(text: str) -> Reading:
    """The table's lines as drafts. Nothing is written."""
    rows = [row for row in rows_of(text) if not row.is_blank]
    if not rows:
        return Reading(errors=[_("The table is empty.")])
    heads = [cell.lower().replace(" ", "_").replace("-", "_") for cell in rows[0].cells]
    if missing := [name for name in NEEDED if name not in heads]:
        return Reading(errors=[_("The first line lacks these columns: %s.") % ", ".join(missing)])
    if len(rows) - 1 > MOST_LINES:
        return Reading(errors=[_("A table may have %d lines. Split it.") % MOST_LINES])
    cells = [
        (row.line, dict(zip(heads, (_bare(cell) for cell in row.cells), strict=False))) for row in rows[1:]
    ]
    known = _Known(_slug_of(said) for _number, said in cells)
    lines = [_line(number, said, known) for number, said in cells]
    return Reading(lines=lines, errors=[] if lines else [_("The table has heads but no findings.")])


def _bare(cell: str) -> str:
    """Without the sign that keeps a spreadsheet from running a cell."""
    return cell[1:] if re.match(r"'[=+\-@]", cell) else cell


def _slug_of(said: dict[str, str]) -> str:
    return said.get("slug") or slugify(said.get("claim", ""))[:80].strip("-")


def _line(number: int, said: dict[str, str], known: _Known) -> Line:
    errors: list[str] = []
    finding = Finding(slug=_slug_of(said), **{name: said.get(name, "") for name in _PLAIN})
    finding.kind = _kind(said.get("kind", ""), errors)
    finding.number = _number(said.get("number", ""), errors)
    year = said.get("year", "")
    finding.year = int(year) if re.fullmatch(r"\d{4}", year, re.ASCII) else 0
    _set_place(finding, said.get("place", ""), known, errors)
    if service := said.get("sub_sector", "").lower():
        finding.sub_sector = known.services.get(service)
        if finding.sub_sector is None:
            errors.append(_("There is no sub-sector “%s”.") % said["sub_sector"])
    topics = []
    for name in filter(None, (word.strip().lower() for word in said.get("topics", "").split(";"))):
        if name in known.topics:
            topics.append(known.topics[name])
        else:
            errors.append(_("There is no topic “%s”.") % name)
    if finding.slug in known.taken:
        errors.append(_("There is a finding “%s” already.") % finding.slug)
    known.taken.add(finding.slug)
    errors += _wrong(finding)
    return Line(number, finding, topics, errors)


def _wrong(finding: Finding) -> list[str]:
    """What the form would say, with the names of the fields."""
    try:
        finding.clean_fields(exclude=["county", "sub_sector", "report"])
    except ValidationError as error:
        return [f"{field_name(name)}: {' '.join(words)}" for name, words in error.message_dict.items()]
    return []


def _kind(words: str, errors: list[str]) -> str:
    for value, label in Finding.Kind.choices:
        if words.lower() in (value, str(label).lower()):
            return value
    errors.append(
        _("“%(word)s” is no kind of value; known are %(known)s.")
        % {"word": words, "known": ", ".join(Finding.Kind.values)}
    )
    return Finding.Kind.OTHER


def _number(words: str, errors: list[str]) -> Decimal | None:
    plain = words.replace(",", "").replace("$", "").replace("%", "").strip()
    if not plain:
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        errors.append(_("“%s” is not a number.") % words)
        return None
    return number


def _set_place(finding: Finding, words: str, known: _Known, errors: list[str]) -> None:
    """`Illinois`, `United States`, `Lake County`, `county-17097`, `House district 25`; a note may stand before a comma."""
    note, comma, rest = words.rpartition(",")
    place = (rest if comma else words).strip()
    finding.place_note = note.strip()
    lower = place.lower()
    if lower in ("", "state", "illinois"):
        finding.place = Finding.Place.STATE
    elif lower in ("nation", "united states"):
        finding.place = Finding.Place.NATION
    elif match := _DISTRICT.fullmatch(place):
        finding.place = Finding.Place.DISTRICT
        finding.chamber = Chamber.LOWER if match.group(1).lower() == "house" else Chamber.UPPER
        finding.district = int(match.group(2))
        if not 1 <= finding.district <= SEATS[Chamber(finding.chamber)]:
            errors.append(_("There is no district “%s”.") % place)
    else:
        name = lower.removesuffix(" county").strip()
        county = known.by_fips.get(name.removeprefix("county-")) or known.counties.get(name)
        if county is None:
            errors.append(_("“%s” is no place we know.") % place)
        else:
            finding.place, finding.county = Finding.Place.COUNTY, county
