"""Whom a call is for is said on its card, on its page, and to those who may not answer."""

import pytest

from campaigns.models import CallToAction
from tests.campaigns.answering import content
from tests.factories.campaigns import CallToActionFactory
from tests.factories.partners import CoalitionFactory, MembershipFactory, OrganizationFactory, member

pytestmark = pytest.mark.django_db
SENTENCES = {
    "everyone": "Everybody can act. You need no account.",
    "partners": "whatever their role",
    "actors": "Primary contacts and advocates of partner organizations can act.",
    "speakers": "its primary contacts",
}


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.mark.parametrize("audience", CallToAction.Audience.values)
def test_the_page_says_it(client, audience):
    call = CallToActionFactory(audience=audience)
    client.force_login(member(OrganizationFactory()))
    assert SENTENCES[audience] in content(client.get(call.get_absolute_url()))


def test_the_list_says_it(client):
    for audience in CallToAction.Audience.values:
        CallToActionFactory(audience=audience)
    page = content(client.get("/take-action/"))
    assert "For primary contacts, who speak for their organization." in page
    assert "For primary contacts and advocates of partner organizations." in page
    assert "For people of partner organizations, who sign in to answer." in page


@pytest.mark.parametrize(
    ("audience", "role", "may"),
    [
        ("partners", "viewer", True),
        ("actors", "viewer", False),
        ("actors", "advocate", True),
        ("speakers", "viewer", False),
        ("speakers", "advocate", False),
        ("speakers", "primary_contact", True),
    ],
)
def test_the_role_decides_and_who_has_it_is_named(client, audience, role, may):
    call = CallToActionFactory(audience=audience)
    organization = OrganizationFactory(name="Arden Shore")
    MembershipFactory(organization=organization, person__first_name="Rosa", person__last_name="Delgado")
    MembershipFactory(person__first_name="Somebody", person__last_name="Else")
    client.force_login(member(organization, role=role))
    page = content(client.get(call.get_absolute_url()))
    assert ('<form method="post" action="/take-action/' in page) is may
    if not may:
        assert "In Arden Shore your role is" in page
        assert "Rosa Delgado" in page
        assert "Somebody Else" not in page
        assert "belongs to no partner organization" not in page
        assert client.post(call.get_absolute_url(), {}).status_code == 403


def test_an_organization_without_the_role_is_told_whom_to_ask(client):
    call = CallToActionFactory(audience="speakers")
    client.force_login(member(OrganizationFactory(), role="viewer"))
    assert "Nobody there has the role yet" in content(client.get(call.get_absolute_url()))


def test_a_stranger_reads_the_role_and_no_names(client):
    call = CallToActionFactory(audience="speakers")
    MembershipFactory(person__first_name="Rosa", person__last_name="Delgado")
    page = content(client.get(call.get_absolute_url()))
    assert "its primary contacts" in page
    assert "Rosa" not in page
