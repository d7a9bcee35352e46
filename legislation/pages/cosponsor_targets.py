"""Who could still put their name on a bill: whom the most partners can ask, who asked them, and what they said."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils.translation import gettext as _

from legislation.chambers import SEATS, Chamber
from legislation.models import Bill, CommitteeMembership, Legislator, LegislatorAsk, Sponsorship
from legislation.pages.representation import CHAMBER_WORDS, CHAMBERS, district_url
from legislation.pages.stances import MemberStance, Standing, member_stances, readable_notes
from legislation.places.of_partners import DistrictPartners, partners_by_district
from partners.models import Membership, User

STANDINGS = [standing for standing in Standing if standing != Standing.SPONSOR]
ASKS_SHOWN = 3
LONGEST_NAME = 80


@dataclass(frozen=True)
class ShownAsk:
    """One conversation as somebody may see it: the note only where it is theirs to read."""

    by: str
    on: date
    stance: str
    note: str


@dataclass
class Target:
    """A member who is not on the bill yet. `own`: one of the reader's organizations is in the district."""

    legislator: Legislator
    stance: MemberStance
    partners: DistrictPartners
    on_committee: bool
    own: bool
    asks: list[ShownAsk] = field(default_factory=list)

    @property
    def district_url(self) -> str:
        return district_url(self.legislator.chamber, self.legislator.district or 0)

    @property
    def asked_more(self) -> int:
        """Conversations beyond those that are listed."""
        return len(self.stance.asks) - len(self.asks)

    @property
    def order(self) -> tuple[int, bool, str, str]:
        """Those whom the most partners can ask come first, then members of the committee, then by name."""
        name = (self.legislator.family_name, self.legislator.given_name)
        return -self.partners.number, not self.on_committee, *name


class TargetFilter:
    """What somebody asked for. A value that makes no sense is left out."""

    def __init__(self, query: QueryDict, default: Chamber) -> None:
        self.chamber = CHAMBERS.get(query.get("chamber", ""), default)
        self.party = query.get("party", "").replace("\x00", "").strip()[:LONGEST_NAME]
        self.standing = standing if (standing := query.get("stance", "")) in STANDINGS else ""
        self.committee = query.get("committee") == "1"
        self.own = query.get("own") == "1"

    @property
    def chamber_word(self) -> str:
        return CHAMBER_WORDS[self.chamber]

    @property
    def is_active(self) -> bool:
        return bool(self.party or self.standing or self.committee or self.own)

    @property
    def query(self) -> str:
        """The filter as an address's query."""
        facts = {
            "chamber": self.chamber_word,
            "party": self.party,
            "stance": self.standing,
            "committee": "1" if self.committee else "",
            "own": "1" if self.own else "",
        }
        return urlencode({name: value for name, value in facts.items() if value})

    def matches(self, target: Target) -> bool:
        if self.party and target.legislator.party != self.party:
            return False
        if self.standing and target.stance.standing != self.standing:
            return False
        return (not self.committee or target.on_committee) and (not self.own or target.own)


@dataclass
class Targets:
    """The page of one bill. `names` stand on it in this chamber; `missing` members do not, before any filter."""

    bill: Bill
    filter: TargetFilter
    rows: list[Target]
    names: int
    missing: int
    without_partner: int
    promised: int
    unmatched: int
    parties: list[str]
    has_own: bool
    partners: int
    unplaced: int

    @property
    def chamber(self) -> Chamber:
        return self.filter.chamber

    @property
    def seats(self) -> int:
        return SEATS[self.chamber]


def helpful_chamber(bill: Bill) -> Chamber:
    """Where another name helps: the chamber that has the bill now, else the one it began in."""
    return Chamber(bill.current_chamber or bill.chamber)


def cosponsor_targets(bill: Bill, query: QueryDict, user: User | AnonymousUser) -> Targets:
    """Who is not on a bill yet, as `user` may see it. Eleven queries, however many members and partners."""
    asked = TargetFilter(query, helpful_chamber(bill))
    partners = partners_by_district(asked.chamber)
    stances, notes = member_stances(bill), readable_notes(bill, user)
    committee = _committee_members(bill)
    own = set(Membership.objects.of(user).values_list("organization", flat=True))
    sitting = list(Legislator.objects.current().filter(chamber=asked.chamber))
    every = []
    for member in sitting:
        stance = stances.get(member.pk, MemberStance())
        if stance.sponsorship is None and member.district in partners.districts:
            district = partners.districts[member.district]
            asks = _shown(stance.asks[:ASKS_SHOWN], notes)
            every.append(Target(member, stance, district, member.pk in committee, district.holds(own), asks))
    unmatched = Sponsorship.objects.active().filter(bill=bill, chamber=asked.chamber, legislator__isnull=True)
    return Targets(
        bill=bill,
        filter=asked,
        rows=sorted(filter(asked.matches, every), key=lambda target: target.order),
        names=len(sitting) - len(every),
        missing=len(every),
        without_partner=sum(1 for target in every if not target.partners.number),
        promised=sum(1 for target in every if target.stance.promised),
        unmatched=unmatched.count(),
        parties=sorted({member.party for member in sitting if member.party}),
        has_own=bool(own),
        partners=partners.partners,
        unplaced=partners.unplaced,
    )


def _committee_members(bill: Bill) -> set[int | None]:
    """Who sits on the committee where the bill lies now."""
    if bill.committee_id is None:
        return set()
    seats = CommitteeMembership.objects.filter(committee=bill.committee_id, legislator__isnull=False)
    return set(seats.values_list("legislator", flat=True))


def _shown(asks: list[LegislatorAsk], notes: Collection[int]) -> list[ShownAsk]:
    return [
        ShownAsk(
            by=ask.organization.name if ask.organization else _("our staff"),
            on=ask.asked_on,
            stance=str(
                _("promised to put their name on it") if ask.will_sponsor else ask.get_stance_display()
            ),
            note=ask.note if ask.pk in notes else "",
        )
        for ask in asks
    ]


def target_rows(targets: Targets) -> Iterator[list[object]]:
    """The list as a table for a spreadsheet. Notes stay on the page."""
    yield [
        _("District"),
        _("Legislator"),
        _("Party"),
        _("On the committee"),
        _("Partners with their seat in the district"),
        _("Partners with people in the district"),
        _("Where they stand"),
        _("Asked by"),
        _("Asked on"),
        _("E-mail address"),
    ]
    for target in targets.rows:
        latest = target.stance.latest
        by = (latest.organization.name if latest.organization else _("our staff")) if latest else ""
        yield [
            target.legislator.district,
            target.legislator.name,
            target.legislator.party,
            _("yes") if target.on_committee else "",
            len(target.partners.seats),
            len(target.partners.people),
            target.stance.words,
            by,
            latest.asked_on.isoformat() if latest else "",
            target.legislator.email,
        ]
