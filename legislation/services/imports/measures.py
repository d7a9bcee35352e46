"""Takes measures in: a measure seen for the first time brings its history, and whatever changes later is news, once.

Two sources may tell of one measure. A part that a source does not speak of, or only repeats while it changed another,
changes nothing; neither does a record that is older than what another source told, except where nobody told anything.
"""

from functools import cached_property
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.chambers import GeneralAssembly
from legislation.models import Bill, Legislator
from legislation.naming.committee_names import CommitteeIndex
from legislation.naming.names import NAME_LENGTH, NameIndex
from legislation.reading.identifiers import MeasureNumber, read_identifier
from legislation.records import MeasureRecord
from legislation.services.imports import measure_storage as storage
from legislation.services.imports.addresses import web_address
from legislation.services.imports.base import LONG_AGO, Importer, as_of
from legislation.services.imports.measure_case import BILL_COLUMNS, PARTS, Case, Kind, Part, Stored, Writes
from legislation.services.imports.measure_documents import take_documents
from legislation.services.imports.measure_lines import take_lines
from legislation.services.imports.measure_sponsors import RANK, take_sponsors
from legislation.services.imports.writing import reserve_ids

_ILLINOIS = uuid5(NAMESPACE_URL, "ocd-jurisdiction/country:us/state:il/government")
_OFFICIAL = "ilga.gov"
MOST_LINES = 32_767  # what a position's column holds
YEARS = range(1818, 2200)  # from the first General Assembly on
_NO_PART = bytes(8)
_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def made_ocd_id(session: int, identifier: str) -> str:
    """An Open Civic Data id for a measure whose source gives none: the same for the same measure everywhere."""
    return f"ocd-bill/{uuid5(_ILLINOIS, f'{session}/{identifier}')}"


def is_over(session: int, today: Any) -> bool:
    """Whether that General Assembly has ended by this day."""
    return bool(GeneralAssembly(session).last < today)


class MeasureImporter(Importer[MeasureRecord]):
    """Stores measures with their sponsors, lines, documents and events."""

    kind = "measure"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._names: dict[int, NameIndex] = {}
        # Measures that this run brought: a better record of one in the same run replaces the first altogether.
        self._brought: set[int] = set()
        self._in_this_batch: set[int] = set()

    # --- What a record is ----------------------------------------------------------------------------------------

    def key(self, record: MeasureRecord) -> str:
        number = read_identifier(record.identifier)
        return f"{record.session} {number.identifier if number else record.identifier}"

    def weight(self, record: MeasureRecord) -> int:
        lists = (record.actions, record.sponsorships, record.documents)
        texts = (record.title, record.synopsis, record.ocd_id, record.source_url)
        return sum(len(part) for part in lists if part) + sum(1 for text in texts if text)

    def parts_of(self, record: MeasureRecord) -> bytes:
        values = (getattr(record, name) for name in PARTS.values())
        return b"".join(
            _NO_PART if value is None else blake2b(_encode(value), digest_size=8).digest() for value in values
        )

    def explain(self, record: MeasureRecord, refusal: Exception) -> str:
        if b"\0" in msgspec.json.encode(record) or b"\\u0000" in msgspec.json.encode(record):
            return _("Its text holds a NUL character.")
        return super().explain(record, refusal)

    def _objection(self, record: MeasureRecord, number: MeasureNumber | None) -> str:
        """Why it cannot be stored, in words; nothing when it can."""
        if number is None:
            return _("“%(number)s” is not the number of a measure of the General Assembly.") % {
                "number": record.identifier
            }
        if not 1 <= record.session <= 999:
            return _("%(session)s is not a General Assembly.") % {"session": record.session}
        if len(record.actions or ()) > MOST_LINES:
            return _("It has %(count)s lines of history; %(most)s are possible.") % {
                "count": f"{len(record.actions or ()):,}",
                "most": f"{MOST_LINES:,}",
            }
        for line in record.actions or ():
            if line.date.year not in YEARS:
                return _("%(date)s cannot be the date of a line.") % {"date": line.date.isoformat()}
        for sponsor in record.sponsorships or ():
            if sponsor.role not in RANK:
                return _("“%(role)s” is not a sponsor's role.") % {"role": sponsor.role[:60]}
            if not sponsor.name.strip() or len(sponsor.name.strip()) > NAME_LENGTH:
                return _("“%(name)s” cannot be a sponsor's name.") % {"name": sponsor.name[:60]}
        return ""

    # --- Writing -------------------------------------------------------------------------------------------------

    def write(self, records: list[MeasureRecord]) -> None:
        taken: list[tuple[MeasureRecord, MeasureNumber]] = []
        for record in records:
            number = read_identifier(record.identifier)
            if (reason := self._objection(record, number)) or number is None:
                self.summary.reject(self.kind, self.key(record), reason)
            else:
                if record.identifier != number.identifier:
                    record = msgspec.structs.replace(record, identifier=number.identifier)
                taken.append((record, number))
        stored = storage.load((record.session, record.identifier) for record, _number in taken)
        self._replace_brought(stored)
        missing = sum((record.session, record.identifier) not in stored for record, _number in taken)
        new_ids = iter(reserve_ids(Bill, missing))
        writes = Writes()
        for record, number in taken:
            known = stored.get((record.session, record.identifier)) or Stored()
            case = self._case(record, known, next(new_ids) if known.id is None else known.id, writes)
            self._take(case, number)
        storage.save(writes, self._legislators)
        for index in self._names.values():
            index.save_reviews()

    def _replace_brought(self, stored: dict[tuple[int, str], Stored]) -> None:
        """Measures that an earlier record of this same run brought are taken in anew, as if it had not come."""
        again = [one for one in stored.values() if one.id in self._brought and one.id is not None]
        if again:
            storage.clear([one.id for one in again if one.id is not None], self.observed_at)
        for one in again:
            one.fields = {}
            one.lines, one.sponsors, one.documents, one.event_keys = [], [], [], set()

    def _case(self, record: MeasureRecord, known: Stored, bill_id: int, writes: Writes) -> Case:
        is_first = known.id is None or known.id in self._brought
        told = known.fields.get("told", 0)
        looked = as_of(record, self.observed_at)
        today = timezone.localdate(self.observed_at if looked == LONG_AGO else looked)
        return Case(
            bill_id=bill_id,
            record=record if is_first else self._heard(record, told),
            stored=known,
            is_first=is_first,
            today=today,
            observed_at=self.observed_at,
            session_over=is_over(record.session, timezone.localdate(self.observed_at)),
            writes=writes,
            told=told,
        )

    def _heard(self, record: MeasureRecord, told: int) -> MeasureRecord:
        """The record without the parts that say nothing new, or nothing that counts.

        Where nobody else has told of the measure, a part repeated is read with the new ones: what is made of a list
        also depends on the lines.
        """
        key = self.key(record)
        said, now = self.said.get(key, b""), self.parts_of(record)
        outdated = key in self.outdated
        silent: dict[str, None] = {}
        for number, (part, name) in enumerate(PARTS.items()):
            place = slice(number * 8, number * 8 + 8)
            repeated = key in self.shared and said[place] == now[place]
            if (repeated or outdated) and told & part:
                silent[name] = None
        return msgspec.structs.replace(record, **silent) if silent else record

    def _take(self, case: Case, number: MeasureNumber) -> None:
        record = case.record
        case.fields = dict(case.stored.fields) or _blank(number.chamber)
        self._take_texts(case)
        take_lines(case)
        take_sponsors(case, self._resolver(record.session))
        take_documents(case)
        fields = case.fields
        fields["committee_id"] = (
            self._committees.resolve(fields["committee_name"], fields["current_chamber"])
            if fields["committee_name"]
            else None
        )
        for part, name in PARTS.items():
            if getattr(record, name) is not None:
                fields["told"] |= part
        self._settle(case, number, tuple(fields[name] for name in BILL_COLUMNS))

    def _settle(self, case: Case, number: MeasureNumber, values: tuple[Any, ...]) -> None:
        """The measure's own row, and what became of the record."""
        if case.stored.id is None:
            self._in_this_batch.add(case.bill_id)
            case.note(Kind.ADDED, "added", is_news=False)
            numbered = (number.identifier, number.prefix, number.number, number.kind, number.chamber)
            case.writes.new_bills.append(
                (case.bill_id, case.record.session, *numbered, *values, self.observed_at, self.observed_at)
            )
            self.summary.count(self.kind, "added")
        elif case.touched or case.fields != case.stored.fields or case.is_first:
            if case.is_first:
                case.note(Kind.ADDED, "added", is_news=False)
            else:
                self.summary.count(self.kind, "changed")
            case.writes.changed_bills.append((case.bill_id, *values, self.observed_at))
        else:
            self.summary.count(self.kind, "unchanged")

    def _take_texts(self, case: Case) -> None:
        """Title, synopsis, address and id."""
        record, fields = case.record, case.fields
        for part, kind, name in (
            (Part.TITLE, Kind.TITLE, "title"),
            (Part.SYNOPSIS, Kind.SYNOPSIS, "synopsis"),
        ):
            said: str | None = getattr(record, name)
            before: str = fields[name]
            if said is None or _same_words(said, before):
                continue
            fields[name] = said
            if not case.is_first_of(part):
                key = blake2b(f"{before}\0{said}".encode(), digest_size=8).hexdigest()
                case.note(kind, f"{case.today} {key}", before=before, after=said, on=case.today)
        url = web_address(record.source_url or "")
        if url and (not fields["source_url"] or _is_official(url) or not _is_official(fields["source_url"])):
            fields["source_url"] = url
        made = made_ocd_id(record.session, record.identifier)
        if record.ocd_id and fields["ocd_id"] in {"", made}:
            fields["ocd_id"] = record.ocd_id
        fields["ocd_id"] = fields["ocd_id"] or made

    # --- Who and where -------------------------------------------------------------------------------------------

    def _resolver(self, session: int) -> Any:
        if session not in self._names:
            self._names[session] = NameIndex.load(session)
        resolve = self._names[session].resolve

        def who(name: str, chamber: str, person_id: str = "") -> int | None:
            return resolve(name, chamber, person_id=person_id).legislator_id

        return who

    @cached_property
    def _committees(self) -> CommitteeIndex:
        return CommitteeIndex.load()

    @cached_property
    def _legislators(self) -> dict[int, str]:
        return dict(Legislator.objects.values_list("id", "name"))

    def stored(self) -> None:
        self._brought |= self._in_this_batch
        self._in_this_batch.clear()

    def undone(self) -> None:
        self._in_this_batch.clear()
        # They believe that the names met are safely stored.
        self._names.clear()


def _blank(chamber: str) -> dict[str, Any]:
    """A measure of which nothing is known yet."""
    return {
        "ocd_id": "",
        "title": "",
        "synopsis": "",
        "stage": Bill.Stage.INTRODUCED.value,
        "stage_on": None,
        "furthest_stage": Bill.Stage.INTRODUCED.value,
        "current_chamber": chamber,
        "committee_name": "",
        "committee_id": None,
        "introduced_on": None,
        "last_action": "",
        "last_action_on": None,
        "public_act": "",
        "effective_on": None,
        "replaces_everything": False,
        "source_url": "",
        "told": 0,
    }


def _same_words(one: str, other: str) -> bool:
    """Whether two texts differ in blanks and capitals at most; sources print titles either way."""
    return one == other or one.casefold().split() == other.casefold().split()


def _is_official(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == _OFFICIAL or host.endswith(f".{_OFFICIAL}")
