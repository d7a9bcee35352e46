"""Other names of an organization: by which key they are compared, and when one may not be added."""

from django.utils.translation import gettext as _

from partners.matching import normalize_name
from partners.models import Organization, OrganizationAlias


def alias_key(name: str) -> str:
    """The name's telling words; "" where it has none."""
    return normalize_name(name)[:300]


def alias_problem(
    *, name: str, organization: Organization | None, alias: OrganizationAlias | None = None
) -> str:
    """Why a name cannot be recorded as another name of an organization, in words; "" when it can."""
    key = alias_key(name)
    if not key:
        return _("This name has no letters or digits that could be compared.")
    same = OrganizationAlias.objects.filter(key=key).select_related("organization")
    taken = same.exclude(pk=alias.pk).first() if alias and alias.pk else same.first()
    if taken is not None:
        return _("This is recorded as a name of %(organization)s already.") % {
            "organization": taken.organization
        }
    others = Organization.objects.exclude(pk=organization.pk) if organization else Organization.objects.all()
    for name_of_other in others.values_list("name", flat=True):
        if alias_key(name_of_other) == key:
            return _("This is the name of %(organization)s.") % {"organization": name_of_other}
    if organization is not None and alias_key(organization.name) == key:
        return _("This is its own name already.")
    return ""
