"""Each kind of question as fields of a form, in the page's language, with errors that name the question."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from surveys.files import check_file
from surveys.models import Question

LINE, TEXT = 300, 4000
SCALE = range(1, 6)
LIKELIHOOD = range(11)
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


class StepField(forms.TypedChoiceField):
    """Steps of a scale, or the answers of a table's line, which stand in one row."""

    is_inline = True


class DayField(forms.DateField):
    """A day, kept as `2026-05-03`."""

    def clean(self, value: Any) -> str | None:
        day: date | None = super().clean(value)
        return day.isoformat() if day else None


class HandedInField(forms.FileField):
    """A file of a kind and size that we take; a name alone stands for one that was looked at before."""

    default_validators = [check_file]


def field_name(question: Question, line: int | None = None) -> str:
    """The field's name in a form; of a table, each line has its own."""
    return f"q{question.pk}" if line is None else f"q{question.pk}_{line}"


def fields_of(question: Question) -> dict[str, forms.Field]:
    """The fields that ask a question: one, or for a table one for each line."""
    if question.kind == _Kind.MATRIX:
        return {field_name(question, n): _line(question, row) for n, row in enumerate(question.shown_rows)}
    shared: dict[str, Any] = {
        "label": question.shown_text,
        "required": question.is_required,
        # The template prints hints as they are.
        "help_text": format_html("{}", question.shown_hint or _USUAL_HINTS.get(question.kind, str)()),
    }
    name = Truncator(question.shown_text).chars(80)
    return {field_name(question): _FIELDS[_Kind(question.kind)](question, name, shared)}


def _text(question: Question, name: str, shared: dict[str, Any]) -> forms.Field:
    is_long = question.kind == _Kind.LONG
    most = TEXT if is_long else LINE
    return forms.CharField(
        **shared,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": 5}) if is_long else forms.TextInput,
        error_messages={
            "required": _answer_it(name),
            # This one is filled in once more, with the length.
            "max_length": _("Shorten your answer to “%(name)s” to %(most)s characters.")
            % {"name": name.replace("%", "%%"), "most": f"{most:,}"},
        },
    )


def _choice(question: Question, name: str, shared: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(
        **shared,
        choices=question.shown_options,
        widget=forms.RadioSelect,
        error_messages=_choice_errors(name),
    )


def _several(question: Question, name: str, shared: dict[str, Any]) -> forms.Field:
    return forms.MultipleChoiceField(
        **shared,
        choices=question.shown_options,
        widget=forms.CheckboxSelectMultiple,
        error_messages=_choice_errors(name) | {"required": _("Choose at least one answer to “%s”.") % name},
    )


def _steps(question: Question, name: str, shared: dict[str, Any]) -> forms.Field:
    steps = LIKELIHOOD if question.kind == _Kind.NPS else SCALE
    return StepField(
        **shared,
        choices=[(step, str(step)) for step in steps],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages=_choice_errors(name),
    )


def _line(question: Question, row: tuple[str, str]) -> forms.Field:
    """One line of a table. `row`: as it is kept, and as the page shows it."""
    name = Truncator(f"{question.shown_text} {row[1]}").chars(120)
    return StepField(
        label=row[1],
        required=question.is_required,
        choices=question.shown_options,
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
            "required": _answer_it(name),
            "invalid": _("Enter a number for “%s”, such as 12.") % name,
        },
    )


def _date(question: Question, name: str, shared: dict[str, Any]) -> forms.Field:
    return DayField(
        **shared,
        input_formats=["%Y-%m-%d", "%m/%d/%Y"],
        widget=forms.DateInput(attrs={"type": "date", "class": "input--medium"}, format="%Y-%m-%d"),
        error_messages={
            "required": _answer_it(name),
            "invalid": _("Enter a day for “%s”, such as 5/3/2026.") % name,
        },
    )


def _file(question: Question, name: str, shared: dict[str, Any]) -> forms.Field:
    return HandedInField(
        **shared,
        max_length=200,
        error_messages={"required": _("Choose a file for “%s”.") % name},
    )


def _answer_it(name: str) -> str:
    return _("Answer “%(name)s”.") % {"name": name}


def _choice_errors(name: str) -> dict[str, str]:
    words = _("Choose an answer to “%s”.")
    return {"required": words % name, "invalid_choice": words % name.replace("%", "%%")}


_FIELDS = {
    _Kind.SHORT: _text,
    _Kind.LONG: _text,
    _Kind.CHOICE: _choice,
    _Kind.SEVERAL: _several,
    _Kind.SCALE: _steps,
    _Kind.NPS: _steps,
    _Kind.NUMBER: _number,
    _Kind.DATE: _date,
    _Kind.FILE: _file,
}
_USUAL_HINTS: dict[str, Callable[[], str]] = {
    _Kind.NPS: lambda: _("0 is not at all likely, 10 is extremely likely."),
    _Kind.FILE: lambda: _("A PDF, a Word, Excel or OpenDocument file, or a picture, at most 10 MB."),
}
