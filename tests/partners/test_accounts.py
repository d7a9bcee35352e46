"""Logins: closed sign-up, the same answer for known and unknown addresses, mails in our words."""

import re

import pytest
from django.contrib.auth import get_user
from django.urls import reverse

from partners.models import Person, User
from tests.factories.partners import PASSWORD, OrganizationFactory, StaffFactory, UserFactory, member
from tests.partners.mails import link_in, mail_to, mails_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _outbox(settings):
    """pytest-django puts another mail backend in place of ours."""
    settings.EMAIL_BACKEND = "mailing.backends.OutboxBackend"


LOGIN = reverse("account_login")
RESET = reverse("account_reset_password")


def shape(response, *addresses):
    """A page without what differs by chance: the address typed and the form token."""
    page = response.content.decode()
    for address in addresses:
        page = page.replace(address, "…")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_nobody_signs_up(client):
    client.post(
        reverse("account_signup"), {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert not User.objects.exists()


def test_a_partner_lands_on_their_portal_and_staff_on_their_desk(client):
    user = member(OrganizationFactory())
    response = client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert response.url == reverse("my:dashboard")
    client.logout()
    response = client.post(LOGIN, {"login": StaffFactory().email, "password": PASSWORD})
    assert response.url == reverse("admin:index")


def test_signing_in_answers_the_same_for_known_and_unknown_addresses(client):
    UserFactory(email="known@example.org")
    pages = [
        shape(client.post(LOGIN, {"login": address, "password": "wrong " + PASSWORD}), address)
        for address in ("known@example.org", "unknown@example.org")
    ]
    assert pages[0] == pages[1]
    assert not get_user(client).is_authenticated


def test_guessing_is_slowed_down(client):
    UserFactory(email="known@example.org")
    for _attempt in range(5):
        client.post(LOGIN, {"login": "known@example.org", "password": "wrong"})
    response = client.post(LOGIN, {"login": "known@example.org", "password": PASSWORD})
    assert "Too many failed" in response.content.decode()


def test_a_reset_answers_the_same_and_mails_what_helps(client):
    UserFactory(email="known@example.org")
    pages = [
        shape(client.post(RESET, {"email": address}, follow=True), address)
        for address in ("known@example.org", "unknown@example.org")
    ]
    assert pages[0] == pages[1]
    message = mail_to("known@example.org")
    assert message["subject"] == "Reset your password"
    assert message.get_body(("html",)) is not None
    assert "no login with this address" in mail_to("unknown@example.org").get_body(("plain",)).get_content()


def test_a_new_password_is_set_through_the_link_and_told_by_mail(client):
    user = UserFactory(email="known@example.org")
    client.post(RESET, {"email": user.email})
    page = client.get(link_in(mail_to(user.email), "/accounts/password/reset/key/"), follow=True)
    form_address = page.redirect_chain[-1][0]
    client.post(form_address, {"password1": "another pine beam", "password2": "another pine beam"})
    user.refresh_from_db()
    assert user.check_password("another pine beam")
    notice = mail_to(user.email)
    assert notice["subject"] == "Your password was reset"
    assert "The password of your login was reset." in notice.get_body(("plain",)).get_content()


def test_another_address_is_confirmed_by_post_and_the_person_follows(client):
    user = member(OrganizationFactory(), email="old@example.org")
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_email"), {"action_add": "", "email": "new@example.org"})
    link = link_in(mail_to("new@example.org"), "/accounts/confirm-email/")
    client.get(link)
    assert not user.emailaddress_set.filter(email="new@example.org", verified=True).exists()
    client.post(link)
    client.post(reverse("account_email"), {"action_primary": "", "email": "new@example.org"})
    user.refresh_from_db()
    assert user.email == "new@example.org"
    assert Person.objects.get(user=user).email == "new@example.org"
    subjects = [mail["subject"] for mail in mails_to("old@example.org")]
    assert "Your e-mail address was changed" in subjects


def test_changing_the_password_tells_the_owner(client):
    user = member(OrganizationFactory())
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "another pine beam", "password2": "another pine beam"},
    )
    message = mail_to(user.email)
    assert message["subject"] == "Your password was changed"
    assert "{" not in message.get_body(("plain",)).get_content()


def test_a_reset_link_leads_to_our_own_address_whatever_host_was_asked(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    user = UserFactory()
    client.post(RESET, {"email": user.email}, headers={"Host": "evil.example"})
    text = mail_to(user.email).get_body(("plain",)).get_content()
    assert f"{settings.SITE_URL}{reverse('account_reset_password')}key/" in text
    assert "evil.example" not in text


@pytest.mark.parametrize("address", ["a@" + "ä" * 60 + ".example", '"a\x01"@example.org'])
def test_a_reset_for_an_address_no_mail_can_reach_is_refused_at_the_field(client, address):
    response = client.post(RESET, {"email": address})
    assert response.status_code == 200
    assert "such as name@example.org" in response.content.decode()
