"""Drip series for tests."""

import factory

from campaigns.models import Series, SeriesStep
from tests.factories.alerts import AlertTopicFactory
from tests.factories.partners import CoalitionFactory


class SeriesFactory(factory.django.DjangoModelFactory):
    """A series that follows joining, not started yet, without messages."""

    class Meta:
        model = Series
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Welcome {number}")
    trigger = "joined"
    topic = factory.SubFactory(AlertTopicFactory)

    @factory.post_generation
    def coalition(self, create: bool, extracted: object, **kwargs: object) -> None:
        """Its address stands in every message."""
        if create:
            CoalitionFactory()


class SeriesStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SeriesStep

    series = factory.SubFactory(SeriesFactory)
    days = 0
    subject = factory.Sequence(lambda number: f"Message {number} for {{{{ first_name|Friend }}}}")
    body = "<p>Good to have you and {{ organization|your organization }}.</p>"
