"""Toolkits with their items for tests."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from research.models import Toolkit, ToolkitItem


class ToolkitFactory(factory.django.DjangoModelFactory):
    """A published toolkit for everyone, without items."""

    class Meta:
        model = Toolkit
        skip_postgeneration_save = True

    title = factory.Sequence(lambda number: f"Speak up {number}")
    slug = factory.Sequence(lambda number: f"speak-up-{number}")
    summary = "Letters and posts."
    status = "published"
    published_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=3))
    reviewed_on = factory.LazyFunction(timezone.localdate)

    @factory.post_generation
    def topics(self, create: bool, extracted: list[Any] | None, **kwargs: Any) -> None:
        if create and extracted:
            self.topics.set(extracted)


class ToolkitItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ToolkitItem

    toolkit = factory.SubFactory(ToolkitFactory)
    kind = "letter"
    title = factory.Sequence(lambda number: f"Letter {number}")
    text = "Dear {{ representative|Representative }},\n\nwe are {{ organization|an organization }}."
    order = factory.Sequence(lambda number: number)
