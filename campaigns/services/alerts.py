"""What staff do with an alert: submit it, approve it, send it back, stop it. What it says is in `campaigns.messages`."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.audience import Audience, BadRules
from campaigns.messages.checks import problems_before_sending, stops
from campaigns.models import ActionAlert, CallToAction
from campaigns.permissions import can_approve
from campaigns.services.reminders import cancel_reminders
from campaigns.services.sending import (
    STATES,
    UNDER_WAY,
    AlertRefused,
    alert_state,
    audience_select,
    compile_alert,
    copy_blocks,
    digest_of,
    held_call,
    locked_alert,
)
from mailing import services as mailing_services
from mailing.models import Delivery, Mailing
from partners.history import changed_by
from partners.models import User
from partners.services.identity import get_coalition

State = ActionAlert.State
# What a copy does not take along: what happened to the alert it is made of.
_OWN = frozenset(
    {
        "id",
        "state",
        "send_at",
        "test_winner",
        "test_judged_at",
        "test_result",
        "reminder_of",
        "reminder_number",
        "reminders_stopped_at",
        "mailing",
        "staff_minutes",
        "other_cost",
        "created_at",
        "created_by",
        "submitted_at",
        "submitted_by",
        "submitted_digest",
        "approved_at",
        "approved_by",
    }
)


def needs_second_person(reached: int) -> bool:
    """Whether so many people are more than one staff member may write to alone."""
    return reached > get_coalition().approval_above


@transaction.atomic
def submit_alert(*, alert: ActionAlert, by: User, send_at: datetime | None = None) -> ActionAlert:
    """Hands a draft to a second person, who approves exactly this. It goes out then, or at `send_at`."""
    locked = locked_alert(alert)
    if locked.state != State.DRAFT:
        raise AlertRefused([_("Only a draft can be submitted.")])
    _check(locked, send_at)
    locked.state, locked.send_at = State.WAITING, send_at
    locked.submitted_at, locked.submitted_by = timezone.now(), by
    locked.submitted_digest = digest_of(locked, send_at)
    changed_by(locked, by)
    locked.save()
    return locked


@transaction.atomic
def send_back(*, alert: ActionAlert, by: User, note: str = "") -> ActionAlert:
    """Makes a submitted alert a draft again: the second person said no, or somebody wants to change it.

    `note` says why; the history keeps its first 100 characters.
    """
    locked = locked_alert(alert)
    if locked.state != State.WAITING:
        raise AlertRefused([_("This alert does not wait for approval.")])
    locked.state, locked.send_at = State.DRAFT, None
    locked.submitted_at, locked.submitted_by, locked.submitted_digest = None, None, ""
    locked._change_reason = note.strip()[:100]  # type: ignore[attr-defined]  # The history library's own name.
    changed_by(locked, by)
    locked.save()
    return locked


@transaction.atomic
def approve_alert(*, alert: ActionAlert, by: User, send_at: datetime | None = None) -> ActionAlert:
    """Compiles the alert, writes one row per recipient, and sends it now or at its time.

    A draft is sent by one person, at `send_at`, as long as no second one is needed. A submitted alert is approved by
    somebody else, for the time it was submitted with. A second approval finds the alert on its way and is refused,
    so nobody gets it twice.
    """
    locked = locked_alert(alert)
    if locked.state not in {State.DRAFT, State.WAITING}:
        raise AlertRefused([_("This alert has been approved already.")])
    now = timezone.now()
    if locked.state == State.WAITING:
        _check_approval(locked, by)
        # Submitted for a time that has passed meanwhile: it goes out with the approval.
        send_at = locked.send_at if locked.send_at and locked.send_at > now else None
    reached = _check(locked, send_at)
    if locked.state == State.DRAFT and needs_second_person(reached):
        raise AlertRefused([_("So many people need a second person's approval. Submit the alert instead.")])
    when = send_at or now
    mailing = compile_alert(locked, send_at=when)
    filled = mailing_services.fill_mailing(
        mailing=mailing,
        select=audience_select(locked),
        test_percent=locked.test_percent if locked.test else None,
    )
    if not filled.tally[Delivery.State.PENDING] + filled.tally[Delivery.State.SUMMARIZED]:
        raise AlertRefused([_("The audience is empty: nobody would get the alert.")])
    # Only now, because writing a million rows takes seconds, in which people go on to answer the call.
    _check_call(held_call(locked), when)
    if send_at is None:
        mailing = mailing_services.start_mailing(mailing=mailing)
    locked.mailing, locked.send_at = mailing, when
    locked.approved_at, locked.approved_by = now, by
    locked.state = alert_state(mailing)
    changed_by(locked, by)
    locked.save()
    return locked


def pause_alert(*, alert: ActionAlert, by: User) -> ActionAlert:
    """Stops handing messages over; what is with the mail server already cannot be called back."""
    return _change(alert, by, mailing_services.pause_mailing)


@transaction.atomic
def resume_alert(*, alert: ActionAlert, by: User) -> ActionAlert:
    """Goes on where the alert was paused."""
    call = CallToAction.objects.select_related("hearing").get(pk=alert.call_to_action_id)
    if call.hearing_is_off:
        raise AlertRefused(
            [_("The hearing was cancelled or replaced. Change the hearing of the call to action first.")]
        )
    return _change(alert, by, mailing_services.resume_mailing)


@transaction.atomic
def cancel_alert(*, alert: ActionAlert, by: User) -> ActionAlert:
    """Ends the alert for good: a draft is put away, one on its way sends nothing more, nor do its reminders."""
    locked = locked_alert(alert)
    if locked.state in {State.DRAFT, State.WAITING}:
        locked.state = State.CANCELLED
        changed_by(locked, by)
        locked.save(update_fields=["state"])
        return locked
    changed = _change(locked, by, mailing_services.cancel_mailing)
    cancel_reminders(alert=changed, by=by)
    return changed


@transaction.atomic
def copy_alert(*, alert: ActionAlert, by: User) -> ActionAlert:
    """A new draft with the same words, audience and way to go out."""
    kept = [field for field in ActionAlert._meta.concrete_fields if field.name not in _OWN]
    copy = ActionAlert.objects.create(
        **{field.attname: getattr(alert, field.attname) for field in kept}, created_by=by
    )
    copy_blocks(alert.blocks.all(), copy)
    return copy


def settle_alerts(*, now: datetime) -> int:
    """Brings alerts on their way up to date with their mailing, call and hearing; returns how many changed."""
    return sum(_settle(pk, now) for pk in list(ActionAlert.objects.to_settle().values_list("pk", flat=True)))


@transaction.atomic
def _settle(pk: int, now: datetime) -> bool:
    alert = (
        ActionAlert.objects.to_settle()
        .select_for_update(of=["self"], skip_locked=True)
        .select_related("call_to_action__hearing")
        .filter(pk=pk)
        .first()
    )
    if alert is None or alert.mailing_id is None:
        return False
    mailing = Mailing.objects.select_for_update(of=["self"]).get(pk=alert.mailing_id)
    state = _follow_call(alert.call_to_action, mailing, now) if mailing.state in UNDER_WAY else None
    state = state or STATES[Mailing.State(mailing.state)]
    if state == alert.state:
        return False
    alert.state = state
    alert.save(update_fields=["state"])
    return True


def _follow_call(call: CallToAction, mailing: Mailing, now: datetime) -> ActionAlert.State | None:
    """What the call's deadline and hearing do to a mailing under way; nothing where it just goes on."""
    until = call.mail_until
    over = call.status != CallToAction.Status.PUBLISHED or until <= now or until <= mailing.send_at
    if over:
        mailing_services.cancel_mailing(mailing=mailing)
        return State.EXPIRED
    if mailing.expires_at != until:
        # The deadline or the hearing was moved; the alert goes with it.
        mailing.expires_at = until
        mailing.save(update_fields=["expires_at"])
    if call.hearing_is_off and mailing.state != Mailing.State.PAUSED:
        mailing_services.pause_mailing(mailing=mailing)
        return State.PAUSED
    return None


def _check(alert: ActionAlert, send_at: datetime | None) -> int:
    """How many would get the alert at `send_at`, or now. Raises `AlertRefused` with everything that stops it."""
    now = timezone.now()
    try:
        reached = Audience.of(alert).size().reached
    except BadRules as error:
        raise AlertRefused([str(error)]) from error
    problems = stops(problems_before_sending(alert, send_at=send_at or now, reached=reached))
    if send_at and send_at <= now:
        problems.append(_("The time to send has passed."))
    if problems:
        raise AlertRefused(problems)
    return reached


def _check_approval(alert: ActionAlert, by: User) -> None:
    if not can_approve(by, alert):
        raise AlertRefused(
            [_("Another person than the one who wrote or submitted it must approve it, with the right to.")]
        )
    if digest_of(alert, alert.send_at) != alert.submitted_digest:
        raise AlertRefused(
            [
                _(
                    "The words or the audience have changed since it was submitted. Send it back and submit it anew."
                )
            ]
        )


def _check_call(call: CallToAction, when: datetime) -> None:
    """The call may have been changed while the recipients were written."""
    if call.mail_until <= when:
        raise AlertRefused(
            [_("The call to action closes, or its hearing begins, before the alert would go out.")]
        )
    if call.hearing_is_off:
        raise AlertRefused([_("The hearing of the call to action was cancelled or replaced.")])


@transaction.atomic
def _change(alert: ActionAlert, by: User, step: Callable[..., Mailing]) -> ActionAlert:
    """Takes one step with the alert's mailing and writes the new state into the history."""
    locked = locked_alert(alert)
    if locked.mailing is None:
        raise AlertRefused([_("This alert was never sent.")])
    try:
        mailing = step(mailing=locked.mailing)
    except mailing_services.StateError as error:
        raise AlertRefused([str(error)]) from error
    locked.state = alert_state(mailing)
    changed_by(locked, by)
    locked.save(update_fields=["state"])
    return locked
