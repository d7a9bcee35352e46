"""Surveys and events for tests."""

from datetime import timedelta

import factory
from django.utils import timezone

from campaigns.models import CallEvent, Rsvp
from surveys.models import Question, Response, Survey, SurveyInvitation
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory
from tests.factories.partners import PersonFactory


class SurveyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Survey

    title = factory.Sequence(lambda number: f"Survey {number}")


class QuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Question

    survey = factory.SubFactory(SurveyFactory)
    text = factory.Sequence(lambda number: f"Question {number}?")
    order = factory.Sequence(lambda number: number)


class ResponseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Response

    survey = factory.SubFactory(SurveyFactory)
    person = factory.SubFactory(PersonFactory)
    responded_at = factory.LazyFunction(timezone.now)


class SurveyInvitationFactory(factory.django.DjangoModelFactory):
    """Somebody we wrote to yesterday."""

    class Meta:
        model = SurveyInvitation

    survey = factory.SubFactory(SurveyFactory)
    is_anonymous = factory.SelfAttribute("survey.is_anonymous")
    person = factory.SubFactory(PersonFactory)
    sent_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=20))


class SurveyCallFactory(CallToActionFactory):
    kind = "survey"
    survey = factory.SubFactory(SurveyFactory)
    statement = ""


class InvitationCallFactory(CallToActionFactory):
    """An invitation that closes when its event begins, in a week unless told otherwise."""

    class Meta:
        skip_postgeneration_save = True

    kind = "rsvp"
    statement = ""
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))

    @factory.post_generation
    def event(self, create, extracted, **values):
        if create:
            CallEventFactory(call_to_action=self, **values)


class CallEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CallEvent

    starts_at = factory.LazyAttribute(lambda event: event.call_to_action.closes_at)
    ends_at = factory.LazyAttribute(lambda event: event.starts_at + timedelta(hours=2))
    place = "Sample Library, Springfield"
    online_url = "https://meet.coalition.example/briefing"


class RsvpFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Rsvp

    action = factory.SubFactory(ActionTakenFactory)
    coming = "yes"
