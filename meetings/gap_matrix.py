"""Which sub-sectors are missing at a table: its members beside our active partners, and who could fill a gap."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from meetings.models import Table, TableMember
from partners.models import Organization, SubSector

MOST_NAMED = 5
LATELY = timedelta(days=365)


@dataclass
class GapRow:
    """One sub-sector: how many members and partners work in it, and in percent of those whose sub-sectors we know."""

    sub_sector: SubSector
    members: int
    partners: int
    member_share: float | None
    partner_share: float | None
    could_fill: list[Organization] = field(default_factory=list)
    could_fill_beyond: int = 0

    @property
    def gap(self) -> float | None:
        """Percentage points between members and partners; below zero, the sub-sector is missing at the table."""
        if self.member_share is None or self.partner_share is None:
            return None
        return round(self.member_share - self.partner_share, 1)

    @property
    def is_missing(self) -> bool:
        """Whether the table has less of it than the partners, or nobody at all."""
        return bool(self.partners) and (not self.members or (self.gap or 0) < 0)


@dataclass(frozen=True)
class GapMatrix:
    """A table's sub-sectors. `known` of its `members` are organizations whose sub-sectors we know."""

    rows: list[GapRow]
    members: int
    known: int
    partners: int

    @property
    def coverage(self) -> float | None:
        return round(100 * self.known / self.members, 1) if self.members else None

    @property
    def missing(self) -> int:
        """Sub-sectors without any member."""
        return sum(1 for row in self.rows if not row.members)


def gap_matrix(table: Table, now: datetime) -> GapMatrix:
    """The widest gap first. Six queries.

    Those who could fill a gap are active partners of the sub-sector that do not belong yet, the ones that came to most
    of our events in the last 12 months first.
    """
    members = list(
        TableMember.objects.filter(table=table)
        .current(timezone.localdate(now))
        .select_related("organization")
        .prefetch_related("sub_sectors", "organization__sub_sectors")
    )
    fields = [{one.pk for one in (member.organization or member).sub_sectors.all()} for member in members]
    at_table = Counter(pk for of_member in fields for pk in of_member)
    known = sum(1 for of_member in fields if of_member)
    works = _partners_by_sub_sector(now)
    partners = len({partner.pk for rows in works.values() for partner in rows})
    belong = {member.organization_id for member in members}
    found = []
    for sub_sector in SubSector.objects.all():
        ours = works.get(sub_sector.pk, [])
        row = GapRow(
            sub_sector,
            at_table[sub_sector.pk],
            len(ours),
            _percent(at_table[sub_sector.pk], known),
            _percent(len(ours), partners),
        )
        if row.is_missing:
            could = [partner for partner in ours if partner.pk not in belong]
            row.could_fill = could[:MOST_NAMED]
            row.could_fill_beyond = max(0, len(could) - MOST_NAMED)
        found.append(row)
    found.sort(key=lambda row: row.gap if row.gap is not None else 0.0)
    return GapMatrix(found, len(members), known, partners)


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _partners_by_sub_sector(now: datetime) -> dict[int, list[Organization]]:
    """Active partners by sub-sector, those that came most often first. Two queries."""
    came = Count(
        "attendances",
        filter=Q(attendances__status="attended", attendances__event__starts_at__gte=now - LATELY)
        & ~Q(attendances__event__kind="internal"),
    )
    partners = {
        partner.pk: partner
        for partner in Organization.objects.active().annotate(came=came).order_by("-came", "name")
    }
    order = {pk: place for place, pk in enumerate(partners)}
    works: dict[int, list[Organization]] = defaultdict(list)
    pairs = Organization.sub_sectors.through.objects.filter(organization__status="active")
    for organization, sub_sector in sorted(
        pairs.values_list("organization", "subsector"), key=lambda pair: order.get(pair[0], len(order))
    ):
        if organization in partners:
            works[sub_sector].append(partners[organization])
    return works
