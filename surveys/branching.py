"""Which questions are asked of whom: some only after a certain answer to an earlier one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from surveys.models import Question


def meets(question: Question, value: Any) -> bool:
    """Whether a question is asked after this answer to the one it depends on."""
    given = value if isinstance(value, list) else [value]
    return any(str(each) in question.condition for each in given)


def is_asked(question: Question, answers: Mapping[str, Any]) -> bool:
    """Whether a question is asked of somebody who gave these answers, by the questions' numbers."""
    if question.shown_if_id is None:
        return True
    earlier = answers.get(str(question.shown_if_id))
    return earlier is not None and meets(question, earlier)


def pages_of(questions: Iterable[Question]) -> list[list[Question]]:
    """The questions as pages: a new one begins where a question depends on an answer of the same page."""
    pages: list[list[Question]] = [[]]
    for question in questions:
        if question.shown_if_id in {earlier.pk for earlier in pages[-1]}:
            pages.append([])
        pages[-1].append(question)
    return pages


def said_condition(question: Question, questions: Sequence[Question]) -> str:
    """When a question is to be answered, for a page that shows all of them at once."""
    earlier = next((each for each in questions if each.pk == question.shown_if_id), None)
    if earlier is None:
        return ""
    shown = dict(earlier.shown_options)
    values = sorted(question.condition, key=lambda value: (len(value), value))
    if earlier.kind in (Question.Kind.CHOICE, Question.Kind.SEVERAL):
        values = [shown.get(option, option) for option in earlier.options if option in question.condition]
    return _("Only if you answered “%(question)s” with: %(values)s.") % {
        "question": earlier.shown_text,
        "values": ", ".join(values),
    }


def counts(question: Question, value: Any) -> bool:
    """Whether an answer is one of those that count for what its question measures."""
    given = value if isinstance(value, list) else [value]
    return any(str(each) in question.counted_answers for each in given)
