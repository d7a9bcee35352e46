"""Surveys that people were invited to: after trainings, the yearly one of all partners, and an anonymous one."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from partners.models import Membership, User
from portal.demo.calls import at
from portal.demo.survey_questions import AT_90_DAYS, AT_THE_END, PARTNERS, VOICE, Ask, Sheet
from portal.embedded.demo_logins import DEMO_LOGINS
from surveys.branching import is_asked
from surveys.models import Answer, Question, Response, Survey, SurveyInvitation
from surveys.results import SMALLEST
from surveys.services.ballot_box import shake
from surveys.services.publishing import publish_results

# A person and the organization they answer for.
Member = tuple[int, int]
# Trainings that people were asked about: key, words, and days before today.
TRAININGS = (
    ("reframing-1", "Reframing human services", 130),
    ("budget-1", "Reading a state budget", 101),
    ("advocacy-1", "Your first talk with a lawmaker", 12),
)
CLASS, ANONYMOUS = 24, 50
_Kind = Question.Kind


def write_partner_surveys(*, staff: User, seed: int, now: datetime) -> None:
    """Each survey with its invitations and the answers of most who were invited."""
    rng = Random(f"{seed}:partner surveys")
    contacts = _contacts()
    end, later = _build(AT_THE_END), _build(AT_90_DAYS)
    for key, subject, days in TRAININGS:
        people = rng.sample(contacts, k=min(CLASS, len(contacts)))
        sent = at(now, 16, days=-days)
        _ask(rng, end, AT_THE_END, people, sent, now, occasion=f"training:{key}:end", subject=subject)
        if days > 90:
            sent += timedelta(days=90)
            _ask(rng, later, AT_90_DAYS, people, sent, now, occasion=f"training:{key}:90d", subject=subject)
    yearly = at(now, 9, days=-70)
    _ask(rng, _build(PARTNERS), PARTNERS, contacts, yearly, now, occasion=str(yearly.year), share=0.62)
    voice = _build(VOICE)
    people = rng.sample(contacts, k=min(ANONYMOUS, len(contacts)))
    _ask(rng, voice, VOICE, people, at(now, 9, days=-40), now, share=0.9)
    shake(survey=voice)
    if voice.responses.count() >= SMALLEST:
        publish_results(survey=voice, by=staff, now=at(now, 10, days=-3))


def _contacts() -> list[Member]:
    """Primary contacts of active partners, without those behind a demonstration login."""
    logins = [login.email for login in DEMO_LOGINS]
    current = Membership.objects.current().filter(
        organization__status="active", role=Membership.Role.PRIMARY_CONTACT
    )
    rows = current.exclude(person__email__in=logins).order_by("pk")
    return list(dict(rows.values_list("person_id", "organization_id")).items())


def _build(sheet: Sheet) -> Survey:
    survey = Survey.objects.create(
        **{
            name: getattr(sheet, name)
            for name in (
                "title",
                "title_es",
                "introduction",
                "introduction_es",
                "purpose",
                "is_anonymous",
                "asks_to_quote",
                "is_open",
            )
        }
    )
    made: list[Question] = []
    for place, ask in enumerate(sheet.questions, start=1):
        question = Question(survey=survey, order=place, kind=ask.kind, measures=ask.measures)
        for name in ("text", "text_es", "hint", "hint_es", "is_required"):
            setattr(question, name, getattr(ask, name))
        for name in ("choices", "choices_es", "lines", "lines_es", "counting"):
            setattr(question, name, "\n".join(getattr(ask, name)))
        if ask.after:
            question.shown_if = made[ask.after - 1]
            question.shown_values = "\n".join(ask.after_values)
        question.save()
        # The questions have always stood there, also for those who answered before today.
        question.history.all().delete()
        made.append(question)
    return survey


def _ask(
    rng: Random,
    survey: Survey,
    sheet: Sheet,
    people: list[Member],
    sent: datetime,
    now: datetime,
    *,
    occasion: str = "",
    subject: str = "",
    share: float = 0.75,
) -> None:
    """Invites people on a day, and has a share of them answer within the two weeks after it."""
    due = timezone.localdate(sent) + timedelta(days=21)
    answering = {person for person, _organization in people if rng.random() < share}
    SurveyInvitation.objects.bulk_create(
        SurveyInvitation(
            survey=survey,
            is_anonymous=survey.is_anonymous,
            person_id=person,
            organization_id=organization,
            occasion=occasion,
            subject=subject,
            sent_at=sent,
            due_on=due,
            # Those who have not answered had all their reminders: a fresh demonstration writes to nobody.
            reminders_sent=0 if person in answering else 2,
            reminded_at=None if person in answering else min(now, sent + timedelta(days=10)),
            answered=person in answering,
        )
        for person, organization in people
    )
    last = min(now - timedelta(minutes=5), sent + timedelta(days=14))
    responses = [
        _response(rng, survey, member, occasion, sent + (last - sent) * rng.random())
        for member in people
        if member[0] in answering
    ]
    Response.objects.bulk_create(responses)
    questions = list(survey.questions.all())
    Answer.objects.bulk_create(
        answer for response in responses for answer in _answers(rng, response, questions, sheet)
    )


def _response(rng: Random, survey: Survey, member: Member, occasion: str, moment: datetime) -> Response:
    response = Response(survey=survey, occasion=occasion, is_anonymous=survey.is_anonymous)
    consents = ["nameless", "no", "no"] if survey.is_anonymous else ["named", "nameless", "no", "no"]
    response.quoting = rng.choice(consents) if survey.asks_to_quote else ""
    if not survey.is_anonymous:
        response.person_id, response.organization_id = member
        response.responded_at = moment
    return response


def _answers(rng: Random, response: Response, questions: list[Question], sheet: Sheet) -> list[Answer]:
    given: dict[str, Any] = {}
    for question, ask in zip(questions, sheet.questions, strict=True):
        if is_asked(question, given) and (ask.is_required or rng.random() < ask.share):
            given[str(question.pk)] = _value(rng, ask)
    return [
        Answer(response=response, question=question, value=given[str(question.pk)])
        for question in questions
        if str(question.pk) in given
    ]


def _value(rng: Random, ask: Ask) -> Any:
    if ask.kind == _Kind.MATRIX:
        return {line: rng.choices(ask.choices, ask.weights)[0] for line in ask.lines}
    if ask.kind == _Kind.SEVERAL:
        drawn = {rng.choices(ask.choices, ask.weights)[0] for _each in range(rng.randint(1, 3))}
        return sorted(drawn, key=ask.choices.index)
    if ask.kind == _Kind.CHOICE:
        return rng.choices(ask.choices, ask.weights)[0]
    if ask.kind == _Kind.SCALE:
        return rng.choices(range(1, 6), ask.weights)[0]
    if ask.kind == _Kind.NPS:
        return rng.choices(range(11), ask.weights)[0]
    return rng.choice(ask.samples)
