"""Partners' feedback on a phase: given, changed while the phase is open, and considered by staff."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import Organization, User
from partners.permissions import membership_of
from research.models import Phase, PhaseFeedback

_State = PhaseFeedback.State


@transaction.atomic
def give_feedback(
    *, phase: Phase, organization: Organization, by: User, verdict: str, text: str, now: datetime
) -> PhaseFeedback:
    """Keeps what somebody of a partner says about an open phase; their earlier words are replaced."""
    if membership_of(by, organization) is None:
        raise NotAllowed(_("You do not belong to this organization."))
    held = Phase.objects.select_for_update(of=("self",)).select_related("project").get(pk=phase.pk)
    if held.state != Phase.State.OPEN or held.project.status != "running":
        raise NotAllowed(_("This phase takes no more feedback."))
    found = PhaseFeedback.objects.filter(phase=held, given_by=by).first()
    row = found or PhaseFeedback(phase=held, given_by=by)
    row.organization, row.verdict, row.text, row.given_at = organization, verdict, text, now
    # What is new in it was considered by nobody.
    row.state, row.considered_at, row.considered_by, row.outcome = _State.NEW, None, None, ""
    changed_by(row, by)
    row.save()
    return row


@transaction.atomic
def consider_feedback(*, feedback: PhaseFeedback, outcome: str, by: User, now: datetime) -> PhaseFeedback:
    """Notes that staff weighed it, and what came of it; those who gave it read that."""
    row = PhaseFeedback.objects.select_for_update().get(pk=feedback.pk)
    if row.state != _State.NEW:
        raise NotAllowed(_("This feedback was considered before."))
    if not outcome.strip():
        raise NotAllowed(_("Say what came of it. “Nothing changes, because …” is an answer too."))
    row.state, row.considered_at, row.considered_by = _State.CONSIDERED, now, by
    row.outcome = outcome.strip()
    changed_by(row, by)
    row.save()
    return row
