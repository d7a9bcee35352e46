"""Answers on their way: from a form's fields to what the database keeps, checked, and back into words."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from surveys.branching import is_asked
from surveys.models import Question, Survey
from surveys.question_fields import field_name, fields_of

# Answers to questions by their number: what `UnconfirmedAction.details` holds, and what services take.
Answers = Mapping[str, Any]
NOTHING: tuple[Any, ...] = (None, "", [], {})
_Kind = Question.Kind


def given_answer(question: Question, cleaned: Mapping[str, Any]) -> Any:
    """What was answered to a question in a checked form, as it is kept; for a file the file itself."""
    if question.kind == _Kind.MATRIX:
        given = {row: cleaned.get(field_name(question, n)) for n, row in enumerate(question.rows)}
        return {row: value for row, value in given.items() if value not in NOTHING}
    value = cleaned.get(field_name(question))
    # Numbers as text, so that none loses a digit.
    return format(value, "f") if isinstance(value, Decimal) else value


def given_answers(
    questions: Iterable[Question], cleaned: Mapping[str, Any], earlier: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What was answered in a checked form: nothing for questions that were passed over or not asked.

    `earlier` are answers from pages before, which may decide what is asked.
    """
    known, answers = dict(earlier or {}), {}
    for question in questions:
        value = given_answer(question, cleaned)
        if value not in NOTHING and is_asked(question, known):
            known[str(question.pk)] = answers[str(question.pk)] = value
    return answers


def typed_answer(question: Question, value: Any) -> dict[str, Any]:
    """A kept answer as it stands in the question's fields."""
    if question.kind == _Kind.MATRIX:
        rows = value if isinstance(value, dict) else {}
        return {field_name(question, n): rows.get(row) for n, row in enumerate(question.rows)}
    return {field_name(question): value}


def checked_answers(questions: Iterable[Question], answers: Answers) -> dict[Question, Any]:
    """Kept answers held against the questions as they are now. Raises `ValidationError` where they do not fit.

    Answers to questions that were not asked are left out.
    """
    fitting: dict[Question, Any] = {}
    taken: dict[str, Any] = {}
    for question in questions:
        if not is_asked(question, taken):
            continue
        typed = typed_answer(question, answers.get(str(question.pk)))
        cleaned = {name: field.clean(typed[name]) for name, field in fields_of(question).items()}
        value = given_answer(question, cleaned)
        if value not in NOTHING:
            fitting[question] = taken[str(question.pk)] = value
    return fitting


def shown_answer(value: Any) -> str:
    """A kept answer in words."""
    if isinstance(value, dict):
        return "; ".join(f"{row}: {answer}" for row, answer in value.items())
    if isinstance(value, UploadedFile):
        return value.name or ""
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def shown_answers(survey: Survey, answers: Answers) -> list[tuple[str, str]]:
    """Questions with their answers in words, in the survey's order; those passed over are left out."""
    return [
        (question.text, shown_answer(answers[str(question.pk)]))
        for question in survey.questions.all()
        if str(question.pk) in answers
    ]
