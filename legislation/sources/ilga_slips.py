"""The General Assembly's export of witness slips: text with bars between the columns, one document over its hearings.

`Legislation|Name|Firm|Representation|Position|Committee|ScheduledDateTime`, with or without this heading. The export of
an amendment may name only the amendment; then the measure is taken from `#bill=HB1075` behind the location, from the
file's name, or from what was asked for. A bar inside a column cannot be told from one between columns: such a line is
refused by its number.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import parse_qs, quote, unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legislation.records import AnyRecord, Rejected, SlipRecord
from legislation.sources.base import Progress, ReadOptions, SourceBroken, SourceUnavailable
from legislation.sources.files import Part, read_each, read_text, split_location
from legislation.sources.http import Fetching, is_address, located
from legislation.sources.ilga_documents import read_document
from legislation.sources.reading import (
    PREFIXES,
    Refused,
    assembly_at,
    check_session,
    check_text,
    read_identifier,
    read_local,
)

COLUMNS = ("Legislation", "Name", "Firm", "Representation", "Position", "Committee", "ScheduledDateTime")
PRINTED = (
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y - %I:%M %p",
    "%m/%d/%Y %H:%M",
)
POSITIONS = {
    "proponent": "proponent",
    "opponent": "opponent",
    "no position": "no_position",
    "no position on merits": "no_position",
    "noposition": "no_position",
}
_IN_NAME = re.compile(
    rf"(?:^|[^A-Z])({'|'.join(sorted(PREFIXES, key=len, reverse=True))})[\s_-]?(\d{{1,5}})(?!\d)",
    re.IGNORECASE,
)
# What to ask the General Assembly for: a document's number there, and what it is called.
_ASKED = re.compile(r"(\d{3,9})\s+(\S.*)")


class Slips(Fetching):
    """Who filed which position, as the General Assembly lists it."""

    name = "ilga-slips"
    label = gettext_lazy("General Assembly witness slips")
    needs_key = ""

    def read(self, options: ReadOptions) -> Iterator[AnyRecord | Progress]:
        """`location`: a file, folder, archive or address; or the number of a document at the General Assembly and what
        it is called, `196535 HB1075` or `204772 HB1075 Senate Amendment 001`."""
        location, words = split_location(options.location)
        measure = words.get("bill", "")
        if (asked := _ASKED.fullmatch(location)) and not is_address(location):
            location = settings.ILGA_SLIPS_URL.format(document=asked[1], name=quote(asked[2]))
            measure = measure or measure_in(asked[2])
        elif is_address(location):
            query = parse_qs(urlsplit(location).query)
            measure = measure or measure_in(" ".join(query.get("legislationname", [])))
        elif not location:
            raise SourceUnavailable(_("Name a file, an address, or a document such as “196535 HB1075”."))
        if measure:
            try:
                measure = read_identifier(measure)
            except Refused as refused:
                raise SourceUnavailable(str(refused)) from None
        with located(location, self.client) as path:
            yield from read_each(path, lambda part: read_part(part, options.session, measure))


def measure_in(name: str) -> str:
    """The measure that a file's name speaks of, such as `HB1075 Senate Amendment 1.txt`; "" for none or several."""
    found = {kind.upper() + number.lstrip("0") for kind, number in _IN_NAME.findall(unquote(name))}
    return found.pop() if len(found) == 1 else ""


def read_part(part: Part, wanted: int, measure: str = "") -> Iterator[AnyRecord]:
    """The slips of one file."""
    measure = measure or measure_in(PurePosixPath(part.name).name)
    lines = read_text(part.content(), part.name).splitlines()
    if not any("|" in line for line in lines):
        if any(line.strip() for line in lines):
            raise SourceBroken(_("%(name)s is not an export of witness slips.") % {"name": part.name})
        return
    for number, line in enumerate(lines, 1):
        if not line.strip() or _is_heading(line):
            continue
        where = _("%(name)s, line %(line)s") % {"name": part.name, "line": number}
        try:
            record = _slip(line, wanted, measure)
            check_text(record)
            yield record
        except Refused as refused:
            yield Rejected("slip", where, str(refused))


def _is_heading(line: str) -> bool:
    return [column.strip().lower() for column in line.split("|")][:2] == ["legislation", "name"]


def _slip(line: str, wanted: int, measure: str) -> SlipRecord:
    columns = [" ".join(column.split()) for column in line.split("|")]
    if len(columns) == len(COLUMNS) + 1 and not columns[-1]:
        columns.pop()  # a bar at the end of the line
    if len(columns) != len(COLUMNS):
        raise Refused(
            _("It has %(count)s columns, not %(right)s.") % {"count": len(columns), "right": len(COLUMNS)}
        )
    legislation, name, firm, representation, printed, committee, day = columns
    identifier, amendment = read_document(legislation, measure)
    position = POSITIONS.get(printed.lower())
    if position is None:
        raise Refused(_("“%(value)s” is not a position.") % {"value": printed[:60]})
    if not name:
        raise Refused(_("It names nobody."))
    scheduled_at = read_local(day, *PRINTED)
    return SlipRecord(
        session=check_session(assembly_at(scheduled_at), wanted),
        identifier=identifier,
        amendment=amendment,
        committee=committee,
        scheduled_at=scheduled_at,
        name=name,
        firm=firm,
        representation=representation,
        position=position,
    )
