"""Campaigns, stories, calls to action and answers for tests."""

from datetime import timedelta

import factory
from django.utils import timezone

from campaigns.models import (
    ActionTaken,
    Agenda,
    CallToAction,
    Campaign,
    IssueOfTheWeek,
    Pillar,
    Priority,
    Story,
    StoryFact,
    Target,
    UnconfirmedAction,
)
from tests.factories.partners import PersonFactory


class PillarFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Pillar

    slug = factory.Sequence(lambda number: f"pillar-{number}")
    name = factory.Sequence(lambda number: f"Pillar {number}")
    statement = "What it means for the sector."
    order = factory.Sequence(lambda number: number)


class AgendaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Agenda

    year = factory.Sequence(lambda number: 2020 + number)
    title = factory.LazyAttribute(lambda agenda: f"{agenda.year} Policy and Advocacy Agenda")
    introduction = "What we ask of the state this year."
    commitment = "Funding that grows year over year."
    is_published = True


class PriorityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Priority

    agenda = factory.SubFactory(AgendaFactory)
    pillar = factory.SubFactory(PillarFactory)
    slug = factory.Sequence(lambda number: f"priority-{number}")
    title = factory.Sequence(lambda number: f"Priority {number}")
    summary = "One sentence about it."
    body = "<p>Why it matters.</p>"
    ask = "$15 million"
    ask_detail = "1,000 loan repayments"


class TargetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Target

    agenda = factory.SubFactory(AgendaFactory)
    text = factory.Sequence(lambda number: f"Target {number}")


class CampaignFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Campaign

    title = factory.Sequence(lambda number: f"Campaign {number}")
    slug = factory.Sequence(lambda number: f"campaign-{number}")
    summary = "What it is about."
    goal = "Every provider is paid on time."
    body = "<p>How we go about it.</p>"
    status = "active"
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    outcome = factory.LazyAttribute(
        lambda campaign: "It came true." if campaign.status in {"won", "closed"} else ""
    )


class CallToActionFactory(factory.django.DjangoModelFactory):
    """Open for a week unless told otherwise."""

    class Meta:
        model = CallToAction

    title = factory.Sequence(lambda number: f"Call to action {number}")
    slug = factory.Sequence(lambda number: f"call-{number}")
    ask = "Ask your lawmakers to fund loan repayment."
    why = "<p>Skilled people leave when their debt outgrows their pay.</p>"
    statement = "Fund the Human Services Professional Loan Repayment Program."
    status = "published"
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    closes_at = factory.LazyAttribute(lambda call: call.opens_at + timedelta(days=8))
    consent_text = "We hand your name and ZIP code to decision makers with the petition."
    outcome = factory.LazyAttribute(lambda call: "Lawmakers listened." if call.status == "closed" else "")


class StoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Story

    kicker = "Child and family services"
    headline = factory.Sequence(lambda number: f"Headline {number}")
    slug = factory.Sequence(lambda number: f"story-{number}")
    summary = "An agency in Waukegan keeps its doors open."
    city = "Waukegan"
    body = "<p>What happened.</p>"
    source = "Sample story"
    consent = "public_record"
    status = "published"
    publish_at = factory.LazyAttribute(
        lambda story: timezone.now() - timedelta(hours=1) if story.status != "draft" else None
    )


class StoryFactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StoryFact

    story = factory.SubFactory(StoryFactory)
    value = "1,500"
    label = "clients served"


class IssueOfTheWeekFactory(factory.django.DjangoModelFactory):
    """The issue of the current week."""

    class Meta:
        model = IssueOfTheWeek

    story = factory.SubFactory(StoryFactory)
    week = factory.LazyFunction(lambda: monday(timezone.localdate()))


class ActionTakenFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ActionTaken

    call_to_action = factory.SubFactory(CallToActionFactory)
    person = factory.SubFactory(PersonFactory)
    consent_text = "We hand your name to decision makers."
    verified = "mailbox"
    acted_at = factory.LazyFunction(timezone.now)


class UnconfirmedActionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = UnconfirmedAction

    call_to_action = factory.SubFactory(CallToActionFactory)
    email = factory.Sequence(lambda number: f"visitor{number}@example.org")
    first_name = "Maria"
    last_name = "Gomez"
    zip_code = "60085"
    consent_text = "We hand your name to decision makers."


def monday(day):
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
