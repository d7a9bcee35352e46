"""What the door of a session shows: its days, and how everybody stands on one of them."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Sum
from django.utils.translation import gettext as _

from trainings.models import CreditNote, DayAttendance, Enrollment, Invoice, Session, SessionPart
from trainings.money_emails import money
from trainings.querysets import EnrollmentQuerySet
from trainings.services.check_in import part_of

_Status = Enrollment.Status


@dataclass(frozen=True)
class DoorDay:
    """One day of a session by its number, from 1. `part` is None for a session of one day."""

    session: Session
    number: int
    day: Session | SessionPart
    is_one_of_several: bool

    @property
    def part(self) -> SessionPart | None:
        return part_of(self.day)


def door_days(session: Session) -> list[DoorDay]:
    """The days of a session in their order."""
    days = session.days
    return [DoorDay(session, number, day, len(days) > 1) for number, day in enumerate(days, 1)]


def on_the_list(day: DoorDay) -> EnrollmentQuerySet:
    """Everybody with a place, whatever became of it, with what was noted of this day."""
    rows: EnrollmentQuerySet = day.session.enrollments.all()
    if day.part is None:
        return rows
    noted = DayAttendance.objects.filter(enrollment=OuterRef("pk"))
    return rows.annotate(was_there=Exists(noted.filter(part=day.part)), has_days=Exists(noted))


def fees_given_back(session: Session) -> dict[int, str]:
    """That the fee of a seat was given back, or part of it, in words, by number of the place. One query."""
    notes = CreditNote.objects.filter(
        enrollment__session=session,
        reason=CreditNote.Reason.CANCELLED,
        # Who registered once more after that has a registration and an invoice of their own.
        invoice__registration=F("enrollment__registration"),
    ).exclude(invoice__state=Invoice.State.VOID)
    sums = notes.order_by().values_list("enrollment").annotate(Sum("amount"))
    return {pk: _("%(sum)s of the fee was given back.") % {"sum": money(amount)} for pk, amount in sums}


def status_on(day: DoorDay, row: Enrollment) -> str:
    """How somebody of `on_the_list` stands on this day: who was there on another day only is expected."""
    if day.part is None or row.status != _Status.ATTENDED:
        return row.status
    is_noted = row.was_there or not row.has_days  # type: ignore[attr-defined] # the queryset's
    return _Status.ATTENDED if is_noted else _Status.REGISTERED
