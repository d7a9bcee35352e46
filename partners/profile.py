"""How complete an organization's profile is, and what is missing."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import Organization, ProfileAnswer

# An answer counts for this long.
FRESH_FOR = timedelta(days=365)


@dataclass(frozen=True)
class Missing:
    """One gap in a profile and the page that closes it."""

    label: str
    url: str


@dataclass(frozen=True)
class Completeness:
    """`done` of `total` facts and answers are there."""

    done: int
    total: int
    missing: list[Missing]


def completeness(organization: Organization) -> Completeness:
    """Counts the public facts and the four optional questions answered within 12 months. Two reads."""
    edit = reverse("my:organization_edit", args=[organization.slug])
    questions = reverse("my:organization_demographics", args=[organization.slug])
    checks: list[tuple[str, object, str]] = [
        (_("A sentence or two on what you do"), organization.summary, f"{edit}#id_summary"),
        (_("Website"), organization.website, f"{edit}#id_website"),
        (_("Phone"), organization.phone, f"{edit}#id_phone"),
        (_("Street address"), organization.street, f"{edit}#id_street"),
        (_("Sub-sectors"), organization.sub_sectors.all(), f"{edit}#div_id_sub_sectors"),
        (_("Annual budget"), organization.budget_band, f"{edit}#div_id_budget_band"),
        (_("Logo"), organization.logo, f"{edit}#id_logo"),
    ]
    answered = set(
        organization.profile_answers.filter(answered_at__gte=timezone.now() - FRESH_FOR).values_list(
            "marker", flat=True
        )
    )
    checks += [
        (_("Question: %s") % marker.label, marker in answered, questions) for marker in ProfileAnswer.Marker
    ]
    missing = [Missing(label, url) for label, there, url in checks if not there]
    return Completeness(len(checks) - len(missing), len(checks), missing)


def latest_answers(organization: Organization) -> dict[str, ProfileAnswer]:
    """The newest answer to each question, by marker."""
    return {answer.marker: answer for answer in organization.profile_answers.newest()}
