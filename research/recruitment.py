"""Whom a project wanted to reach and whom it reached: live, with the partners that could fill a gap."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from partners.models import Organization, ProfileAnswer
from partners.profile import FRESH_FOR
from research.models import Participant, RecruitmentTarget, ResearchProject, UnderrepresentedGroup

MOST_NAMED = 5
_Dimension = RecruitmentTarget.Dimension
Group = tuple[str, object]


@dataclass
class TargetLine:
    """One target: how many are wanted and there, and who could be invited to fill the gap."""

    target: RecruitmentTarget
    reached: int
    could_invite: list[Organization] = field(default_factory=list)
    could_invite_beyond: int = 0

    @property
    def wanted(self) -> int:
        return self.target.number

    @property
    def gap(self) -> int:
        """Participants that are missing."""
        return max(0, self.wanted - self.reached)

    @property
    def percent(self) -> int:
        """Reached ÷ wanted, at most 100."""
        return min(100, 100 * self.reached // self.wanted)


@dataclass(frozen=True)
class Recruitment:
    """A project's targets, the widest gap first, and what is known of its participants."""

    lines: list[TargetLine]
    participants: int
    without_organization: int
    hides_leaders: bool = False

    @property
    def open_gaps(self) -> int:
        return sum(1 for line in self.lines if line.gap)

    @property
    def coverage(self) -> float | None:
        """Participants whose organization is known ÷ all, in percent."""
        if not self.participants:
            return None
        return round(100 * (self.participants - self.without_organization) / self.participants, 1)


class _Row(NamedTuple):
    area: int | None
    sub_sector: int | None
    role: str
    organization: int | None
    budget: str | None


def recruitment(project: ResearchProject, now: datetime, *, with_leaders: bool) -> Recruitment:
    """Participants against targets. Five queries.

    Only who took part counts. Leaders' groups are told to those who may read what leaders answered.
    """
    targets = list(project.targets.select_related("area", "sub_sector"))
    shown = [target for target in targets if with_leaders or target.dimension != _Dimension.LEADER]
    rows = _participants(project)
    leaders = _leaders(now) if any(target.dimension == _Dimension.LEADER for target in shown) else {}
    reached = Counter(group for row in rows for group in _groups(row, leaders))
    lines = [TargetLine(target, reached[_group(target)]) for target in shown]
    _name_partners([line for line in lines if line.gap], {row.organization for row in rows}, leaders)
    lines.sort(key=lambda line: (-line.gap, line.percent))
    return Recruitment(
        lines, len(rows), sum(1 for row in rows if row.organization is None), len(shown) < len(targets)
    )


def _participants(project: ResearchProject) -> list[_Row]:
    found = Participant.objects.filter(project=project, participations__isnull=False).distinct().order_by()
    return [
        _Row(*row[1:])
        for row in found.values_list(
            "pk", "county__area", "sub_sector", "role", "organization", "organization__budget_band"
        )
    ]


def _leaders(now: datetime) -> Mapping[int, set[str]]:
    """The groups of each organization's leader, as they told within 12 months. One query."""
    fresh = ProfileAnswer.objects.filter(
        marker__in=[ProfileAnswer.Marker.LEADER_RACE, ProfileAnswer.Marker.LEADER_ABILITY],
        answered_at__gte=now - FRESH_FOR,
        answered_at__lte=now,
    )
    groups: dict[int, set[str]] = defaultdict(set)
    for organization, values in fresh.newest().values_list("organization", "values"):
        groups[organization] |= set(values) & set(UnderrepresentedGroup.values)
    return groups


def _groups(row: _Row, leaders: Mapping[int, set[str]]) -> Iterable[Group]:
    yield _Dimension.AREA, row.area
    yield _Dimension.SUB_SECTOR, row.sub_sector
    yield _Dimension.ROLE, row.role
    yield _Dimension.BUDGET, row.budget
    for group in leaders.get(row.organization or 0, ()):
        yield _Dimension.LEADER, group


def _group(target: RecruitmentTarget) -> Group:
    """What is counted for a target."""
    return target.dimension, target.area_id or target.sub_sector_id or target.value


def _name_partners(
    lines: list[TargetLine], taking_part: set[int | None], leaders: Mapping[int, set[str]]
) -> None:
    """Active partners that take no part yet, for each gap. Two queries; roles are no partner's."""
    if not lines:
        return
    partners = (
        Organization.objects.active().only("name", "area", "budget_band").prefetch_related("sub_sectors")
    )
    could: dict[Group, list[Organization]] = defaultdict(list)
    for partner in partners:
        if partner.pk in taking_part:
            continue
        could[_Dimension.AREA, partner.area_id].append(partner)
        could[_Dimension.BUDGET, partner.budget_band].append(partner)
        for sub_sector in partner.sub_sectors.all():
            could[_Dimension.SUB_SECTOR, sub_sector.pk].append(partner)
        for group in leaders.get(partner.pk, ()):
            could[_Dimension.LEADER, group].append(partner)
    for line in lines:
        found = could[_group(line.target)]
        line.could_invite = found[:MOST_NAMED]
        line.could_invite_beyond = max(0, len(found) - MOST_NAMED)
