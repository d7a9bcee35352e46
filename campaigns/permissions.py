"""Who may do what with campaigns and calls to action."""

from django.contrib.auth.models import AnonymousUser

from campaigns.models import ActionAlert, CallToAction
from partners.models import Organization, User


def can_preview(user: User | AnonymousUser) -> bool:
    """Staff see drafts as the public will."""
    return user.is_authenticated and user.is_staff and user.is_active


def can_answer(call_to_action: CallToAction, organization: Organization | None) -> bool:
    """Whether a person may answer this call; `organization` is the partner they act for, if any."""
    return call_to_action.audience == CallToAction.Audience.EVERYONE or organization is not None


def can_approve(user: User | AnonymousUser, alert: ActionAlert) -> bool:
    """Whether this person may approve a submitted alert: with the right to, and not their own."""
    own = user.pk in {alert.created_by_id, alert.submitted_by_id}
    return not own and user.is_active and user.has_perm("campaigns.approve_actionalert")
