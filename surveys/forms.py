"""A survey as people fill it in."""

from typing import Any

from django import forms

from mailing.web.forms import PortalFormMixin
from surveys.models import Survey
from surveys.questions import question_fields


class SurveyForm(PortalFormMixin, forms.Form):
    """The questions of a survey, one after the other."""

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(question_fields(survey.questions.all()))
