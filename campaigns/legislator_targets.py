"""Whom a call asks people to reach, read anew for each visitor: the rule follows the bill of the call."""

import secrets
import zlib
from collections.abc import Collection
from dataclasses import dataclass

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils import timezone

from campaigns.models import CallToAction, LegislatorTargets
from campaigns.visitors import Visitor
from legislation.chambers import Chamber, senate_district
from legislation.models import ChamberLeader, Committee, Legislator, Sponsorship
from legislation.places.geography import zip_candidates
from legislation.querysets import ChamberLeaderQuerySet

Rule = LegislatorTargets.Rule

_SALT = "campaigns.legislators-asked"
# Somebody who left the page open over the weekend still tells about those who were asked on it.
_OFFER_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class Home:
    """Where a visitor lives, as far as we know: a House district, or several that come into question.

    `basis` says who told it: "given" by the visitor, or the ZIP code of their "profile" or their "organization".
    """

    house: int | None = None
    basis: str = ""
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A legislator whom the visitor is asked to reach."""

    legislator: Legislator
    is_own: bool
    # What they lead, where the call asks leaders: “Speaker of the House”.
    office: str = ""


@dataclass(frozen=True)
class Reach:
    """What the page of a call knows before somebody writes or calls: the rule, their home, and whom it gives."""

    targets: LegislatorTargets
    home: Home
    asked: list[Asked]
    # Signed, so that a bill that moves while somebody writes does not take their legislators away.
    offer: str

    @property
    def needs_home(self) -> bool:
        """Whether nobody can be named before the visitor says where they live."""
        return asks_constituents(self.targets) and self.home.house is None


def targets_of(call: CallToAction) -> LegislatorTargets:
    """The rule of a call; a new call has none yet and asks for one's own two legislators."""
    found = LegislatorTargets.objects.filter(call_to_action=call).select_related("committee").first()
    return found or LegislatorTargets(call_to_action=call)


def asks_constituents(targets: LegislatorTargets) -> bool:
    """Whether only those who represent the person come into question."""
    return targets.rule == Rule.MINE or targets.only_own


def needs_bill(targets: LegislatorTargets) -> bool:
    """Whether the rule says nothing without a bill to follow."""
    if targets.rule == Rule.COMMITTEE:
        return targets.committee_id is None
    return targets.rule in {Rule.SPONSORS, Rule.NOT_SPONSORS}


def home_of(visitor: Visitor) -> Home:
    """What the visitor said, else what the ZIP code of their profile or of their organization says."""
    if visitor.house:
        return Home(visitor.house, "given")
    for owner, basis in ((visitor.person, "profile"), (visitor.organization, "organization")):
        found = zip_candidates(owner.zip_code) if owner and owner.zip_code else None
        if found and found.candidates:
            houses = tuple(one.house for one in found.candidates)
            return Home(houses[0] if len(houses) == 1 else None, basis, houses)
    return Home()


def committee_asked(call: CallToAction, targets: LegislatorTargets) -> Committee | None:
    """The committee of the rule: a fixed one, or where the bill is today."""
    if targets.rule != Rule.COMMITTEE:
        return None
    return targets.committee or (call.bill.committee if call.bill else None)


def candidates(call: CallToAction, targets: LegislatorTargets) -> QuerySet[Legislator]:
    """Everybody who comes into question today, wherever the visitor lives."""
    sitting = Legislator.objects.current()
    chamber = targets.chamber
    if targets.rule == Rule.COMMITTEE:
        committee = committee_asked(call, targets)
        return sitting.filter(committee_memberships__committee=committee) if committee else sitting.none()
    if targets.rule == Rule.CHOSEN:
        return sitting.filter(pk__in=targets.legislators.values("pk")) if targets.pk else sitting.none()
    if targets.rule == Rule.LEADERSHIP:
        chamber = chamber or (call.bill.current_chamber if call.bill else "")
        sitting = sitting.filter(pk__in=_leaders().values("legislator"))
    if targets.rule in {Rule.SPONSORS, Rule.NOT_SPONSORS}:
        if call.bill is None:
            return sitting.none()
        names = Sponsorship.objects.active().filter(bill=call.bill, legislator__isnull=False)
        on_it = Q(pk__in=names.values("legislator"))
        if targets.rule == Rule.NOT_SPONSORS:
            chamber = chamber or call.bill.current_chamber
            on_it = ~on_it
        sitting = sitting.filter(on_it)
    return sitting.filter(chamber=chamber) if chamber else sitting


def reach(call: CallToAction, visitor: Visitor, *, offer: str = "", without: Collection[int] = ()) -> Reach:
    """Whom a visitor is asked to reach: their own first, then by turns, so that no office gets everything.

    `offer` is what an earlier page named; `without` leaves out those who were written to before.
    """
    targets, home = targets_of(call), home_of(visitor)
    numbers = _offered(call, offer)
    if numbers is None:
        numbers = _chosen(call, targets, home, visitor, without)
    found = Legislator.objects.prefetch_related("offices").in_bulk(numbers)
    offices = _offices(targets, numbers)
    asked = [
        Asked(found[pk], _represents(found[pk], home), offices.get(pk, "")) for pk in numbers if pk in found
    ]
    return Reach(targets, home, asked, signing.dumps([call.pk, numbers], salt=_SALT))


def _leaders() -> ChamberLeaderQuerySet:
    return ChamberLeader.objects.holding(timezone.localdate())


def _offices(targets: LegislatorTargets, numbers: Collection[int]) -> dict[int, str]:
    """What each of these legislators leads, where that is why they are asked."""
    if targets.rule != Rule.LEADERSHIP:
        return {}
    titles: dict[int, list[str]] = {}
    for legislator, title in _leaders().filter(legislator__in=numbers).values_list("legislator", "title"):
        titles.setdefault(legislator, []).append(title)
    return {legislator: ", ".join(found) for legislator, found in titles.items()}


def _offered(call: CallToAction, offer: str) -> list[int] | None:
    """The numbers behind a page's signed offer; None where there is none, or none of ours."""
    try:
        number, legislators = signing.loads(offer, salt=_SALT, max_age=_OFFER_SECONDS) if offer else (0, [])
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return legislators if number == call.pk else None


def _chosen(
    call: CallToAction,
    targets: LegislatorTargets,
    home: Home,
    visitor: Visitor,
    without: Collection[int],
) -> list[int]:
    """Numbers of legislators in the order in which they are asked."""
    found = candidates(call, targets)
    if asks_constituents(targets):
        if home.house is None:
            return []
        found = found.filter(_own(home.house))
    # Each person has a place of their own in the turn; a stranger's comes by chance.
    seed = str(visitor.person.pk) if visitor.person else secrets.token_hex(8)
    first = call.bill.current_chamber if call.bill else ""

    def place(row: tuple[int, str, int | None]) -> tuple[bool, bool, int]:
        number, chamber, district = row
        own = _is_own(chamber, district, home)
        turn = zlib.crc32(f"{call.pk}.{seed}.{number}".encode())
        return not own, not (own and chamber == first), turn

    rows = set(found.values_list("pk", "chamber", "district").order_by())
    return [row[0] for row in sorted(rows, key=place) if row[0] not in without][: targets.most]


def _own(house: int) -> Q:
    return Q(chamber=Chamber.LOWER, district=house) | Q(
        chamber=Chamber.UPPER, district=senate_district(house)
    )


def _is_own(chamber: str, district: int | None, home: Home) -> bool:
    if home.house is None:
        return False
    return district == (home.house if chamber == Chamber.LOWER else senate_district(home.house))


def _represents(legislator: Legislator, home: Home) -> bool:
    return _is_own(legislator.chamber, legislator.district, home)
