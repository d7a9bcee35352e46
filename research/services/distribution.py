"""Steps of a report's distribution plan: done, dropped, planned again."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User
from research.models import DistributionStep

State = DistributionStep.State


@transaction.atomic
def mark_done(
    *, step: DistributionStep, done_on: date, by: User | None, sent_count: int | None = None
) -> DistributionStep:
    """Notes that a step was taken, and how many were written to, invited or given something."""
    locked = locked_step(step, State.PLANNED)
    if has_mail(locked):
        raise NotAllowed(_("Our own mail counts this step by itself."))
    locked.state, locked.done_on, locked.sent_count = State.DONE, done_on, sent_count
    return _saved(locked, by)


@transaction.atomic
def drop(*, step: DistributionStep, why: str, by: User | None) -> DistributionStep:
    """Gives up a step that was planned; `why` is kept as its note."""
    locked = locked_step(step, State.PLANNED)
    locked.state, locked.note = State.DROPPED, why
    return _saved(locked, by)


@transaction.atomic
def plan_again(*, step: DistributionStep, planned_on: date, by: User | None) -> DistributionStep:
    """Opens a step once more. What our mail has sent cannot be planned again: plan another step."""
    locked = locked_step(step, State.DONE, State.DROPPED)
    if has_mail(locked):
        raise NotAllowed(_("The announcement of this step has been sent. Plan another step."))
    locked.state, locked.planned_on = State.PLANNED, planned_on
    locked.done_on = locked.sent_count = None
    return _saved(locked, by)


def locked_step(step: DistributionStep, *allowed: str) -> DistributionStep:
    """The step as it is now, which nobody else changes until the transaction ends; in one of the states allowed."""
    locked = DistributionStep.objects.select_for_update().get(pk=step.pk)
    if locked.state not in allowed:
        raise NotAllowed(
            _("This step is “%(state)s”, so this is not possible now.")
            % {"state": locked.get_state_display()}
        )
    return locked


def has_mail(step: DistributionStep) -> bool:
    """Whether our own mail went out for it."""
    announcement = getattr(step, "announcement", None)
    return announcement is not None and announcement.mailing_id is not None


def _saved(locked: DistributionStep, by: User | None) -> DistributionStep:
    changed_by(locked, by)
    locked.save()
    return locked
