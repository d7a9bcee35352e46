"""Invoices, scholarship funds, facilitators and sponsors for tests."""

from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from tests.factories.partners import CoalitionFactory
from tests.factories.trainings import EnrollmentFactory, RegistrationFactory, SessionFactory
from trainings.models import (
    Enrollment,
    Facilitation,
    Facilitator,
    Invoice,
    Registration,
    ScholarshipFund,
    TrainingSponsor,
    TrainingSponsorship,
)
from trainings.services.billing import bill


class FundFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScholarshipFund

    name = factory.Sequence(lambda number: f"Fund {number}")
    funder = "Sample Foundation"
    for_whom = "Everybody for whom the fee is a burden"
    amount = Decimal(500)
    funded_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))


class FacilitatorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Facilitator

    name = factory.Sequence(lambda number: f"Facilitator {number}")
    slug = factory.Sequence(lambda number: f"facilitator-{number}")
    headline = "Trainer and former caseworker"
    bio = "<p>I grew up in the system I now teach about.</p>"
    is_public = True


class FacilitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Facilitation

    session = factory.SubFactory(SessionFactory)
    facilitator = factory.SubFactory(FacilitatorFactory)
    hours_prepared = Decimal(4)
    hours_held = Decimal(2)
    fee = Decimal(600)


class SponsorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TrainingSponsor

    name = factory.Sequence(lambda number: f"Sponsor {number}")
    website = "https://sponsor.example/"


class SponsorshipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TrainingSponsorship

    sponsor = factory.SubFactory(SponsorFactory)
    amount = Decimal(1000)
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=60))


def registered(*prices: int, **session: object) -> Registration:
    """A registration of as many people as there are prices, each with a seat; nobody is billed yet."""
    CoalitionFactory()
    registration = RegistrationFactory(session=SessionFactory(**session))
    for price in prices:
        EnrollmentFactory(session=registration.session, registration=registration, price=Decimal(price))
    return registration


def people_of(registration: Registration) -> list[Enrollment]:
    """The enrollments of a registration in their order."""
    return list(registration.enrollments.order_by("pk"))


def invoiced(*prices: int, **session: object) -> Invoice:
    """The invoice of such a registration."""
    made = bill(registration=registered(*prices, **session), now=timezone.now())
    assert made is not None
    return made
