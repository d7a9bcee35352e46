"""The sliding scales of courses as tables: courses with the same steps stand in one table."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from trainings.models import Course, FeeTier


@dataclass(frozen=True)
class Row:
    """One course, with its fee at each step of the scale."""

    course: Course
    amounts: list[Decimal]


@dataclass
class FeeScale:
    """The steps, such as "Small organization", and the courses that have them."""

    steps: list[FeeTier]
    rows: list[Row] = field(default_factory=list)


def fee_scales(courses: Iterable[Course]) -> list[FeeScale]:
    """The tables, that with most courses first. Takes courses with their tiers at hand."""
    found: dict[tuple[tuple[str, str], ...], FeeScale] = {}
    for course in courses:
        offered = [tier for tier in course.tiers.all() if tier.is_offered]
        key = tuple((tier.name, _hint(tier)) for tier in offered)
        scale = found.setdefault(key, FeeScale(offered))
        scale.rows.append(Row(course, [tier.amount for tier in offered]))
    return sorted(found.values(), key=lambda scale: -len(scale.rows))


def _hint(tier: FeeTier) -> str:
    return tier.hint or tier.budget_band
