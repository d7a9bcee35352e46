"""What the API answers. Names follow Open Civic Data where it has one for the thing."""

from datetime import date, datetime

from ninja import Field, Schema

# A field may be called date, too.
Day = date


class Link(Schema):
    """An address with what is found there."""

    url: str
    media_type: str = ""
    note: str = ""


class OurPosition(Schema):
    """What the coalition publicly thinks of a bill."""

    position: str = Field(..., description="support, oppose or neutral")
    priority: str = Field(..., description="lead, support or monitor")
    plain_title: str
    summary: str


class BillSummary(Schema):
    """A measure as a row of a list."""

    id: str = Field(..., description="Open Civic Data id, ocd-bill/…")
    session: str = Field(..., description="General Assembly, such as 104th")
    identifier: str = Field(..., description="Number as printed, such as HB 1075")
    title: str = Field(..., description="Short title as printed")
    classification: list[str]
    from_organization: str = Field(..., description="Chamber of origin: lower or upper")
    stage: str = Field(..., description="Our reading of where it stands, such as in_committee")
    stage_date: Day | None = None
    current_chamber: str = Field("", description="lower, upper, or nothing where it is in neither")
    committee: str = Field("", description="The committee it lies in, as printed")
    first_action_date: Day | None = None
    latest_action_date: Day | None = None
    latest_action_description: str = ""
    public_act: str = ""
    replaces_everything: bool = Field(..., description="An amendment replaces the whole text")
    coalition: OurPosition | None = Field(None, description="Our position, where it is public")
    updated_at: datetime = Field(..., description="When we last saw a change")
    url: str = Field(..., description="Its page on this website")


class BillSponsorship(Schema):
    """A name on a measure."""

    name: str
    entity_type: str = "person"
    classification: str = Field(..., description="chief, chief_cosponsor or cosponsor")
    primary: bool
    organization: str = Field("", description="Chamber: lower or upper")
    person_id: str | None = Field(None, description="ocd-person/… where the name is matched")
    added_on: Day | None = None
    removed_on: Day | None = None


class BillAction(Schema):
    """A line of a measure's history."""

    order: int
    date: Day
    description: str
    organization: str = Field("", description="lower, upper or executive")
    stage: str = Field("", description="The stage after this line, where it changes it")


class BillDocument(Schema):
    """A text of a measure, or an amendment to it."""

    note: str
    classification: str
    date: Day | None = None
    fate: str = Field("", description="Of an amendment: filed, adopted, tabled, lost, withdrawn")
    replaces_everything: bool
    links: list[Link]


class VoteCount(Schema):
    """How many voted one way: as the source states it, and as the names add up."""

    option: str
    value: int
    by_name: int


class VoteEvent(Schema):
    """A roll call."""

    id: int
    motion_text: str
    start_date: Day
    organization: str
    classification: str = Field(..., description="floor or committee")
    committee: str = ""
    result: str = Field(..., description="pass or fail")
    counts: list[VoteCount]
    counts_agree: bool
    url: str


class PersonVote(Schema):
    """One member's vote."""

    option: str
    voter_name: str
    voter_id: str | None = None


class VoteEventDetail(VoteEvent):
    """A roll call with every vote by name."""

    bill_id: str
    bill_identifier: str
    votes: list[PersonVote]


class RelatedBill(Schema):
    """The same idea in another General Assembly, or the companion in the other chamber."""

    identifier: str
    legislative_session: str
    relation_type: str
    title: str = ""
    outcome: str = ""


class PartnerPositions(Schema):
    """Partners of the coalition on record; names are of those in the public directory."""

    position: str
    number: int
    organizations: list[str]


class BillHearing(Schema):
    """A hearing that takes a measure up."""

    id: int
    committee: str
    start_date: datetime
    status: str
    amendment: str = ""
    url: str


class BillDetail(BillSummary):
    """A measure with all that hangs on it."""

    abstract: str = Field(..., description="Synopsis as printed")
    effective_date: Day | None = None
    furthest_stage: str
    sponsorships: list[BillSponsorship]
    actions: list[BillAction]
    documents: list[BillDocument]
    votes: list[VoteEvent]
    hearings: list[BillHearing]
    related_bills: list[RelatedBill]
    partner_positions: list[PartnerPositions]
    sources: list[Link]


class Person(Schema):
    """A legislator."""

    id: str = Field(..., description="ocd-person/…")
    slug: str = Field(..., description="Short name, for the filter sponsor of bills")
    name: str
    given_name: str
    family_name: str
    party: str
    current: bool
    org_classification: str = Field("", description="lower or upper")
    district: int | None = None
    division_id: str | None = Field(None, description="ocd-division/… of the district")
    url: str


class OrganizationRow(Schema):
    """A committee."""

    id: str = Field(..., description="ocd-organization/…")
    slug: str = Field(..., description="Short name, for the filter committee of bills and hearings")
    name: str
    classification: str = "committee"
    parent: str = Field("", description="lower, upper or joint")
    current: bool
    url: str


class Membership(Schema):
    """A seat on a committee."""

    name: str
    role: str
    person_id: str | None = None


class OrganizationDetail(OrganizationRow):
    """A committee with its members."""

    memberships: list[Membership]


class AgendaItem(Schema):
    """A measure, or an amendment to one, before a hearing."""

    identifier: str
    bill_id: str | None = None
    amendment: str = ""


class Hearing(Schema):
    """A committee hearing."""

    id: int
    name: str = Field(..., description="The committee")
    organization: str = Field(..., description="lower, upper or joint")
    organization_id: str | None = None
    start_date: datetime
    status: str = Field(..., description="scheduled, cancelled or moved")
    location: str
    slips: str = Field(..., description="Witness slips: not_posted, open, closing, closed or cancelled")
    agenda: list[AgendaItem]
    url: str


class BillEvent(Schema):
    """One change that we saw."""

    id: int
    kind: str
    bill_id: str
    bill_identifier: str
    before: str
    after: str
    words: str = Field(..., description="The change in a sentence")
    happened_on: Day | None = None
    observed_at: datetime
    url: str
