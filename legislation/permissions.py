"""Who may say what a partner thinks of a bill."""

from django.contrib.auth.models import AnonymousUser

from legislation.models import OrganizationPosition
from partners.models import Membership, Organization, Person, User

_Role = Membership.Role


def role_in(user: User | AnonymousUser, organization: Organization) -> str:
    """The user's current role in an active partner; empty for everybody else, staff included."""
    if organization.status != Organization.Status.ACTIVE:
        return ""
    membership = Membership.objects.of(user).filter(organization=organization).first()
    return membership.role if membership else ""


def can_speak_for(user: User | AnonymousUser, organization: Organization) -> bool:
    """Put a position on record at once, approve or decline one, withdraw one: primary contacts."""
    return role_in(user, organization) == _Role.PRIMARY_CONTACT


def can_propose_for(user: User | AnonymousUser, organization: Organization) -> bool:
    """Write a position down, be it for the primary contact to decide: primary contacts and advocates."""
    return role_in(user, organization) in {_Role.PRIMARY_CONTACT, _Role.ADVOCATE}


def can_withdraw(user: User | AnonymousUser, position: OrganizationPosition) -> bool:
    """Take a position back: primary contacts; whoever proposed it, while it waits."""
    if can_speak_for(user, position.organization):
        return True
    waits = position.state == OrganizationPosition.State.PROPOSED
    return waits and position.proposed_by_id == user.pk and can_propose_for(user, position.organization)


def can_decide_as_staff(user: User | AnonymousUser) -> bool:
    """Approve, decline or withdraw on behalf of a partner that told the coalition so."""
    return (
        user.is_authenticated and user.is_staff and user.has_perm("legislation.change_organizationposition")
    )


def organizations_spoken_for(person: Person) -> list[Organization]:
    """The active partners whose name this person may put on a slip: where they are a primary contact."""
    memberships = person.memberships.current().filter(
        role=_Role.PRIMARY_CONTACT, organization__status=Organization.Status.ACTIVE
    )
    return [
        row.organization for row in memberships.select_related("organization").order_by("started_on", "pk")
    ]


def may_name(person: Person, organization: Organization) -> bool:
    """Whether a person may say that they filed in this partner's name."""
    return organization.pk in {partner.pk for partner in organizations_spoken_for(person)}


def primary_contacts(organization: Organization) -> list[Person]:
    """Who may speak for a partner today."""
    memberships = organization.memberships.current().filter(role=_Role.PRIMARY_CONTACT)
    return [membership.person for membership in memberships.select_related("person").order_by("pk")]


def can_ask_partners(user: User | AnonymousUser) -> bool:
    """Ask partners for their positions, and remind them: staff with the right to enter requests."""
    return user.is_authenticated and user.is_staff and user.has_perm("legislation.add_positionrequest")


def works_with_us(user: User | AnonymousUser) -> bool:
    """Whoever belongs to a partner of today, and staff who may look at tracked bills: they see how we stand."""
    if not user.is_authenticated:
        return False
    if user.is_staff and user.has_perm("legislation.view_billtracking"):
        return True
    return Membership.objects.of(user).filter(organization__status=Organization.Status.ACTIVE).exists()
