"""Findings, checks of their sources and connections of services for tests."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from research.models import Finding, ResearchTopic, ServiceConnection, SourceCheck
from tests.factories.partners import SubSectorFactory


class ResearchTopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ResearchTopic

    name = factory.Sequence(lambda number: f"Topic of research {number}")
    slug = factory.Sequence(lambda number: f"research-topic-{number}")


class FindingFactory(factory.django.DjangoModelFactory):
    """A published finding about Illinois."""

    class Meta:
        model = Finding
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda number: f"finding-{number}")
    claim = factory.Sequence(lambda number: f"Agencies closed programs in case {number}.")
    value = "1,500"
    number = 1500
    kind = "count"
    unit = "people"
    year = 2024
    method = "Counted from the agency's own records."
    source = "Sample Agency, annual report"
    source_url = factory.Sequence(lambda number: f"https://source.example/{number}")
    state = "published"
    published_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=10))

    @factory.post_generation
    def topics(self, create: bool, extracted: list[ResearchTopic] | None, **kwargs: Any) -> None:
        if create and extracted:
            self.topics.set(extracted)


class SourceCheckFactory(factory.django.DjangoModelFactory):
    """A source that answered a week ago."""

    class Meta:
        model = SourceCheck

    finding = factory.SubFactory(FindingFactory)
    url = factory.SelfAttribute("finding.source_url")
    checked_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=7))
    outcome = "found"
    last_seen_at = factory.SelfAttribute("checked_at")


class ServiceConnectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ServiceConnection

    source = factory.SubFactory(SubSectorFactory)
    target = factory.SubFactory(SubSectorFactory)
    how = "With the one in place, the other works."
