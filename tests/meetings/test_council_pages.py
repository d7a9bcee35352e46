"""Pages of Local Area Councils."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from legislation.models import ZipCode
from tests.factories.meetings import CollaborativeFactory, CouncilFactory, council_meeting
from tests.factories.partners import (
    CoalitionFactory,
    CountyFactory,
    MembershipFactory,
    OrganizationFactory,
    member,
)
from tests.legislation.plans import load_plan
from tests.meetings.reading import content

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


def url(council) -> str:
    return reverse("meetings:council", args=[council.area.slug])


def test_area_chair_meetings_and_collaboratives(client):
    organization = OrganizationFactory(name="Porch House")
    chair = MembershipFactory(organization=organization, person__first_name="Rosa").person
    council = CouncilFactory(area=organization.area, chair=chair, email="north@example.org")
    CollaborativeFactory(name="Housing Table").areas.add(council.area)
    council_meeting(council, title="Next one")
    past = council_meeting(
        council, title="Last one", starts_at=timezone.now() - timedelta(days=90), state="held"
    )
    past.notes, past.notes_published_at = "<p>We agreed.</p>", timezone.now()
    past.save()
    draft = council_meeting(council, title="Not yet", state="draft")
    page = content(client.get(url(council)))
    for words in ("Rosa", "Porch House", "Next one", "We agreed.", "Housing Table", "1 partner in this area"):
        assert words in page
    assert organization.county.name in page
    assert "north@example.org" in page
    assert draft.title not in page
    assert f"{council.area}" in content(client.get(reverse("meetings:council_list")))


def test_partners_meetings_are_for_partners(client):
    council = CouncilFactory()
    council_meeting(council, title="Among us", audience="partners")
    assert "Among us" not in content(client.get(url(council)))
    client.force_login(member(OrganizationFactory()))
    assert "Among us" in content(client.get(url(council)))


def test_an_area_without_a_council_has_a_page_too(client):
    area = CountyFactory().area
    assert "The next meeting is not set yet" in content(
        client.get(reverse("meetings:council", args=[area.slug]))
    )
    assert client.get(reverse("meetings:council", args=["nowhere"])).status_code == 404


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_is_flat(client, django_assert_num_queries, number):
    for _place in range(number):
        council_meeting(CouncilFactory(area=CountyFactory().area))
    with django_assert_num_queries(3):
        client.get(reverse("meetings:council_list"))


@pytest.mark.parametrize("number", [1, 8])
def test_a_councils_page_is_flat(client, django_assert_num_queries, number):
    council = CouncilFactory()
    for place in range(number):
        council_meeting(council)
        council_meeting(council, starts_at=timezone.now() - timedelta(days=90 + place), state="held")
    with django_assert_num_queries(11):
        client.get(url(council))


def test_the_map_shows_the_areas_zip_codes(client):
    load_plan()
    area = CountyFactory(name="Peoria").area
    url = reverse("meetings:council", args=[area.slug])
    assert "Map of Illinois" not in content(client.get(url))
    for number, county in enumerate(("Peoria", "Peoria County", "Fulton")):
        ZipCode.objects.create(
            zip_code=f"6160{number}",
            city="Peoria",
            county=county,
            latitude=40.5,
            longitude=-89.5 - number / 10,
        )
    page = client.get(url, {"fresh": "1"}).content.decode()
    assert "Map of Illinois" in page
    assert page.count('class="map__dot"') == 2
