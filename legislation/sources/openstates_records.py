"""Turns the shapes of Open States into records, whichever dialect they came in."""

from functools import lru_cache

from django.utils.translation import gettext as _

from legislation.records import (
    ActionRecord,
    DocumentRecord,
    MeasureRecord,
    RollCallRecord,
    SponsorshipRecord,
    VoteRecord,
)
from legislation.sources.openstates_shapes import (
    Abstract,
    Action,
    Count,
    Jurisdiction,
    Link,
    Measure,
    Organization,
    PersonVote,
    Sponsorship,
    Vote,
)
from legislation.sources.reading import (
    Refused,
    chamber_of,
    check_illinois,
    check_session,
    person_of,
    read_day,
    read_identifier,
    read_session,
    read_when_known,
)

# In the order of the field's own words; "other" is how the scrapers write "present".
OPTIONS = {
    "yes": "yes",
    "no": "no",
    "present": "present",
    "other": "present",
    "abstain": "present",
    "not voting": "not voting",
    "excused": "excused",
    "absent": "absent",
    "paired": "not voting",
}
RESULTS = {"pass": True, "passed": True, "fail": False, "failed": False}
ROLES = {
    "primary": "chief",
    "chief": "chief",
    "sponsor": "chief",
    "cosponsor": "cosponsor",
    "co-sponsor": "cosponsor",
    "chief co-sponsor": "chief_cosponsor",
    "chief cosponsor": "chief_cosponsor",
    "chief_cosponsor": "chief_cosponsor",
}


def place_of(jurisdiction: Jurisdiction | str | None) -> str:
    """The jurisdiction's id or name; "" where none is named."""
    if isinstance(jurisdiction, Jurisdiction):
        return jurisdiction.id or jurisdiction.name
    return jurisdiction or ""


def body_of(organization: Organization | str | None) -> str:
    """The chamber that an organization stands for, in whichever dialect; "" for none."""
    if isinstance(organization, Organization):
        return chamber_of(organization.classification) or chamber_of(organization.name)
    return chamber_of(organization) if organization else ""


@lru_cache(maxsize=5_000)
def _sponsorship(name: str, classification: str, primary: bool, person: str, body: str) -> SponsorshipRecord:
    # Records never change, so that the 178 names of 17,000 sponsorships need not be built again.
    person_id, chamber = person_of(person)
    role = ROLES.get(classification.lower()) or ("chief" if primary else "cosponsor")
    return SponsorshipRecord(name, role, chamber or chamber_of(body), person_id)


def _sponsor(sponsor: Sponsorship) -> SponsorshipRecord:
    if sponsor.person is None:
        return _sponsorship(
            sponsor.name,
            sponsor.classification or "",
            sponsor.primary,
            sponsor.person_id or "",
            sponsor.organization_id or "",
        )
    role = sponsor.person.current_role or {}
    body = str(role.get("org_classification") or "")
    return _sponsorship(sponsor.name, sponsor.classification or "", sponsor.primary, sponsor.person.id, body)


def _action(action: Action) -> ActionRecord:
    chamber = (
        chamber_of(action.organization_id)
        if action.organization_id
        else body_of(action.organization) or chamber_of(action.organization__name)
    )
    return ActionRecord(chamber, read_day(action.date), action.description)


# A text that is only named yet.
_NO_LINK = Link(url="")


def _documents(measure: Measure) -> tuple[DocumentRecord, ...] | None:
    if measure.versions is None and measure.documents is None:
        return None
    return tuple(
        DocumentRecord(
            document.note or "",
            link.url,
            link.media_type or "",
            read_day(document.date) if document.date else None,
        )
        for document in (measure.versions or []) + (measure.documents or [])
        for link in document.links or [_NO_LINK]
    )


def _synopsis(abstracts: list[Abstract] | None) -> str | None:
    """All abstracts, each under its heading where it has one; None when there is nothing to say."""
    texts = [
        f"{abstract.note}\n{abstract.abstract}" if abstract.note else abstract.abstract
        for abstract in abstracts or []
        if abstract.abstract
    ]
    return "\n\n".join(texts) or None


def measure_record(measure: Measure, wanted: int = 0) -> MeasureRecord:
    """The measure as a record. Raises `Refused` when any part of it is not what it should be."""
    check_illinois(place_of(measure.jurisdiction) or measure.jurisdiction_name)
    sponsors = measure.sponsorships if measure.sponsorships is not None else measure.sponsors
    actions = measure.actions
    if actions and actions[0].order != actions[-1].order:
        actions = sorted(actions, key=lambda action: action.order)
    return MeasureRecord(
        session=check_session(read_session(measure.legislative_session or measure.session), wanted),
        identifier=read_identifier(measure.identifier),
        title=measure.title or None,
        synopsis=_synopsis(measure.abstracts),
        sponsorships=None if sponsors is None else tuple(map(_sponsor, sponsors)),
        actions=None if actions is None else tuple(map(_action, actions)),
        documents=_documents(measure),
        source_url=measure.sources[0].url if measure.sources else None,
        ocd_id=measure.id if measure.id.startswith("ocd-bill/") else None,
        as_of=read_when_known(measure.scraped_at or measure.updated_at),
    )


def option_of(text: str) -> str:
    """A vote in the record's words."""
    option = OPTIONS.get(text) or OPTIONS.get(text.strip().lower())
    if option is None:
        raise Refused(_("“%(value)s” is not a vote.") % {"value": text[:60]})
    return option


@lru_cache(maxsize=20_000)
def _vote(name: str, option: str, voter: str) -> VoteRecord:
    return VoteRecord(name, option_of(option), person_of(voter)[0])


def _person_vote(vote: PersonVote) -> VoteRecord:
    if vote.voter is not None:
        return _vote(vote.voter_name or vote.voter.name, vote.option, vote.voter.id)
    return _vote(vote.voter_name, vote.option, vote.voter_id or "")


def _counts(counts: list[Count]) -> dict[str, int]:
    stated: dict[str, int] = {}
    for count in counts:
        if count.value < 0:
            raise Refused(_("It states a count of %(value)s.") % {"value": count.value})
        option = option_of(count.option)
        stated[option] = stated.get(option, 0) + count.value
    return stated


def _vote_key(vote: Vote) -> str:
    """The same in every dialect that names the roll call's page; that address is what the scrapers key by."""
    return vote.dedupe_key or (vote.sources[0].url if vote.sources else "") or vote.id or vote.private_id


def roll_call_record(vote: Vote, wanted: int = 0, key: str = "") -> RollCallRecord:
    """The roll call as a record. `key` serves where the source gives none. Raises `Refused`."""
    check_illinois(place_of(vote.jurisdiction))
    body = vote.organization
    chamber = body_of(body) or chamber_of(vote.organization__classification)
    if chamber not in {"lower", "upper"}:
        raise Refused(_("It does not say in which chamber the vote was taken."))
    key = _vote_key(vote) or key
    if not key:
        raise Refused(_("It has no key or address by which it could be recognized."))
    passed = RESULTS.get(vote.result.lower())
    if passed is None:
        raise Refused(_("“%(value)s” is not a result.") % {"value": vote.result[:60]})
    return RollCallRecord(
        key=key,
        session=check_session(read_session(vote.legislative_session), wanted),
        identifier=read_identifier(vote.bill_identifier),
        chamber=chamber,
        date=read_day(vote.start_date),
        motion=vote.motion_text or "",
        passed=passed,
        counts=_counts(vote.counts),
        votes=tuple(map(_person_vote, vote.votes)),
        source_url=vote.sources[0].url if vote.sources else "",
    )
