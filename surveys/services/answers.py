"""Somebody's answers to a survey: written once under their name, or dropped into the box without one."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.errors import NotAllowed
from partners.models import Organization, Person
from surveys.models import Answer, Question, Response, Survey, SurveyInvitation
from surveys.questions import Answers, checked_answers
from surveys.services.ballot_box import shake


class AlreadyAnswered(NotAllowed):
    """This person answered before."""


@transaction.atomic
def record_response(
    *,
    survey: Survey,
    person: Person,
    organization: Organization | None,
    answers: Answers,
    now: datetime,
    occasion: str = "",
    quoting: str = "",
) -> Response:
    """Keeps what a person answered under their name; a second answer takes the place of the first.

    Raises `NotAllowed` where the answers do not fit the questions, which may have changed since they were typed.
    """
    if survey.is_anonymous:
        raise NotAllowed(_("This survey is anonymous: it can only be answered where nobody's name is kept."))
    # The new row's key holds the survey: whoever changes its questions waits, or is waited for.
    response, _created = Response.objects.update_or_create(
        survey=survey,
        person=person,
        occasion=occasion,
        defaults={"organization": organization, "responded_at": now, "quoting": quoting},
    )
    fitting = _fitting(survey, answers)
    response.answers.exclude(question__in=fitting).delete()
    Answer.objects.bulk_create(
        _rows(response, fitting),
        update_conflicts=True,
        unique_fields=["response", "question"],
        update_fields=["value", "file"],
    )
    SurveyInvitation.objects.filter(survey=survey, person=person, occasion=occasion).update(answered=True)
    return response


@transaction.atomic
def answer_invitation(
    *, invitation: SurveyInvitation, answers: Answers, now: datetime, quoting: str = ""
) -> None:
    """Takes the answers of somebody who was invited, once. Raises `NotAllowed`.

    Of an anonymous survey nothing is written that belongs to both the invitation and the answers.
    """
    held = (
        SurveyInvitation.objects.select_for_update(of=("self",))
        .select_related("survey")
        .get(pk=invitation.pk)
    )
    refuse_late(held, now)
    if held.is_anonymous:
        _drop_into_the_box(held.survey, held.occasion, answers, quoting)
        held.answered = True
        held.save(update_fields=["answered"])
    else:
        record_response(
            survey=held.survey,
            person=held.person,
            organization=held.organization,
            answers=answers,
            now=now,
            occasion=held.occasion,
            quoting=quoting,
        )


@transaction.atomic
def answer_openly(
    *,
    survey: Survey,
    person: Person,
    organization: Organization | None,
    answers: Answers,
    now: datetime,
    quoting: str = "",
) -> None:
    """Takes the answers of somebody who found the survey at its own address, once. Raises `NotAllowed`."""
    if not survey.is_open:
        raise NotAllowed(_("This survey is closed."))
    # Without a time of sending: the row only keeps that this person has answered.
    invitation, _created = SurveyInvitation.objects.get_or_create(
        survey=survey,
        person=person,
        occasion="",
        defaults={"is_anonymous": survey.is_anonymous, "organization": organization},
    )
    answer_invitation(invitation=invitation, answers=answers, now=now, quoting=quoting)


def refuse_late(invitation: SurveyInvitation, now: datetime) -> None:
    """Raises `NotAllowed` where the invitation was answered, or its time is over."""
    if has_answered(invitation):
        raise AlreadyAnswered(_("You have answered this survey already. Thank you."))
    if invitation.due_on is not None and invitation.due_on < timezone.localdate(now):
        raise NotAllowed(_("This survey is closed. Thank you for your interest."))


def has_answered(invitation: SurveyInvitation) -> bool:
    """Whether this person answered on this occasion, over the invitation or elsewhere."""
    return invitation.answered or (
        not invitation.is_anonymous
        and Response.objects.filter(
            survey=invitation.survey_id, person=invitation.person_id, occasion=invitation.occasion
        ).exists()
    )


def _drop_into_the_box(survey: Survey, occasion: str, answers: Answers, quoting: str) -> None:
    # One at a time: the box is shaken with this answer in it, before anybody adds the next.
    held = Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    if quoting == Response.Quoting.NAMED:
        raise NotAllowed(_("This survey is anonymous: nobody can be quoted by name."))
    response = Response.objects.create(survey=held, is_anonymous=True, occasion=occasion, quoting=quoting)
    Answer.objects.bulk_create(_rows(response, _fitting(held, answers)))
    shake(survey=held)


def _fitting(survey: Survey, answers: Answers) -> dict[Question, Any]:
    try:
        return checked_answers(survey.questions.all(), answers)
    except ValidationError as error:
        raise NotAllowed(
            _("The questions have changed since you answered. Please answer them again.")
        ) from error


def _rows(response: Response, fitting: dict[Question, Any]) -> list[Answer]:
    return [
        Answer(response=response, question=question, value=value.name, file=value)
        if isinstance(value, UploadedFile)
        else Answer(response=response, question=question, value=value)
        for question, value in fitting.items()
    ]
