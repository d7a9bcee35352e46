"""Distribution, opportunities, citations and press for tests."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from mailing.models import Topic
from research.models import Announcement, Citation, DistributionStep, Opportunity, PressMention, Report


class UptakeReportFactory(factory.django.DjangoModelFactory):
    """A published report without any content: what is done with it does not ask what it says."""

    class Meta:
        model = Report

    title = factory.Sequence(lambda number: f"What the work really costs {number}")
    slug = factory.Sequence(lambda number: f"what-the-work-costs-{number}")
    summary = "A summary."
    state = "published"
    published_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=30))
    embargo_until = factory.Maybe(
        "is_under_embargo", factory.LazyFunction(lambda: timezone.now() + timedelta(days=5)), None
    )

    class Params:
        is_under_embargo = factory.LazyAttribute(lambda made: made.state == "embargoed")


class DistributionStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DistributionStep

    report = factory.SubFactory(UptakeReportFactory)
    channel = "email"
    audience = "Everybody who reads our news"
    planned_on = factory.LazyFunction(lambda: timezone.localdate())


class MailTopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Topic
        django_get_or_create = ["slug"]

    slug = "coalition-news"
    name = "Coalition news"
    description = "What we work on."


class AnnouncementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Announcement

    step = factory.SubFactory(DistributionStepFactory)
    readers = "subscribers"
    topic = factory.SubFactory(MailTopicFactory)
    subject = "Our report is out"
    body = "<p>Dear {{ first_name|Friend }}, read it <a href='https://news.example/a'>here</a>.</p>"
    written_at = factory.LazyFunction(timezone.now)


class OpportunityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Opportunity

    host = factory.Sequence(lambda number: f"Host {number}")
    title = "A talk about the report"
    kind = "talk"
    offered_on = date(2025, 1, 15)


class CitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Citation

    report = factory.SubFactory(UptakeReportFactory)
    kind = "media"
    title = "Human services at work"
    outlet = factory.Sequence(lambda number: f"Outlet {number}")
    url = factory.Sequence(lambda number: f"https://news.example/articles/{number}")
    cited_on = date(2025, 1, 20)
    state = "verified"
    verified_at = factory.LazyAttribute(lambda made: timezone.now() if made.state == "verified" else None)


class PressMentionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PressMention

    outlet = "The Sample Herald"
    headline = factory.Sequence(lambda number: f"Headline {number}")
    url = factory.Sequence(lambda number: f"https://herald.example/{number}")
    published_on = date(2025, 2, 3)
