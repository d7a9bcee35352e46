"""Invitations: how somebody gets a login in an organization."""

import hashlib
import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing.addresses import normalize_address
from mailing.services import queue_message
from partners import emails
from partners.errors import InvitationClosed, NotAllowed
from partners.models import Invitation, Membership, Organization, Person, User
from partners.services.people import person_of, remember_person, start_membership


def hash_token(token: str) -> str:
    """What we keep of an invitation's link."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation behind a link, open or not."""
    return (
        Invitation.objects.select_related("organization", "invited_by__person")
        .filter(token_hash=hash_token(token))
        .first()
    )


@transaction.atomic
def invite(
    *,
    organization: Organization,
    email: str,
    role: str,
    by: User | None,
    first_name: str = "",
    last_name: str = "",
    welcome: bool = False,
) -> Invitation:
    """Mails a link to join the organization. Who was invited already gets a new link; the old one dies.

    `welcome` tells a new partner's contact in the same mail that the organization was approved.
    """
    address = normalize_address(email)
    Organization.objects.select_for_update().get(pk=organization.pk)
    if organization.memberships.current().filter(person__email=address).exists() and not _is_first_login(
        organization, address
    ):
        raise NotAllowed(_("This person belongs to the organization already."))
    open_invitations = organization.invitations.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)
    invitation = open_invitations.filter(email__iexact=address).first()
    if invitation is None:
        invitation = Invitation(organization=organization, email=address)
    invitation.role = role
    invitation.invited_by = by
    invitation.first_name = first_name or invitation.first_name
    invitation.last_name = last_name or invitation.last_name
    _send(invitation, welcome=welcome)
    return invitation


def _is_first_login(organization: Organization, address: str) -> bool:
    """Whether the member with this address has no login yet, as a new partner's primary contact."""
    return (
        organization.memberships.current().filter(person__email=address, person__user__isnull=True).exists()
    )


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User | None) -> Invitation:
    """A new link for somebody who lost theirs or let it run out."""
    invitation = _lock(invitation)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise InvitationClosed(_("This invitation was used or withdrawn. Invite the person again."))
    if by is not None:
        invitation.invited_by = by
    _send(invitation)
    return invitation


def _send(invitation: Invitation, *, welcome: bool = False) -> None:
    token = secrets.token_urlsafe(32)
    invitation.token_hash = hash_token(token)
    invitation.expires_at = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    invitation.save()
    queue_message(**emails.invitation(invitation, token=token, welcome=welcome))


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """The link stops working. Twice is the same as once; an accepted invitation stays accepted."""
    invitation = _lock(invitation)
    if invitation.accepted_at:
        raise InvitationClosed(_("This invitation was accepted already. End the membership instead."))
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at, invitation.withdrawn_by = timezone.now(), by
        invitation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, password: str, first_name: str, last_name: str) -> User:
    """Makes the login of somebody who has none. The link came by mail, so the address is proven."""
    invitation = _open(invitation)
    if login_for(invitation.email):
        raise NotAllowed(_("This address has a login already. Sign in to accept the invitation."))
    user = User.objects.create_user(invitation.email, password)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    person = remember_person(email=user.email, first_name=first_name, last_name=last_name)
    person.user = user
    person.save(update_fields=["user"])
    _close(invitation, user, person)
    return user


@transaction.atomic
def accept_invitation_as(*, invitation: Invitation, user: User) -> Membership:
    """Somebody with a login accepts; the invitation must be to one of their proven addresses."""
    invitation = _open(invitation)
    if not is_addressed_to(invitation, user):
        raise NotAllowed(_("This invitation is for another address."))
    return _close(invitation, user, person_of(user=user))


def login_for(email: str) -> User | None:
    """The login of an address: as its name, as a proven further address, or through its person."""
    address = normalize_address(email)
    user = User.objects.filter(email=address).first()
    if user is None:
        proven = EmailAddress.objects.filter(email=address, verified=True).select_related("user").first()
        user = proven.user if proven else None
    if user is None:
        person = Person.objects.by_email(address).select_related("user").first()
        user = person.user if person else None
    return user


def is_addressed_to(invitation: Invitation, user: User) -> bool:
    """Whether the invitation went to this user's mailbox."""
    owner = login_for(invitation.email)
    return owner is not None and owner.pk == user.pk


def _close(invitation: Invitation, user: User, person: Person) -> Membership:
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return start_membership(person=person, organization=invitation.organization, role=invitation.role)


def _lock(invitation: Invitation) -> Invitation:
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organization", "invited_by__person")
        .get(pk=invitation.pk)
    )


def _open(invitation: Invitation) -> Invitation:
    invitation = _lock(invitation)
    if not invitation.is_open():
        raise InvitationClosed(_("This invitation does not work any more."))
    return invitation
