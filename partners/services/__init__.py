"""Every write about people and organizations that touches more than one row or changes a state."""

from partners.errors import AlreadyDecided, InvitationClosed, NotAllowed
from partners.permissions import acting_organization, membership_of
from partners.services.duplicates import DuplicateMatch, find_duplicates
from partners.services.identity import get_coalition, sender_identity
from partners.services.invitations import (
    accept_invitation,
    accept_invitation_as,
    invite,
    resend_invitation,
    withdraw_invitation,
)
from partners.services.join import (
    approve_application,
    decline_application,
    discard_abandoned_applications,
    save_answers,
    start_application,
    submit_application,
)
from partners.services.organizations import change_status, record_answers, update_organization
from partners.services.people import (
    change_role,
    end_membership,
    follow_login_address,
    person_of,
    remember_person,
    start_membership,
    update_person,
)

__all__ = [
    "AlreadyDecided",
    "DuplicateMatch",
    "InvitationClosed",
    "NotAllowed",
    "accept_invitation",
    "accept_invitation_as",
    "acting_organization",
    "approve_application",
    "change_role",
    "change_status",
    "decline_application",
    "discard_abandoned_applications",
    "end_membership",
    "find_duplicates",
    "follow_login_address",
    "get_coalition",
    "invite",
    "membership_of",
    "person_of",
    "record_answers",
    "remember_person",
    "resend_invitation",
    "save_answers",
    "sender_identity",
    "start_application",
    "start_membership",
    "submit_application",
    "update_organization",
    "update_person",
    "withdraw_invitation",
]
