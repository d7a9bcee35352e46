"""Which partners should hear from us first, and why. Each room says what it knows; here it is put together."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

import partners.outreach
import surveys.outreach
from campaigns.models import ActionTaken
from partners.models import Organization
from partners.outreach import Reason, Reasons
from surveys.models import OutreachTouch

# For so long after somebody got in touch, a partner stands at the end of the list.
REST = timedelta(days=60)
QUIET = timedelta(days=365)


def no_action(organizations: Collection[int], now: datetime) -> Reasons:
    """Partners of whose people nobody took part in a call to action for a year."""
    active = set(
        ActionTaken.objects.filter(organization__in=organizations, acted_at__gt=now - QUIET)
        .values_list("organization", flat=True)
        .distinct()
    )
    quiet = Reason(_("nobody took part in a call to action in the last 12 months"), 1)
    return {organization: [quiet] for organization in organizations if organization not in active}


# Add a room's function here.
SOURCES: list[Callable[[Collection[int], datetime], Reasons]] = [
    surveys.outreach.reasons,
    partners.outreach.reasons,
    no_action,
]


@dataclass
class Candidate:
    """A partner on the list, with the reasons and the last time somebody got in touch."""

    organization: Organization
    reasons: list[Reason] = field(default_factory=list)
    last_touch: OutreachTouch | None = None
    is_resting: bool = False

    @property
    def weight(self) -> int:
        return sum(reason.weight for reason in self.reasons)


def outreach_list(now: datetime) -> list[Candidate]:
    """The active partners with a reason, the weightiest first; those we were in touch with lately come last."""
    candidates = {
        organization.pk: Candidate(organization)
        for organization in Organization.objects.active().select_related("area").order_by("name")
    }
    for source in SOURCES:
        for organization, found in source(candidates.keys(), now).items():
            if organization in candidates:
                candidates[organization].reasons += found
    touches = OutreachTouch.objects.order_by("organization_id", "-touched_at").distinct("organization_id")
    for touch in touches.select_related("touched_by__person"):
        if touch.organization_id in candidates:
            candidate = candidates[touch.organization_id]
            candidate.last_touch, candidate.is_resting = touch, touch.touched_at > now - REST
    for candidate in candidates.values():
        candidate.reasons.sort(key=lambda reason: -reason.weight)
    listed = [candidate for candidate in candidates.values() if candidate.reasons]
    return sorted(listed, key=lambda each: (each.is_resting, -each.weight, each.organization.name))
