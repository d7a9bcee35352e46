"""The public directory and organization pages."""

import pytest
import time_machine
from django.urls import reverse

from partners.caching import empty_page_cache
from tests.factories.partners import (
    AreaFactory,
    CoalitionFactory,
    CountyFactory,
    MembershipFactory,
    OrganizationFactory,
    SubSectorFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DIRECTORY = reverse("partners:directory")


@pytest.fixture(autouse=True)
def coalition():
    empty_page_cache()
    return CoalitionFactory()


def names(response):
    return [row["name"] for row in response.context["rows"].object_list]


@time_machine.travel("2026-11-23T01:00:00Z", tick=False)
def test_the_count_is_live_and_dated_in_chicago(client):
    OrganizationFactory.create_batch(3)
    OrganizationFactory(status="lapsed")
    OrganizationFactory(is_listed=False)
    page = client.get(DIRECTORY)
    assert "4 partners on November 22, 2026" in page.content.decode()
    assert len(names(page)) == 3


def test_filters(client):
    lake = CountyFactory(name="Lake")
    housing, food = SubSectorFactory(name="Housing"), SubSectorFactory(name="Food")
    OrganizationFactory(name="Alpha", county=lake, city="Waukegan", sub_sectors=[housing, food])
    OrganizationFactory(name="Beta", sub_sectors=[food], summary="Meals for families")
    OrganizationFactory(name="Gamma 100%", area=lake.area)

    def found(**query):
        return names(client.get(DIRECTORY, query))

    assert found(q="alp") == ["Alpha"]
    assert found(q="waukegan") == ["Alpha"]
    assert found(q="families meals") == ["Beta"]
    assert found(q="100%") == ["Gamma 100%"]
    assert found(area=lake.area.slug) == ["Alpha", "Gamma 100%"]
    assert found(county=lake.fips) == ["Alpha"]
    assert found(field=food.slug) == ["Alpha", "Beta"]
    assert found(field=food.slug, area=lake.area.slug, q="a") == ["Alpha"]
    assert found(q="nowhere") == []


def test_the_filter_keeps_its_values_and_counts_what_it_found(client):
    area = AreaFactory(name="Lake & McHenry")
    OrganizationFactory(name="Alpha", area=area)
    page = client.get(DIRECTORY, {"q": 'a"b', "area": area.slug}).content.decode()
    assert f'<option value="{area.slug}" selected>Lake &amp; McHenry</option>' in page
    assert 'value="a&quot;b"' in page
    assert "0 partners found" in page
    assert "No partner matches" in page


@pytest.mark.parametrize(
    "query",
    [
        {"area": "nowhere"},
        {"county": "' or 1=1"},
        {"page": "999"},
        {"page": "x"},
        {"page": "-1"},
        {"q": "\x00"},
        {"q": " " * 300},
    ],
)
def test_odd_queries_show_the_directory(client, query):
    OrganizationFactory(name="Alpha")
    response = client.get(DIRECTORY, query)
    assert response.status_code == 200
    assert names(response) == ["Alpha"]


def test_pages_keep_the_filter(client):
    area = AreaFactory()
    OrganizationFactory.create_batch(25, area=area)
    first = client.get(DIRECTORY, {"area": area.slug})
    assert len(names(first)) == 24
    assert f"?area={area.slug}&amp;page=2" in first.content.decode()
    assert len(names(client.get(DIRECTORY, {"area": area.slug, "page": 2}))) == 1


def test_an_empty_directory_says_what_to_do(client):
    page = client.get(DIRECTORY).content.decode()
    assert "No partner is listed yet" in page


@pytest.mark.parametrize("number", [1, 20])
def test_queries_of_the_directory(client, django_assert_num_queries, number):
    OrganizationFactory.create_batch(number, sub_sectors=[SubSectorFactory(), SubSectorFactory()])
    with django_assert_num_queries(5):
        client.get(DIRECTORY)
    with django_assert_num_queries(6):
        client.get(DIRECTORY, {"q": "org"})


@pytest.mark.parametrize("number", [1, 8])
def test_queries_of_an_organization(client, django_assert_num_queries, number):
    organization = OrganizationFactory(sub_sectors=SubSectorFactory.create_batch(number))
    with django_assert_num_queries(3):
        client.get(organization.get_absolute_url())


def test_pages_for_strangers_carry_no_cookie_and_may_be_stored(client):
    organization = OrganizationFactory()
    for address in (DIRECTORY, organization.get_absolute_url()):
        response = client.get(address)
        assert not response.cookies
        assert response["Cache-Control"] == "public, no-cache"
        assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_the_public_page_tells_nothing_of_people(client):
    organization = OrganizationFactory(
        summary="We help.", website="https://www.help.example/", phone="(217) 555-0101 ext. 5"
    )
    MembershipFactory(organization=organization, person__first_name="Zebulon")
    page = client.get(organization.get_absolute_url()).content.decode()
    assert "We help." in page
    assert 'href="tel:2175550101"' in page
    assert "help.example" in page
    assert "Zebulon" not in page
    assert "$" not in page.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("hidden", [{"status": "left"}, {"status": "lapsed"}, {"is_listed": False}])
def test_hidden_organizations_have_no_public_page(client, hidden):
    organization = OrganizationFactory(**hidden)
    assert client.get(organization.get_absolute_url()).status_code == 404


def test_a_signed_in_visitor_sees_the_same_directory(client):
    OrganizationFactory(name="Alpha")
    client.force_login(UserFactory())
    assert names(client.get(DIRECTORY)) == ["Alpha"]
