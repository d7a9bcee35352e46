"""What is kept out before a view runs, and what nobody may keep of a signed-in person's pages."""

import pytest
from django.test import Client
from django.urls import reverse

from partners.models import Organization
from tests.factories.partners import (
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    StaffFactory,
    member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    """A browser that sees the page for our mistakes, as people do."""
    CoalitionFactory()
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", ["/updates/?topic=%00", "/updates/?topic=a%00b", "/partners/?area=%00"])
def test_a_nul_in_a_query_does_no_harm(visitor, address):
    assert visitor.get(address).status_code == 200


@pytest.mark.parametrize("path", ["/", "/join/", "/accounts/login/"])
def test_a_nul_in_the_session_cookie_is_refused_in_words(visitor, path):
    response = visitor.get(path, headers={"Cookie": 'sessionid="\\000abcdefgh"'})
    assert response.status_code == 400
    assert b"could not read this request" in response.content


def test_a_form_in_another_character_set_is_refused_in_words(visitor):
    """Django's own page for it reads the body once more and fails a second time."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.get("/updates/")
    response = client.post(
        "/updates/", b"email=a", content_type="application/x-www-form-urlencoded; charset=utf-7"
    )
    assert response.status_code == 400
    assert b"could not read this request" in response.content


def test_a_huge_body_is_refused_before_it_is_read(visitor, settings):
    settings.MAX_BODY_BYTES = 1000
    response = visitor.post("/updates/", {"email": "x" * 2000})
    assert response.status_code == 413
    assert b"too much at once" in response.content
    assert "Content-Security-Policy" in response.headers


def test_pages_for_a_session_are_kept_by_nobody(client):
    CoalitionFactory()
    client.force_login(member(OrganizationFactory()))
    for address in ("/my/", "/accounts/email/", "/about/"):
        assert "no-store" in client.get(address)["Cache-Control"], address
    assert "no-store" not in Client().get("/about/")["Cache-Control"]


def test_staff_need_their_second_factor_for_organizations_too(client, settings):
    organization = MembershipFactory().organization
    edit = reverse("my:organization_edit", args=[organization.slug])
    client.force_login(StaffFactory())
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    assert client.get(edit).url == reverse("mfa_index")
    assert client.post(edit, {"name": "Taken over"}).url == reverse("mfa_index")
    assert not Organization.objects.filter(name="Taken over").exists()
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    assert client.get(edit).status_code == 200
