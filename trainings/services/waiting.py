"""The waiting list: a seat that becomes free is offered to the next in line, who has until a deadline to accept it.

Within two hours of the start nobody is asked any more: a free seat is for whoever takes it first.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from mailing.services import Draft, queue_message, queue_messages
from partners.errors import NotAllowed
from partners.gatherings.notices import due_reminder
from partners.gatherings.seats import counted, free_seats, needs_seat, next_waiting
from partners.history import changed_by
from partners.models import User
from trainings import emails
from trainings.models import Enrollment, EnrollmentNotice, Session
from trainings.services.billing import bill

FIRST_COME = timedelta(hours=2)
# An offer ends so long before the start at the latest.
LAST_CALL = timedelta(hours=1)
_Status = Enrollment.Status


def is_first_come(session: Session, now: datetime) -> bool:
    """Whether it starts so soon that free seats are no longer offered down the line."""
    return now >= session.starts_at - FIRST_COME


def held_session(session: Session) -> Session:
    """The session with its course, locked: whoever gives or takes a seat does so alone."""
    return Session.objects.select_for_update(of=("self",)).select_related("course").get(pk=session.pk)


def seats_for_newcomers(session: Session, now: datetime) -> int | None:
    """Seats that somebody who registers now can get; none while others wait for them, None without a limit."""
    people = session.enrollments.all()
    free = free_seats(session, people)
    if free and not is_first_come(session, now):
        return 0 if counted(session, people).filter(status=_Status.WAITLISTED).exists() else free
    return free


def offer_free_seats(*, session: Session, now: datetime) -> list[Enrollment]:
    """Offers each free seat to the next in line and writes to them. The caller holds the session locked."""
    if session.state != Session.State.PUBLISHED or is_first_come(session, now):
        return []
    if session.capacity is None:
        return _seat_everybody(session, now)
    until = min(now + timedelta(hours=session.offer_hours), session.starts_at - LAST_CALL)
    chosen = next_waiting(session, session.enrollments.select_related("person", "registration__contact"))
    for row in chosen:
        row.status, row.offer_expires_at = _Status.OFFERED, until
        row.session = session
        row.save(update_fields=["status", "offer_expires_at"])
    queue_messages(drafts=[Draft(**emails.seat_offered(row), expires_at=until) for row in chosen])
    return chosen


def _seat_everybody(session: Session, now: datetime) -> list[Enrollment]:
    """Without a limit nobody waits, and nobody needs to be asked."""
    waiting = session.enrollments.filter(status=_Status.WAITLISTED).order_by("waiting_since", "pk")
    rows = list(waiting.select_related("person", "registration__contact"))
    for row in rows:
        row.session = session
        give_seat(row, now, None)
    return rows


def give_seat(row: Enrollment, now: datetime, by: User | None) -> None:
    """A seat for somebody who waited: billed from now on, and told with the address to join."""
    row.status, row.offer_expires_at = _Status.REGISTERED, None
    changed_by(row, by)
    row.save(update_fields=["status", "offer_expires_at"])
    if row.registration is not None and row.price:
        bill(registration=row.registration, now=now)
    if kind := due_reminder(row.session, now):
        # What they read now says the same as a reminder whose time has just been.
        EnrollmentNotice.objects.get_or_create(
            enrollment=row, kind=kind, revision=row.session.revision, defaults={"written_at": now}
        )
    queue_message(**emails.seat_taken(row), expires_at=emails.expires_with(row.session, now))


def held_in_line(enrollment: Enrollment) -> Enrollment:
    """Somebody's place, its session locked first, as everywhere."""
    session = held_session(enrollment.session)
    rows = Enrollment.objects.select_for_update(of=("self",))
    row = rows.select_related("person", "registration__contact", "tier").get(pk=enrollment.pk)
    row.session = session
    return row


@transaction.atomic
def accept(*, enrollment: Enrollment, by: User | None, now: datetime) -> Enrollment:
    """Takes the offered seat. Twice is once."""
    row = held_in_line(enrollment)
    if row.has_seat:
        return row
    if row.session.state != Session.State.PUBLISHED:
        raise NotAllowed(_("This session does not take place, so there is no seat to take."))
    if row.status != _Status.OFFERED:
        raise NotAllowed(_("No seat is offered to you at the moment."))
    if row.offer_expires_at is None or row.offer_expires_at <= now:
        raise NotAllowed(_("The time to accept this seat is over, and it goes to the next person in line."))
    give_seat(row, now, by)
    return row


@transaction.atomic
def take_free_seat(*, enrollment: Enrollment, by: User | None, now: datetime) -> Enrollment:
    """Shortly before the start, somebody who waits takes a seat that is free, first come, first served."""
    row = held_in_line(enrollment)
    if row.has_seat:
        return row
    if not can_take_free_seat(row, now):
        raise NotAllowed(_("No seat is free at the moment."))
    give_seat(row, now, by)
    return row


def can_take_free_seat(row: Enrollment, now: datetime) -> bool:
    """Whether this person waits, it is time for taking seats, and one is free."""
    session = row.session
    if row.status != _Status.WAITLISTED or session.state != Session.State.PUBLISHED:
        return False
    if not is_first_come(session, now) or now >= session.ends_at:
        return False
    if not needs_seat(session, is_online=row.is_online):
        return True
    return free_seats(session, session.enrollments.all()) != 0


def place_in_line(row: Enrollment) -> int:
    """How many wait before somebody, themself included: 1 is next."""
    waiting = counted(row.session, row.session.enrollments.filter(status=_Status.WAITLISTED))
    earlier = waiting.filter(waiting_since__lt=row.waiting_since).count()
    same = waiting.filter(waiting_since=row.waiting_since, pk__lte=row.pk).count()
    return earlier + same


def expire_offers(*, now: datetime) -> int:
    """Ends offers whose time is over, and offers their seats to the next in line. Returns how many ended."""
    late = Enrollment.objects.filter(status=_Status.OFFERED, offer_expires_at__lte=now)
    sessions = Session.objects.filter(pk__in=late.values("session")).order_by("pk")
    return sum(_expire_in(session=session, now=now) for session in sessions)


def fill_freed_seats(*, now: datetime) -> int:
    """Offers seats that are free while people wait, such as after the room became larger. Returns how many."""
    waiting = Enrollment.objects.filter(status=_Status.WAITLISTED)
    sessions = Session.objects.filter(
        state=Session.State.PUBLISHED, starts_at__gt=now + FIRST_COME, pk__in=waiting.values("session")
    ).order_by("pk")
    return sum(_fill(session=session, now=now) for session in sessions)


@transaction.atomic
def _expire_in(*, session: Session, now: datetime) -> int:
    session = held_session(session)
    late = session.enrollments.select_for_update(of=("self",)).filter(
        status=_Status.OFFERED, offer_expires_at__lte=now
    )
    rows = list(late.select_related("person", "registration__contact").order_by("pk"))
    for row in rows:
        row.session = session
        row.status, row.cancelled_at, row.offer_expires_at = _Status.CANCELLED, now, None
        row.save(update_fields=["status", "cancelled_at", "offer_expires_at"])
    if session.state == Session.State.PUBLISHED and now < session.starts_at:
        queue_messages(
            drafts=[Draft(**emails.offer_ended(row), expires_at=session.starts_at) for row in rows]
        )
    offer_free_seats(session=session, now=now)
    return len(rows)


@transaction.atomic
def _fill(*, session: Session, now: datetime) -> int:
    return len(offer_free_seats(session=held_session(session), now=now))
