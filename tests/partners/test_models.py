"""What the database itself refuses."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners.models import Coalition, JoinApplication, Membership, Person, ProfileAnswer, User
from tests.factories.partners import (
    ApplicationFactory,
    CoalitionFactory,
    InvitationFactory,
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db


def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


def test_there_is_one_coalition():
    CoalitionFactory()
    with refused("coalition_one_row"):
        Coalition.objects.create(id=2, name="Another")


def test_an_ein_belongs_to_one_organization_and_none_is_fine():
    OrganizationFactory(ein="36-1234567")
    OrganizationFactory(ein="")
    OrganizationFactory(ein="")
    with refused("organization_ein_once"):
        OrganizationFactory(ein="36-1234567")


def test_addresses_do_not_differ_by_case():
    PersonFactory(email="ana@example.org")
    with refused("person_email_once"), transaction.atomic():
        Person.objects.bulk_create([Person(email="ANA@example.org", first_name="A", last_name="B")])
    User.objects.create_user("ana@example.org")
    with refused("user_email_once"):
        User.objects.bulk_create([User(email="ANA@example.org")])


def test_one_current_membership_per_organization_and_any_number_of_ended_ones():
    first = MembershipFactory()
    Membership.objects.filter(pk=first.pk).update(ended_on=date(2025, 1, 1))
    MembershipFactory(person=first.person, organization=first.organization)
    with refused("membership_once_while_active"):
        MembershipFactory(person=first.person, organization=first.organization)


def test_a_membership_ends_after_it_began():
    with refused("membership_ends_after_start"):
        MembershipFactory(started_on=date(2025, 1, 2), ended_on=date(2025, 1, 1))


def test_one_open_invitation_per_address():
    first = InvitationFactory(email="ana@example.org", token="one")
    with refused("invitation_open_once"), transaction.atomic():
        InvitationFactory(organization=first.organization, email="ANA@example.org", token="two")
    first.withdrawn_at = timezone.now()
    first.save()
    InvitationFactory(organization=first.organization, email="ana@example.org", token="three")


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"submitted_at": None}, "join_submitted_has_time"),
        ({"state": "approved"}, "join_decided_has_time"),
        ({"state": "declined", "decided_at": timezone.now()}, "join_declined_has_reason"),
    ],
)
def test_a_join_request_knows_when_and_why(facts, constraint):
    with refused(constraint):
        ApplicationFactory(**facts)


def test_who_declines_to_say_says_nothing():
    with refused("profile_declined_says_nothing"):
        ProfileAnswer.objects.create(
            organization=OrganizationFactory(),
            marker=ProfileAnswer.Marker.LEADER_RACE,
            values=["white"],
            declined=True,
            answered_at=timezone.now(),
        )


def test_the_web_domain_follows_the_website():
    organization = OrganizationFactory(website="https://www.one.example/")
    assert organization.web_domain == "one.example"
    organization.website = "https://two.example/"
    organization.save(update_fields=["website"])
    organization.refresh_from_db()
    assert organization.web_domain == "two.example"


def test_a_reference_can_be_read_out():
    reference = JoinApplication().reference
    assert reference.startswith("J-")
    assert len(reference) == 8
    assert not set(reference[2:]) & set("01OI")
