"""People's answers to calls to action: recorded at once, or after the sender confirmed from the mailbox."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import emails, kinds
from campaigns.kinds.base import Details
from campaigns.models import ActionTaken, CallToAction, UnconfirmedAction
from campaigns.models.action import new_reference
from campaigns.permissions import can_answer, organization_for
from campaigns.services.errors import CallClosed, LinkUsed, PartnersOnly
from campaigns.tokens import read_confirmation
from mailing.addresses import normalize_address
from mailing.models import Delivery, Topic
from mailing.services import queue_message, subscribe_confirmed
from partners.models import Organization, Person
from partners.services.people import remember_person

ALERTS_TOPIC = "action-alerts"
# One mail per address and call within this time, however often the form is sent.
MAIL_PAUSE = timedelta(hours=1)
# How the source code of a frame on a partner's site begins.
PARTNER_SOURCE = "partner-"


def _open_call(call_to_action: CallToAction, now: datetime) -> CallToAction:
    """The call, locked against closing while an answer is written. Raises `CallClosed`."""
    call = CallToAction.objects.select_for_update(of=("self",), no_key=True).get(pk=call_to_action.pk)
    if not call.is_open(now):
        raise CallClosed(_("This call to action is not open."))
    return call


@transaction.atomic
def take_action(
    *,
    call_to_action: CallToAction,
    person: Person,
    comment: str | None = None,
    show_name: bool = False,
    details: Details | None = None,
    verified: str,
    source_code: str = "",
    via: Delivery | None = None,
    now: datetime | None = None,
    reference: str = "",
) -> tuple[ActionTaken, bool]:
    """Records a person's answer, once per call, with what its kind keeps of `details`. Returns it, and whether it is new.

    Somebody who answered before keeps that action; its comment and the leave to show the name become the
    new ones (a comment of None leaves it as it is). Raises `CallClosed`, `PartnersOnly` or `AnswerRefused`.
    """
    now = now or timezone.now()
    call = _open_call(call_to_action, now)
    action, created = _action(
        call,
        person,
        comment,
        show_name,
        now,
        verified=verified,
        source_code=source_code,
        credited=credited_partner(source_code),
        via=via,
        reference=reference or new_reference(),
    )
    kinds.of(call).record(action, details or {}, created=created)
    return action, created


def _action(
    call: CallToAction,
    person: Person,
    comment: str | None,
    show_name: bool,
    now: datetime,
    **how: Any,
) -> tuple[ActionTaken, bool]:
    """The person's action, new or brought up to date, and whether it is new."""
    organization = organization_for(call, person)
    if not can_answer(call, organization):
        raise PartnersOnly(_("This call to action is for people of partner organizations."))
    earlier = ActionTaken.objects.filter(call_to_action=call, person=person).first()
    if earlier:
        return _changed(earlier, comment, show_name), False
    action = ActionTaken(
        call_to_action=call,
        person=person,
        organization=organization,
        comment=comment or "",
        show_name=show_name,
        consent_text=call.consent_text,
        acted_at=now,
        **how,
    )
    try:
        with transaction.atomic():
            action.save(force_insert=True)
    except IntegrityError:  # Another tab was faster.
        earlier = ActionTaken.objects.filter(call_to_action=call, person=person).first()
        if earlier is None:
            raise
        return _changed(earlier, comment, show_name), False
    return action, True


def credited_partner(source_code: str) -> Organization | None:
    """The partner on whose site somebody acted, by the source code of its frame: `partner-` and its short name."""
    if not source_code.startswith(PARTNER_SOURCE):
        return None
    slug = source_code.removeprefix(PARTNER_SOURCE)
    return Organization.objects.filter(slug=slug, status=Organization.Status.ACTIVE).first()


def _changed(action: ActionTaken, comment: str | None, show_name: bool) -> ActionTaken:
    """An earlier answer with its newer comment; nothing is written when nothing changed."""
    comment = action.comment if comment is None else comment
    if (action.comment, action.show_name) != (comment, show_name):
        action.comment, action.show_name = comment, show_name
        action.save(update_fields=["comment", "show_name"])
    return action


@transaction.atomic
def request_confirmation(
    *,
    call_to_action: CallToAction,
    email: str,
    first_name: str,
    last_name: str,
    zip_code: str = "",
    comment: str = "",
    show_name: bool = False,
    details: Details | None = None,
    wants_updates: bool = False,
    source_code: str = "",
    now: datetime | None = None,
) -> None:
    """Keeps a stranger's answer until they confirm it, and mails the link: once per address, call and hour.

    Raises `CallClosed` or `PartnersOnly`; says nothing about whether we know the address.
    """
    now = now or timezone.now()
    call = _open_call(call_to_action, now)
    if not can_answer(call, None):
        raise PartnersOnly(_("This call to action is for people of partner organizations."))
    # The lock on the call keeps two requests for one address apart.
    unconfirmed, _created = UnconfirmedAction.objects.update_or_create(
        call_to_action=call,
        email=normalize_address(email),
        defaults={
            "first_name": first_name,
            "last_name": last_name,
            "zip_code": zip_code,
            "comment": comment,
            "show_name": show_name,
            "wants_updates": wants_updates,
            "consent_text": call.consent_text,
            "source_code": source_code,
            "credited": credited_partner(source_code),
            "details": dict(details or {}),
        },
    )
    if unconfirmed.mailed_at and unconfirmed.mailed_at > now - MAIL_PAUSE:
        return
    unconfirmed.mailed_at = now
    unconfirmed.save(update_fields=["mailed_at"])
    message = emails.confirmation_request(unconfirmed)
    queue_message(to=unconfirmed.email, subject=message.subject, text=message.text, html=message.html)


@transaction.atomic
def confirm_action(*, token: str, now: datetime | None = None) -> ActionTaken:
    """Records the answer behind a mailed link and thanks for it by mail; a second time changes nothing.

    Raises `LinkForged`, `LinkExpired`, `LinkUsed`, `CallClosed`, `PartnersOnly` or `AnswerRefused`.
    """
    waiting = answer_behind(token=token)
    if isinstance(waiting, UnconfirmedAction):
        # First the call, then the answer: the same order as in `request_confirmation`.
        _open_call(waiting.call_to_action, now or timezone.now())
        waiting = answer_behind(token=token, lock=True)
    if isinstance(waiting, ActionTaken):
        return waiting
    action, created = take_action(
        call_to_action=waiting.call_to_action,
        person=remember_person(
            email=waiting.email,
            first_name=waiting.first_name,
            last_name=waiting.last_name,
            zip_code=waiting.zip_code,
        ),
        comment=waiting.comment or None,
        show_name=waiting.show_name,
        details=waiting.details,
        verified=ActionTaken.Verified.MAILBOX,
        source_code=waiting.source_code,
        reference=read_confirmation(token).reference,
        now=now,
    )
    if waiting.wants_updates:
        _subscribe(waiting)
    waiting.delete()
    if created:
        message = emails.action_receipt(action)
        queue_message(to=action.person.email, subject=message.subject, text=message.text, html=message.html)
    return action


def answer_behind(*, token: str, lock: bool = False) -> UnconfirmedAction | ActionTaken:
    """What a mailed link stands for: the answer that waits, or the action it has become.

    Raises `LinkForged`, `LinkExpired` or `LinkUsed`.
    """
    link = read_confirmation(token)
    waiting = UnconfirmedAction.objects.select_related("call_to_action").filter(pk=link.unconfirmed_id)
    found = (waiting.select_for_update(of=("self",)) if lock else waiting).first()
    if found:
        return found
    action = ActionTaken.objects.select_related("call_to_action").filter(reference=link.reference).first()
    if action is None:
        raise LinkUsed(_("This link was used before, or it is more than a week old."))
    return action


def _subscribe(waiting: UnconfirmedAction) -> None:
    """Signs up the proven address for action alerts, which its owner ticked in the form."""
    subscribe_confirmed(
        email=waiting.email,
        topics=list(Topic.objects.filter(slug=ALERTS_TOPIC)),
        consent_text=_("Send me e-mail when there is something to act on. I can stop it at any time."),
        source=f"action:{waiting.call_to_action.slug}"[:80],
    )


def purge_unconfirmed(*, now: datetime) -> int:
    """Erases answers nobody confirmed within a week; how many."""
    return UnconfirmedAction.objects.stale(now).delete()[0]
