"""Hearings as Open States has them: events of the API."""

import re
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from legislation.records import HearingDocumentRecord, HearingRecord, Rejected
from legislation.sources.openstates_records import place_of
from legislation.sources.openstates_shapes import Jurisdiction, Source
from legislation.sources.reading import (
    Refused,
    assembly_at,
    check_illinois,
    check_text,
    read_identifier,
    read_moment,
    read_when_known,
)

# The General Assembly's own number of the hearing, where an event points to its page: then it is the same hearing
# as that of the schedule.
_HEARING_NUMBER = re.compile(r"(?:hearingid=|/hearingdetail/)(\d+)", re.IGNORECASE)
_NOTICE = re.compile(r"^hearing notice for\s+", re.IGNORECASE)


class Entity(msgspec.Struct):
    name: str = ""
    entity_type: str = ""
    note: str | None = ""


class AgendaItem(msgspec.Struct):
    description: str = ""
    related_entities: list[Entity] = []


class Event(msgspec.Struct):
    """An event of the API."""

    id: str
    start_date: str
    name: str = ""
    description: str = ""
    status: str = ""
    deleted: bool = False
    location: dict[str, Any] | None = None
    jurisdiction: Jurisdiction | str | None = None
    participants: list[Entity] = []
    agenda: list[AgendaItem] = []
    sources: list[Source] = []
    updated_at: str | None = None


decode = msgspec.json.Decoder(Event).decode


def read_event(text: bytes, where: str) -> HearingRecord | Rejected:
    """The hearing that an event is."""
    try:
        event = decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Rejected("hearing", where, _("It cannot be read: %(error)s") % {"error": error})
    try:
        record = _hearing(event)
        check_text(record)
        return record
    except Refused as refused:
        return Rejected("hearing", f"{event.id} ({where})", str(refused))


def _hearing(event: Event) -> HearingRecord:
    check_illinois(place_of(event.jurisdiction))
    if len(event.start_date) <= 10:
        raise Refused(_("“%(value)s” gives no time of day.") % {"value": event.start_date})
    starts_at = read_moment(event.start_date)
    url = event.sources[0].url if event.sources else ""
    committee = _committee(event)
    number = _HEARING_NUMBER.search(url)
    location = event.location or {}
    return HearingRecord(
        key=number[1] if number else event.id,
        chamber=_chamber(committee, url),
        committee=committee,
        starts_at=starts_at,
        session=assembly_at(starts_at),
        location=str(location.get("name") or ""),
        subject=event.description,
        cancelled=event.deleted or event.status in {"cancelled", "canceled"},
        documents=tuple(dict.fromkeys(_documents(event))),
        source_url=url,
        as_of=read_when_known(event.updated_at),
    )


def _committee(event: Event) -> str:
    named = [who.name for who in event.participants if who.entity_type in {"organization", "committee"}]
    name = _NOTICE.sub("", (named[0] if named else event.name).strip())
    if not name:
        raise Refused(_("It names no committee."))
    return name


def _chamber(committee: str, url: str) -> str:
    """From the committee's printed name, else from the page's address."""
    words = f"{committee} {url}".lower()
    for word, chamber in (("house", "lower"), ("senate", "upper"), ("joint", "joint")):
        if committee.lower().startswith(word):
            return chamber
    found = {chamber for word, chamber in (("/house", "lower"), ("/senate", "upper")) if word in words}
    if len(found) != 1:
        raise Refused(_("It does not say in which chamber the hearing is."))
    return found.pop()


def _documents(event: Event) -> list[HearingDocumentRecord]:
    return [
        HearingDocumentRecord(read_identifier(entity.name))
        for item in event.agenda
        for entity in item.related_entities
        if entity.entity_type == "bill"
    ]
