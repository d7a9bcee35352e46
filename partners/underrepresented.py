"""Which organizations are underrepresented, and why: one definition, in code and in words.

An organization is, when its leader is Black or African American, Hispanic or Latino, Asian, or Middle Eastern or
North African, or has a disability; or when its annual budget is under $5 million. Reasons are told, never a bare flag.
Answers count for 12 months (`partners.profile.FRESH_FOR`), and only the newest one.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models import Organization, ProfileAnswer
from partners.profile import FRESH_FOR
from partners.querysets import OrganizationQuerySet

_RACES = [
    ProfileAnswer.Race.BLACK,
    ProfileAnswer.Race.LATINO,
    ProfileAnswer.Race.ASIAN,
    ProfileAnswer.Race.MENA,
]
_SMALL = [
    Organization.BudgetBand.UNDER_500K,
    Organization.BudgetBand.UNDER_1M,
    Organization.BudgetBand.UNDER_5M,
]


class Reason(models.TextChoices):
    """Why an organization counts as underrepresented. One may have several reasons."""

    RACE = "leader_race", _("the leader's race or ethnicity")
    ABILITY = "leader_ability", _("a leader with a disability")
    BUDGET = "budget", _("an annual budget under $5 million")


def organizations(
    reasons: Collection[str] = Reason.values, now: datetime | None = None
) -> OrganizationQuerySet:
    """Organizations, of whatever status, that are underrepresented for at least one of the reasons."""
    fresh = ProfileAnswer.objects.filter(answered_at__gte=(now or timezone.now()) - FRESH_FOR)
    found = Q(pk__in=[])
    for reason, marker, values in (
        (Reason.RACE, ProfileAnswer.Marker.LEADER_RACE, _RACES),
        (Reason.ABILITY, ProfileAnswer.Marker.LEADER_ABILITY, [ProfileAnswer.Ability.DISABILITY]),
    ):
        if reason in reasons:
            newest = fresh.filter(marker=marker).newest()
            telling = ProfileAnswer.objects.filter(pk__in=newest.values("pk"), values__overlap=values)
            found |= Q(pk__in=telling.values("organization"))
    if Reason.BUDGET in reasons:
        found |= Q(budget_band__in=_SMALL)
    return Organization.objects.filter(found)
