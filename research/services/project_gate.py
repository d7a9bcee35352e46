"""The gate of a phase: which groups were heard in it, and which staff let pass, with their reason."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import Organization, User
from research.models import GateWaiver, Phase, PhaseInput, UnderrepresentedGroup


@dataclass(frozen=True)
class GateLine:
    """One group at a phase's gate."""

    group: UnderrepresentedGroup
    inputs: int
    waiver: GateWaiver | None

    @property
    def is_met(self) -> bool:
        return bool(self.inputs or self.waiver)


def checklist(phase: Phase) -> list[GateLine]:
    """Every group, whether it was heard or waived. Two queries, none where inputs and waivers are prefetched."""
    heard = Counter(row.group for row in phase.inputs.all())
    waived = {row.group: row for row in phase.waivers.all()}
    return [GateLine(group, heard[group.value], waived.get(group.value)) for group in UnderrepresentedGroup]


def missing_groups(phase: Phase) -> list[UnderrepresentedGroup]:
    """The groups without which the phase cannot close."""
    return [line.group for line in checklist(phase) if not line.is_met]


@transaction.atomic
def note_input(
    *,
    phase: Phase,
    group: str,
    said: str,
    given_on: date,
    by: User,
    organization: Organization | None = None,
    source: str = "",
) -> PhaseInput:
    """Keeps what somebody of a group said in a phase that is open."""
    _open(phase)
    row = PhaseInput(
        phase=phase,
        group=group,
        organization=organization,
        source=source,
        given_on=given_on,
        said=said,
        noted_by=by,
    )
    changed_by(row, by)
    row.save()
    empty_page_cache_on_commit()
    return row


@transaction.atomic
def waive_group(*, phase: Phase, group: str, reason: str, by: User, now: datetime) -> GateWaiver:
    """Lets a phase close without a group. Refused where the group was heard, or no reason is given."""
    phase = _open(phase)
    if not reason.strip():
        raise NotAllowed(_("Say why this group was not heard."))
    line = next((line for line in checklist(phase) if line.group == group), None)
    if line is None or line.is_met:
        raise NotAllowed(_("This group was heard in the phase, or waived before."))
    row = GateWaiver(phase=phase, group=group, reason=reason.strip(), waived_at=now, waived_by=by)
    changed_by(row, by)
    row.save()
    empty_page_cache_on_commit()
    return row


@transaction.atomic
def take_back_waiver(*, waiver: GateWaiver, by: User) -> None:
    """Asks for the group again, while the phase is open. The history keeps the waiver."""
    _open(waiver.phase)
    changed_by(waiver, by)
    waiver.delete()
    empty_page_cache_on_commit()


def _open(phase: Phase) -> Phase:
    held = Phase.objects.select_for_update().get(pk=phase.pk)
    if held.state != Phase.State.OPEN:
        raise NotAllowed(_("This phase is not open."))
    return held
