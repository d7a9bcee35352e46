"""Who may do what in an organization: roles of current memberships; staff as far as their rights in the desk go."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from partners.models import Membership, Organization, Person, User

_EDITORS = {Membership.Role.PRIMARY_CONTACT}
_ACTORS = {Membership.Role.PRIMARY_CONTACT, Membership.Role.ADVOCATE}

# The number of the organization for which %(person)s acts in one of %(roles)s. As SQL, because it is also part of the
# statement that records an answer to a call to action, hundreds of times in a second.
ACTING_ORGANIZATION = """
SELECT organization.id FROM partners_membership AS membership
JOIN partners_organization AS organization ON organization.id = membership.organization_id
WHERE membership.person_id = %(person)s AND membership.ended_on IS NULL AND organization.status = 'active'
  AND membership.role = ANY(%(roles)s)
ORDER BY membership.role <> 'primary_contact', membership.started_on, membership.id LIMIT 1
"""
_ACTING = f"SELECT * FROM partners_organization WHERE id = ({ACTING_ORGANIZATION})"  # noqa: S608 - nothing in it comes from outside


def membership_of(user: User | AnonymousUser, organization: Organization) -> Membership | None:
    """This user's current membership in the organization, if there is one."""
    return Membership.objects.of(user).filter(organization=organization).select_related("person").first()


def acting_organization(
    person: Person, *, roles: Collection[Membership.Role] | None = None
) -> Organization | None:
    """For whom a person acts: their active organization; of several, the earliest as primary contact.

    With `roles`, only organizations in which they have one of them.
    """
    limit = [*(roles if roles is not None else Membership.Role)]
    found = Organization.objects.raw(_ACTING, {"person": person.pk, "roles": limit})
    return next(iter(found), None)


def _has_role(
    user: User | AnonymousUser,
    organization: Organization,
    roles: set[Membership.Role],
    *,
    right: str = "change",
) -> bool:
    """Whether a member has one of the roles, or a staff member the right on organizations in the staff desk."""
    if not user.is_authenticated:
        return False
    if user.is_staff and user.has_perm(f"partners.{right}_organization"):
        return True
    return Membership.objects.of(user).filter(organization=organization, role__in=roles).exists()


def can_view_organization(user: User | AnonymousUser, organization: Organization) -> bool:
    """See the organization's own pages: everybody who belongs to it."""
    return _has_role(user, organization, set(Membership.Role), right="view")


def can_edit_organization(user: User | AnonymousUser, organization: Organization) -> bool:
    """Change the profile and answer the optional questions: primary contacts."""
    return _has_role(user, organization, _EDITORS)


def can_invite(user: User | AnonymousUser, organization: Organization) -> bool:
    """Invite people, change their roles, end their memberships: primary contacts."""
    return _has_role(user, organization, _EDITORS)


def can_act_for(user: User | AnonymousUser, organization: Organization) -> bool:
    """Answer a call to action as somebody of this organization: primary contacts and advocates."""
    return _has_role(user, organization, _ACTORS)


def may_look(user: User | AnonymousUser, model: type[Model]) -> bool:
    """Whether somebody may see the records of a kind in the staff desk."""
    opts = model._meta
    return any(user.has_perm(f"{opts.app_label}.{right}_{opts.model_name}") for right in ("view", "change"))
