"""Organizations, people and requests to join for tests."""

from datetime import date, timedelta
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone

from partners.models import (
    Area,
    Coalition,
    County,
    Invitation,
    JoinApplication,
    Membership,
    Organization,
    Person,
    SubSector,
    User,
)
from partners.services.invitations import hash_token

PASSWORD = "pine beam porch lantern"


class CoalitionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Coalition
        django_get_or_create = ["id"]

    id = 1
    name = "Sample Coalition for Human Service"
    short_name = "Sample Coalition"
    tagline = "Together for human services."
    mission = "We speak with one voice."
    street = "1 Sample Street"
    city_line = "Chicago, IL 60601"
    phone = "(312) 555-0100"
    email = "staff@coalition.example"


class AreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Area

    name = factory.Sequence(lambda number: f"Area {number}")
    slug = factory.Sequence(lambda number: f"area-{number}")
    order = factory.Sequence(lambda number: number)


class CountyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = County

    name = factory.Sequence(lambda number: f"County {number}")
    fips = factory.Sequence(lambda number: f"{17001 + 2 * number}")
    area = factory.SubFactory(AreaFactory)


class SubSectorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SubSector

    name = factory.Sequence(lambda number: f"Field {number}")
    slug = factory.Sequence(lambda number: f"field-{number}")
    order = factory.Sequence(lambda number: number)


class OrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Organization {number}")
    slug = factory.Sequence(lambda number: f"organization-{number}")
    city = "Peoria"
    zip_code = "61602"
    county = factory.SubFactory(CountyFactory)
    area = factory.SelfAttribute("county.area")
    joined_on = date(2024, 7, 1)

    @factory.post_generation
    def sub_sectors(self, create: bool, extracted: list[SubSector] | None, **kwargs: Any) -> None:
        if create and extracted:
            self.sub_sectors.set(extracted)


class UserFactory(factory.django.DjangoModelFactory):
    """A login with PASSWORD and a proven address."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"user{number}@example.org")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        user = User.objects.create_user(kwargs.pop("email"), kwargs.pop("password", PASSWORD), **kwargs)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


class StaffFactory(UserFactory):
    email = factory.Sequence(lambda number: f"staff{number}@coalition.example")
    is_staff = True
    is_superuser = True


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    email = factory.Sequence(lambda number: f"person{number}@example.org")
    first_name = "Ana"
    last_name = factory.Sequence(lambda number: f"Sample{number}")


class MembershipFactory(factory.django.DjangoModelFactory):
    """A primary contact without a login; pass `person__user` or use `member` for one with."""

    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    organization = factory.SubFactory(OrganizationFactory)
    role = Membership.Role.PRIMARY_CONTACT
    started_on = date(2024, 7, 1)


def member(
    organization: Organization, role: str = Membership.Role.PRIMARY_CONTACT, email: str = "", **person: Any
) -> User:
    """Somebody with a login who belongs to the organization."""
    user = UserFactory(email=email) if email else UserFactory()
    someone = PersonFactory(email=user.email, user=user, **person)
    MembershipFactory(person=someone, organization=organization, role=role)
    return user


class InvitationFactory(factory.django.DjangoModelFactory):
    """An open invitation; its link's token is `token`, by default the address."""

    class Meta:
        model = Invitation

    class Params:
        token = factory.SelfAttribute("email")

    organization = factory.SubFactory(OrganizationFactory)
    email = factory.Sequence(lambda number: f"invited{number}@example.org")
    role = Membership.Role.ADVOCATE
    token_hash = factory.LazyAttribute(lambda invitation: hash_token(invitation.token))
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


class ApplicationFactory(factory.django.DjangoModelFactory):
    """A request that waits for staff."""

    class Meta:
        model = JoinApplication

    class Params:
        county = factory.SubFactory(CountyFactory)
        sub_sector = factory.SubFactory(SubSectorFactory)

    state = JoinApplication.State.SUBMITTED
    submitted_at = factory.LazyFunction(timezone.now)
    organization_answers = factory.LazyAttribute(
        lambda application: {
            "name": "Prairie Path Services",
            "ein": "36-1234567",
            "website": "https://prairiepath.example/",
            "street": "2 Sample Street",
            "city": "Decatur",
            "zip_code": "62523",
            "county": application.county.pk,
            "phone": "(217) 555-0101",
        }
    )
    people_answers = factory.LazyFunction(
        lambda: {
            "first_name": "Rosa",
            "last_name": "Sample",
            "title": "Director",
            "email": "rosa@prairiepath.example",
            "phone": "(217) 555-0102",
            "second_first_name": "",
            "second_last_name": "",
            "second_email": "",
        }
    )
    service_answers = factory.LazyAttribute(
        lambda application: {
            "sub_sectors": [application.sub_sector.pk],
            "area": application.county.area.pk,
            "budget_band": "500k_1m",
            "summary": "We help families find a home.",
        }
    )
