"""Requests for technical assistance: asked, answered, closed. Each message is mailed to the other side."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from mailing.services import queue_message
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import Person, User
from partners.permissions import acting_organization
from partners.references import random_code
from trainings.assistance_emails import answered, received
from trainings.models import AssistanceMessage, AssistanceRequest, CourseTopic, Resource, Session

_State = AssistanceRequest.State


@transaction.atomic
def ask(
    *,
    person: Person,
    topic: CourseTopic | None,
    session: Session | None,
    subject: str,
    text: str,
    now: datetime,
) -> AssistanceRequest:
    """A new request. The same one sent twice while it waits is one."""
    same = AssistanceRequest.objects.select_for_update(of=("self",)).filter(
        person=person, subject=subject, state=_State.OPEN, messages__text=text
    )
    if (found := same.first()) is not None:
        return found
    request = AssistanceRequest.objects.create(
        reference="TA-" + random_code(6),
        person=person,
        organization=acting_organization(person),
        topic=topic,
        session=session,
        subject=subject,
        opened_at=now,
    )
    AssistanceMessage.objects.create(request=request, text=text, written_at=now)
    queue_message(**received(request, text))
    return request


@transaction.atomic
def write_more(*, request: AssistanceRequest, text: str, now: datetime) -> AssistanceMessage:
    """Something the partner adds. What was answered or closed waits for us again."""
    held = _held(request)
    last = held.messages.last()
    if last is not None and not last.is_ours and last.text == text:
        return last
    if held.state != _State.OPEN:
        held.state, held.closed_at, held.closed_by = _State.OPEN, None, None
        held.save(update_fields=["state", "closed_at", "closed_by"])
    return AssistanceMessage.objects.create(request=held, text=text, written_at=now)


@transaction.atomic
def answer(*, request: AssistanceRequest, text: str, by: User, now: datetime) -> AssistanceMessage:
    """Our answer, mailed to the person. The first one is what the response time counts. Raises `NotAllowed`."""
    held = _held(request)
    if held.state == _State.CLOSED:
        raise NotAllowed(_("This request is closed. The partner can write again and open it."))
    message = AssistanceMessage.objects.create(
        request=held, text=text, staff=by, is_ours=True, written_at=now
    )
    if held.answered_at is None:
        held.answered_at, held.answered_by = now, by
    held.assigned_to, held.state = held.assigned_to or by, _State.ANSWERED
    changed_by(held, by)
    held.save()
    queue_message(**answered(held, text))
    return message


@transaction.atomic
def take(*, request: AssistanceRequest, by: User) -> AssistanceRequest:
    """Says who looks after it."""
    held = _held(request)
    held.assigned_to = by
    changed_by(held, by)
    held.save(update_fields=["assigned_to"])
    return held


@transaction.atomic
def close(*, request: AssistanceRequest, outcome: str, by: User, now: datetime) -> AssistanceRequest:
    """Ends it with what came of it. Raises `NotAllowed`."""
    held = _held(request)
    if held.state == _State.CLOSED:
        raise NotAllowed(_("This request is closed already."))
    held.state, held.closed_at, held.closed_by, held.outcome = _State.CLOSED, now, by, outcome
    changed_by(held, by)
    held.save(update_fields=["state", "closed_at", "closed_by", "outcome"])
    return held


@transaction.atomic
def count_opening(*, resource: int) -> None:
    """Counts that a resource was opened, without knowing by whom."""
    Resource.objects.filter(pk=resource).update(opened=F("opened") + 1)


def _held(request: AssistanceRequest) -> AssistanceRequest:
    rows = AssistanceRequest.objects.select_for_update(of=("self",)).select_related("person")
    return rows.get(pk=request.pk)
