"""Alerts, their topic and their subscribers for tests."""

import factory
from django.utils import timezone

from campaigns.models import ActionAlert, AlertBlock
from mailing.addresses import hash_address
from mailing.models import Subscription, Topic
from tests.factories.campaigns import CallToActionFactory
from tests.factories.partners import CoalitionFactory


class AlertTopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Topic
        django_get_or_create = ["slug"]

    slug = "action-alerts"
    name = "Action alerts"
    description = "A message when there is something to do."


class AlertBlockFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AlertBlock

    kind = "text"
    order = factory.Sequence(lambda number: number)
    text = factory.LazyAttribute(lambda block: "<p>Please act.</p>" if block.kind != "button" else "")


class ActionAlertFactory(factory.django.DjangoModelFactory):
    """A draft to all partners about an open call to action: a text (`text="<p>…</p>"`, "" for none) and a button."""

    class Meta:
        model = ActionAlert
        skip_postgeneration_save = True

    call_to_action = factory.SubFactory(CallToActionFactory)
    subject = "{{ first_name|Friend }}, three days left"
    preheader = "The Senate votes on Thursday."

    @factory.post_generation
    def topic(self, create: bool, extracted: object, **kwargs: object) -> None:
        """Its topic, and the coalition, whose address stands in every message."""
        if create:
            AlertTopicFactory()
            CoalitionFactory()

    @factory.post_generation
    def text(self, create: bool, extracted: str | None, **kwargs: object) -> None:
        if not create:
            return
        if extracted is None:
            extracted = (
                "<p>Dear {{ first_name|Friend }} of {{ organization|your organization }}, please act.</p>"
            )
        if extracted:
            AlertBlockFactory(alert=self, text=extracted, order=1)
        AlertBlockFactory(alert=self, kind="button", order=2)


class SubscriberFactory(factory.django.DjangoModelFactory):
    """An address that confirmed it wants action alerts."""

    class Meta:
        model = Subscription

    email = factory.Sequence(lambda number: f"subscriber{number}@readers.example")
    address_hash = factory.LazyAttribute(lambda subscription: hash_address(subscription.email))
    topic = factory.SubFactory(AlertTopicFactory)
    state = "subscribed"
    confirmed_at = factory.LazyFunction(timezone.now)
