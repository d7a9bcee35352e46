"""Questions as fields of a form, and their answers as the database keeps them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from surveys.models import Question, Survey

# Answers to questions by their number: what `UnconfirmedAction.details` holds, and what services take.
Answers = Mapping[str, Any]

LINE, TEXT = 300, 4000
SCALE = range(1, 6)
_Kind = Question.Kind


class NumberField(forms.DecimalField):
    """A number as people write it: "1,200" is one thousand two hundred."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", "") if isinstance(value, str) else value)

    def clean(self, value: Any) -> Decimal | None:
        """Says the same of everything that is no number we can keep."""
        try:
            return super().clean(value)
        except ValidationError as error:
            code = "required" if getattr(error, "code", "") == "required" else "invalid"
            raise ValidationError(self.error_messages[code], code=code) from error


class ScaleField(forms.TypedChoiceField):
    """Steps from 1 to 5, which stand in one row."""

    is_inline = True


def field_name(question: Question) -> str:
    """The field's name in a form."""
    return f"q{question.pk}"


def question_fields(questions: Iterable[Question]) -> dict[str, forms.Field]:
    """A field for each question, in their order."""
    return {field_name(question): question_field(question) for question in questions}


def question_field(question: Question) -> forms.Field:
    """The field that asks a question, with errors that name it."""
    shared: dict[str, Any] = {
        "label": question.text,
        "required": question.is_required,
        # The template prints hints as they are.
        "help_text": format_html("{}", question.hint),
    }
    name = Truncator(question.text).chars(80)
    make = _FIELDS[_Kind(question.kind)]
    return make(question, name, shared)


def _text(question: Question, name: str, shared: dict[str, Any]) -> forms.Field:
    is_long = question.kind == _Kind.LONG
    most = TEXT if is_long else LINE
    return forms.CharField(
        **shared,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": 5}) if is_long else forms.TextInput,
        error_messages={
            "required": _("Answer “%(name)s”.") % {"name": name},
            # This one is filled in once more, with the length.
            "max_length": _("Shorten your answer to “%(name)s” to %(most)s characters.")
            % {"name": name.replace("%", "%%"), "most": f"{most:,}"},
        },
    )


def _choice(question: Question, name: str, shared: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(
        **shared,
        choices=[(option, option) for option in question.options],
        widget=forms.RadioSelect,
        error_messages=_choice_errors(name),
    )


def _several(question: Question, name: str, shared: dict[str, Any]) -> forms.Field:
    return forms.MultipleChoiceField(
        **shared,
        choices=[(option, option) for option in question.options],
        widget=forms.CheckboxSelectMultiple,
        error_messages=_choice_errors(name) | {"required": _("Choose at least one answer to “%s”.") % name},
    )


def _scale(question: Question, name: str, shared: dict[str, Any]) -> forms.Field:
    return ScaleField(
        **shared,
        choices=[(step, str(step)) for step in SCALE],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages=_choice_errors(name),
    )


def _number(question: Question, name: str, shared: dict[str, Any]) -> forms.Field:
    return NumberField(
        **shared,
        max_digits=15,
        decimal_places=4,
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input--short"}
        ),
        error_messages={
            "required": _("Answer “%(name)s”.") % {"name": name},
            "invalid": _("Enter a number for “%s”, such as 12.") % name,
        },
    )


def _choice_errors(name: str) -> dict[str, str]:
    words = _("Choose an answer to “%s”.")
    return {"required": words % name, "invalid_choice": words % name.replace("%", "%%")}


_FIELDS = {
    _Kind.SHORT: _text,
    _Kind.LONG: _text,
    _Kind.CHOICE: _choice,
    _Kind.SEVERAL: _several,
    _Kind.SCALE: _scale,
    _Kind.NUMBER: _number,
}


def given_answers(questions: Iterable[Question], cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered in a checked form, as it is kept: nothing for a question that was passed over."""
    given = {str(question.pk): _kept(cleaned.get(field_name(question))) for question in questions}
    return {number: value for number, value in given.items() if value not in (None, "", [])}


def checked_answers(questions: Iterable[Question], answers: Answers) -> dict[Question, Any]:
    """Kept answers held against the questions as they are now. Raises `ValidationError` where they do not fit."""
    fitting = {}
    for question in questions:
        value = _kept(question_field(question).clean(answers.get(str(question.pk))))
        if value not in (None, "", []):
            fitting[question] = value
    return fitting


def answers_fit(questions: Iterable[Question], answers: Answers) -> bool:
    """Whether answers given earlier are answers to these questions."""
    try:
        checked_answers(questions, answers)
    except ValidationError:
        return False
    return True


def _kept(value: Any) -> Any:
    """A value as JSON holds it; numbers as text, so that none loses a digit."""
    return format(value, "f") if isinstance(value, Decimal) else value


def shown_answer(value: Any) -> str:
    """A kept answer in words."""
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def shown_answers(survey: Survey, answers: Answers) -> list[tuple[str, str]]:
    """Questions with their answers in words, in the survey's order; those passed over are left out."""
    return [
        (question.text, shown_answer(answers[str(question.pk)]))
        for question in survey.questions.all()
        if str(question.pk) in answers
    ]
