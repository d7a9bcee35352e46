"""Two surveys, one still open and one whose results are public, and an event with those who come to it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from simple_history.utils import bulk_create_with_history

from campaigns.models import ActionTaken, CallEvent, CallToAction, Campaign, Rsvp
from partners.models import Membership
from partners.references import random_code
from portal.demo.calls import at
from portal.demo.survey_texts import (
    CONSENT_EVENT,
    CONSENT_SURVEY,
    EVENT_ACCESS,
    EVENT_ASK,
    EVENT_PLACE,
    EVENT_WHY,
    NEEDS,
    SURVEYS,
    SurveyText,
)
from portal.embedded.demo_logins import DEMO_LOGINS
from surveys.models import Answer, Question, Response, Survey

ANSWERING, INVITED = 60, 34
_Kind = Question.Kind
# A person and the organization they answer for.
Member = tuple[int, int]


def write_surveys(*, campaigns: dict[str, Campaign], seed: int, now: datetime) -> None:
    """The surveys with about sixty answers each, and the event. Nobody behind a demonstration login has answered."""
    rng = Random(f"{seed}:surveys")
    members = _members()
    for text in SURVEYS:
        _write_survey(rng, text, campaigns, _some(rng, members, ANSWERING), now)
    _write_event(rng, campaigns, _some(rng, members, INVITED), now)


def _members() -> list[Member]:
    logins = [login.email for login in DEMO_LOGINS]
    current = Membership.objects.current().filter(organization__status="active").order_by("pk")
    rows = current.exclude(person__email__in=logins).values_list("person_id", "organization_id")
    return list(dict(rows.iterator(5000)).items())


def _some(rng: Random, members: list[Member], wanted: int) -> list[Member]:
    return rng.sample(members, k=min(wanted, len(members) * 4 // 5))


def _write_survey(
    rng: Random, text: SurveyText, campaigns: dict[str, Campaign], members: list[Member], now: datetime
) -> None:
    survey = Survey.objects.create(title=text.title, introduction=text.introduction)
    # Without a history of their own: the questions have always stood there.
    questions = Question.objects.bulk_create(
        [
            Question(
                survey=survey,
                order=place,
                text=asked.text,
                hint=asked.hint,
                kind=asked.kind,
                choices="\n".join(asked.choices),
                is_required=asked.is_required,
            )
            for place, asked in enumerate(text.questions, start=1)
        ]
    )
    call = CallToAction.objects.create(
        slug=text.slug,
        title=text.title,
        kind=CallToAction.Kind.SURVEY,
        campaign=campaigns[text.campaign],
        survey=survey,
        ask=text.ask,
        why=text.why,
        audience=text.audience,
        status=text.status,
        opens_at=at(now, 8, days=-text.opened),
        closes_at=at(now, 17, days=text.closes),
        consent_text=CONSENT_SURVEY,
        outcome=text.outcome.format(
            people=len(members), organizations=len({organization for _person, organization in members})
        ),
    )
    actions = _actions(rng, call, members, now)
    responses = Response.objects.bulk_create(
        [
            Response(
                survey=survey,
                person_id=action.person_id,
                organization_id=action.organization_id,
                responded_at=action.acted_at,
            )
            for action in actions
        ]
    )
    answers = []
    for response in responses:
        for question, asked in zip(questions, text.questions, strict=True):
            if asked.is_required or rng.random() < asked.share:
                answers.append(Answer(response=response, question=question, value=_answer(rng, asked)))
    Answer.objects.bulk_create(answers)


def _answer(rng: Random, asked: Any) -> Any:
    say: dict[str, Callable[[], Any]] = {
        _Kind.CHOICE: lambda: rng.choices(asked.choices, asked.weights)[0],
        _Kind.SEVERAL: lambda: sorted(
            {rng.choices(asked.choices, asked.weights)[0] for _each in range(rng.randint(1, 3))},
            key=asked.choices.index,
        ),
        _Kind.SCALE: lambda: rng.choices(range(1, 6), asked.weights)[0],
        _Kind.NUMBER: lambda: str(rng.choices((0, 1, 2, 3, 4, 6, 9, 14), (3, 5, 6, 5, 4, 3, 2, 1))[0]),
    }
    return say.get(asked.kind, lambda: rng.choice(asked.samples))()


def _actions(rng: Random, call: CallToAction, members: list[Member], now: datetime) -> list[ActionTaken]:
    last = min(now, call.closes_at) - timedelta(minutes=2)
    rows = [
        ActionTaken(
            reference="A-" + random_code(8, rng),
            call_to_action=call,
            person_id=person,
            organization_id=organization,
            consent_text=call.consent_text,
            verified=ActionTaken.Verified.LOGIN,
            acted_at=call.opens_at + (last - call.opens_at) * rng.betavariate(1.1, 1.5),
        )
        for person, organization in members
    ]
    return bulk_create_with_history(rows, ActionTaken)


def _write_event(rng: Random, campaigns: dict[str, Campaign], members: list[Member], now: datetime) -> None:
    starts_at = at(now, 10, days=16)
    call = CallToAction.objects.create(
        slug="briefing-before-the-session",
        title="Briefing before the session: what we ask for, and how",
        kind=CallToAction.Kind.RSVP,
        campaign=campaigns["human-services-works"],
        ask=EVENT_ASK,
        why=EVENT_WHY,
        audience=CallToAction.Audience.EVERYONE,
        status=CallToAction.Status.PUBLISHED,
        opens_at=at(now, 8, days=-6),
        closes_at=starts_at,
        consent_text=CONSENT_EVENT,
        next_step="Read what the coalition asks for this year",
        next_step_url=f"{settings.SITE_URL}/agenda/",
    )
    CallEvent.objects.create(
        call_to_action=call,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        place=EVENT_PLACE,
        online_url="https://meet.illinoispartners.example/briefing",
        access=EVENT_ACCESS,
        capacity=60,
    )
    answers = []
    for action in _actions(rng, call, members, now):
        coming = rng.choices(Rsvp.Coming.values, (6, 2, 2))[0]
        is_coming = coming == Rsvp.Coming.YES
        guests = rng.choices((0, 1, 2), (7, 2, 1))[0] if is_coming else 0
        needs = rng.choice(NEEDS) if is_coming and rng.random() < 0.15 else ""
        answers.append(Rsvp(action=action, coming=coming, guests=guests, needs=needs))
    bulk_create_with_history(answers, Rsvp)
