"""A survey's answers as a spreadsheet: one line per person, or per answer sheet where nobody knows the person."""

import secrets
from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.models import Question, Response, Survey
from surveys.questions import shown_answer
from surveys.texts import quotable, quote_of

Row = list[object]


def response_rows(survey: Survey) -> Iterator[Row]:
    """The heads, then everybody's answers: the first one first, or anonymous ones in an order drawn by lot."""
    questions: list[Question] = list(survey.questions.all())
    yield [*_heads(survey), *_question_heads(questions)]
    responses = (
        survey.responses.select_related("person", "organization")
        .prefetch_related("answers")
        .order_by("responded_at", "pk")
    )
    if survey.is_anonymous:
        drawn = list(responses)
        secrets.SystemRandom().shuffle(drawn)
        for response in drawn:
            yield _answer_cells(response, questions)
        return
    for response in responses.iterator(500):
        yield [*_who(response), *_answer_cells(response, questions)]


def _heads(survey: Survey) -> Row:
    if survey.is_anonymous:
        return []
    return [
        _("answered (Chicago time)"),
        _("first name"),
        _("last name"),
        _("e-mail address"),
        _("organization at that time"),
        _("occasion"),
    ]


def _question_heads(questions: Iterable[Question]) -> Row:
    """A column for each question, and of a table one for each line."""
    heads: Row = []
    for question in questions:
        heads += (
            [f"{question.text} {row}" for row in question.rows] if _is_table(question) else [question.text]
        )
    return heads


def _who(response: Response) -> Row:
    person, moment = response.person, response.responded_at
    assert person is not None  # What names a person, and when, is a constraint of the table.
    assert moment is not None
    return [
        timezone.localtime(moment).strftime("%Y-%m-%d %H:%M"),
        person.first_name,
        person.last_name,
        person.email,
        response.organization.name if response.organization else "",
        response.occasion,
    ]


def _answer_cells(response: Response, questions: Iterable[Question]) -> Row:
    given = {answer.question_id: answer.value for answer in response.answers.all()}
    cells: Row = []
    for question in questions:
        value = given.get(question.pk, {} if _is_table(question) else "")
        if _is_table(question):
            cells += [value.get(row, "") if isinstance(value, dict) else "" for row in question.rows]
        else:
            cells.append(shown_answer(value))
    return cells


def _is_table(question: Question) -> bool:
    return question.kind == Question.Kind.MATRIX


def quote_rows(survey: Survey) -> Iterator[Row]:
    """The heads, then what may be quoted, with names only where their owners allowed it."""
    yield [_("quote"), _("name"), _("organization"), _("question")]
    for answer in quotable(survey):
        quote = quote_of(answer)
        yield [quote.text, quote.name, quote.organization, answer.question.text]
