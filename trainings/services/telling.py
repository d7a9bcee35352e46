"""What everybody with a place is told of a session, each once: reminders, another time or place, that it is off."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from mailing.queueing import queue_after_commit
from mailing.services import Draft, Precedence
from partners.emails import Message
from partners.gatherings.models import Notice
from partners.gatherings.notices import due_reminder, reminder_time, write_once
from partners.gatherings.telling import TURN_SECONDS, have_told, tell
from trainings import emails
from trainings.models import Enrollment, EnrollmentNotice, Session
from trainings.services.cancelling import PLACED

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


def tell_everybody(*, session: Session, kind: Notice.Kind) -> int:
    """Has everybody with a place, also those who wait, told of the session's last change; how many that are.

    The caller holds the session locked. The worker writes the messages, right after this and in any case within a
    minute.
    """
    from trainings.tasks import tell_of_changes as task

    people = have_told(
        earlier=EnrollmentNotice.objects.filter(enrollment__session=session),
        to=session.enrollments.filter(status__in=PLACED),
        kind=kind,
        revision=session.revision,
    )
    queue_after_commit(task)
    return people


def tell_of_changes(*, now: datetime, seconds: float = TURN_SECONDS) -> bool:
    """The worker's part: writes to those who are to be told of a change, for a while. Whether some are left."""
    people = ("enrollment__person", "enrollment__registration__contact", "enrollment__session__course")
    waiting = EnrollmentNotice.objects.select_related(*people).order_by("pk")
    return tell(waiting.prefetch_related("enrollment__session__parts"), _news, now=now, seconds=seconds)


def _news(notice: EnrollmentNotice) -> Draft | None:
    """What somebody is told; nothing who gave the place back meanwhile."""
    row = notice.enrollment
    if row.status not in PLACED:
        return None
    if notice.kind == Notice.Kind.CANCELLED:
        message, until = emails.cancelled(row), row.session.ends_at
    else:
        message, until = emails.moved(row), row.session.starts_at
    return Draft(**message, precedence=Precedence.NOTICE, expires_at=until)


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
        Q(written_at__gte=due) | Q(written_at=None), enrollment__session=session, kind=Notice.Kind.MOVED
    )
    to = (
        _rows(session)
        .filter(status=Enrollment.Status.REGISTERED, registered_at__lt=due)
        .exclude(pk__in=heard.values("enrollment"))
    )
    return _write(session, to, kind, now, lambda row: emails.reminder(row, kind), until=session.starts_at)
