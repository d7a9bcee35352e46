"""Surveys: the questions of one, answered once by each person."""

from campaigns.kinds.base import CallKind
from campaigns.models import CallToAction


class TakeSurvey(CallKind):
    kind = CallToAction.Kind.SURVEY
