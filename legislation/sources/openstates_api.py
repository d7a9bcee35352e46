"""The Open States API, version 3: measures with their roll calls, hearings, and on request people.

A free key allows 10 requests a minute and 500 a day, 20 measures each; a run keeps to that, stops with a cursor when the
day's share is used up and goes on from there. Measures come newest change first, so what changes meanwhile is read
twice rather than missed.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legislation.chambers import GeneralAssembly
from legislation.records import AnyRecord
from legislation.sources.base import Progress, ReadOptions, SourceUnavailable
from legislation.sources.http import Client, Fetching, NotThere
from legislation.sources.openstates_events import read_event
from legislation.sources.openstates_files import read_object
from legislation.sources.openstates_persons import read_person

PARTS = ("bills", "events", "people")
USUAL = ("bills", "events")
INCLUDE = {
    "bills": [
        "sponsorships",
        "abstracts",
        "other_titles",
        "actions",
        "versions",
        "documents",
        "votes",
        "sources",
        "related_bills",
    ],
    "events": ["links", "sources", "participants", "agenda"],
    "people": ["other_names", "links", "sources", "offices"],
}
PER_PAGE = {"bills": 20, "events": 20, "people": 50}


class Pages(msgspec.Struct):
    """Where a list stands."""

    page: int
    max_page: int
    total_items: int
    per_page: int = 0


class Page(msgspec.Struct):
    """One answer. Entries are decoded one by one, so that one odd entry does not spoil the page."""

    results: list[msgspec.Raw]
    pagination: Pages


class OpenStatesApi(Fetching):
    """What Open States has, kept fresh by `updated_since`."""

    name = "openstates-api"
    label = gettext_lazy("Open States API")
    needs_key = "OPENSTATES_API_KEY"

    def read(self, options: ReadOptions) -> Iterator[AnyRecord | Progress]:
        """`location`: empty for measures and hearings, or some of "bills", "events", "people" with commas."""
        parts = tuple(filter(None, options.location.replace(" ", "").split(","))) or USUAL
        if unknown := set(parts) - set(PARTS):
            raise SourceUnavailable(
                _("%(part)s is none of bills, events and people.") % {"part": ", ".join(sorted(unknown))}
            )
        if not settings.OPENSTATES_API_KEY:
            raise SourceUnavailable(_("%(setting)s is not set.") % {"setting": self.needs_key})
        start, page, before = read_cursor(options.cursor, parts)
        gap = 60 / max(1, settings.OPENSTATES_REQUESTS_PER_MINUTE)
        with self.client(headers={"X-API-KEY": settings.OPENSTATES_API_KEY}, gap=gap) as client:
            for part in parts[start:]:
                yield from self._pages(client, part, page, before, options, parts)
                page, before = 1, 0

    def _pages(
        self, client: Client, part: str, page: int, before: int, options: ReadOptions, parts: tuple[str, ...]
    ) -> Iterator[AnyRecord | Progress]:
        """The pages of one list; each ends with a cursor that says: `before` records came, go on at `page`."""
        while True:
            if client.requests >= settings.OPENSTATES_REQUESTS_PER_DAY:
                raise SourceUnavailable(
                    _("The %(count)s requests that Open States allows a day are used up.")
                    % {"count": settings.OPENSTATES_REQUESTS_PER_DAY}
                )
            try:
                answer = self._page(client, part, page, options)
            except NotThere:
                # The list has become shorter than it was when the run broke off.
                if page > 1:
                    return
                raise
            for number, entry in enumerate(answer.results, 1):
                where = _("%(part)s, page %(page)s, entry %(number)s") % {
                    "part": part,
                    "page": page,
                    "number": number,
                }
                for record in _records(part, bytes(entry), where, options.session):
                    before += 1
                    yield record
            page += 1
            last = page > answer.pagination.max_page or not answer.results
            read = min(answer.pagination.total_items, (page - 1) * PER_PAGE[part]) or 1
            total = before * answer.pagination.total_items // read
            yield Progress(cursor=_cursor(part, page, before, last, parts), total=max(total, before))
            if last:
                return

    def _page(self, client: Client, part: str, page: int, options: ReadOptions) -> Page:
        params: dict[str, str | int | list[str]] = {
            "jurisdiction": "il",
            "include": INCLUDE[part],
            "page": page,
            "per_page": PER_PAGE[part],
        }
        if part == "bills":
            session = options.session or GeneralAssembly.current().number
            params |= {"session": GeneralAssembly(session).ordinal, "sort": "updated_desc"}
            if options.since:
                params["updated_since"] = _day(options.since)
        elif part == "events" and options.since:
            params["after"] = _day(options.since)
        body = client.json(f"{settings.OPENSTATES_API_URL}/{part}", params=params)
        try:
            return msgspec.json.decode(body, type=Page)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SourceUnavailable(
                _("Open States answered in a form that is not known (%(error)s).") % {"error": error}
            ) from None


def read_cursor(cursor: str, parts: tuple[str, ...]) -> tuple[int, int, int]:
    """Which part, which page, and how many records came before; the beginning for anything else."""
    try:
        part, page, before = cursor.split(":")
        return parts.index(part), max(1, int(page)), max(0, int(before))
    except ValueError:
        return 0, 1, 0


def _cursor(part: str, page: int, before: int, last: bool, parts: tuple[str, ...]) -> str:
    following = parts.index(part) + 1
    if last and following < len(parts):
        return f"{parts[following]}:1:0"
    return f"{part}:{page}:{before}"


def _day(moment: datetime) -> str:
    # Days only: the API compares text, in which "T" and a space differ.
    return moment.strftime("%Y-%m-%d")


def _records(part: str, entry: bytes, where: str, session: int) -> Iterator[AnyRecord]:
    if part == "bills":
        yield from read_object(entry, where, session)
    else:
        record: AnyRecord | None = read_event(entry, where) if part == "events" else read_person(entry, where)
        if record is not None:
            yield record
