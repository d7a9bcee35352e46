"""What staff do with an alert: look at it, send it, stop it, and read what became of it."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.alert_content import build_content, problems_before_sending
from campaigns.alert_result import AlertResult, alert_result
from campaigns.audience import TOPIC, Audience, AudienceSize, personal_slots, recipient_of
from campaigns.models import ActionAlert, CallToAction
from campaigns.services.errors import StateError
from mailing import services as mailing_services
from mailing.models import Mailing, Topic
from mailing.services import RenderedMessage
from partners.history import changed_by
from partners.models import Person, User
from partners.querysets import PersonQuerySet

__all__ = [
    "AlertRefused",
    "AlertResult",
    "alert_result",
    "approve_alert",
    "audience_people",
    "audience_size",
    "cancel_alert",
    "copy_alert",
    "pause_alert",
    "preview_alert",
    "resume_alert",
    "send_test",
    "settle_alerts",
]

# How the state of the compiled mailing reads as the state of the alert.
_STATES = {
    Mailing.State.READY: ActionAlert.State.SCHEDULED,
    Mailing.State.SENDING: ActionAlert.State.SENDING,
    Mailing.State.PAUSED: ActionAlert.State.PAUSED,
    Mailing.State.DONE: ActionAlert.State.SENT,
    Mailing.State.CANCELLED: ActionAlert.State.CANCELLED,
    Mailing.State.EXPIRED: ActionAlert.State.EXPIRED,
}


class AlertRefused(StateError):
    """The step is not possible now. `problems` says why, in words for staff."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def audience_people(alert: ActionAlert) -> PersonQuerySet:
    """The people of partner organizations an alert is for, each once."""
    return Audience.of(alert).people()


def audience_size(alert: ActionAlert) -> AudienceSize:
    """How many the alert is for, and how many of them will be skipped."""
    return Audience.of(alert).size()


def preview_alert(*, alert: ActionAlert, person: Person | None) -> RenderedMessage:
    """The alert as `person` gets it; with nobody given, as a subscriber does whose name we do not know.

    An alert that was approved is shown as it was compiled then, whatever its call to action says today.
    """
    slots = recipient_of(person).slots if person else personal_slots("", "", "")
    if alert.mailing is not None:
        return mailing_services.render_sent_preview(mailing=alert.mailing, slots=slots)
    content = build_content(alert)
    return mailing_services.render_preview(
        subject=content.subject, text=content.text, html=content.html, slots=slots
    )


@transaction.atomic
def send_test(*, alert: ActionAlert, to: User) -> None:
    """Mails the alert to the staff member alone, marked as a test, with the staff member's own name in it."""
    person = Audience.of(alert).people().filter(user=to).first() or Person.objects.filter(user=to).first()
    message = preview_alert(alert=alert, person=person)
    mailing_services.queue_message(
        to=to.email,
        subject=_("[Test] %(subject)s") % {"subject": message.subject},
        text=message.text,
        html=message.html,
    )


@transaction.atomic
def approve_alert(*, alert: ActionAlert, by: User, send_at: datetime | None = None) -> ActionAlert:
    """Compiles the alert, writes one row per recipient, and sends it now or at `send_at`.

    A second approval finds that the alert is no draft any more and is refused, so nobody gets it twice.
    """
    locked = ActionAlert.objects.select_for_update(of=["self"]).get(pk=alert.pk)
    if locked.state != ActionAlert.State.DRAFT:
        raise AlertRefused([_("This alert has been approved already.")])
    # The call stays as it is until the alert is written: closing it waits for this transaction.
    locked.call_to_action = CallToAction.objects.select_for_update(of=["self"]).get(
        pk=locked.call_to_action_id
    )
    now = timezone.now()
    when, audience = send_at or now, Audience.of(locked)
    problems = problems_before_sending(locked, send_at=when, reached=audience.size().reached)
    if send_at and send_at <= now:
        problems.append(_("The time to send has passed."))
    if problems:
        raise AlertRefused(problems)
    try:
        mailing = _compile(locked, when)
    except mailing_services.CompileError as error:
        raise AlertRefused([str(error)]) from error
    mailing_services.add_recipients(mailing=mailing, recipients=audience.recipients())
    if send_at is None:
        mailing = mailing_services.start_mailing(mailing=mailing)
    locked.mailing, locked.send_at = mailing, when
    locked.approved_at, locked.approved_by = now, by
    locked.state = _STATES[Mailing.State(mailing.state)]
    changed_by(locked, by)
    locked.save()
    return locked


def pause_alert(*, alert: ActionAlert, by: User) -> ActionAlert:
    """Stops handing messages over; what is with the mail server already cannot be called back."""
    return _change(alert, by, mailing_services.pause_mailing)


def resume_alert(*, alert: ActionAlert, by: User) -> ActionAlert:
    """Goes on where the alert was paused."""
    return _change(alert, by, mailing_services.resume_mailing)


@transaction.atomic
def cancel_alert(*, alert: ActionAlert, by: User) -> ActionAlert:
    """Ends the alert for good: a draft is put away, one on its way sends nothing more."""
    locked = ActionAlert.objects.select_for_update(of=["self"]).get(pk=alert.pk)
    if locked.state == ActionAlert.State.DRAFT:
        locked.state = ActionAlert.State.CANCELLED
        changed_by(locked, by)
        locked.save(update_fields=["state"])
        return locked
    return _change(locked, by, mailing_services.cancel_mailing)


@transaction.atomic
def copy_alert(*, alert: ActionAlert, by: User) -> ActionAlert:
    """A new draft with the same words and the same audience."""
    copy = ActionAlert.objects.create(
        call_to_action=alert.call_to_action,
        subject=alert.subject,
        preheader=alert.preheader,
        body=alert.body,
        roles=list(alert.roles),
        include_subscribers=alert.include_subscribers,
        created_by=by,
    )
    copy.areas.set(alert.areas.all())
    copy.sub_sectors.set(alert.sub_sectors.all())
    return copy


def settle_alerts(*, now: datetime) -> int:
    """Brings alerts on their way up to date with their mailing and their call; returns how many changed."""
    on_their_way = ActionAlert.objects.in_flight().values_list("pk", flat=True)
    return sum(_settle(pk, now) for pk in list(on_their_way))


@transaction.atomic
def _settle(pk: int, now: datetime) -> bool:
    alert = (
        ActionAlert.objects.in_flight()
        .select_for_update(of=["self"], skip_locked=True)
        .select_related("call_to_action")
        .filter(pk=pk)
        .first()
    )
    if alert is None or alert.mailing_id is None:
        return False
    mailing = Mailing.objects.select_for_update(of=["self"]).get(pk=alert.mailing_id)
    under_way = mailing.state in {Mailing.State.READY, Mailing.State.SENDING, Mailing.State.PAUSED}
    state = _STATES[Mailing.State(mailing.state)]
    if under_way and _call_is_over(alert.call_to_action, mailing, now):
        mailing_services.cancel_mailing(mailing=mailing)
        state = ActionAlert.State.EXPIRED
    elif under_way and mailing.expires_at != alert.call_to_action.closes_at:
        # The deadline was moved; the alert goes with it.
        mailing.expires_at = alert.call_to_action.closes_at
        mailing.save(update_fields=["expires_at"])
    if state == alert.state:
        return False
    alert.state = state
    alert.save(update_fields=["state"])
    return True


def _call_is_over(call: CallToAction, mailing: Mailing, now: datetime) -> bool:
    """Whether nothing should go out any more: the call is closed, or will be before the mailing begins."""
    return call.is_over(now) or call.status == CallToAction.Status.DRAFT or call.closes_at <= mailing.send_at


def _compile(alert: ActionAlert, send_at: datetime) -> Mailing:
    content = build_content(alert)
    return mailing_services.compile_mailing(
        topic=Topic.objects.get(slug=TOPIC),
        name=alert.subject[:200],
        subject=content.subject,
        text=content.text,
        html=content.html,
        send_at=send_at,
        expires_at=alert.call_to_action.closes_at,
        personal_links=content.personal_links,
    )


@transaction.atomic
def _change(alert: ActionAlert, by: User, step: Callable[..., Mailing]) -> ActionAlert:
    """Takes one step with the alert's mailing and writes the new state into the history."""
    locked = ActionAlert.objects.select_for_update(of=["self"]).get(pk=alert.pk)
    if locked.mailing_id is None:
        raise AlertRefused([_("This alert was never sent.")])
    try:
        mailing = step(mailing=locked.mailing)
    except mailing_services.StateError as error:
        raise AlertRefused([str(error)]) from error
    locked.state = _STATES[Mailing.State(mailing.state)]
    changed_by(locked, by)
    locked.save(update_fields=["state"])
    return locked
