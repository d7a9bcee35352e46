"""The demonstration's tables: who sits where, what they report, who belongs; and this year's list of sub-sectors.

The tables are the coalitions among the allies. Who sits there, for how long and what they report is made up.
"""

from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from meetings.models import Seat, SeatReport, Table, TableMember
from meetings.services.seats_at_tables import add_tables_of_allies
from partners.fiscal_year import FiscalYear
from partners.models import Organization, SubSector, TeamMember, UnderrepresentedSubSector, User

# Short name and why, of the sub-sectors on the list.
LISTED: tuple[tuple[str, str], ...] = (
    ("immigrant-refugee", "Few of its organizations have a seat where budgets are decided."),
    ("justice-reentry", "Small and young organizations, seldom asked."),
    ("domestic-sexual-violence", "Spread thin over rural counties."),
)
# Role, name on our board or staff, its alternate, days since the term began, days until it ends (0: no end).
SEATS: tuple[tuple[str, str, str, int, int], ...] = (
    ("Co-chair", "Alex Rivera", "Naomi Feldman", 400, 325),
    ("Member", "Naomi Feldman", "", 700, 0),
    ("Commissioner", "Yolanda Whitfield", "Alex Rivera", 1040, 55),
    ("Member", "Darnell Hughes", "", 250, 480),
    ("Member", "Mei-Ling Chao", "", 300, 795),
    ("Committee member", "Hassan Mansour", "Mei-Ling Chao", 610, 120),
    ("Member", "Jamal Whitaker", "", 90, 0),
    ("Member", "Darnell Hughes", "Jamal Whitaker", 180, 550),
)
# Days ago, title, text, public.
REPORTS: tuple[tuple[int, str, str, bool], ...] = (
    (
        21,
        "Contracts and payments: what the state agencies answered",
        "<p>Three agencies told the coalition how long a payment takes from invoice to bank account. Two of them will "
        "publish that number every quarter.</p><p>Next: the same question to the other agencies, and a date by which "
        "advance payments can be asked for online.</p>",
        True,
    ),
    (
        48,
        "Before the session: who speaks for which line of the budget",
        "<p>The members shared out the budget lines among themselves. We speak for loan repayment and for fair "
        "contracting.</p>",
        True,
    ),
    (
        12,
        "Notes on the chair's succession",
        "<p>Two members asked whether we would take the chair next year. To be talked over by the board.</p>",
        False,
    ),
)
OTHERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Prairie Hospital Association (sample)", ("health-access",)),
    ("Lakeside Legal Aid (sample)", ("housing", "domestic-sexual-violence")),
    ("Downstate Counties Forum (sample)", ()),
)
MEMBERS = 24


def write_tables(*, seed: int, now: datetime) -> None:
    """The list of this and the last fiscal year, the tables with seats and reports, the members of the first."""
    _write_list(now)
    tables = add_tables_of_allies(by=None)
    Table.objects.filter(ally__name__icontains="Commission").update(kind=Table.Kind.STATE)
    Table.objects.filter(ally__name__icontains="Committee").update(kind=Table.Kind.STATE)
    policy = Table.objects.create(
        kind=Table.Kind.POLICY,
        name="Contracting and payments work group (sample)",
        slug="contracting-and-payments-work-group",
        summary="Providers and state agencies go through the steps between an invoice and its payment.",
        order=20,
    )
    team = {member.name: member for member in TeamMember.objects.all()}
    today = timezone.localdate(now)
    seats = [
        Seat.objects.create(
            table=table,
            role=role,
            team_member=team.get(holder),
            alternate_member=team.get(alternate),
            starts_on=today - timedelta(days=began),
            ends_on=today + timedelta(days=ends) if ends else None,
        )
        for table, (role, holder, alternate, began, ends) in zip([*tables, policy], SEATS, strict=False)
    ]
    staff = User.objects.filter(is_staff=True).order_by("pk").first()
    for seat in seats[:1]:
        for ago, title, text, is_public in REPORTS:
            SeatReport.objects.create(
                seat=seat,
                day=today - timedelta(days=ago),
                title=title,
                body=text,
                is_public=is_public,
                written_by=staff,
            )
    if tables:
        _write_members(tables[0], seed, now)


def _write_list(now: datetime) -> None:
    fields = SubSector.objects.in_bulk(field_name="slug")
    year = FiscalYear.of(now)
    UnderrepresentedSubSector.objects.bulk_create(
        UnderrepresentedSubSector(fiscal_year=one.year, sub_sector=fields[slug], note=note)
        for one in (year.previous(), year)
        for slug, note in LISTED
        if slug in fields
    )


def _write_members(table: Table, seed: int, now: datetime) -> None:
    """Mostly large organizations, as it is: so some sub-sectors are missing."""
    rng, today = Random(f"{seed}:tables"), timezone.localdate(now)
    large = list(
        Organization.objects.active()
        .filter(budget_band__in=["5m_20m", "over_20m", "1m_5m"])
        .exclude(sub_sectors__slug__in=[slug for slug, _note in LISTED])
        .order_by("pk")[: MEMBERS * 3]
    )
    chosen = rng.sample(large, min(MEMBERS, len(large)))
    TableMember.objects.bulk_create(
        TableMember(table=table, organization=one, since=today - timedelta(days=rng.randint(200, 3000)))
        for one in chosen
    )
    fields = SubSector.objects.in_bulk(field_name="slug")
    for name, slugs in OTHERS:
        member = TableMember.objects.create(table=table, name=name, since=today - timedelta(days=900))
        member.sub_sectors.set([fields[slug] for slug in slugs if slug in fields])
