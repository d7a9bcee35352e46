"""The General Assembly's hearing schedule: JSON `{data, total}` in pages, and the page of one hearing with its bills.

`AllowSlips` is not read: it was false on every recorded row, also where slips were open. The rows do not say which
chamber they are of: the request did, the file's name, or `#chamber=senate` behind the location does.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legislation.records import AnyRecord, HearingDocumentRecord, HearingRecord, Rejected
from legislation.sources.base import Progress, ReadOptions, SourceBroken, SourceUnavailable
from legislation.sources.files import BYTE_ORDER_MARK, Part, read_each, split_location
from legislation.sources.http import Client, Fetching, is_address, located
from legislation.sources.ilga_hearing_page import documents_on, read_page, subject_of
from legislation.sources.reading import (
    Refused,
    assembly_at,
    chamber_of,
    check_session,
    check_text,
)

PAGE_SIZE = 50
_MOST_PAGES = 100
# After so many pages in a row that could not be read the others are not asked for.
_GIVE_UP = 3
_PAGE = "GridCurrentCommittees-page"
_MOMENT = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_NAMED = re.compile(r"(?:^|[^a-z])(house|senate|h|s)(?:[^a-z]|$)", re.IGNORECASE)
_LETTERS = (("lower", "H"), ("upper", "S"))


class Notice(msgspec.Struct):
    """One posting. Numbers stand for yes and no: 0, and 1 or -1."""

    HearingId: int
    ScheduledDateTime: str
    CommitteeId: int | None = None
    PostingDateTime: str | None = ""
    SubjectMatter: str | None = ""
    IsCancelled: bool | int | None = 0
    IsChanged: bool | int | None = 0
    LongDescription: str | None = ""
    Address: str | None = ""
    City: str | None = ""
    Building: str | None = ""
    Room: str | None = ""


class Row(msgspec.Struct):
    """A row of the schedule."""

    CommitteeHearing: Notice
    CommitteeDescription: str | None = ""
    Location: str | None = ""
    Chamber: str | None = ""


class Schedule(msgspec.Struct):
    """One answer."""

    data: list[msgspec.Raw]
    total: int = 0


class Hearings(Fetching):
    """Hearings as they are posted."""

    name = "ilga-hearings"
    label = gettext_lazy("General Assembly hearings")
    needs_key = ""

    def read(self, options: ReadOptions) -> Iterator[AnyRecord | Progress]:
        """`location`: a file, folder, archive or address of the schedule or of a hearing's page; empty to ask for the
        coming weeks of both chambers, "house" or "senate" for those of one."""
        location, words = split_location(options.location)
        asked = chamber_of(location)
        if not location or asked:
            yield from self._fetch(asked, options)
            return
        chamber = chamber_of(words.get("chamber", ""))
        if is_address(location) and not chamber:
            chamber = _chamber_in(location.rpartition("/")[2])
        with located(location, self.client, pages=True) as path:
            yield from read_each(path, lambda part: read_part(part, chamber, options.session))

    def _fetch(self, asked: str, options: ReadOptions) -> Iterator[AnyRecord | Progress]:
        begin = timezone.localdate()
        end = begin + timedelta(days=settings.ILGA_HEARINGS_DAYS)
        with self.client(headers={"X-Requested-With": "XMLHttpRequest"}) as client, self.client() as pages:
            details = Details(pages)
            for chamber, letter in _LETTERS:
                if asked in {"", chamber}:
                    url = settings.ILGA_HEARINGS_URL.format(
                        chamber=letter,
                        begin=quote(begin.strftime("%m/%d/%Y 00:00:00")),
                        end=quote(end.strftime("%m/%d/%Y 00:00:00")),
                    )
                    yield from self._pages(client, url, chamber, options.session, details)
        if details.failed:
            # A page that did not answer may answer later, so the run is tried again.
            raise (SourceUnavailable if details.unavailable else SourceBroken)(
                _("The measures of %(count)s hearings could not be read (%(reason)s).")
                % {"count": details.failed, "reason": details.reason}
            )

    def _pages(
        self, client: Client, url: str, chamber: str, wanted: int, details: "Details"
    ) -> Iterator[AnyRecord | Progress]:
        seen = 0
        for page in range(1, _MOST_PAGES + 1):
            body = client.json(url, data={"page": str(page), "size": str(PAGE_SIZE)})
            schedule = decode_schedule(body, url)
            for record in _read_rows(schedule, f"{chamber}, {page}", chamber, wanted):
                yield details.added_to(record)
            seen += len(schedule.data)
            yield Progress()
            if not schedule.data or seen >= schedule.total:
                return


class Details:
    """Adds to each hearing the measures that its own page lists. Where that fails, the hearing goes in without."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.failed = 0
        self.reason = ""
        self.unavailable = False
        self._in_a_row = 0

    def added_to(self, record: AnyRecord) -> AnyRecord:
        if not isinstance(record, HearingRecord) or not settings.ILGA_HEARING_URL:
            return record
        if self._in_a_row >= _GIVE_UP:
            self.failed += 1
            return record
        try:
            documents = self._documents(record.source_url)
        except (SourceUnavailable, Refused) as error:
            self.failed += 1
            self._in_a_row += 1
            self.reason = str(error)
            self.unavailable |= isinstance(error, SourceUnavailable)
            return record
        self._in_a_row = 0
        return msgspec.structs.replace(record, documents=documents)

    def _documents(self, url: str) -> tuple[HearingDocumentRecord, ...]:
        found, pages = documents_on(self.client.text(url), url)
        for page in range(2, min(pages, _MOST_PAGES) + 1):
            found += documents_on(self.client.text(url, params={_PAGE: str(page)}), url)[0]
        return tuple(dict.fromkeys(found))


def decode_schedule(body: bytes, name: str) -> Schedule:
    """The rows of an answer, each still undecoded."""
    try:
        return msgspec.json.decode(body.removeprefix(BYTE_ORDER_MARK), type=Schedule)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourceBroken(
            _("%(name)s is not a hearing schedule: %(error)s") % {"name": name, "error": error}
        ) from None


def _chamber_in(name: str) -> str:
    """The chamber that a file's name speaks of, such as `house-2018-03.json` or `…chamber=S…`."""
    found = {chamber_of(word) for word in _NAMED.findall(name.replace("_", " "))}
    return found.pop() if len(found) == 1 else ""


def read_part(part: Part, chamber: str, wanted: int) -> Iterator[AnyRecord]:
    """The hearings of one file, schedule or page."""
    head = part.head().removeprefix(BYTE_ORDER_MARK).lstrip()
    if head[:1] == b"<":
        record = read_page(part.content(), part.name, wanted)
        if record is not None:
            yield record
        return
    schedule = decode_schedule(part.content(), part.name)
    yield from _read_rows(schedule, part.name, chamber or _chamber_in(part.name), wanted)


def _read_rows(schedule: Schedule, where: str, chamber: str, wanted: int) -> Iterator[AnyRecord]:
    for number, raw in enumerate(schedule.data, 1):
        name = _("%(name)s, entry %(number)s") % {"name": where, "number": number}
        try:
            row = msgspec.json.decode(raw, type=Row)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            yield Rejected("hearing", name, _("It cannot be read: %(error)s") % {"error": error})
            continue
        try:
            record = _hearing(row, chamber, wanted)
            check_text(record)
            yield record
        except Refused as refused:
            yield Rejected("hearing", f"{row.CommitteeHearing.HearingId} ({name})", str(refused))


def read_milliseconds(text: str) -> datetime:
    """A moment from `/Date(1520262000000)/`, milliseconds since 1970 in UTC."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise Refused(_("“%(value)s” cannot be a date and time.") % {"value": text[:60]})
    try:
        moment = datetime.fromtimestamp(int(match[1]) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        moment = datetime(1, 1, 1, tzinfo=UTC)
    if not 1990 <= moment.year <= 2100:
        raise Refused(_("“%(value)s” cannot be a date and time.") % {"value": text[:60]})
    return moment


def _hearing(row: Row, chamber: str, wanted: int) -> HearingRecord:
    notice = row.CommitteeHearing
    chamber = chamber or chamber_of(row.Chamber or "")
    if not chamber:
        raise Refused(_("Nothing says which chamber it is of. Put “house” or “senate” into the file's name."))
    starts_at = read_milliseconds(notice.ScheduledDateTime)
    committee = " ".join((row.CommitteeDescription or notice.LongDescription or "").split())
    if not committee:
        raise Refused(_("It names no committee."))
    return HearingRecord(
        key=str(notice.HearingId),
        chamber=chamber,
        committee=committee,
        starts_at=starts_at,
        session=check_session(assembly_at(starts_at), wanted),
        posted_at=read_milliseconds(notice.PostingDateTime) if notice.PostingDateTime else None,
        location=row.Location or _place(notice),
        subject=subject_of(notice.SubjectMatter or ""),
        cancelled=bool(notice.IsCancelled),
        changed=bool(notice.IsChanged),
        committee_key=str(notice.CommitteeId) if notice.CommitteeId is not None else "",
        source_url=settings.ILGA_HEARING_URL.format(hearing=notice.HearingId),
    )


def _place(notice: Notice) -> str:
    parts: tuple[Any, ...] = (notice.Building, notice.Room, notice.Address, notice.City)
    return " - ".join(part for part in parts if part)
