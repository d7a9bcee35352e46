"""Partners' positions on bills: taken, proposed, decided, withdrawn. Every earlier one stays as history.

Each step locks the partner's row, so that two tabs and two people come one after the other.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from legislation import position_emails as emails
from legislation.models import Bill, OrganizationPosition
from legislation.permissions import (
    can_decide_as_staff,
    can_propose_for,
    can_speak_for,
    can_withdraw,
    primary_contacts,
)
from legislation.services.replacements import warn_of_replacement
from mailing.services import queue_message
from partners.caching import empty_page_cache_on_commit
from partners.errors import AlreadyDecided, NotAllowed
from partners.history import changed_by
from partners.models import Organization, User

__all__ = [
    "approve_position",
    "decline_position",
    "take_position",
    "warn_of_replacement",
    "withdraw_position",
]

_State = OrganizationPosition.State


@transaction.atomic
def take_position(
    *, organization: Organization, bill: Bill, position: str, statement: str = "", by: User
) -> OrganizationPosition:
    """Writes a partner's position down: on record at once from a primary contact, else waiting for one.

    The same again changes nothing. A new one on record withdraws the earlier one.
    """
    organization = _lock(organization)
    if not can_propose_for(by, organization):
        raise NotAllowed(_("Primary contacts and advocates of a partner can take a position for it."))
    statement = statement.strip()
    speaks = can_speak_for(by, organization)
    waiting = _of(organization, bill, _State.PROPOSED)
    on_record = _of(organization, bill, _State.ON_RECORD)
    if on_record and _says(on_record, position, statement):
        if waiting and speaks:
            _withdraw(waiting, by)
        return on_record
    if waiting and not speaks:
        if waiting.proposed_by_id == by.pk and _says(waiting, position, statement):
            return waiting
        raise NotAllowed(
            _(
                "A position on this bill waits for your primary contact already. It must be decided or taken back."
            )
        )
    row = OrganizationPosition(
        organization=organization,
        bill=bill,
        position=position,
        statement=statement,
        proposed_at=timezone.now(),
        proposed_by=by,
    )
    if speaks:
        if waiting:
            _withdraw(waiting, by)
        return _put_on_record(row, by)
    _save(row, by)
    contacts = primary_contacts(organization)
    for contact in contacts:
        queue_message(**emails.position_proposed(row, contact))
    if not contacts and (notice := emails.position_without_contact(row)):
        queue_message(**notice)
    return row


@transaction.atomic
def approve_position(
    *, position: OrganizationPosition, by: User, staff_note: str = ""
) -> OrganizationPosition:
    """Puts a proposed position on record. Staff do so for a partner that told them, and note how it did."""
    row = _waiting(position)
    _may_decide(row, by, staff_note)
    row.staff_note = staff_note.strip()
    row = _put_on_record(row, by)
    _tell_proposer(row, by)
    return row


@transaction.atomic
def decline_position(
    *, position: OrganizationPosition, by: User, reason: str, staff_note: str = ""
) -> OrganizationPosition:
    """Refuses a proposed position. Whoever proposed it gets the reason by mail."""
    reason = reason.strip()
    if not reason:
        raise NotAllowed(_("Write the reason; whoever proposed it will read it."))
    row = _waiting(position)
    _may_decide(row, by, staff_note)
    row.state, row.decided_at, row.decided_by = _State.DECLINED, timezone.now(), by
    row.decline_reason, row.staff_note = reason, staff_note.strip()
    _save(row, by)
    _tell_proposer(row, by)
    return row


@transaction.atomic
def withdraw_position(
    *, position: OrganizationPosition, by: User, staff_note: str = ""
) -> OrganizationPosition:
    """Takes a position back, one on record or one that waits. The row stays, with its end."""
    row = _fresh(position)
    if row.state not in {_State.ON_RECORD, _State.PROPOSED}:
        raise AlreadyDecided(_("This position holds no longer: %s.") % row.get_state_display())
    if not can_withdraw(by, row):
        if not can_decide_as_staff(by):
            raise NotAllowed(_("Only a primary contact can withdraw this position."))
        _needs_note(staff_note)
        row.staff_note = staff_note.strip()
    was_public = row.state == _State.ON_RECORD
    _withdraw(row, by)
    if was_public:
        empty_page_cache_on_commit()
    return row


# --- Steps ------------------------------------------------------------------------------------------------------


def _lock(organization: Organization) -> Organization:
    return Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization.pk)


def _fresh(position: OrganizationPosition) -> OrganizationPosition:
    """The position as it is now, its partner locked."""
    _lock(position.organization)
    return OrganizationPosition.objects.select_related("organization", "bill", "proposed_by__person").get(
        pk=position.pk
    )


def _waiting(position: OrganizationPosition) -> OrganizationPosition:
    row = _fresh(position)
    if row.state != _State.PROPOSED:
        raise AlreadyDecided(_("This position was decided already: %s.") % row.get_state_display())
    if row.organization.status != Organization.Status.ACTIVE:
        raise NotAllowed(_("The organization is not an active partner now."))
    return row


def _may_decide(row: OrganizationPosition, by: User, staff_note: str) -> None:
    if can_speak_for(by, row.organization):
        return
    if not can_decide_as_staff(by):
        raise NotAllowed(_("Only a primary contact can decide on this position."))
    _needs_note(staff_note)


def _needs_note(staff_note: str) -> None:
    if not staff_note.strip():
        raise NotAllowed(_("Note how the partner told you so."))


def _of(organization: Organization, bill: Bill, state: str) -> OrganizationPosition | None:
    return OrganizationPosition.objects.filter(organization=organization, bill=bill, state=state).first()


def _says(row: OrganizationPosition, position: str, statement: str) -> bool:
    return row.position == position and row.statement == statement


def _put_on_record(row: OrganizationPosition, by: User) -> OrganizationPosition:
    earlier = _of(row.organization, row.bill, _State.ON_RECORD)
    if earlier:
        _withdraw(earlier, by)
    row.state, row.decided_at, row.decided_by = _State.ON_RECORD, timezone.now(), by
    _save(row, by)
    empty_page_cache_on_commit()
    return row


def _withdraw(row: OrganizationPosition, by: User) -> None:
    row.state, row.withdrawn_at, row.withdrawn_by = _State.WITHDRAWN, timezone.now(), by
    _save(row, by)


def _save(row: OrganizationPosition, by: User) -> None:
    changed_by(row, by)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # The database's own guard, should anything ever write past the lock.
        raise NotAllowed(_("Somebody else changed this a moment ago. Look again.")) from None


def _tell_proposer(row: OrganizationPosition, by: User) -> None:
    if row.proposed_by and row.proposed_by_id != by.pk:
        queue_message(**emails.position_decided(row))
