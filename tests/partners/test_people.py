"""People, memberships and who may do what."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from partners import permissions
from partners.models import Membership, Person
from partners.services import (
    NotAllowed,
    acting_organization,
    change_role,
    end_membership,
    follow_login_address,
    remember_person,
    start_membership,
    update_person,
)
from tests.factories.partners import (
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    UserFactory,
    member,
)

pytestmark = pytest.mark.django_db


class TestRememberPerson:
    def test_one_person_per_address_however_typed(self):
        one = remember_person(email="Ana@Example.org ", first_name="Ana", last_name="Sample")
        other = remember_person(email="ana@example.org", zip_code="60604")
        assert one == other
        assert Person.objects.get().zip_code == "60604"

    def test_a_stranger_cannot_rename_somebody_with_a_login(self):
        user = member(OrganizationFactory(), email="ana@example.org", first_name="Ana", zip_code="")
        remember_person(email="ana@example.org", first_name="Evil", zip_code="60604")
        user.person.refresh_from_db()
        assert (user.person.first_name, user.person.zip_code) == ("Ana", "60604")

    def test_without_a_login_newer_facts_win_and_empty_ones_do_not(self):
        PersonFactory(email="ana@example.org", first_name="A.")
        person = remember_person(email="ana@example.org", first_name="Ana", last_name="")
        assert person.first_name == "Ana"
        assert person.last_name


class TestMemberships:
    def test_a_membership_starts_once_and_keeps_the_higher_role(self):
        person, organization = PersonFactory(), OrganizationFactory()
        start_membership(person=person, organization=organization, role="viewer")
        start_membership(person=person, organization=organization, role="advocate")
        start_membership(person=person, organization=organization, role="viewer")
        assert Membership.objects.get().role == "advocate"

    def test_the_last_primary_contact_stays(self):
        by, only = UserFactory(), MembershipFactory()
        with pytest.raises(NotAllowed, match="primary contact first"):
            change_role(membership=only, role="viewer", by=by)
        with pytest.raises(NotAllowed):
            end_membership(membership=only, by=by)
        other = MembershipFactory(organization=only.organization)
        assert end_membership(membership=only, by=by).ended_on
        with pytest.raises(NotAllowed):
            end_membership(membership=other, by=by)

    def test_a_change_is_remembered_with_its_author(self):
        by = UserFactory()
        advocate = MembershipFactory(role="advocate")
        change_role(membership=advocate, role="viewer", by=by)
        latest = advocate.history.first()
        assert (latest.role, latest.history_user) == ("viewer", by)

    def test_what_has_ended_is_over(self):
        ended = MembershipFactory(role="viewer", ended_on=date(2025, 1, 1))
        with pytest.raises(NotAllowed, match="ended already"):
            change_role(membership=ended, role="advocate", by=UserFactory())


class TestActingOrganization:
    def test_the_earliest_primary_contact_role_wins(self):
        person = PersonFactory()
        MembershipFactory(person=person, role="advocate", started_on=date(2020, 1, 1))
        second = MembershipFactory(person=person, started_on=date(2022, 1, 1))
        MembershipFactory(person=person, started_on=date(2023, 1, 1))
        assert acting_organization(person) == second.organization

    def test_only_active_organizations_and_current_memberships_count(self):
        person = PersonFactory()
        MembershipFactory(person=person, organization__status="lapsed")
        MembershipFactory(person=person, ended_on=date(2025, 1, 1))
        assert acting_organization(person) is None
        current = MembershipFactory(person=person, role="viewer")
        assert acting_organization(person) == current.organization


@pytest.mark.parametrize(
    ("who", "view", "act", "edit", "invite"),
    [
        ("primary_contact", True, True, True, True),
        ("advocate", True, True, False, False),
        ("viewer", True, False, False, False),
        ("former", False, False, False, False),
        ("elsewhere", False, False, False, False),
        ("nobody", False, False, False, False),
        ("staff", True, True, True, True),
        ("stranger", False, False, False, False),
    ],
)
def test_permissions(who, view, act, edit, invite):
    organization = OrganizationFactory()
    if who == "staff":
        user = StaffFactory()
    elif who == "stranger":
        user = AnonymousUser()
    elif who == "nobody":
        user = UserFactory()
    elif who == "elsewhere":
        user = member(OrganizationFactory())
    elif who == "former":
        user = member(organization)
        Membership.objects.update(ended_on=date(2025, 1, 1))
    else:
        user = member(organization, who)
    assert permissions.can_view_organization(user, organization) is view
    assert permissions.can_act_for(user, organization) is act
    assert permissions.can_edit_organization(user, organization) is edit
    assert permissions.can_invite(user, organization) is invite


def test_a_profile_is_made_when_a_login_without_one_saves_it():
    user = StaffFactory(email="sam@coalition.example")
    update_person(user=user, first_name="Sam", last_name="Sample", title="", phone="")
    assert Person.objects.get(user=user).email == "sam@coalition.example"


def test_a_person_follows_their_login_to_a_new_address_unless_it_is_taken():
    user = member(OrganizationFactory(), email="old@example.org")
    user.email = "New@example.org"
    user.save()
    follow_login_address(user=user)
    assert Person.objects.get(user=user).email == "new@example.org"
    PersonFactory(email="taken@example.org")
    user.email = "taken@example.org"
    follow_login_address(user=user)
    assert Person.objects.get(user=user).email == "new@example.org"
