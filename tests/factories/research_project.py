"""Research projects, their phases and participants for tests."""

from datetime import UTC, date, datetime

import factory

from research.models import (
    Participant,
    ParticipantDemographics,
    Participation,
    Phase,
    PhaseInput,
    ResearchProject,
    UnderrepresentedGroup,
)
from tests.factories.partners import StaffFactory

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
KINDS = ["design", "recruitment", "collection", "analysis", "review", "release"]


class ProjectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ResearchProject

    title = factory.Sequence(lambda number: f"Project {number}")
    slug = factory.Sequence(lambda number: f"project-{number}")
    question = "What does a program cost?"
    status = "running"
    is_public = True


class PhaseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Phase

    project = factory.SubFactory(ProjectFactory)
    kind = factory.Sequence(lambda number: KINDS[number % 6])
    order = factory.Sequence(lambda number: number % 30_000)
    state = "open"
    closed_at = factory.LazyAttribute(lambda phase: NOW if phase.state == "closed" else None)


class ParticipantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Participant

    project = factory.SubFactory(ProjectFactory)
    code = factory.Sequence(lambda number: f"X-{number}")
    role = "worker"


class ParticipationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Participation

    phase = factory.SubFactory(PhaseFactory)
    participant = factory.SubFactory(ParticipantFactory, project=factory.SelfAttribute("..phase.project"))
    method = "survey"
    participated_on = DAY


def hear_all(phase, *, but=()):
    """Input of every group, without those named."""
    staff = StaffFactory()
    for group in UnderrepresentedGroup.values:
        if group not in but:
            PhaseInput.objects.create(
                phase=phase,
                group=group,
                source="Advisory group",
                given_on=DAY,
                said="Ask us.",
                noted_by=staff,
            )


def told(project, count, **answers):
    """So many rows in a project's box."""
    return ParticipantDemographics.objects.bulk_create(
        ParticipantDemographics(project=project, **answers) for _number in range(count)
    )
