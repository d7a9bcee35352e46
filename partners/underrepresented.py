"""Which organizations are underrepresented, and why: one definition, in code and in words.

An organization is, when its leader is Black or African American, Hispanic or Latino, Asian, or Middle Eastern or
North African, or has a disability; when its annual budget is under $5 million; or when it works in a sub-sector that
staff have put on the list of the fiscal year. Reasons are told, never a bare flag.
Answers count for 12 months (`partners.profile.FRESH_FOR`), and only the newest one.

One reason makes it certain. That none applies is known only of an organization that has answered both questions about
its leader and told its budget and its sub-sectors. "Prefer not to say" is an answer, and is left out of shares.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.fiscal_year import CHICAGO, FiscalYear
from partners.models import Organization, ProfileAnswer, UnderrepresentedSubSector
from partners.profile import FRESH_FOR
from partners.querysets import OrganizationQuerySet

DEFINITION = _(
    "An organization is underrepresented when its leader is Black or African American, Hispanic or Latino, Asian, or "
    "Middle Eastern or North African, or has a disability; when its annual budget is under $5 million; or when it "
    "works in a sub-sector on the list of the fiscal year. Share: underrepresented organizations ÷ those of which it "
    "is known whether they are. One reason is enough for a yes; a no needs an answer to both questions about the "
    "leader within 12 months, the budget and the sub-sectors. “Prefer not to say” counts as answered and is left out "
    "of shares. Coverage: organizations that answered, or for which a reason is known ÷ all."
)
_RACES = [
    ProfileAnswer.Race.BLACK,
    ProfileAnswer.Race.LATINO,
    ProfileAnswer.Race.ASIAN,
    ProfileAnswer.Race.MENA,
]
_ABILITIES = [ProfileAnswer.Ability.DISABILITY]
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
    SUB_SECTOR = "sub_sector", _("an underrepresented sub-sector")

    @property
    def is_confidential(self) -> bool:
        """Whether it comes from an answer that only some of the staff may read."""
        return self in {Reason.RACE, Reason.ABILITY}


class Verdict(models.TextChoices):
    """What is known of an organization."""

    YES = "yes", _("underrepresented")
    NO = "no", _("not underrepresented")
    DECLINED = "declined", _("prefers not to say")
    UNKNOWN = "unknown", _("not known")


@dataclass(frozen=True)
class Standing:
    """One organization at one moment."""

    verdict: Verdict
    reasons: frozenset[Reason]


def organizations(
    reasons: Collection[str] = Reason.values, now: datetime | None = None
) -> OrganizationQuerySet:
    """Organizations, of whatever status, that are underrepresented for at least one of the reasons."""
    now = now or timezone.now()
    fresh = ProfileAnswer.objects.filter(answered_at__gte=now - FRESH_FOR, answered_at__lte=now)
    found = Q(pk__in=[])
    for reason, marker, values in (
        (Reason.RACE, ProfileAnswer.Marker.LEADER_RACE, _RACES),
        (Reason.ABILITY, ProfileAnswer.Marker.LEADER_ABILITY, _ABILITIES),
    ):
        if reason in reasons:
            newest = fresh.filter(marker=marker).newest()
            telling = ProfileAnswer.objects.filter(pk__in=newest.values("pk"), values__overlap=values)
            found |= Q(pk__in=telling.values("organization"))
    if Reason.BUDGET in reasons:
        found |= Q(budget_band__in=_SMALL)
    if Reason.SUB_SECTOR in reasons:
        listed = UnderrepresentedSubSector.objects.filter(fiscal_year=FiscalYear.of(now).year)
        works = Organization.sub_sectors.through.objects.filter(subsector__in=listed.values("sub_sector"))
        found |= Q(pk__in=works.values("organization"))
    return Organization.objects.filter(found)


# --- At many moments at once ------------------------------------------------------------------------------------

# The same definition as a table `standing`: every organization at every moment of `standing_params`, for reads that
# count many of them at many moments. Ends without a comma: further tables and the SELECT are added by the reader.
# An answer holds from the first of the moments after it was given until a newer one or the end of its year: how many
# moments lie before each of these, `width_bucket` finds by bisection, where a join would compare all with all.
STANDING_SQL = """
WITH moment AS MATERIALIZED (
    SELECT * FROM unnest(%(moments)s::timestamptz[], %(days)s::date[], %(years)s::int[]) WITH ORDINALITY
        AS given(at, day, year, number)
), answer AS (
    SELECT organization_id, marker, "values", declined, answered_at,
        LEAD(answered_at) OVER (PARTITION BY organization_id, marker ORDER BY answered_at, id) AS next_at
    FROM partners_profileanswer WHERE marker = ANY(%(markers)s)
), held AS (
    SELECT organization_id, marker, "values", declined,
        width_bucket(answered_at - %(instant)s, %(moments)s::timestamptz[]) + 1 AS since,
        LEAST(width_bucket(next_at - %(instant)s, %(moments)s::timestamptz[]),
            width_bucket(answered_at + %(fresh)s, %(moments)s::timestamptz[])) AS until
    FROM answer
), told AS (
    SELECT number, organization_id, count(*) AS answers, bool_or(declined) AS declined,
        bool_or(marker = %(race_marker)s AND "values" && %(races)s::varchar[]) AS leader_race,
        bool_or(marker = %(ability_marker)s AND "values" && %(abilities)s::varchar[]) AS leader_ability
    FROM held CROSS JOIN LATERAL generate_series(since, until) AS number
    GROUP BY number, organization_id
), field AS (
    SELECT year, organization_id, bool_or(listed.id IS NOT NULL) AS sub_sector
    FROM (SELECT DISTINCT year FROM moment) AS years CROSS JOIN partners_organization_sub_sectors AS works
    LEFT JOIN partners_underrepresentedsubsector AS listed
        ON listed.fiscal_year = year AND listed.sub_sector_id = works.subsector_id
    GROUP BY year, organization_id
), reasons AS (
    SELECT moment.number, organization.id AS organization_id, organization.area_id AS home,
        organization.status = 'active' AND organization.joined_on <= moment.day AS is_partner,
        COALESCE(told.leader_race, FALSE) AS leader_race,
        COALESCE(told.leader_ability, FALSE) AS leader_ability,
        organization.budget_band = ANY(%(small)s) AS budget,
        COALESCE(field.sub_sector, FALSE) AS sub_sector,
        COALESCE(told.answers, 0) = cardinality(%(markers)s::text[]) AND organization.budget_band <> ''
            AND field.organization_id IS NOT NULL AS has_answered,
        COALESCE(told.declined, FALSE) AS declined
    FROM moment CROSS JOIN partners_organization AS organization
    LEFT JOIN told ON told.number = moment.number AND told.organization_id = organization.id
    LEFT JOIN field ON field.year = moment.year AND field.organization_id = organization.id
), standing AS MATERIALIZED (
    SELECT *, CASE
        WHEN leader_race OR leader_ability OR budget OR sub_sector THEN 'yes'
        WHEN NOT has_answered THEN 'unknown'
        WHEN declined THEN 'declined'
        ELSE 'no' END AS verdict
    FROM reasons
)"""
_PARTNERS = f"""{STANDING_SQL}
SELECT organization_id, verdict, leader_race, leader_ability, budget, sub_sector FROM standing WHERE is_partner
"""  # noqa: S608 - put together from constants of this module


def standing_params(moments: Sequence[datetime]) -> dict[str, Any]:
    """What `STANDING_SQL` takes; its `number` counts the moments from 1. They are in order, each once."""
    return {
        "instant": timedelta(microseconds=1),
        "moments": list(moments),
        "days": [timezone.localdate(moment, CHICAGO) for moment in moments],
        "years": [FiscalYear.of(moment).year for moment in moments],
        "markers": [ProfileAnswer.Marker.LEADER_RACE.value, ProfileAnswer.Marker.LEADER_ABILITY.value],
        "race_marker": ProfileAnswer.Marker.LEADER_RACE.value,
        "ability_marker": ProfileAnswer.Marker.LEADER_ABILITY.value,
        "races": [race.value for race in _RACES],
        "abilities": [ability.value for ability in _ABILITIES],
        "small": [band.value for band in _SMALL],
        "fresh": FRESH_FOR,
    }


def standings(now: datetime) -> dict[int, Standing]:
    """Every active partner at one moment. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTNERS, standing_params([now]))
        return {
            pk: Standing(
                Verdict(verdict),
                frozenset(reason for reason, holds in zip(Reason, flags, strict=True) if holds),
            )
            for pk, verdict, *flags in cursor.fetchall()
        }
