"""What people wrote, which organizations they answered for, and which of their words may be quoted."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet

from partners.models import Organization
from surveys.models import Answer, Question, Response, Survey
from surveys.results import SMALLEST

WRITTEN = (Question.Kind.SHORT, Question.Kind.LONG)
_MAY_QUOTE = (Response.Quoting.NAMED, Response.Quoting.NAMELESS)


@dataclass(frozen=True)
class OrganizationAnswers:
    """A partner whose people answered."""

    pk: int
    name: str
    slug: str
    people: int
    last_at: datetime


@dataclass(frozen=True)
class Quote:
    """Somebody's words as they may be printed; without consent to their name, both are empty."""

    text: str
    name: str
    organization: str


def answering_organizations(survey: Survey) -> list[OrganizationAnswers]:
    """The partners whose people answered, by name."""
    rows = (
        survey.responses.filter(organization__isnull=False)
        .values("organization", "organization__name", "organization__slug")
        .annotate(people=Count("person", distinct=True), last_at=Max("responded_at"))
        .order_by("organization__name")
    )
    return [
        OrganizationAnswers(
            row["organization"],
            row["organization__name"],
            row["organization__slug"],
            row["people"],
            row["last_at"],
        )
        for row in rows
    ]


def active_organizations() -> int:
    """How many partners there are to answer."""
    return Organization.objects.active().count()


def may_be_read(survey: Survey) -> bool:
    """Whether staff may read single answers: anonymous ones only among ten and more."""
    return not survey.is_anonymous or survey.responses.count() >= SMALLEST


def text_answers(question: Question) -> QuerySet[Answer]:
    """What people wrote, the newest first; anonymous ones in no order."""
    answers = question.answers.select_related("response__organization", "response__person")
    if question.survey.is_anonymous:
        return answers.order_by("pk") if may_be_read(question.survey) else answers.none()
    return answers.order_by("-response__responded_at", "pk")


def quotable(survey: Survey) -> QuerySet[Answer]:
    """What people wrote and said we may quote."""
    if not may_be_read(survey):
        return Answer.objects.none()
    return (
        Answer.objects.filter(
            question__survey=survey, question__kind__in=WRITTEN, response__quoting__in=_MAY_QUOTE
        )
        .select_related("question", "response__person", "response__organization")
        .order_by("question__order", "pk")
    )


def quote_of(answer: Answer) -> Quote:
    """An answer as it may be printed."""
    response = answer.response
    if response.quoting != Response.Quoting.NAMED or response.person is None:
        return Quote(str(answer.value), "", "")
    organization = response.organization.name if response.organization else ""
    return Quote(str(answer.value), response.person.name, organization)


def published_quotes(survey: Survey) -> list[Quote]:
    """The quotes that staff chose for the public page."""
    return [quote_of(answer) for answer in quotable(survey).filter(is_quoted=True)]
