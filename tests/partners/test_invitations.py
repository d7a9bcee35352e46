"""Invitations: the link, and each kind of person who opens it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from partners.models import Invitation, Membership, User
from partners.services import (
    InvitationClosed,
    NotAllowed,
    accept_invitation,
    invite,
    resend_invitation,
    withdraw_invitation,
)
from tests.factories.partners import (
    PASSWORD,
    InvitationFactory,
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    UserFactory,
    member,
)
from tests.partners.mails import link_in, mail_to, mails_to

pytestmark = pytest.mark.django_db

NEW = {"first_name": "Lee", "last_name": "Sample", "password": PASSWORD}


def page(token):
    return reverse("partners:invitation", args=[token])


def test_an_invitation_mails_a_link_of_which_only_the_hash_is_kept():
    organization = OrganizationFactory(name="Hope & Path")
    by = member(organization, first_name="Rosa", last_name="Sample")
    invitation = invite(organization=organization, email=" Lee@Example.org", role="advocate", by=by)
    message = mail_to("lee@example.org")
    token = link_in(message, "/invitation/").split("/")[2]
    assert token not in invitation.token_hash
    assert "Hope & Path" in message["subject"]
    assert "Rosa Sample invites you" in message.get_body(("plain",)).get_content()
    assert "Hope &amp; Path" in message.get_body(("html",)).get_content()


def test_inviting_again_renews_and_the_old_link_dies(client):
    organization = OrganizationFactory()
    first = invite(organization=organization, email="lee@example.org", role="advocate", by=None)
    second = invite(organization=organization, email="LEE@example.org", role="viewer", by=None)
    assert first.pk == second.pk
    old, new = (link_in(mail, "/invitation/") for mail in mails_to("lee@example.org"))
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    assert Invitation.objects.get().role == "viewer"


def test_a_member_with_a_login_is_not_invited_again():
    organization = OrganizationFactory()
    member(organization, email="lee@example.org")
    with pytest.raises(NotAllowed):
        invite(organization=organization, email="lee@example.org", role="advocate", by=None)


def test_a_new_person_gets_a_login_a_proven_address_and_the_role(client):
    invitation = InvitationFactory(email="lee@example.org", token="t")
    response = client.get(page("t"))
    assert b"Your login will be lee@example.org" in response.content
    assert not User.objects.exists()
    response = client.post(page("t"), NEW)
    assert response.status_code == 302
    assert response.url == reverse("my:dashboard")
    user = User.objects.get()
    assert user.emailaddress_set.filter(email="lee@example.org", verified=True, primary=True).exists()
    assert user.person.name == "Lee Sample"
    membership = Membership.objects.get()
    assert (membership.person.user, membership.role) == (user, "advocate")
    assert membership.organization == invitation.organization
    assert int(client.session["_auth_user_id"]) == user.pk
    invitation.refresh_from_db()
    assert invitation.accepted_by == user


@pytest.mark.parametrize("password", ["short", "password1234", "invited-lee@example.org"])
def test_a_poor_password_is_told_at_the_field_and_names_are_kept(client, password):
    InvitationFactory(email="invited-lee@example.org", token="t")
    response = client.post(page("t"), NEW | {"password": password})
    content = response.content.decode()
    assert "<title>Error:" in content
    assert 'value="Lee"' in content
    assert response.context["form"].errors["password"]
    assert not User.objects.exists()


def test_a_known_person_without_login_is_the_same_person(client):
    person = PersonFactory(email="lee@example.org")
    membership = MembershipFactory(person=person, role="primary_contact")
    InvitationFactory(
        email="lee@example.org", token="t", organization=membership.organization, role="advocate"
    )
    client.post(page("t"), NEW)
    person.refresh_from_db()
    assert person.user is not None
    assert Membership.objects.get().role == "primary_contact"


def test_a_person_with_a_login_signs_in_and_accepts_with_one_button(client):
    user = member(OrganizationFactory(), email="lee@example.org")
    invitation = InvitationFactory(email="lee@example.org", token="t")
    response = client.get(page("t"))
    assert b"Sign in to accept" in response.content
    assert client.post(page("t"), NEW).status_code == 200
    assert User.objects.get().check_password(PASSWORD)
    client.force_login(user)
    response = client.get(page("t"))
    assert b"Accept the invitation" in response.content
    assert Membership.objects.count() == 1
    response = client.post(page("t"))
    assert response.url == reverse("my:dashboard")
    assert Membership.objects.filter(person__user=user, organization=invitation.organization).exists()


def test_somebody_else_is_told_whose_invitation_it_is(client):
    client.force_login(UserFactory(email="other@example.org"))
    InvitationFactory(email="lee@example.org", token="t")
    for method in (client.get, client.post):
        response = method(page("t"))
        assert response.status_code == 403
        assert b"you are signed in as other@example.org" in response.content
    assert not Membership.objects.exists()


def test_an_expired_invitation_says_what_to_do(client):
    InvitationFactory(token="t", expires_at=timezone.now() - timedelta(minutes=1))
    response = client.post(page("t"), NEW)
    assert response.status_code == 410
    assert b"Its time is over" in response.content


def test_withdrawn_used_and_forged_links_say_so(client):
    by = UserFactory()
    InvitationFactory(token="w", withdrawn_at=timezone.now(), withdrawn_by=by)
    InvitationFactory(token="u", accepted_at=timezone.now(), accepted_by=by)
    assert b"It was withdrawn" in client.get(page("w")).content
    assert b"It was used already" in client.get(page("u")).content
    response = client.get(page("forged"))
    assert response.status_code == 404
    assert b"Please check that the whole link" in response.content


def test_accepting_twice_makes_one_login():
    invitation = InvitationFactory(email="lee@example.org")
    accept_invitation(invitation=invitation, **NEW)
    with pytest.raises(InvitationClosed):
        accept_invitation(invitation=invitation, **NEW)
    assert User.objects.count() == 1


def test_withdrawing_is_idempotent_and_never_undoes_an_acceptance():
    by = UserFactory()
    invitation = withdraw_invitation(invitation=InvitationFactory(), by=by)
    first = invitation.withdrawn_at
    assert withdraw_invitation(invitation=invitation, by=by).withdrawn_at == first
    with pytest.raises(InvitationClosed):
        resend_invitation(invitation=invitation, by=by)
    accepted = InvitationFactory(accepted_at=timezone.now(), accepted_by=by)
    with pytest.raises(InvitationClosed):
        withdraw_invitation(invitation=accepted, by=by)


def test_sending_again_prolongs(settings):
    settings.INVITATION_DAYS = 14
    invitation = InvitationFactory(expires_at=timezone.now() - timedelta(days=1))
    with time_machine.travel("2026-03-05T14:00:00-06:00", tick=False):
        invitation = resend_invitation(invitation=invitation, by=None)
    assert invitation.expires_at.date().isoformat() == "2026-03-19"
    assert "March 19, 2026" in mail_to(invitation.email).get_body(("plain",)).get_content()
