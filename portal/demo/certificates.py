"""Completed trainings with their certificates, requests for assistance in every state, and the library of resources."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.db.models import F
from simple_history.utils import bulk_create_with_history

from partners.models import User
from partners.references import random_code
from portal.demo.certificate_texts import APPROVALS, REQUESTS, RESOURCES, RequestText
from portal.embedded.demo_logins import CONTACT
from trainings.models import (
    AssistanceMessage,
    AssistanceRequest,
    Certificate,
    Course,
    CourseTopic,
    CreditApproval,
    Enrollment,
    Resource,
)
from trainings.services.certificates import CODE_LENGTH, credits_on, hours_of
from trainings.services.completion import minutes_of


def write_certificates(*, staff: User, seed: int, now: datetime) -> None:
    """Approvals first: certificates hold what was approved on their day."""
    rng = Random(f"{seed}:certificates")
    for slug, body, profession, hours, number in APPROVALS:
        CreditApproval.objects.create(
            course=Course.objects.get(slug=slug),
            authority=body,
            profession=profession,
            hours=Decimal(hours),
            number=number,
            valid_from=date(now.year - 2, 1, 1),
        )
    _write_completions(rng)
    _write_requests(rng, staff, now)
    for title, kind, summary, url, topics, audience in RESOURCES:
        resource = Resource.objects.create(
            title=title, kind=kind, summary=summary, url=url, audience=audience, opened=rng.randrange(4, 90)
        )
        resource.topics.set(CourseTopic.objects.filter(slug__in=topics))


def _write_completions(rng: Random) -> None:
    """Who was there for four fifths of the time completed the training when attendance was closed."""
    there = Enrollment.objects.attended().filter(session__state="held", session__held_at__isnull=False)
    rows = list(there.select_related("session__course", "person").order_by("session", "pk"))
    sessions = {row.session_id: row.session for row in rows}
    needed = {pk: minutes_of(one) * one.course.completion_percent for pk, one in sessions.items()}
    kept = {pk: (hours_of(one), credits_on(one, one.ends_at.date())) for pk, one in sessions.items()}
    completed = [row for row in rows if row.minutes is None or row.minutes * 100 >= needed[row.session_id]]
    Enrollment.objects.filter(pk__in=[row.pk for row in completed]).update(
        completed_at=F("checked_in_at") + timedelta(days=1)
    )
    bulk_create_with_history(
        [
            Certificate(
                enrollment=row,
                code=random_code(CODE_LENGTH, rng),
                name=row.person.name,
                course_title=row.session.course.title,
                held_on=row.session.ends_at.date(),
                hours=kept[row.session_id][0],
                credits=kept[row.session_id][1],
                issued_at=row.session.held_at or row.session.ends_at,
            )
            for row in completed
        ],
        Certificate,
        batch_size=500,
    )


def _write_requests(rng: Random, staff: User, now: datetime) -> None:
    """Asked by people who took part in a training, the demonstration's contact first."""
    there = Enrollment.objects.attended().select_related("session__course", "person", "organization")
    own = list(there.filter(person__email=CONTACT.email).order_by("-session__starts_at")[:1])
    askers = [*own, *there.exclude(person__email=CONTACT.email).order_by("-session__starts_at", "pk")[:200]]
    for place, text in enumerate(REQUESTS):
        if not askers:
            return
        _write_request(rng, text, askers[0] if place == 0 else rng.choice(askers), staff, now)


def _write_request(rng: Random, text: RequestText, row: Enrollment, staff: User, now: datetime) -> None:
    opened = max(now - timedelta(days=text.days_ago), row.session.ends_at + timedelta(days=2))
    opened = min(opened, now - timedelta(hours=30))
    answered = opened + timedelta(hours=text.hours) if text.answer else None
    closed = answered + timedelta(days=6) if answered and text.outcome else None
    request = AssistanceRequest.objects.create(
        reference="TA-" + random_code(6, rng),
        person=row.person,
        organization=row.organization,
        session=row.session,
        topic=row.session.course.topics.first(),
        subject=text.subject,
        state="closed" if closed else "answered" if answered else "open",
        opened_at=opened,
        assigned_to=staff if answered else None,
        answered_at=answered,
        answered_by=staff if answered else None,
        closed_at=min(closed, now) if closed else None,
        closed_by=staff if closed else None,
        outcome=text.outcome,
    )
    AssistanceMessage.objects.create(request=request, text=text.text, written_at=opened)
    if answered:
        AssistanceMessage.objects.create(
            request=request, text=text.answer, staff=staff, is_ours=True, written_at=answered
        )
