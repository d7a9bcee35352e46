"""LegiScan's shapes and how each becomes a record. People are known by their names: LegiScan's ids are its own."""

from typing import Any

import msgspec
from django.utils.translation import gettext as _

from legislation.records import (
    ActionRecord,
    DocumentRecord,
    MeasureRecord,
    RollCallRecord,
    SponsorshipRecord,
    VoteRecord,
)
from legislation.sources.reading import (
    Refused,
    chamber_of,
    check_session,
    read_coded_identifier,
    read_day,
    read_session,
)

_OPTIONS = {1: "yes", 2: "no", 3: "not voting", 4: "absent"}
_SPONSOR_TYPES = {1: "chief", 2: "cosponsor", 3: "chief_cosponsor"}
_BODIES = {"Rep": "lower", "Sen": "upper"}


class Shape(msgspec.Struct):
    """Base of the shapes. LegiScan writes numbers as numbers or as text; those read here are numbers."""


class Session(Shape):
    year_start: int
    year_end: int
    special: int = 0
    session_title: str = ""


class Event(Shape):
    date: str
    action: str
    chamber: str = ""


class Sponsor(Shape):
    name: str
    role: str = ""
    people_id: int = 0
    sponsor_type_id: int = 0
    sponsor_order: int = 0


class Text(Shape):
    """A text, an amendment or a supplement."""

    date: str = ""
    type: str = ""
    title: str = ""
    mime: str = ""
    url: str = ""
    state_link: str = ""
    chamber: str = ""


class Ballot(Shape):
    people_id: int
    vote_id: int
    vote_text: str = ""


class RollCall(Shape):
    roll_call_id: int
    bill_id: int = 0
    date: str = ""
    desc: str = ""
    yea: int = 0
    nay: int = 0
    nv: int = 0
    absent: int = 0
    passed: int = 0
    chamber: str = ""
    url: str = ""
    state_link: str = ""
    votes: list[Ballot] | None = None


class Person(Shape):
    people_id: int
    name: str


class People(Shape):
    people: list[Person] = []


class Listed(Shape):
    """A session in the list of a state's sessions."""

    session_id: int
    year_start: int
    special: int = 0


class Bill(Shape):
    bill_id: int
    bill_number: str
    session: Session
    state: str = ""
    title: str = ""
    description: str = ""
    change_hash: str = ""
    session_id: int = 0
    url: str = ""
    state_link: str = ""
    history: list[Event] = []
    sponsors: list[Sponsor] = []
    texts: list[Text] = []
    amendments: list[Text] = []
    votes: list[RollCall] = []


class Answer(Shape):
    """Any answer or file: what it holds depends on what was asked."""

    status: str = "OK"
    alert: dict[str, Any] | None = None
    bill: Bill | None = None
    roll_call: RollCall | None = None
    person: Person | None = None
    masterlist: dict[str, dict[str, Any]] | None = None
    sessions: list[Listed] | None = None
    sessionpeople: People | None = None


decode = msgspec.json.Decoder(Answer, strict=False).decode


def measure_record(bill: Bill, wanted: int, state: str) -> MeasureRecord:
    """The measure as a record. Raises `Refused`."""
    if bill.state != state:
        raise Refused(_("It belongs to %(place)s, not to Illinois.") % {"place": bill.state or "?"})
    if bill.session.special:
        raise Refused(_("It belongs to a special session, which is not followed here."))
    years = f"{bill.session.year_start}-{bill.session.year_end}"
    return MeasureRecord(
        session=check_session(read_session(years), wanted),
        identifier=read_coded_identifier(bill.bill_number),
        title=bill.title or None,
        synopsis=bill.description or None,
        sponsorships=_sponsorships(bill.sponsors),
        actions=tuple(
            ActionRecord(chamber_of(event.chamber), read_day(event.date), event.action)
            for event in bill.history
        ),
        documents=tuple(_documents(bill)),
        source_url=bill.state_link or bill.url or None,
    )


def _sponsorships(sponsors: list[Sponsor]) -> tuple[SponsorshipRecord, ...]:
    """In LegiScan's order. Where it does not tell the kinds apart, the first is the chief sponsor."""
    told = any(sponsor.sponsor_type_id for sponsor in sponsors)
    found = []
    for place, sponsor in enumerate(sorted(sponsors, key=lambda one: one.sponsor_order)):
        role = _SPONSOR_TYPES.get(sponsor.sponsor_type_id, "cosponsor") if told else "cosponsor"
        if not told and place == 0:
            role = "chief"
        found.append(SponsorshipRecord(sponsor.name, role, _BODIES.get(sponsor.role, "")))
    return tuple(found)


def _documents(bill: Bill) -> list[DocumentRecord]:
    return [
        DocumentRecord(
            text.title or text.type,
            text.state_link or text.url,
            text.mime,
            # LegiScan writes a day it does not know as zeros.
            None if text.date in {"", "0000-00-00"} else read_day(text.date),
        )
        for text in bill.texts + bill.amendments
    ]


def roll_call_record(call: RollCall, session: int, identifier: str, names: dict[int, str]) -> RollCallRecord:
    """The roll call as a record. `names`: people by LegiScan's id; raises `Refused`."""
    chamber = chamber_of(call.chamber)
    if not chamber:
        raise Refused(_("It does not say in which chamber the vote was taken."))
    if min(call.yea, call.nay, call.nv, call.absent) < 0:
        raise Refused(_("It states a count below zero."))
    return RollCallRecord(
        key=f"legiscan:{call.roll_call_id}",
        session=session,
        identifier=identifier,
        chamber=chamber,
        date=read_day(call.date),
        motion=call.desc,
        passed=bool(call.passed),
        counts={"yes": call.yea, "no": call.nay, "not voting": call.nv, "absent": call.absent},
        votes=tuple(_vote(ballot, names) for ballot in call.votes or []),
        source_url=call.state_link or call.url,
    )


def _vote(ballot: Ballot, names: dict[int, str]) -> VoteRecord:
    option = _OPTIONS.get(ballot.vote_id)
    if option is None:
        raise Refused(_("“%(value)s” is not a vote.") % {"value": ballot.vote_text[:60] or ballot.vote_id})
    # Somebody whose name LegiScan did not send stays recognizable for the review of names.
    return VoteRecord(names.get(ballot.people_id) or f"LegiScan {ballot.people_id}", option)
