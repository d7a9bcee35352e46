"""Conditions about the organization somebody belongs to."""

from django.utils.translation import gettext_lazy as _

from campaigns.audience.fields import Condition, Frees, register
from campaigns.audience.options import FixedOptions, ModelOptions
from campaigns.audience.rules import Leaf
from campaigns.audience.sql import OrganizationIn, Test
from partners import underrepresented
from partners.models import Area, County, Organization, SubSector

GROUP = _("Organization")


class Finder:
    """Finds organizations by one of their columns."""

    def __init__(self, column: str) -> None:
        self._column = f"{column}__in"

    def __call__(self, leaf: Leaf) -> Test:
        return OrganizationIn(Organization.objects.filter(**{self._column: leaf.values}).values("pk"))


def _underrepresented(leaf: Leaf) -> Test:
    return OrganizationIn(underrepresented.organizations(leaf.values).values("pk"))


def _joined(leaf: Leaf) -> Test:
    found = Organization.objects.all()
    if leaf.since:
        found = found.filter(joined_on__gte=leaf.since)
    if leaf.before:
        found = found.filter(joined_on__lt=leaf.before)
    return OrganizationIn(found.values("pk"))


register(
    Condition(
        "area",
        _("Area (Local Area Council)"),
        GROUP,
        Finder("area__slug"),
        ModelOptions(Area, value="slug"),
        is_about_membership=True,
    ),
    Condition(
        "county",
        _("County"),
        GROUP,
        Finder("county__fips"),
        ModelOptions(County, value="fips"),
        is_about_membership=True,
    ),
    Condition(
        "sub_sector",
        _("Sub-sector"),
        GROUP,
        Finder("sub_sectors__slug"),
        ModelOptions(SubSector, value="slug"),
        is_about_membership=True,
        hint=_("An organization with several counts for each of them."),
    ),
    Condition(
        "budget_band",
        _("Annual budget"),
        GROUP,
        Finder("budget_band"),
        FixedOptions(lambda: [*Organization.BudgetBand.choices, ("", _("not told"))]),
        is_about_membership=True,
    ),
    Condition(
        "underrepresented",
        _("Underrepresented organization, because of"),
        GROUP,
        _underrepresented,
        FixedOptions(lambda: underrepresented.Reason.choices),
        is_about_membership=True,
        hint=_(
            "By the newest answer of the last 12 months, the annual budget, or this year’s list of sub-sectors."
        ),
    ),
    Condition(
        "organization_joined",
        _("Organization joined"),
        GROUP,
        _joined,
        is_about_membership=True,
        dated=True,
    ),
    Condition(
        "organization",
        _("Organization named directly"),
        GROUP,
        Finder("pk"),
        ModelOptions(Organization, search=("name", "city"), many=True),
        is_about_membership=True,
    ),
    Condition(
        "organization_status",
        _("Organization's status"),
        GROUP,
        Finder("status"),
        FixedOptions(lambda: Organization.Status.choices),
        is_about_membership=True,
        frees=Frees.STATUS,
        hint=_("Beside this condition, people of lapsed and former partners can be reached too."),
    ),
)
