"""When two organizations are likely the same."""

import pytest

from partners.matching import normalize_name, web_domain
from partners.services import find_duplicates
from partners.services.duplicates import LIKELY, name_likeness
from tests.factories.partners import ApplicationFactory, OrganizationFactory


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Arden Shore Child and Family Services", "Arden Shore Child & Family Services, Inc."),
        ("Arden Shore Child and Family Services", "Family and Child Services Arden Shore"),
        ("Arden Shore Child and Family Services", "Ardn Shore Child and Family Service"),
        ("Arden Shore Child and Family Services", "Arden Shore"),
        ("Ünity Center", "The Unity Center"),
    ],
)
def test_like_names_are_noticed(one, other):
    assert name_likeness(normalize_name(one), normalize_name(other)) >= LIKELY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Prairie Path Family Services", "Prairie Hill Youth Services"),
        ("Hope", "Hope Street Shelter"),
        ("Lake County Family Network", "Will County Family Network"),
        ("", "Organization"),
    ],
)
def test_different_names_are_let_be(one, other):
    assert name_likeness(normalize_name(one), normalize_name(other)) < LIKELY


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.Example.org/about", "example.org"),
        ("example.org", "example.org"),
        ("https://www.facebook.com/somebody", ""),
        ("", ""),
        ("http://[broken", ""),
    ],
)
def test_web_domain(url, domain):
    assert web_domain(url) == domain


@pytest.mark.django_db
def test_ein_and_domain_find_an_organization_with_another_name():
    by_ein = OrganizationFactory(name="Blue House", ein="36-7654321")
    by_domain = OrganizationFactory(name="Green House", website="https://www.green.example/")
    OrganizationFactory(name="Something Else")
    found = find_duplicates(name="Zebra Project", ein="36-7654321", website="http://green.example")
    assert [match.organization for match in found] == [by_ein, by_domain]
    assert found[0].score == 100
    assert found[0].reasons == ["same EIN"]
    assert found[1].reasons == ["same website"]


@pytest.mark.django_db
def test_waiting_requests_are_compared_too_and_oneself_is_not():
    one, other = ApplicationFactory(), ApplicationFactory()
    found = find_duplicates(name="Prairie Path Services", ein="", website="", exclude=one)
    assert [match.application for match in found] == [other]
    assert found[0].name == "Prairie Path Services"
    assert found[0].city == "Decatur"


@pytest.mark.django_db
@pytest.mark.parametrize("number", [2, 20])
def test_any_number_of_partners_costs_the_same_queries(number, django_assert_num_queries):
    for place in range(number):
        OrganizationFactory(name=f"Path {place}")
    OrganizationFactory(name="Arden Shore")
    with django_assert_num_queries(3):
        find_duplicates(name="Arden Shore", ein="", website="")
