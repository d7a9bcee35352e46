"""Who was at a session as a whole, and closing its list. Doors, days and reports stand in `check_in`."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.gatherings.check_in import EXPECTED_AGAIN, expect_again, has_come, undo
from partners.history import changed_by
from partners.models import Organization, Person, User
from partners.permissions import acting_organization
from trainings.models import (
    DayAttendance,
    DoorTick,
    Enrollment,
    Invoice,
    InvoiceLine,
    Session,
    SessionPart,
)
from trainings.services.billing import bill
from trainings.services.completion import settle_completion
from trainings.services.payments import void
from trainings.services.waiting import held_session

_Status, How = Enrollment.Status, Enrollment.CheckIn
_WAITING = {_Status.WAITLISTED, _Status.OFFERED}


@transaction.atomic
def mark_attended(
    *,
    enrollment: Enrollment,
    by: User | None,
    now: datetime,
    minutes: int | None = None,
    how: str = How.STAFF,
    at: datetime | None = None,
) -> Enrollment:
    """Notes that somebody was there since `at`; without `minutes` the whole time. Raises `NotAllowed`.

    Who waited for a seat with a fee has taken it so, and is billed.
    """
    session = on_the_day(enrollment.session, now)
    row = held_row(enrollment)
    if row.status == _Status.CANCELLED and how == How.IMPORT:
        row.cancelled_at = None  # They came after all.
    waited = row.status in _WAITING
    if row.status != _Status.ATTENDED:
        row.status, row.check_in = _Status.ATTENDED, how
        row.checked_in_at, row.checked_in_by = at or now, by
    row.minutes = minutes
    row.organization = row.organization or acting_organization(row.person)
    _save(row, by)
    if waited and row.price and row.registration is not None:
        bill(registration=row.registration, now=now)
    if session.state == Session.State.HELD:
        settle_completion(enrollment=row, by=by, now=now)
    return row


@transaction.atomic
def take_back(*, enrollment: Enrollment, by: User, now: datetime) -> Enrollment:
    """They were not there after all. A certificate that rests on it is revoked. Raises `NotAllowed`."""
    session = on_the_day(enrollment.session, now)
    row = held_row(enrollment)
    if row.status != _Status.ATTENDED:
        return row
    row.completed_at = None
    row.day_attendances.all().delete()
    undo(row, walked_in=row.registration_id is None, is_held=session.state == Session.State.HELD, now=now)
    _save(row, by)
    if row.status in _WAITING:
        _take_bill_back(row, by, now)
    settle_completion(enrollment=row, by=by, now=now)
    return row


def _take_bill_back(row: Enrollment, by: User, now: datetime) -> None:
    """Makes the invoice void that being noted brought to somebody who waits again. One that was paid is for staff."""
    invoices = Invoice.objects.filter(registration=row.registration, state=Invoice.State.OPEN)
    for invoice in invoices.filter(lines__enrollment=row).exclude(lines__in=_lines_of_others(row)):
        void(invoice=invoice, reason=_("Nobody came for this seat."), write_anew=False, by=by, now=now)


def _lines_of_others(row: Enrollment) -> QuerySet[InvoiceLine]:
    return InvoiceLine.objects.filter(invoice__registration=row.registration).exclude(enrollment=row)


@transaction.atomic
def take_back_check_ins(*, session: Session, by: User | None, now: datetime) -> int:
    """Whoever has checked in to what has not begun is registered again; how many. The caller holds the session locked.

    Taps at the door that were made before and arrive later change nothing.
    """
    rows = list(session.enrollments.attended().select_for_update(of=("self",)).order_by("pk"))
    parts: list[SessionPart | None] = [*session.parts.all()] or [None]
    for row in rows:
        expect_again(row)
    bulk_update_with_history(
        rows, Enrollment, EXPECTED_AGAIN, default_user=by, default_date=now, batch_size=500
    )
    DayAttendance.objects.filter(enrollment__in=rows).delete()
    DoorTick.objects.bulk_create(
        DoorTick(
            session=session,
            part=part,
            enrollment=row,
            key=uuid4(),
            action=DoorTick.Action.OUT,
            made_at=now,
            made_by=by,
            received_at=now,
        )
        for row in rows
        for part in parts
    )
    return len(rows)


@transaction.atomic
def walk_in(
    *,
    session: Session,
    person: Person,
    organization: Organization | None,
    by: User | None,
    now: datetime,
    is_noted: bool = True,
) -> Enrollment:
    """Somebody who came without registering, or whose registration we have: they were there. Raises `NotAllowed`.

    With `is_noted` False they are put on the list, and whoever calls notes the rest.
    """
    held = on_the_day(session, now)
    row = held.enrollments.select_for_update(of=("self",)).filter(person=person).first()
    if row is None:
        row = Enrollment(
            session=held,
            person=person,
            organization=organization or acting_organization(person),
            status=_Status.REGISTERED,
            registered_at=now,
            registered_by=by,
        )
        _save(row, by)
    return mark_attended(enrollment=row, by=by, now=now) if is_noted else row


@transaction.atomic
def close_session(*, session: Session, by: User, now: datetime) -> int:
    """The session was held: who has a seat and did not come is absent; how many. Raises `NotAllowed`."""
    held = held_session(session)
    if held.state != Session.State.PUBLISHED:
        raise NotAllowed(_("Attendance is closed once, for a session that was published."))
    if now < held.ends_at:
        raise NotAllowed(_("Attendance can be closed when the session has ended."))
    absent = list(held.enrollments.select_for_update(of=("self",)).filter(status=_Status.REGISTERED))
    for row in absent:
        row.status = _Status.ABSENT
    bulk_update_with_history(absent, Enrollment, ["status"], default_user=by, default_date=now)
    held.state, held.held_at, held.held_by = Session.State.HELD, now, by
    changed_by(held, by)
    held.save(update_fields=["state", "held_at", "held_by"])
    for row in held.enrollments.attended().select_related("session__course", "person"):
        settle_completion(enrollment=row, by=by, now=now)
    empty_page_cache_on_commit()
    return len(absent)


def on_the_day(session: Session, now: datetime) -> Session:
    """The session, locked. Raises `NotAllowed` where nobody can have been there."""
    held = held_session(session)
    if held.state not in {Session.State.PUBLISHED, Session.State.HELD}:
        raise NotAllowed(_("Nobody can be noted for a session that is a draft or was cancelled."))
    if not has_come(held, now):
        raise NotAllowed(_("People can be noted from the morning of the session on."))
    return held


def held_row(enrollment: Enrollment) -> Enrollment:
    """Somebody's place as it is now, locked. The caller holds its session."""
    rows = Enrollment.objects.select_for_update(of=("self",)).select_related("session__course", "person")
    return rows.get(pk=enrollment.pk)


def _save(row: Enrollment, by: User | None) -> None:
    changed_by(row, by)
    row.save()
