"""Indicators of partners: one definition each, in code and in words."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.models import Organization, ProfileAnswer
from partners.profile import FRESH_FOR

DEMOGRAPHIC_COVERAGE_DEFINITION = _(
    "Active partners that answered the question within the last 12 months ÷ active partners. "
    "“Prefer not to say” counts as answered."
)


@dataclass(frozen=True)
class MarkerCoverage:
    """Indicator P6 for one marker: `answered` of `partners` organizations."""

    marker: str
    label: str | Promise
    answered: int
    partners: int

    @property
    def percent(self) -> int:
        """0 to 100, rounded down so that 100 means all."""
        return 100 * self.answered // self.partners if self.partners else 0


def demographic_coverage(now: datetime, *, partners: int | None = None) -> list[MarkerCoverage]:
    """P6 for every marker. `partners` saves the count of active partners where it is known already."""
    if partners is None:
        partners = Organization.objects.active().count()
    answered = dict(
        ProfileAnswer.objects.filter(
            organization__status="active", answered_at__gt=now - FRESH_FOR, answered_at__lte=now
        )
        .values_list("marker")
        .annotate(organizations=Count("organization", distinct=True))
        .order_by()
    )
    return [
        MarkerCoverage(marker.value, marker.label, answered.get(marker.value, 0), partners)
        for marker in ProfileAnswer.Marker
    ]
