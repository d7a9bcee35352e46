"""Certificates: issued once for each completed training, revoked with a reason, issued anew after a correction."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mailing.services import queue_message
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User
from partners.references import SIGNS, random_code
from trainings.certificate_emails import certificate_ready
from trainings.models import Certificate, Enrollment, Session

# Without letters and digits that look alike. Twelve of 31 signs: nobody guesses one among 10^17.
CODE_LENGTH = 12


def read_code(typed: str) -> str:
    """A code as somebody typed it, the way it is kept."""
    return "".join(sign for sign in typed.upper() if sign in SIGNS)[: CODE_LENGTH + 1]


@transaction.atomic
def issue_certificate(*, enrollment: Enrollment, by: User | None, now: datetime) -> Certificate:
    """The certificate of a completed training, made and mailed once. The caller holds the enrollment locked."""
    if enrollment.completed_at is None:
        raise NotAllowed("A certificate needs a completed training.")
    valid = enrollment.certificates.filter(revoked_at=None).first()
    if valid is not None:
        return valid
    certificate = _write(enrollment, by, now)
    queue_message(**certificate_ready(certificate))
    return certificate


@transaction.atomic
def revoke_certificate(*, enrollment: Enrollment, reason: str, by: User | None, now: datetime) -> int:
    """Takes back the certificate that holds, where there is one; its page says since when and why."""
    found = enrollment.certificates.select_for_update(of=("self",)).filter(revoked_at=None)
    for certificate in found:
        certificate.revoked_at, certificate.revoked_by, certificate.revoked_reason = now, by, reason
        changed_by(certificate, by)
        certificate.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    return len(found)


@transaction.atomic
def reissue_certificate(*, certificate: Certificate, reason: str, by: User, now: datetime) -> Certificate:
    """A new one with today's name and credits in place of another, which no longer holds. Raises `NotAllowed`."""
    rows = Enrollment.objects.select_for_update(of=("self",)).select_related("session__course", "person")
    enrollment = rows.get(pk=certificate.enrollment_id)
    if enrollment.completed_at is None:
        raise NotAllowed("This training is not completed.")
    revoke_certificate(enrollment=enrollment, reason=reason, by=by, now=now)
    return issue_certificate(enrollment=enrollment, by=by, now=now)


def _write(enrollment: Enrollment, by: User | None, now: datetime) -> Certificate:
    session = enrollment.session
    held_on = timezone.localdate(session.ends_at)
    return Certificate.objects.create(
        enrollment=enrollment,
        code=random_code(CODE_LENGTH),
        name=enrollment.person.name,
        course_title=session.course.title,
        held_on=held_on,
        hours=hours_of(session),
        credits=credits_on(session, held_on),
        issued_at=now,
        issued_by=by,
    )


def hours_of(session: Session) -> Decimal:
    """How long it lasts, over all its days, in hours."""
    seconds = sum(int((day.ends_at - day.starts_at).total_seconds()) for day in session.days)
    return (Decimal(seconds) / 3600).quantize(Decimal("0.01"))


def credits_on(session: Session, held_on: date) -> list[dict[str, str]]:
    """What is approved on the day of the session, in the words and numbers of that day."""
    approvals = session.course.credit_approvals.filter(
        Q(valid_until=None) | Q(valid_until__gte=held_on), valid_from__lte=held_on
    )
    return [
        {
            "body": one.authority,
            "profession": one.profession,
            "hours": f"{one.hours.normalize():f}",
            "number": one.number,
        }
        for one in approvals
    ]
