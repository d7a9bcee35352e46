"""Surveys at the staff desk: built, looked at as people will see them, sent, read, published and taken along."""

from surveys.admin.invitation import SurveyInvitationAdmin
from surveys.admin.survey import SurveyAdmin

__all__ = ["SurveyAdmin", "SurveyInvitationAdmin"]
