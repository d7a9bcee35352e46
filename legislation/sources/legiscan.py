"""LegiScan, the alternative to Open States: its API with a key, or its JSON, alone or as a dataset zip.

The API says with one request which measures changed (`change_hash`). Hashes of what was stored are kept in the cache
for runs that ask for changes only; without them everything is fetched again, which costs requests and changes nothing.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legislation.chambers import GeneralAssembly
from legislation.records import AnyRecord, Rejected
from legislation.sources.base import Progress, ReadOptions, SourceBroken, SourceUnavailable
from legislation.sources.files import BYTE_ORDER_MARK, Part, open_parts
from legislation.sources.http import Client, ClientFactory, Fetching, located
from legislation.sources.legiscan_shapes import (
    Answer,
    Bill,
    RollCall,
    decode,
    measure_record,
    roll_call_record,
)
from legislation.sources.reading import Refused, check_text

EVERY = 20


class LegiScan(Fetching):
    """Measures and roll calls of one state. Illinois, except where a test reads samples of others."""

    name = "legiscan"
    label = gettext_lazy("LegiScan")
    # Files need none; a run over the API says so when it is missing.
    needs_key = ""

    def __init__(self, client: ClientFactory = Client, state: str = "IL") -> None:
        super().__init__(client)
        self.state = state

    def read(self, options: ReadOptions) -> Iterator[AnyRecord | Progress]:
        """`location`: a JSON file, a folder, a dataset zip or the address of one; empty for the API."""
        if options.location:
            with located(options.location, self.client) as path:
                yield from _read_files(path, _Reader(options.session, self.state))
        else:
            yield from self._fetch(options)

    def _ask(self, client: Client, op: str, **params: str | int) -> Answer:
        query = {"key": settings.LEGISCAN_API_KEY, "op": op, **params}
        try:
            answer = decode(client.json(settings.LEGISCAN_API_URL, params=query))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SourceUnavailable(
                _("LegiScan answered in a form that is not known (%(error)s).") % {"error": error}
            ) from None
        if answer.status != "OK":
            words = (answer.alert or {}).get("message") or answer.status
            raise SourceUnavailable(_("LegiScan refuses: %(words)s") % {"words": str(words)[:300]})
        return answer

    def _fetch(self, options: ReadOptions) -> Iterator[AnyRecord | Progress]:
        if not settings.LEGISCAN_API_KEY:
            raise SourceUnavailable(_("%(setting)s is not set.") % {"setting": "LEGISCAN_API_KEY"})
        assembly = GeneralAssembly(options.session or GeneralAssembly.current().number)
        with self.client() as client:
            session_id = self._session(client, assembly)
            listed = self._changed(client, session_id, options)
            if not listed:
                return
            reader = _Reader(assembly.number, self.state)
            people = self._ask(client, "getSessionPeople", id=session_id).sessionpeople
            reader.names = {person.people_id: person.name for person in (people.people if people else [])}
            stored: dict[str, str] = {}
            for count, (number, mark) in enumerate(listed, 1):
                yield from self._measure(client, reader, number)
                stored[_hash_key(number)] = mark
                if count % EVERY == 0 or count == len(listed):
                    yield Progress(cursor=str(number))
                    # Only now: whoever reads on after a Progress has stored everything before it.
                    cache.set_many(stored, timeout=None)
                    stored = {}

    def _session(self, client: Client, assembly: GeneralAssembly) -> int:
        """LegiScan's number of a General Assembly."""
        for listed in self._ask(client, "getSessionList", state=self.state).sessions or []:
            if listed.year_start == assembly.year and not listed.special:
                return listed.session_id
        raise SourceUnavailable(
            _("LegiScan does not have the %(session)s General Assembly.") % {"session": assembly.ordinal}
        )

    def _changed(self, client: Client, session_id: int, options: ReadOptions) -> list[tuple[int, str]]:
        """Number and hash of the measures to fetch, in order, so that the last number stored is a cursor."""
        listed = self._ask(client, "getMasterListRaw", id=session_id).masterlist or {}
        marks = {
            int(entry["bill_id"]): str(entry.get("change_hash", ""))
            for entry in listed.values()
            if "bill_id" in entry
        }
        if options.since is not None:
            known = cache.get_many(map(_hash_key, marks))
            marks = {number: mark for number, mark in marks.items() if known.get(_hash_key(number)) != mark}
        after = int(options.cursor) if options.cursor.isdecimal() else 0
        return sorted((number, mark) for number, mark in marks.items() if number > after)

    def _measure(self, client: Client, reader: "_Reader", number: int) -> Iterator[AnyRecord]:
        """A measure and its roll calls, which LegiScan hands out one by one."""
        bill = self._ask(client, "getBill", id=number).bill
        if bill is None:
            yield Rejected("measure", f"LegiScan {number}", _("LegiScan sent nothing."))
            return
        yield reader.measure(bill, f"LegiScan {number}")
        for stub in bill.votes:
            call = self._ask(client, "getRollCall", id=stub.roll_call_id).roll_call
            if call is not None:
                yield reader.roll_call(call)


def _hash_key(number: int) -> str:
    return f"legiscan:{number}"


class _Reader:
    """Puts roll calls together with their measures and the names of who voted, which come apart."""

    def __init__(self, wanted: int, state: str) -> None:
        self.wanted, self.state = wanted, state
        self.names: dict[int, str] = {}
        self.measures: dict[int, tuple[int, str]] = {}

    def measure(self, bill: Bill, where: str) -> AnyRecord:
        try:
            record = measure_record(bill, self.wanted, self.state)
            check_text(record)
        except Refused as refused:
            return Rejected("measure", f"{bill.bill_number} ({where})", str(refused))
        self.measures[bill.bill_id] = record.session, record.identifier
        self.names.update((sponsor.people_id, sponsor.name) for sponsor in bill.sponsors if sponsor.people_id)
        return record

    def roll_call(self, call: RollCall) -> AnyRecord:
        label = f"LegiScan {call.roll_call_id}"
        if call.bill_id not in self.measures:
            return Rejected("roll call", label, _("Its measure was not read with it."))
        session, identifier = self.measures[call.bill_id]
        try:
            record = roll_call_record(call, session, identifier, self.names)
            check_text(record)
        except Refused as refused:
            return Rejected("roll call", f"{identifier}, {label}", str(refused))
        return record


# Datasets hold these folders. Measures are read first, then people, of whom only names are taken, then roll calls.
_FOLDERS = ("bill", "people", "vote")


def _read_files(path: Path, reader: _Reader) -> Iterator[AnyRecord | Progress]:
    """Goes over the files once a folder: a roll call needs its measure and the names, wherever they stand."""
    broken: list[str] = []
    for folder in _FOLDERS:
        for part in open_parts(path):
            if isinstance(part, Rejected):
                if folder == "bill":
                    yield part
                continue
            own = PurePosixPath(part.name).parent.name
            if folder == (own if own in _FOLDERS else "bill"):
                yield from _read_part(part, reader, broken)
    if broken:
        raise SourceBroken(" ".join(broken[:5]))


def _read_part(part: Part, reader: _Reader, broken: list[str]) -> Iterator[AnyRecord]:
    name = PurePosixPath(part.name).name
    if name.upper().startswith(("README", "LICENSE", "HASH")) or PurePosixPath(name).suffix.lower() == ".csv":
        return
    try:
        content = part.content().removeprefix(BYTE_ORDER_MARK)
    except SourceBroken as error:
        broken.append(str(error))
        return
    try:
        answer = decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        kind = "roll call" if b'"roll_call"' in content[:200] else "measure"
        yield Rejected(kind, part.name, _("It cannot be read: %(error)s") % {"error": error})
        return
    if answer.bill is not None:
        yield reader.measure(answer.bill, part.name)
    if answer.roll_call is not None:
        yield reader.roll_call(answer.roll_call)
    if answer.person is not None:
        reader.names[answer.person.people_id] = answer.person.name
