"""What the last survey of all partners says about who should hear from us."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from partners.outreach import Reason, Reasons, gathered
from surveys.branching import counts
from surveys.models import Answer, Question, Survey, SurveyInvitation

# Older answers say nothing of today.
FRESH_FOR = timedelta(days=550)
_Measure = Question.Measure


def last_partner_survey(now: datetime) -> tuple[Survey, str] | None:
    """The yearly survey that was sent last, and its occasion; None where none was within a year and a half."""
    sent = SurveyInvitation.objects.sent().filter(
        survey__purpose=Survey.Purpose.PARTNERS, sent_at__gt=now - FRESH_FOR, sent_at__lte=now
    )
    last = sent.select_related("survey").order_by("-sent_at").first()
    return (last.survey, last.occasion) if last else None


def reasons(organizations: Collection[int], now: datetime) -> Reasons:
    """Partners that asked to be contacted, gave a low score, or did not answer. Anonymous surveys say none of it."""
    last = last_partner_survey(now)
    if last is None or last[0].is_anonymous:
        return {}
    survey, occasion = last
    return gathered([*_said(survey, occasion, organizations), *_silent(survey, occasion, organizations, now)])


def _said(survey: Survey, occasion: str, organizations: Collection[int]) -> Iterator[tuple[int, Reason]]:
    answers = Answer.objects.filter(
        question__survey=survey,
        question__measures__in=(_Measure.RELATIONSHIP, _Measure.CONTACT),
        response__occasion=occasion,
        response__organization__in=organizations,
    )
    seen = set()
    for answer in answers.select_related("question", "response").order_by("pk"):
        organization, question = answer.response.organization_id, answer.question
        if organization is None or not counts(question, answer.value):
            continue
        key = (organization, question.pk)
        if key in seen:
            continue
        seen.add(key)
        if question.measures == _Measure.CONTACT:
            yield organization, Reason(_("asked in the survey that we get in touch"), 5)
        else:
            said = {"question": question.text, "answer": answer.value}
            yield organization, Reason(_("answered “%(answer)s” to “%(question)s”") % said, 4)


def _silent(
    survey: Survey, occasion: str, organizations: Collection[int], now: datetime
) -> Iterator[tuple[int, Reason]]:
    invited = survey.invitations.sent().on(occasion).filter(organization__in=organizations)
    answered = set(
        survey.responses.on(occasion)
        .filter(organization__in=organizations)
        .values_list("organization", flat=True)
    )
    for organization in sorted(set(invited.values_list("organization", flat=True)) - answered):
        yield organization, Reason(_("did not answer the last survey of all partners"), 2)
