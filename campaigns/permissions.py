"""Who may do what with campaigns and calls to action."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from campaigns.models import ActionAlert, CallToAction
from partners.models import Membership, Organization, Person, User
from partners.permissions import acting_organization, may_look

_Role = Membership.Role
# Who of a partner's people may answer; everybody may, and they need not belong to one, where nothing stands here.
_ROLES = {
    CallToAction.Audience.PARTNERS: frozenset(_Role),
    CallToAction.Audience.ACTORS: frozenset({_Role.PRIMARY_CONTACT, _Role.ADVOCATE}),
    CallToAction.Audience.SPEAKERS: frozenset({_Role.PRIMARY_CONTACT}),
}


def can_preview(user: User | AnonymousUser, model: type[Model]) -> bool:
    """Staff who may look at such records at the desk see drafts as the public will."""
    return user.is_staff and may_look(user, model)


def roles_for(call_to_action: CallToAction) -> frozenset[Membership.Role] | None:
    """The roles in a partner organization that this call takes; None where everybody may answer."""
    return _ROLES.get(CallToAction.Audience(call_to_action.audience))


def organization_for(call_to_action: CallToAction, person: Person) -> Organization | None:
    """For which partner a person answers this call: one in which their role allows it."""
    return acting_organization(person, roles=roles_for(call_to_action))


def can_answer(call_to_action: CallToAction, organization: Organization | None) -> bool:
    """Whether a person may answer this call; `organization` is what `organization_for` found."""
    return call_to_action.audience == CallToAction.Audience.EVERYONE or organization is not None


def can_approve(user: User | AnonymousUser, alert: ActionAlert) -> bool:
    """Whether this person may approve a submitted alert: with the right to, and not their own."""
    own = user.pk in {alert.created_by_id, alert.submitted_by_id}
    return not own and user.is_active and user.has_perm("campaigns.approve_actionalert")
