"""The organization's own pages: what they do, and that nobody from elsewhere gets in."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from partners.models import Invitation, Membership, Person
from tests.factories.partners import (
    InvitationFactory,
    MembershipFactory,
    OrganizationFactory,
    StaffFactory,
    SubSectorFactory,
    UserFactory,
    member,
)
from tests.partners.mails import mails_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return OrganizationFactory(name="Hope House", sub_sectors=[SubSectorFactory()])


@pytest.fixture
def contact(organization, client):
    user = member(organization, email="contact@hope.example")
    client.force_login(user)
    return user


def pages(organization):
    """Every page of an organization: its name, address, and whether it only takes POST."""
    membership = MembershipFactory(organization=organization, role="viewer")
    invitation = InvitationFactory(organization=organization)
    own, slug = "my", organization.slug
    return {
        "organization": (reverse(f"{own}:organization", args=[slug]), False),
        "organization_edit": (reverse(f"{own}:organization_edit", args=[slug]), False),
        "organization_demographics": (reverse(f"{own}:organization_demographics", args=[slug]), False),
        "people": (reverse(f"{own}:people", args=[slug]), False),
        "invite": (reverse(f"{own}:invite", args=[slug]), False),
        "membership_role": (reverse(f"{own}:membership_role", args=[slug, membership.pk]), False),
        "membership_end": (reverse(f"{own}:membership_end", args=[slug, membership.pk]), False),
        "invitation_resend": (reverse(f"{own}:invitation_resend", args=[slug, invitation.pk]), True),
        "invitation_withdraw": (reverse(f"{own}:invitation_withdraw", args=[slug, invitation.pk]), True),
    }


FOR_EVERY_MEMBER = {"organization", "people"}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("stranger", lambda name: {302}),
        ("elsewhere", lambda name: {404, 405}),
        ("nobody", lambda name: {404, 405}),
        ("viewer", lambda name: {200, 405} if name in FOR_EVERY_MEMBER else {403, 405}),
        ("advocate", lambda name: {200, 405} if name in FOR_EVERY_MEMBER else {403, 405}),
        ("primary_contact", lambda name: {200, 405}),
        ("staff", lambda name: {200, 405}),
        ("staff without rights", lambda name: {404, 405}),
        ("staff who may view", lambda name: {200, 405} if name in FOR_EVERY_MEMBER else {403, 405}),
    ],
)
def test_who_may_open_which_page(client, organization, who, expected, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    if who == "staff":
        client.force_login(StaffFactory())
    elif who.startswith("staff"):
        helper = UserFactory(is_staff=True)
        if who.endswith("view"):
            helper.user_permissions.add(Permission.objects.get(codename="view_organization"))
        client.force_login(helper)
    elif who == "nobody":
        client.force_login(UserFactory())
    elif who == "elsewhere":
        client.force_login(member(OrganizationFactory()))
    elif who != "stranger":
        client.force_login(member(organization, who))
    for name, (address, only_post) in pages(organization).items():
        status = client.get(address).status_code
        allowed = expected(name)
        assert status in allowed, (name, status)
        assert status != 405 or only_post
        if only_post and who in {"elsewhere", "nobody"}:
            assert client.post(address).status_code == 404


@pytest.mark.parametrize("who", ["viewer", "advocate", "elsewhere", "stranger"])
def test_nobody_else_changes_anything(client, organization, who):
    if who == "elsewhere":
        client.force_login(member(OrganizationFactory()))
    elif who != "stranger":
        client.force_login(member(organization, who))
    before = list(Membership.objects.values_list("pk", "role", "ended_on"))
    addresses = pages(organization)
    before = list(Membership.objects.values_list("pk", "role", "ended_on"))
    for name, (address, _only_post) in addresses.items():
        if name in FOR_EVERY_MEMBER:
            continue
        data = {"name": "Evil", "email": "evil@example.org", "role": "primary_contact", "employed": "5"}
        assert client.post(address, data).status_code in {302, 403, 404}, name
    organization.refresh_from_db()
    assert organization.name == "Hope House"
    assert list(Membership.objects.values_list("pk", "role", "ended_on")) == before
    assert Invitation.objects.get().withdrawn_at is None
    assert not organization.profile_answers.exists()


def test_a_contact_cannot_reach_another_organizations_rows_through_their_own(client, organization, contact):
    foreign = OrganizationFactory()
    theirs = MembershipFactory(organization=foreign)
    invited = InvitationFactory(organization=foreign)
    for name, pk in [
        ("membership_role", theirs.pk),
        ("membership_end", theirs.pk),
        ("invitation_resend", invited.pk),
        ("invitation_withdraw", invited.pk),
    ]:
        response = client.post(reverse(f"my:{name}", args=[organization.slug, pk]), {"role": "viewer"})
        assert response.status_code == 404, name


def test_the_overview_says_what_is_missing(client, organization, contact):
    page = client.get(reverse("my:organization", args=[organization.slug])).content.decode()
    assert "of 11" in page
    assert "Street address" in page
    assert reverse("my:organization_demographics", args=[organization.slug]) in page


def test_inviting_answers_the_same_for_known_and_unknown_addresses(client, organization, contact):
    UserFactory(email="known@example.org")
    address = reverse("my:invite", args=[organization.slug])
    answers = {}
    for email in ("known@example.org", "unknown@example.org"):
        response = client.post(address, {"email": email, "role": "advocate"}, follow=True)
        answers[email] = response.content.decode().replace(email, "…").count("We sent an invitation to …")
        assert len(mails_to(email)) == 1
    assert set(answers.values()) == {1}


def test_inviting_a_member_and_wrong_answers(client, organization, contact):
    address = reverse("my:invite", args=[organization.slug])
    response = client.post(address, {"email": "CONTACT@hope.example", "role": "advocate"})
    assert "belongs to your organization already" in response.content.decode()
    response = client.post(address, {"email": "no address", "role": "king"})
    assert set(response.context["form"].errors) == {"email", "role"}
    assert not Invitation.objects.exists()


def test_invitations_are_limited(client, organization, contact, settings):
    settings.FORM_RATE = "1/h"
    address = reverse("my:invite", args=[organization.slug])
    assert client.post(address, {"email": "a@example.org", "role": "viewer"}).status_code == 302
    assert client.post(address, {"email": "b@example.org", "role": "viewer"}).status_code == 429


def test_withdraw_and_resend(client, organization, contact):
    invitation = InvitationFactory(organization=organization)
    client.post(reverse("my:invitation_resend", args=[organization.slug, invitation.pk]))
    assert len(mails_to(invitation.email)) == 1
    client.post(reverse("my:invitation_withdraw", args=[organization.slug, invitation.pk]))
    invitation.refresh_from_db()
    assert invitation.withdrawn_by == contact
    response = client.post(
        reverse("my:invitation_resend", args=[organization.slug, invitation.pk]), follow=True
    )
    assert "was used or withdrawn" in response.content.decode()


def test_roles_and_ends(client, organization, contact):
    colleague = MembershipFactory(organization=organization, role="viewer")
    client.post(reverse("my:membership_role", args=[organization.slug, colleague.pk]), {"role": "advocate"})
    colleague.refresh_from_db()
    assert colleague.role == "advocate"
    end = reverse("my:membership_end", args=[organization.slug, colleague.pk])
    assert b"End the membership of" in client.get(end).content
    colleague.refresh_from_db()
    assert colleague.ended_on is None
    client.post(end)
    colleague.refresh_from_db()
    assert colleague.ended_on is not None


def test_the_last_contact_is_told_to_name_another(client, organization, contact):
    own = Membership.objects.get(person__user=contact)
    response = client.post(
        reverse("my:membership_role", args=[organization.slug, own.pk]), {"role": "viewer"}
    )
    assert "Make somebody else a primary contact first" in response.content.decode()
    response = client.post(reverse("my:membership_end", args=[organization.slug, own.pk]), follow=True)
    assert "Make somebody else a primary contact first" in response.content.decode()


def test_a_contact_who_leaves_lands_on_their_dashboard(client, organization, contact):
    MembershipFactory(organization=organization)
    own = Membership.objects.get(person__user=contact)
    response = client.post(reverse("my:membership_end", args=[organization.slug, own.pk]))
    assert response.url == reverse("my:dashboard")


def test_questions_show_the_latest_answers_and_add_new_ones(client, organization, contact):
    address = reverse("my:organization_demographics", args=[organization.slug])
    client.post(address, {"race": ["asian"], "employed": "12", "ability": "no_disability"})
    form = client.get(address).context["form"]
    assert form.initial["race"] == ["asian"]
    assert form.initial["employed"] == 12
    client.post(address, {"employed": "13"})
    assert organization.profile_answers.filter(marker="employed").count() == 2
    assert organization.profile_answers.newest().count() == 3
    assert organization.profile_answers.first().answered_by == contact


def test_ones_own_profile(client, contact):
    address = reverse("my:profile")
    assert reverse("mfa_index").encode() in client.get(address).content
    client.post(address, {"first_name": "Rosa", "last_name": "New", "title": "CEO", "phone": "312 555 0100"})
    person = Person.objects.get(user=contact)
    assert (person.name, person.title, person.phone) == ("Rosa New", "CEO", "(312) 555-0100")
    assert "first_name" in client.post(address, {}).context["form"].errors


@pytest.mark.parametrize("number", [1, 20])
def test_queries_of_the_people_page(client, organization, contact, django_assert_max_num_queries, number):
    for _place in range(number):
        MembershipFactory(organization=organization, role="viewer")
        InvitationFactory(organization=organization)
    with django_assert_max_num_queries(10) as queries:
        client.get(reverse("my:people", args=[organization.slug]))
    assert len(queries) == PEOPLE_QUERIES


PEOPLE_QUERIES = 8
