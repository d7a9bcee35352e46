"""One question of the eligibility checker as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from research.eligibility import Step


class QuestionForm(forms.Form):
    """The answers of one question. Nothing is saved."""

    def __init__(self, step: Step, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = [(str(answer.pk), answer.words) for answer in step.criterion.answers.all()]
        self.fields[step.name] = forms.ChoiceField(
            label=step.criterion.question,
            help_text=step.criterion.hint,
            choices=answers,
            widget=forms.RadioSelect,
            initial=str(step.given.pk) if step.given else None,
            error_messages={
                "required": _("Choose an answer"),
                "invalid_choice": _("Choose one of the answers"),
            },
        )
