"""Files of Open States: the scrapers' JSON, one measure or roll call a file or a line, and both bulk downloads.

`--since` is not needed here: an unchanged measure costs a comparison. Files of organizations, jurisdictions and events
that scrapers leave beside the measures are passed over.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legislation.records import AnyRecord, Rejected
from legislation.sources.base import Progress, ReadOptions, SourceBroken
from legislation.sources.files import BYTE_ORDER_MARK, Part, read_each
from legislation.sources.http import Fetching, located
from legislation.sources.openstates_csv import is_table, read_tables
from legislation.sources.openstates_records import measure_record, roll_call_record
from legislation.sources.openstates_shapes import Measure, Vote
from legislation.sources.reading import Refused, check_text

_IDENTIFIER = re.compile(rb'"identifier"\s*:\s*"([^"]{1,40})"')
_OTHER_FILES = re.compile(r"(organization|jurisdiction|event|person|post|membership)s?_", re.IGNORECASE)
decode_measure = msgspec.json.Decoder(Measure).decode
decode_vote = msgspec.json.Decoder(Vote).decode
decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode


class OpenStatesFiles(Fetching):
    """Measures and roll calls of a whole General Assembly at once."""

    name = "openstates-files"
    label = gettext_lazy("Open States files")
    needs_key = ""

    def read(self, options: ReadOptions) -> Iterator[AnyRecord | Progress]:
        """`location`: a file, a folder, an archive, or the address of one."""
        with located(options.location, self.client) as path:
            if is_table(path):
                yield from read_tables(path, options.session)
            else:
                yield from read_each(path, lambda part: read_part(part, options.session))


def read_part(part: Part, wanted: int) -> Iterator[AnyRecord | Progress]:
    """The records of one file, whichever of the layouts it has."""
    name = PurePosixPath(part.name).name
    head = part.head().removeprefix(BYTE_ORDER_MARK).lstrip()
    if not head or name.upper().startswith("README") or _OTHER_FILES.match(name):
        return
    if head[:1] not in b"{[":
        raise SourceBroken(_("%(name)s holds no JSON.") % {"name": part.name})
    first = head.split(b"\n", 1)[0].strip()
    # One record a line begins with `{"` and goes on; indented JSON has a brace alone in its first line.
    if first.startswith(b"{") and first != b"{":
        yield from _read_lines(part, wanted)
    else:
        yield from _read_document(part, wanted)


def _read_lines(part: Part, wanted: int) -> Iterator[AnyRecord]:
    for number, line, whole in part.lines():
        if not line or line.isspace():
            continue
        where = _("%(name)s, line %(line)s") % {"name": part.name, "line": number}
        if not whole and not line.rstrip().endswith(b"}"):
            raise SourceBroken(_("%(where)s: the file ends in the middle of a record.") % {"where": where})
        yield from read_object(line, where, wanted)


def _read_document(part: Part, wanted: int) -> Iterator[AnyRecord]:
    content = part.content().removeprefix(BYTE_ORDER_MARK).strip()
    if content[:1] != b"[":
        if not content.endswith(b"}"):
            raise SourceBroken(_("%(name)s ends in the middle of a record.") % {"name": part.name})
        yield from read_object(content, part.name, wanted)
        return
    try:
        items = decode_list(content)
    except msgspec.DecodeError as error:
        raise SourceBroken(
            _("%(name)s is not JSON: %(error)s") % {"name": part.name, "error": error}
        ) from None
    for number, item in enumerate(items, 1):
        where = _("%(name)s, entry %(number)s") % {"name": part.name, "number": number}
        yield from read_object(bytes(item), where, wanted)


def read_object(text: bytes, where: str, wanted: int) -> Iterator[AnyRecord]:
    """The measure (with the roll calls inside it) or the roll call that a JSON object holds."""
    is_vote = b'"motion_text"' in text and b'"from_organization"' not in text and b'"actions"' not in text
    kind = "roll call" if is_vote else "measure"
    try:
        if is_vote:
            vote = decode_vote(text)
            yield _checked(roll_call_record(vote, wanted), text)
            return
        measure = decode_measure(text)
        yield _checked(measure_record(measure, wanted), text)
    except Refused as refused:
        yield Rejected(kind, _name(text, where, is_vote), str(refused))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        yield Rejected(
            kind, _name(text, where, is_vote), _("It cannot be read: %(error)s") % {"error": error}
        )
    else:
        yield from roll_calls_of(measure, wanted)


def _checked(record: AnyRecord, text: bytes) -> AnyRecord:
    # JSON can hold such characters only in this spelling.
    if b"\\u0000" in text or b"\\ud" in text or b"\\uD" in text:
        check_text(record)
    return record


def roll_calls_of(measure: Measure, wanted: int) -> Iterator[AnyRecord]:
    """The roll calls that the API and the bulk JSON put inside their measure."""
    seen: dict[str, int] = {}
    for vote in measure.votes or []:
        vote.bill_identifier = measure.identifier
        vote.legislative_session = measure.legislative_session or measure.session
        # The bulk JSON gives neither key nor address: day, place and motion, counted where they repeat.
        words = f"{vote.start_date[:10]} {vote.organization__classification} {vote.motion_text}"
        seen[words] = seen.get(words, 0) + 1
        label = f"{vote.legislative_session} {measure.identifier} {words} {seen[words]}"
        try:
            record = roll_call_record(vote, wanted, key=label[:300])
            check_text(record)
            yield record
        except Refused as refused:
            yield Rejected("roll call", label, str(refused))


def _name(text: bytes, where: str, is_vote: bool) -> str:
    """What a record calls itself, for words about it; else where it stands."""
    if is_vote:
        match = re.search(rb'"(?:dedupe_key|bill_identifier)"\s*:\s*"([^"]{1,250})"', text)
    else:
        match = _IDENTIFIER.search(text)
    if match is None:
        return where
    return f"{match[1].decode('utf-8', 'replace')} ({where})"
