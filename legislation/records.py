"""The shared shape in which every source hands over what it knows; nothing past it knows which source it was.

A field that is None says "this source does not speak of it": what another source said stays. An empty tuple says
"there is none". Names of people are as printed; `legislation.naming.names` resolves them.
"""

from datetime import date, datetime

import msgspec

Day = date  # for records whose own field is called `date`


class Record(msgspec.Struct, frozen=True, gc=False):
    """Base of the shared types: immutable, comparable, with a stable encoding (`digest`)."""


class ActionRecord(Record, frozen=True, gc=False):
    """One dated line of a measure's history, in the words the General Assembly prints."""

    chamber: str  # "lower", "upper", "executive" (the governor) or "" when the source does not say
    date: date
    description: str


class SponsorshipRecord(Record, frozen=True, gc=False):
    """A name in the list of sponsors. `role`: "chief", "chief_cosponsor", "cosponsor" (what is known; may be refined)."""

    name: str
    role: str
    chamber: str = ""
    person_id: str = ""  # ocd-person/… where the source gives one


class DocumentRecord(Record, frozen=True, gc=False):
    """A text of the measure or an amendment to it. `note` as printed: "Introduced", "House Amendment 001"."""

    note: str
    url: str
    media_type: str = ""
    date: Day | None = None


class MeasureRecord(Record, frozen=True, gc=False):
    """One bill, resolution or appointment message with everything the source says of it."""

    session: int  # General Assembly number, such as 104
    identifier: str  # stored form "HB1075"
    title: str | None = None
    synopsis: str | None = None
    sponsorships: tuple[SponsorshipRecord, ...] | None = None
    actions: tuple[ActionRecord, ...] | None = None
    documents: tuple[DocumentRecord, ...] | None = None
    source_url: str | None = None
    ocd_id: str | None = None  # "ocd-bill/…"
    # Not part of the content: when the source itself last looked. Of two records the newer one counts.
    as_of: datetime | None = None


class VoteRecord(Record, frozen=True, gc=False):
    """One member's vote: option "yes", "no", "present", "not voting", "excused", "absent"."""

    name: str
    option: str
    person_id: str = ""


class RollCallRecord(Record, frozen=True, gc=False):
    """One recorded vote with the counts as stated and the votes by name, which may disagree."""

    key: str  # stable over runs: the source's own key or address
    session: int
    identifier: str  # the measure's
    chamber: str  # where it was taken: "lower" or "upper"
    date: date
    motion: str
    passed: bool
    counts: dict[str, int]  # option → stated number
    votes: tuple[VoteRecord, ...]
    source_url: str = ""
    as_of: datetime | None = None


class TermRecord(Record, frozen=True, gc=False):
    """A seat held: chamber, district number, from and (exclusive of today's members) until."""

    chamber: str
    district: int
    start: date | None = None
    end: date | None = None


class OfficeRecord(Record, frozen=True, gc=False):
    """Where a legislator is reached. `kind`: "capitol" or "district"."""

    kind: str
    address: str = ""
    phone: str = ""
    fax: str = ""


class LegislatorRecord(Record, frozen=True, gc=False):
    """A member, past or present. `key` is the OCD person id, or the source's own where it has none."""

    key: str
    name: str
    given_name: str = ""
    family_name: str = ""
    party: str = ""
    email: str = ""
    image_url: str = ""
    website: str = ""
    ilga_url: str = ""
    other_names: tuple[str, ...] = ()
    terms: tuple[TermRecord, ...] | None = None
    offices: tuple[OfficeRecord, ...] | None = None
    as_of: datetime | None = None


class CommitteeMemberRecord(Record, frozen=True, gc=False):
    """A seat on a committee. `role` as printed, such as "chair" or "republican spokesperson"."""

    name: str
    role: str = "member"
    person_id: str = ""


class CommitteeRecord(Record, frozen=True, gc=False):
    """A committee with its roster. `chamber` "lower", "upper" or "joint"."""

    key: str
    chamber: str
    name: str
    other_names: tuple[str, ...] = ()
    parent: str = ""
    members: tuple[CommitteeMemberRecord, ...] | None = None
    source_url: str = ""
    as_of: datetime | None = None


class HearingDocumentRecord(Record, frozen=True, gc=False):
    """What a hearing takes up: a measure, or with `amendment` ("House Amendment 1") one amendment to it."""

    identifier: str
    amendment: str = ""


class HearingRecord(Record, frozen=True, gc=False):
    """One posting of a committee's meeting."""

    key: str  # the General Assembly's hearing number, or the source's own id
    chamber: str
    committee: str  # as printed
    starts_at: datetime
    session: int
    posted_at: datetime | None = None
    location: str = ""
    subject: str = ""
    cancelled: bool = False
    changed: bool = False
    committee_key: str = ""
    documents: tuple[HearingDocumentRecord, ...] | None = None
    source_url: str = ""
    as_of: datetime | None = None


class SlipRecord(Record, frozen=True, gc=False):
    """One witness slip as the General Assembly lists it. `position`: "proponent", "opponent", "no_position"."""

    session: int
    identifier: str
    amendment: str
    committee: str
    scheduled_at: datetime
    name: str
    firm: str
    representation: str
    position: str


class DistrictRecord(Record, frozen=True):
    """One district's boundary in WGS 84, as well-known binary (a polygon or multipolygon)."""

    chamber: str
    number: int
    geometry: bytes
    plan: str  # the plan's name with its date, such as "Public Act 102-0663 (2021-09-24)"
    effective_on: date | None = None


class ZipCodeRecord(Record, frozen=True, gc=False):
    """A ZIP code with its place and, where known, one point inside it."""

    zip_code: str
    city: str
    county: str
    latitude: float | None = None
    longitude: float | None = None


class Rejected(Record, frozen=True, gc=False):
    """What a source could not turn into a record: which one, and why, in words for staff."""

    kind: str  # "measure", "roll call", …
    identifier: str
    reason: str


AnyRecord = (
    MeasureRecord
    | RollCallRecord
    | LegislatorRecord
    | CommitteeRecord
    | HearingRecord
    | SlipRecord
    | DistrictRecord
    | ZipCodeRecord
    | Rejected
)
