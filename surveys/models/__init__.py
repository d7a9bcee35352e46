"""Surveys: questions in their order, who was asked, what people answered, and what came of it."""

from surveys.models.invitation import SurveyInvitation
from surveys.models.outreach import OutreachTouch
from surveys.models.question import Question
from surveys.models.response import Answer, Response
from surveys.models.survey import PublishedResults, Survey

__all__ = [
    "Answer",
    "OutreachTouch",
    "PublishedResults",
    "Question",
    "Response",
    "Survey",
    "SurveyInvitation",
]
