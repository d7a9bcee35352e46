"""Signatures under letters: given by those who may speak for a partner, entered by staff, and taken back.

The action taken stays when a signature is taken back: it says that the person acted, not that the partner stands by it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns import emails
from campaigns.models import ActionTaken, CallToAction, Signature, SignOnLetter
from campaigns.services.errors import AnswerRefused, CallClosed, StateError
from legislation.permissions import organizations_spoken_for, primary_contacts
from mailing.services import Draft, Precedence, queue_messages
from partners.caching import empty_page_cache_on_commit
from partners.history import changed_by
from partners.models import Organization, Person, User

# One request to a partner's primary contacts in this time, whoever of its people asks.
ASKING_PAUSE = timedelta(days=1)
# Staff enter what came on paper until the letter's call is archived.
OPEN_TO_STAFF = {CallToAction.Status.PUBLISHED, CallToAction.Status.CLOSED}


@transaction.atomic
def sign_letter(
    *,
    action: ActionTaken,
    organization_id: int,
    signer_title: str = "",
    logo_allowed: bool = False,
    is_first: bool = False,
    now: datetime | None = None,
) -> Signature:
    """Puts a partner's name under the letter of an action's call; a second time brings title and logo up to date.

    `is_first` says that the action was written a moment ago and may still say for which partner it was.
    Raises `AnswerRefused`: not signed in, no right to speak for the partner, or a colleague signed before.
    """
    organization = _organization_to_sign_for(action, organization_id)
    earlier = _standing(action.call_to_action, organization)
    if earlier and earlier.action_id != action.pk:
        raise AnswerRefused(already_signed(earlier))
    signature = earlier or _new_signature(action.call_to_action, organization, now, action=action)
    signature.signer_name, signature.signer_title = action.person.name, signer_title
    signature.logo_allowed = logo_allowed
    changed_by(signature, action.person.user)
    signature.save()
    if is_first:
        _act_for(action, organization)
    if earlier is None:
        _tell_primary_contacts(signature, action.person)
    empty_page_cache_on_commit()
    return signature


def _new_signature(
    call: CallToAction, organization: Organization, now: datetime | None, **facts: Any
) -> Signature:
    return Signature(
        call_to_action=call,
        organization=organization,
        organization_name=organization.name,
        signed_at=now or timezone.now(),
        **facts,
    )


def _act_for(action: ActionTaken, organization: Organization) -> None:
    """Lets the action say for which partner it was; written a moment ago, it has nothing a history should remember."""
    if action.organization_id != organization.pk:
        ActionTaken.objects.filter(pk=action.pk).update(organization=organization)
        action.organization = organization


def _organization_to_sign_for(action: ActionTaken, organization_id: int) -> Organization:
    if action.verified != ActionTaken.Verified.LOGIN:
        # A link in a mail is passed on easily, and a letter binds a whole organization.
        raise AnswerRefused(_("Sign in first: a letter is signed in an organization's name."))
    for organization in organizations_spoken_for(action.person):
        if organization.pk == organization_id:
            return organization
    raise AnswerRefused(_("You can sign for organizations whose primary contact you are."))


def _standing(call: CallToAction, organization: Organization) -> Signature | None:
    """The partner's signature under a call's letter. Of two people who sign for it at once, the second waits here."""
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization.pk)
    return Signature.objects.standing().filter(call_to_action=call, organization=organization).first()


def already_signed(signature: Signature) -> str:
    """Who signed before, and when, in a sentence."""
    return _("%(organization)s signed on %(day)s through %(name)s.") % {
        "organization": signature.organization_name,
        "day": date_format(timezone.localtime(signature.signed_at), "F j, Y"),
        "name": signature.signer_name,
    }


def _tell_primary_contacts(signature: Signature, signer: Person) -> None:
    """Confirms it to the signer, and lets the other primary contacts know what was signed in their name."""
    contacts = {person.pk: person for person in (signer, *primary_contacts(signature.organization))}
    drafts = []
    for person in contacts.values():
        message = emails.letter_signed(signature, person)
        drafts.append(Draft(person.email, message.subject, message.text, message.html))
    queue_messages(drafts=drafts)


@transaction.atomic
def take_back_signature(*, signature: Signature, by: User, now: datetime | None = None) -> Signature:
    """Takes a partner's name off a letter on the word of its primary contact, until the deadline.

    Taking it back twice changes nothing. Raises `CallClosed` after the deadline, `StateError` without the role.
    """
    now = now or timezone.now()
    if not Signature.objects.visible_to(by).filter(pk=signature.pk).exists():
        raise StateError(_("Only the organization's primary contact can take its signature back."))
    if not CallToAction.objects.get(pk=signature.call_to_action_id).is_open(now):
        raise CallClosed(_("The deadline has passed. Write to us, and we will see what can be done."))
    return _taken_back(signature, by, now)


@transaction.atomic
def strike_signature(*, signature: Signature, by: User, now: datetime | None = None) -> Signature:
    """Takes a partner's name off a letter for staff, whom the partner told so."""
    call = CallToAction.objects.get(pk=signature.call_to_action_id)
    if call.status not in OPEN_TO_STAFF:
        raise StateError(_("The letter is in the archive."))
    return _taken_back(signature, by, now or timezone.now())


def _taken_back(signature: Signature, by: User, now: datetime) -> Signature:
    signature = Signature.objects.select_for_update(of=("self",)).get(pk=signature.pk)
    if signature.withdrawn_at is None:
        signature.withdrawn_at = now
        changed_by(signature, by)
        signature.save(update_fields=["withdrawn_at"])
        empty_page_cache_on_commit()
    return signature


@transaction.atomic
def add_paper_signature(
    *,
    letter: SignOnLetter,
    organization: Organization,
    signer_name: str,
    signer_title: str = "",
    logo_allowed: bool = False,
    note: str,
    by: User,
    now: datetime | None = None,
) -> Signature:
    """Enters a signature that reached staff on paper or by mail; `note` says how. No action is counted for it."""
    call = CallToAction.objects.get(pk=letter.call_to_action_id)
    if call.status not in OPEN_TO_STAFF:
        raise StateError(_("Signatures are entered while the call is published or closed."))
    if not note.strip():
        raise StateError(_("Say how the signature came, and where it is kept."))
    if earlier := _standing(call, organization):
        raise StateError(already_signed(earlier))
    said = {"signer_name": signer_name, "signer_title": signer_title, "logo_allowed": logo_allowed}
    signature = _new_signature(call, organization, now, note=note.strip(), **said)
    changed_by(signature, by)
    signature.save()
    empty_page_cache_on_commit()
    return signature


@transaction.atomic
def ask_to_sign(*, call_to_action: CallToAction, organization: Organization, asker: Person) -> int:
    """Mails a partner's primary contacts that a colleague wants them to sign; returns to how many. Once a day.

    Raises `CallClosed`, or `StateError`: signed already, asked today, or nobody to ask.
    """
    if not call_to_action.is_open():
        raise CallClosed(_("This call to action is not open."))
    signed = Signature.objects.standing().filter(call_to_action=call_to_action, organization=organization)
    if earlier := signed.first():
        raise StateError(already_signed(earlier))
    contacts = primary_contacts(organization)
    if not contacts:
        raise StateError(_("Your organization has no primary contact at this time. Write to us."))
    key = f"asked-to-sign:{call_to_action.pk}:{organization.pk}"
    if not cache.add(key, "1", ASKING_PAUSE.total_seconds()):
        raise StateError(_("Your primary contact was asked within the last day."))
    drafts = []
    for contact in contacts:
        message = emails.asked_to_sign(call_to_action, organization, contact, asker)
        drafts.append(
            Draft(contact.email, message.subject, message.text, message.html, precedence=Precedence.NOTICE)
        )
    queue_messages(drafts=drafts)
    return len(drafts)
