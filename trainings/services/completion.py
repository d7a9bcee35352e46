"""Who completed a training: there for long enough and, where the course wants it, with the survey answered.

The one place that writes `completed_at`; a certificate follows it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from partners.history import changed_by
from partners.models import User
from surveys.models import SurveyInvitation
from surveys.services.invitations import invite
from trainings.models import Enrollment, Session
from trainings.services.certificates import issue_certificate, revoke_certificate

AT_THE_END, LATER = "end", "90d"
LATER_AFTER = timedelta(days=90)
# How long after a session we still look whether somebody answered, or is to be asked.
LOOK_BACK = timedelta(days=150)


def occasion(session: Session, moment: str) -> str:
    """The key under which surveys keep what they ask about a session."""
    return f"training:{session.pk}:{moment}"


def minutes_of(session: Session) -> int:
    """How long a session lasts, over all its days."""
    return sum(int((day.ends_at - day.starts_at).total_seconds()) // 60 for day in session.days)


def is_complete(enrollment: Enrollment) -> bool:
    """Whether the course's rule is met, as things stand."""
    if enrollment.status != Enrollment.Status.ATTENDED:
        return False
    session, course = enrollment.session, enrollment.session.course
    needed = minutes_of(session) * course.completion_percent
    if enrollment.minutes is not None and enrollment.minutes * 100 < needed:
        return False
    if not (course.end_survey_required and course.end_survey_id):
        return True
    return SurveyInvitation.objects.filter(
        survey=course.end_survey_id,
        person=enrollment.person_id,
        occasion=occasion(session, AT_THE_END),
        answered=True,
    ).exists()


@transaction.atomic
def settle_completion(*, enrollment: Enrollment, by: User | None, now: datetime) -> bool:
    """Brings completion and certificate in line with what is known; whether the training is complete."""
    rows = Enrollment.objects.select_for_update(of=("self",)).select_related("session__course", "person")
    row = rows.get(pk=enrollment.pk)
    complete = is_complete(row)
    if complete and row.completed_at is None:
        row.completed_at = now
        _save(row, by)
    elif not complete and row.completed_at is not None:
        row.completed_at = None
        _save(row, by)
    if complete:
        issue_certificate(enrollment=row, by=by, now=now)
    else:
        reason = _("The attendance on which it rested was corrected.")
        revoke_certificate(enrollment=row, reason=reason, by=by, now=now)
    return complete


def _save(row: Enrollment, by: User | None) -> None:
    changed_by(row, by)
    row.save(update_fields=["completed_at"])


def settle_open(*, now: datetime) -> int:
    """Completes those whose survey came in after the session was closed; how many were looked at."""
    waiting = Enrollment.objects.attended().filter(
        completed_at=None,
        session__state=Session.State.HELD,
        session__ends_at__gt=now - LOOK_BACK,
        session__course__end_survey_required=True,
    )
    rows = list(waiting.order_by("pk"))
    for row in rows:
        settle_completion(enrollment=row, by=None, now=now)
    return len(rows)


def ask_how_it_was(*, now: datetime) -> int:
    """Invites those who were there to the survey at the end, and 90 days later to the other; each once."""
    held = Session.objects.filter(state=Session.State.HELD, ends_at__gt=now - LOOK_BACK)
    asked = 0
    for session in held.select_related("course").order_by("pk"):
        asked += _ask(session, AT_THE_END, now)
        if session.ends_at + LATER_AFTER <= now:
            asked += _ask(session, LATER, now)
    return asked


def _ask(session: Session, moment: str, now: datetime) -> int:
    course = session.course
    survey = course.end_survey if moment == AT_THE_END else course.later_survey
    if survey is None or not survey.questions.exists():
        return 0
    there = session.enrollments.attended().select_related("person", "organization")
    return invite(
        survey=survey,
        people=[(row.person, row.organization) for row in there],
        occasion=occasion(session, moment),
        subject=str(session),
        now=now,
    )
