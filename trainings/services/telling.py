"""What everybody with a place is told of a session, each once: reminders, another time or place, that it is off."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from mailing.services import Draft, Precedence
from partners.emails import Message
from partners.gatherings.models import Notice
from partners.gatherings.notices import due_reminder, reminder_time, write_once
from trainings import emails
from trainings.models import Enrollment, EnrollmentNotice, Session
from trainings.services.cancelling import OPEN

# So long after its time a reminder that was held up still helps.
HELD_UP = {
    Notice.Kind.WEEK: timedelta(days=2),
    Notice.Kind.DAY: timedelta(hours=12),
    Notice.Kind.HOUR: timedelta(hours=1),
}


def _rows(session: Session) -> QuerySet[Enrollment]:
    return session.enrollments.select_related("person", "registration__contact")


def _write(
    session: Session,
    to: QuerySet[Enrollment],
    kind: Notice.Kind,
    now: datetime,
    build: Callable[[Enrollment], Message],
    *,
    until: datetime | None,
) -> int:
    def message(row: Enrollment) -> Draft:
        row.session = session
        return Draft(**build(row), precedence=Precedence.NOTICE, expires_at=until)

    return write_once(
        notices=EnrollmentNotice, to=to, kind=kind, revision=session.revision, now=now, message=message
    )


def tell_of_move(*, session: Session, now: datetime) -> int:
    """Tells everybody with a place, also those who wait, of the session's present time and place."""
    to = _rows(session).filter(status__in=OPEN)
    return _write(session, to, Notice.Kind.MOVED, now, emails.moved, until=session.starts_at)


def tell_of_cancelling(*, session: Session, now: datetime) -> int:
    """Tells everybody with a place, also those who wait, that it does not take place."""
    to = _rows(session).filter(status__in=OPEN)
    return _write(session, to, Notice.Kind.CANCELLED, now, emails.cancelled, until=session.ends_at)


def remind(*, now: datetime) -> int:
    """Writes the reminders whose time it is, of all sessions within the next week. Returns how many."""
    soon = Session.objects.filter(
        state=Session.State.PUBLISHED,
        starts_at__gt=now,
        starts_at__lte=now + timedelta(days=8),
    )
    return sum(
        remind_of(session=session, now=now)
        for session in soon.select_related("course").prefetch_related("parts").order_by("starts_at", "pk")
    )


def remind_of(*, session: Session, now: datetime) -> int:
    """Reminds those with a seat, unless they registered or heard of a change after the reminder's time."""
    kind = due_reminder(session, now)
    if kind is None:
        return 0
    due = reminder_time(session, kind)
    if now > due + HELD_UP[kind]:
        return 0
    heard = EnrollmentNotice.objects.filter(
        enrollment__session=session, kind=Notice.Kind.MOVED, written_at__gte=due
    )
    to = (
        _rows(session)
        .filter(status=Enrollment.Status.REGISTERED, registered_at__lt=due)
        .exclude(pk__in=heard.values("enrollment"))
    )
    return _write(session, to, kind, now, lambda row: emails.reminder(row, kind), until=session.starts_at)
