"""Alerts, their topic and their subscribers for tests."""

import factory
from django.utils import timezone

from campaigns.models import ActionAlert
from mailing.addresses import hash_address
from mailing.models import Subscription, Topic
from tests.factories.campaigns import CallToActionFactory


class AlertTopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Topic
        django_get_or_create = ["slug"]

    slug = "action-alerts"
    name = "Action alerts"
    description = "A message when there is something to do."


class ActionAlertFactory(factory.django.DjangoModelFactory):
    """A draft to all partners about an open call to action."""

    class Meta:
        model = ActionAlert
        skip_postgeneration_save = True

    call_to_action = factory.SubFactory(CallToActionFactory)
    subject = "{{ first_name }}, three days left"
    preheader = "The Senate votes on Thursday."
    body = "<p>Dear {{ first_name }} of {{ organization }}, please act.</p>"

    @factory.post_generation
    def topic(self, create: bool, extracted: object, **kwargs: object) -> None:
        if create:
            AlertTopicFactory()


class SubscriberFactory(factory.django.DjangoModelFactory):
    """An address that confirmed it wants action alerts."""

    class Meta:
        model = Subscription

    email = factory.Sequence(lambda number: f"subscriber{number}@readers.example")
    address_hash = factory.LazyAttribute(lambda subscription: hash_address(subscription.email))
    topic = factory.SubFactory(AlertTopicFactory)
    state = "subscribed"
    confirmed_at = factory.LazyFunction(timezone.now)
