"""People's answers to calls to action: recorded at once, or after the sender confirmed from the mailbox."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import emails, kinds
from campaigns.kinds.base import Details
from campaigns.models import ActionTaken, CallToAction, UnconfirmedAction
from campaigns.models.action import new_reference
from campaigns.permissions import can_answer, organization_for
from campaigns.services.errors import IsFirstStep, LinkUsed, PartnersOnly
from campaigns.services.recording import hold_open_call, write_answer
from campaigns.tokens import read_confirmation
from mailing.addresses import normalize_address
from mailing.models import Topic
from mailing.services import queue_message, subscribe_confirmed
from partners.models import Organization, Person
from partners.services.people import remember_person

ALERTS_TOPIC = "action-alerts"
# One mail per address and call within this time, however often the form is sent.
MAIL_PAUSE = timedelta(hours=1)
# How the source code of a frame on a partner's site begins.
PARTNER_SOURCE = "partner-"
# How much of a source code is kept.
SOURCE_LENGTH = 60


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
    via_id: int | None = None,
    now: datetime | None = None,
    reference: str = "",
) -> tuple[ActionTaken, bool]:
    """Records a person's answer, once per call, with what its kind keeps of `details`. Returns it, and whether it is new.

    Somebody who answered before keeps that action; its comment and the leave to show the name become the
    new ones (a comment of None leaves it as it is). Raises `CallClosed`, `PartnersOnly` or `AnswerRefused`.
    """
    now = now or timezone.now()
    source_code = source_code or kinds.of(call_to_action).source_of_first_step(call_to_action, person)
    credited = credited_partner(source_code)
    action, created = _recorded(
        call_to_action,
        person,
        now=now,
        reference=reference or new_reference(),
        comment=comment,
        show_name=show_name,
        verified=verified,
        source_code=source_code,
        via=via_id,
        credited=credited.pk if credited else None,
    )
    kinds.of(call_to_action).record(action, details or {}, created=created)
    return action, created


def _recorded(
    call: CallToAction, person: Person, *, now: datetime, comment: str | None, show_name: bool, **how: Any
) -> tuple[ActionTaken, bool]:
    """The person's action, new or brought up to date, and whether it is new."""
    said = {"comment": comment or "", "show_name": show_name, **how}
    action = write_answer(call, person, now=now, **said)
    if action is None:
        # They may not answer, or did before, or the call was changed since their page was opened.
        hold_open_call(call, now)
        if not can_answer(call, organization_for(call, person)):
            raise PartnersOnly(_("This call to action is for people of partner organizations."))
        action = write_answer(call, person, now=now, **said)
    if action is not None:
        return action, True
    earlier = ActionTaken.objects.select_for_update().get(call_to_action=call, person=person)
    return _changed(earlier, comment, show_name), False


def partner_source(organization: Organization) -> str:
    """The source code of a partner's frame; of a long short name as much as a source code holds."""
    return f"{PARTNER_SOURCE}{organization.slug}"[:SOURCE_LENGTH]


def credited_partner(source_code: str) -> Organization | None:
    """The partner on whose site somebody acted, by the source code of its frame; nobody where two could be meant."""
    if not source_code.startswith(PARTNER_SOURCE):
        return None
    slug = source_code.removeprefix(PARTNER_SOURCE)
    partners = Organization.objects.filter(status=Organization.Status.ACTIVE)
    if len(source_code) < SOURCE_LENGTH:
        return partners.filter(slug=slug).first()
    found = list(partners.filter(slug__startswith=slug)[:2])
    return found[0] if len(found) == 1 else None


def _changed(action: ActionTaken, comment: str | None, show_name: bool) -> ActionTaken:
    """An earlier answer with its newer comment; nothing is written when nothing changed."""
    comment = action.comment if comment is None else comment
    if (action.comment, action.show_name) != (comment, show_name):
        if not action.history.exists():
            _remember_first(action)
        action.comment, action.show_name = comment, show_name
        action.save(update_fields=["comment", "show_name"])
    return action


def _remember_first(action: ActionTaken) -> None:
    """Writes what an answer first said into its history, with the moment when it was given."""
    first = action.history.model(
        history_date=action.acted_at,
        history_type="+",
        **{field.attname: getattr(action, field.attname) for field in action._meta.concrete_fields},
    )
    first.save()


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
    call = hold_open_call(call_to_action, now)
    if not can_answer(call, None):
        raise PartnersOnly(_("This call to action is for people of partner organizations."))
    if kinds.of(call).is_first_step(details or {}):
        details = _not_less_than_waits(call, normalize_address(email), details or {})
    # Of two requests for one address the second waits here until the first is written.
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
            "details": dict(details or {}),
            # It waits for a week from now on, like the link.
            "created_at": now,
        },
    )
    if unconfirmed.mailed_at and unconfirmed.mailed_at > now - MAIL_PAUSE:
        return
    unconfirmed.mailed_at = now
    unconfirmed.save(update_fields=["mailed_at"])
    message = emails.confirmation_request(unconfirmed)
    queue_message(
        to=unconfirmed.email,
        subject=message.subject,
        text=message.text,
        html=message.html,
        expires_at=kinds.of(call).mail_until(call),
    )


def _not_less_than_waits(call: CallToAction, email: str, details: Details) -> Details:
    """A first step, or the whole answer that waits for its confirmation already and says more."""
    rows = UnconfirmedAction.objects.select_for_update().filter(call_to_action=call, email=email)
    waiting = rows.first()
    is_whole = waiting is not None and pledged_by(waiting) is None
    return waiting.details if waiting is not None and is_whole else details


def pledged_by(waiting: UnconfirmedAction) -> int | None:
    """The number of the person who confirmed the first step that stood here, so that the link can be opened again."""
    return waiting.details.get("pledged_by")


@transaction.atomic
def confirm_action(*, token: str, now: datetime | None = None) -> ActionTaken:
    """Records the answer behind a mailed link and thanks for it by mail; a second time changes nothing.

    Raises `LinkForged`, `LinkExpired`, `LinkUsed`, `CallClosed`, `PartnersOnly` or `AnswerRefused`, and `IsFirstStep`
    where a pledge waits, which `confirm_pledge` records.
    """
    waiting = answer_behind(token=token)
    if isinstance(waiting, UnconfirmedAction):
        # First the call, then the answer: the same order as in `request_confirmation`.
        hold_open_call(waiting.call_to_action, now or timezone.now())
        waiting = answer_behind(token=token, lock=True)
    if isinstance(waiting, ActionTaken):
        return waiting
    if pledged_by(waiting) or kinds.of(waiting.call_to_action).is_first_step(waiting.details):
        raise IsFirstStep
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
    subscribe_if_asked(waiting)
    waiting.delete()
    if created:
        message = emails.action_receipt(action)
        queue_message(
            to=action.person.email,
            subject=message.subject,
            text=message.text,
            html=message.html,
            expires_at=kinds.of(action.call_to_action).mail_until(action.call_to_action),
        )
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


def subscribe_if_asked(waiting: UnconfirmedAction) -> None:
    """Signs up the proven address for action alerts, where its owner ticked that in the form."""
    if not waiting.wants_updates:
        return
    subscribe_confirmed(
        email=waiting.email,
        topics=list(Topic.objects.filter(slug=ALERTS_TOPIC)),
        consent_text=_("Send me e-mail when there is something to act on. I can stop it at any time."),
        source=f"action:{waiting.call_to_action.slug}"[:80],
    )


def purge_unconfirmed(*, now: datetime) -> int:
    """Erases answers nobody confirmed within a week; how many."""
    return UnconfirmedAction.objects.stale(now).delete()[0]
