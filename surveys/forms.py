"""A survey as people fill it in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.translation import gettext as _

from mailing.web.forms import PortalFormMixin
from surveys.branching import is_asked, said_condition
from surveys.languages import is_spanish
from surveys.models import Question, Response, Survey
from surveys.question_fields import fields_of
from surveys.questions import given_answer, given_answers

QUOTING = "quoting"


@dataclass(frozen=True)
class Asked:
    """One question on a page: its fields, the condition where the page shows one, and its language where it differs."""

    question: Question
    fields: list[BoundField]
    condition: str = ""

    @property
    def is_table(self) -> bool:
        return self.question.kind == Question.Kind.MATRIX

    @property
    def lang(self) -> str:
        """The language of a question that nobody has translated."""
        return "en" if is_spanish() and not self.question.is_translated else ""


class QuestionsMixin(forms.Form):
    """A form with questions. Where one depends on another in the same form, the answers decide once they are sent."""

    questions: list[Question]
    names: dict[int, list[str]]
    # What was answered on the pages before.
    earlier: Mapping[str, Any] = {}

    def add_questions(self, questions: Iterable[Question]) -> None:
        """A field for each question, in their order."""
        self.questions, self.names = list(questions), {}
        here = {question.pk for question in self.questions}
        self.dependent = [question for question in self.questions if question.shown_if_id in here]
        for question in self.questions:
            fields = fields_of(question)
            if question in self.dependent:
                for field in fields.values():
                    field.required = False
            self.names[question.pk] = list(fields)
            self.fields.update(fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        answers: dict[str, Any] = {}
        for question in self.questions:
            value = given_answer(question, cleaned)
            if question in self.dependent:
                if not is_asked(question, answers):
                    self._forget(question)
                    continue
                if question.is_required:
                    self._require(question)
            answers[str(question.pk)] = value
        return cleaned

    def _forget(self, question: Question) -> None:
        """What was typed into a question that was not asked is nothing, nor is it a mistake."""
        for name in self.names[question.pk]:
            self.cleaned_data.pop(name, None)
            self.errors.pop(name, None)

    def _require(self, question: Question) -> None:
        for name in self.names[question.pk]:
            if self.cleaned_data.get(name) in (None, "", []) and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])

    def answers(self) -> dict[str, Any]:
        """What was answered, by the questions' numbers, once the form is valid."""
        return given_answers(self.questions, self.cleaned_data, self.earlier)

    @property
    def asked(self) -> list[Asked]:
        """The questions with their fields, for the page."""
        return [
            Asked(
                question,
                [self[name] for name in self.names[question.pk]],
                said_condition(question, self.questions) if question in self.dependent else "",
            )
            for question in self.questions
        ]


class SurveyForm(QuestionsMixin, PortalFormMixin, forms.Form):
    """The questions of a survey one after the other, or those of one page, and at the end whether we may quote."""

    def __init__(
        self,
        *args: Any,
        survey: Survey,
        questions: Iterable[Question] | None = None,
        answers: dict[str, Any] | None = None,
        asks_to_quote: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        self.add_questions(survey.questions.all() if questions is None else questions)
        self.earlier = answers or {}
        if asks_to_quote:
            self.fields[QUOTING] = quoting_field(survey)

    @property
    def quoting(self) -> BoundField | None:
        """The question whether we may quote, on the page that asks it."""
        return self[QUOTING] if QUOTING in self.fields else None


def quoting_field(survey: Survey) -> forms.ChoiceField:
    """“You may quote me”; whoever answers without a name cannot be quoted with it."""
    kinds = Response.Quoting
    named = [] if survey.is_anonymous else [(kinds.NAMED, _("Yes, with my name and organization"))]
    return forms.ChoiceField(
        label=_("May we quote what you wrote?"),
        help_text=format_html(
            "{}", _("In reports and on our pages, a sentence or two. You can take it back at any time.")
        )
        if not survey.is_anonymous
        else format_html(
            "{}", _("In reports and on our pages, a sentence or two. Nobody knows who wrote it.")
        ),
        choices=[*named, (kinds.NAMELESS, _("Yes, without my name")), (kinds.NO, _("No"))],
        widget=forms.RadioSelect,
        required=False,
    )
