"""Indicators of the legislature: one definition each, in code and in words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from legislation.chambers import SEATS, Chamber, GeneralAssembly
from legislation.models import BillTracking, Sponsorship, Term
from partners.fiscal_year import FiscalYear

COSPONSORS_DEFINITION = _(
    "Members of the General Assembly whose names stand, on the day counted, as chief co-sponsors or co-sponsors on at "
    "least one bill that we support with priority lead or support; each member counted once. The day counted is the "
    "last day of the fiscal year, or today while it runs; the bills are those of the General Assembly of that day. Net added: names that joined such "
    "a bill within the fiscal year, minus names that left it. Share: those who hold a seat that day, of the 118 "
    "seats of the House and the 59 of the Senate. Chief sponsors are counted apart. A member's role is the one "
    "they have now. A name without a date of joining counts from the day the bill was filed. Printed names that "
    "are not matched to a member yet are counted apart. By Local Area Council there is no count: districts and "
    "councils do not share their borders."
)
PARTY_UNKNOWN = "?"


@dataclass(frozen=True)
class Tally:
    """Members counted once under one heading, such as the House; `seats` is 0 where no share makes sense."""

    label: str | Promise
    cosponsors: int
    chief_sponsors: int
    seated: int = 0
    seats: int = 0

    @property
    def share(self) -> float | None:
        """Seats whose holders cosponsor, 0 to 1."""
        return self.seated / self.seats if self.seats else None

    @property
    def share_percent(self) -> float | None:
        """The share in percent, one decimal."""
        return None if self.share is None else round(100 * self.share, 1)


@dataclass
class BillCosponsors:
    """One bill's part. `net_added` counts names of cosponsors, also those not matched to a member."""

    tracking: BillTracking
    cosponsors: int = 0
    house: int = 0
    senate: int = 0
    parties: dict[str, int] = field(default_factory=dict)
    net_added: int = 0
    unmatched: int = 0
    chief_sponsors: list[str] = field(default_factory=list)


@dataclass
class Cosponsors:
    """Indicator P1, cosponsors of legislation, in one fiscal year."""

    year: FiscalYear
    as_of: date
    assembly: GeneralAssembly
    total: Tally
    chambers: list[Tally]
    parties: list[Tally]
    bills: list[BillCosponsors]
    net_added: int
    unmatched: int
    definition: str | Promise = COSPONSORS_DEFINITION


@dataclass(frozen=True)
class _Name:
    """A sponsorship as it stands on the day counted."""

    row: Sponsorship
    member: int | None
    chamber: str
    party: str
    is_chief: bool
    is_active: bool
    change: int


def cosponsors(year: FiscalYear, today: date) -> Cosponsors:
    """P1 of a fiscal year, counted on its last day or `today`. Three queries, however many bills."""
    as_of = min(year.last, today)
    assembly = GeneralAssembly.of(as_of)
    trackings = list(
        BillTracking.objects.filter(
            bill__session=assembly.number,
            position=BillTracking.Position.SUPPORT,
            priority__in=[BillTracking.Priority.LEAD, BillTracking.Priority.SUPPORT],
        )
        .exclude(bill__introduced_on__gt=as_of)
        .select_related("bill")
        .defer("talking_points", "bill__search", "bill__synopsis")
        .by_priority()
    )
    filed = {tracking.bill_id: tracking.bill.introduced_on for tracking in trackings}
    rows = list(Sponsorship.objects.filter(bill__in=filed).select_related("legislator"))
    names: dict[int, list[_Name]] = defaultdict(list)
    for row in rows:
        names[row.bill_id].append(_name(row, filed[row.bill_id], year, as_of))
    every = [name for of_bill in names.values() for name in of_bill]
    seats = _seats_held({name.member for name in every if name.member and name.is_active}, as_of)
    return Cosponsors(
        year=year,
        as_of=as_of,
        assembly=assembly,
        total=_tally(_("General Assembly"), every, seats, sum(SEATS.values())),
        chambers=[
            _tally(chamber.label, [name for name in every if name.chamber == chamber], seats, number)
            for chamber, number in SEATS.items()
        ],
        parties=[
            _tally(party or PARTY_UNKNOWN, [name for name in every if name.party == party], seats, 0)
            for party in sorted({name.party for name in every if name.member and name.is_active})
        ],
        bills=[_of_bill(tracking, names[tracking.bill_id]) for tracking in trackings],
        net_added=sum(name.change for name in every if not name.is_chief),
        unmatched=len(
            {(name.chamber, name.row.name) for name in every if name.is_active and not name.member}
        ),
    )


def _name(row: Sponsorship, filed: date | None, year: FiscalYear, as_of: date) -> _Name:
    joined = row.added_on or filed
    left = row.removed_on
    member = row.legislator
    change = int(joined is not None and year.first <= joined <= as_of)
    change -= int(left is not None and year.first <= left <= as_of)
    return _Name(
        row=row,
        member=row.legislator_id,
        chamber=row.chamber or (member.chamber if member else ""),
        party=member.party if member else "",
        is_chief=row.role == Sponsorship.Role.CHIEF,
        is_active=(joined is None or joined <= as_of) and (left is None or left > as_of),
        change=change,
    )


def _seats_held(members: set[int], day: date) -> dict[int, tuple[str, int]]:
    """The seat each of these members holds on a day; nothing for those who hold none then. One query."""
    held = Term.objects.filter(
        Q(start__isnull=True) | Q(start__lte=day),
        Q(end__isnull=True) | Q(end__gt=day),
        legislator__in=members,
    )
    return {term.legislator_id: (term.chamber, term.district) for term in held.order_by("start")}


def _tally(label: str | Promise, names: Iterable[_Name], seats: dict[int, tuple[str, int]], of: int) -> Tally:
    active = [name for name in names if name.is_active and name.member]
    cosponsoring = {name.member for name in active if not name.is_chief}
    chiefs = {name.member for name in active if name.is_chief}
    return Tally(
        label=label,
        cosponsors=len(cosponsoring),
        chief_sponsors=len(chiefs),
        seated=len({seats[member] for member in cosponsoring if member in seats}),
        seats=of,
    )


def _of_bill(tracking: BillTracking, names: list[_Name]) -> BillCosponsors:
    joined = [name for name in names if name.is_active and not name.is_chief]
    matched = {name.member: name for name in joined if name.member}
    parties: dict[str, int] = defaultdict(int)
    for name in matched.values():
        parties[name.party or PARTY_UNKNOWN] += 1
    return BillCosponsors(
        tracking=tracking,
        cosponsors=len(matched),
        house=sum(1 for name in matched.values() if name.chamber == Chamber.LOWER),
        senate=sum(1 for name in matched.values() if name.chamber == Chamber.UPPER),
        parties=dict(sorted(parties.items())),
        net_added=sum(name.change for name in names if not name.is_chief),
        unmatched=sum(1 for name in joined if not name.member),
        chief_sponsors=[
            name.row.legislator.name if name.row.legislator else name.row.name
            for name in names
            if name.is_chief and name.is_active
        ],
    )
