"""Somebody's answers to a survey: written once, brought up to date afterwards."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from partners.errors import NotAllowed
from partners.models import Organization, Person
from surveys.models import Answer, Response, Survey
from surveys.questions import Answers, checked_answers


@transaction.atomic
def record_response(
    *, survey: Survey, person: Person, organization: Organization | None, answers: Answers, now: datetime
) -> Response:
    """Keeps what a person answered; a second answer takes the place of the first.

    Raises `NotAllowed` where the answers do not fit the questions, which may have changed since they were typed.
    """
    # The new row's key holds the survey: whoever changes its questions waits, or is waited for.
    response, _created = Response.objects.update_or_create(
        survey=survey, person=person, defaults={"organization": organization, "responded_at": now}
    )
    try:
        fitting = checked_answers(survey.questions.all(), answers)
    except ValidationError as error:
        raise NotAllowed(
            _("The questions have changed since you answered. Please answer them again.")
        ) from error
    response.answers.exclude(question__in=fitting).delete()
    Answer.objects.bulk_create(
        [Answer(response=response, question=question, value=value) for question, value in fitting.items()],
        update_conflicts=True,
        unique_fields=["response", "question"],
        update_fields=["value"],
    )
    return response
