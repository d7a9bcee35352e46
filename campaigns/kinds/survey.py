"""Surveys: the questions of one, answered once by each person."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.kinds.base import CallKind, Details, DetailsForm
from campaigns.models import ActionTaken, CallToAction
from campaigns.services.errors import AnswerRefused
from campaigns.visitors import Visitor
from partners.errors import NotAllowed
from surveys.forms import QuestionsMixin
from surveys.models import Question, Response
from surveys.questions import shown_answers, typed_answer
from surveys.services.answers import record_response
from surveys.shown_results import public_summary


class SurveyDetails(QuestionsMixin, DetailsForm):
    """The questions. Somebody signed in finds the answers they gave before.

    Over an alert's link the fields stay empty: mail is passed on, and what somebody answered is nobody else's business.
    """

    def __init__(self, *args: Any, call: CallToAction, visitor: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, call=call, visitor=visitor, **kwargs)
        self.add_questions(call.survey.questions.all() if call.survey else [])
        if not self.is_bound and visitor.person and visitor.verified == ActionTaken.Verified.LOGIN:
            self.initial.update(_earlier(call, visitor))

    def details(self) -> dict[str, Any]:
        return {"answers": self.answers()}


def _earlier(call: CallToAction, visitor: Visitor) -> dict[str, Any]:
    """What the visitor answered before, by field."""
    responses = Response.objects.filter(survey=call.survey_id, person=visitor.person, occasion="")
    response = responses.prefetch_related("answers__question").first()
    if response is None:
        return {}
    earlier: dict[str, Any] = {}
    for answer in response.answers.all():
        earlier |= typed_answer(answer.question, answer.value)
    return earlier


class TakeSurvey(CallKind):
    kind = CallToAction.Kind.SURVEY
    update_label = _("Change my answers")
    thanks = _("Thank you. Your answers are on record.")
    body_template = "campaigns/kinds/survey.html"
    fields_template = "campaigns/kinds/survey_fields.html"
    thanks_template = "campaigns/kinds/survey_thanks.html"
    details_form = SurveyDetails
    asks_comment = False
    asks_to_show_name = False

    def problems(self, call: CallToAction) -> list[str]:
        if call.survey is None:
            return [gettext("Choose the survey that people are asked to answer.")]
        if not call.survey.questions.exists():
            return [gettext("The survey “%s” has no questions yet.") % call.survey]
        if call.survey.is_anonymous:
            return [
                gettext(
                    "The survey “%s” is anonymous, and a call to action keeps who took part. Invite people to it from its own page."
                )
                % call.survey
            ]
        if call.survey.questions.filter(kind=Question.Kind.FILE).exists():
            return [
                gettext("The survey “%s” asks for a file, which a call to action cannot take.") % call.survey
            ]
        return []

    def context(self, request: HttpRequest, call: CallToAction, visitor: Visitor) -> dict[str, Any]:
        """The results, once nobody can answer the survey any more: numbers that still move could be compared."""
        now = timezone.now()
        if call.survey is None or not call.is_over(now) or call.survey.calls_to_action.open(now).exists():
            return {}
        return {"survey_results": public_summary(call.survey), "survey_total": call.survey.responses.count()}

    def record(self, action: ActionTaken, details: Details, *, created: bool) -> None:
        survey = action.call_to_action.survey
        if survey is None:
            raise AnswerRefused(gettext("This call to action has no survey yet."))
        try:
            record_response(
                survey=survey,
                person=action.person,
                organization=action.organization,
                answers=details.get("answers", {}),
                now=timezone.now(),
            )
        except NotAllowed as refusal:
            raise AnswerRefused(str(refusal)) from refusal

    def summary(self, call: CallToAction, details: Details) -> list[tuple[str, str]]:
        return shown_answers(call.survey, details.get("answers", {})) if call.survey else []
