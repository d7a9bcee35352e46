"""Voices and profiles of workers, explanations and entry pages for tests."""

from datetime import timedelta

import factory
from django.utils import timezone

from campaigns.models import AudiencePage, Explainer, WorkerProfile, WorkerVoice
from tests.factories.campaigns import PriorityFactory


def _published_at(row: factory.builder.Resolver):
    return timezone.now() - timedelta(hours=1) if row.state == "published" else None


class WorkerVoiceFactory(factory.django.DjangoModelFactory):
    """A draft that its author allows to be published with a first name."""

    class Meta:
        model = WorkerVoice

    priority = factory.SubFactory(PriorityFactory)
    quote = "We know each family by name."
    first_name = "Latrice"
    role = "Case manager"
    place = "Chicago"
    scope = "public"
    scope_text = "You may publish it with my first name."
    state = "draft"
    published_at = factory.LazyAttribute(_published_at)


class WorkerProfileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkerProfile

    name = factory.Sequence(lambda number: f"Lourdes {number}")
    slug = factory.Sequence(lambda number: f"lourdes-{number}")
    role = "Home care worker"
    city = "Galesburg"
    summary = "She reads a kitchen as others read a chart."
    skill = "Noticing what changed."
    training = "120 hours before the first visit."
    result = "Nine of eleven people stayed at home."
    scope = "public"
    scope_text = "You may publish it with my name."
    state = "draft"
    published_at = factory.LazyAttribute(_published_at)


class ExplainerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Explainer

    title = factory.Sequence(lambda number: f"Explained {number}")
    slug = factory.Sequence(lambda number: f"explained-{number}")
    summary = "In plain words."
    body = "<p>What it means.</p>"
    state = "published"
    published_at = factory.LazyAttribute(_published_at)


class AudiencePageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AudiencePage

    slug = factory.Sequence(lambda number: f"audience-{number}")
    audience = factory.Sequence(lambda number: f"Audience {number}")
    title = factory.Sequence(lambda number: f"Page {number}")
    summary = "What we have for you."
    body = "<p>Words for them.</p>"
    state = "published"
    published_at = factory.LazyAttribute(_published_at)
