"""Opportunities to present: accepted, delivered, declined, withdrawn, each step once."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User
from research.models import Opportunity

State = Opportunity.State


@transaction.atomic
def accept(
    *, opportunity: Opportunity, answered_on: date, by: User | None, on: date | None = None
) -> Opportunity:
    """We will present; `on` is the day, where it is fixed already."""
    locked = _locked(opportunity, State.OFFERED)
    _not_before(answered_on, locked.offered_on, _("We cannot have answered before we were asked."))
    locked.state, locked.answered_on, locked.on = State.ACCEPTED, answered_on, on or locked.on
    return _saved(locked, by)


@transaction.atomic
def deliver(
    *,
    opportunity: Opportunity,
    on: date,
    by: User | None,
    audience_size: int | None = None,
    outcome: str = "",
) -> Opportunity:
    """We presented on a day, to so many people as far as somebody counted them."""
    locked = _locked(opportunity, State.ACCEPTED)
    _not_before(on, locked.offered_on, _("The presentation cannot have been before the offer."))
    locked.state, locked.on, locked.audience_size = State.DELIVERED, on, audience_size
    locked.outcome = outcome or locked.outcome
    return _saved(locked, by)


@transaction.atomic
def decline(*, opportunity: Opportunity, answered_on: date, why: str, by: User | None) -> Opportunity:
    """We said no, and why."""
    locked = _locked(opportunity, State.OFFERED)
    _not_before(answered_on, locked.offered_on, _("We cannot have answered before we were asked."))
    locked.state, locked.answered_on, locked.outcome = State.DECLINED, answered_on, why
    return _saved(locked, by)


@transaction.atomic
def withdraw(*, opportunity: Opportunity, why: str, by: User | None) -> Opportunity:
    """Nothing came of it, before or after we said yes: the host took it back, or we did."""
    locked = _locked(opportunity, State.OFFERED, State.ACCEPTED)
    locked.state, locked.outcome = State.WITHDRAWN, why
    return _saved(locked, by)


def _locked(opportunity: Opportunity, *allowed: str) -> Opportunity:
    locked = Opportunity.objects.select_for_update().get(pk=opportunity.pk)
    if locked.state not in allowed:
        raise NotAllowed(
            _("This opportunity is “%(state)s”, so this is not possible now.")
            % {"state": locked.get_state_display()}
        )
    return locked


def _not_before(day: date, first: date, words: str) -> None:
    if day < first:
        raise NotAllowed(words)


def _saved(locked: Opportunity, by: User | None) -> Opportunity:
    changed_by(locked, by)
    locked.save()
    return locked
