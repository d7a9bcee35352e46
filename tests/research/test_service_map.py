"""The service map: the drawing and its list say the same, and one service can be marked."""

import math
import re

import pytest
from django.utils import timezone

from research.models import ServiceConnection
from research.service_map import HEIGHT, NODE, WIDTH, service_map
from research.services.finding import retract_finding
from tests.factories.partners import CoalitionFactory, SubSectorFactory
from tests.factories.research_finding import FindingFactory, ServiceConnectionFactory
from tests.meetings.reading import content

pytestmark = pytest.mark.django_db
PAGE = "/research/service-map/"


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def services():
    names = ["Early childhood", "Employment", "Housing and homelessness", "Health care access", "Youth"]
    made = [
        SubSectorFactory(name=name, slug=name.lower().replace(" ", "-"), order=place)
        for place, name in enumerate(names)
    ]
    for start, end in ((0, 1), (2, 1), (2, 3), (4, 2)):
        ServiceConnectionFactory(source=made[start], target=made[end], how=f"How {start} leads to {end}.")
    return made


def test_every_connection_stands_in_the_drawing_and_in_the_list(client, services):
    page = client.get(PAGE)
    drawing = page.content.decode().split('<svg class="service-map"')[1].split("</svg>")[0]
    assert drawing.count('<path class="service-map__edge') == 4
    links = re.findall(r'<a class="service-map__node[^"]*" href="([^"]+)" aria-label="([^"]+)"', drawing)
    assert links == [(f"{PAGE}?service={one.slug}#chosen", one.name) for one in services]
    assert "style=" not in drawing
    words = content(page)
    for connection in ServiceConnection.objects.all():
        assert connection.how in words


def test_a_chosen_service_is_told_with_what_it_leads_to_and_rests_on(client, services):
    housing = services[2]
    drawn = service_map(housing.slug)
    assert [one.target.name for one in drawn.leads_to] == ["Employment", "Health care access"]
    assert [one.source.name for one in drawn.rests_on] == ["Youth"]
    assert {node.service.name for node in drawn.nodes if node.is_near} == {
        "Employment",
        "Health care access",
        "Youth",
    }
    assert sum(edge.is_chosen for edge in drawn.edges) == 3
    page = client.get(f"{PAGE}?service={housing.slug}")
    assert page.content.decode().count('service-map__node--chosen" href') == 1
    assert "Makes possible" in content(page)
    for unknown in ("nothing", "%00", "<script>"):
        assert service_map(unknown).chosen is None
        assert client.get(f"{PAGE}?service={unknown}").status_code == 200


@pytest.mark.parametrize("count", [2, 3, 7, 16])
def test_everything_is_drawn_within_the_frame_and_nothing_on_top_of_another(count):
    made = [
        SubSectorFactory(name=f"Service with a rather long name {number}", order=number)
        for number in range(count)
    ]
    for one, other in zip(made, [*made[1:], made[0]], strict=True):
        ServiceConnectionFactory(source=one, target=other)
    nodes = service_map().nodes
    for node in nodes:
        assert NODE < node.x < WIDTH - NODE
        assert NODE < node.y < HEIGHT - NODE
        for x, y, words in node.lines:
            room = 10 * len(words)
            left = x - (room if node.anchor == "end" else room / 2 if node.anchor == "middle" else 0)
            assert left >= 0, words
            assert left + room <= WIDTH, words
            assert 15 < y < HEIGHT, words
    gaps = [math.dist((a.x, a.y), (b.x, b.y)) for a in nodes for b in nodes if a is not b]
    assert min(gaps) > 2 * NODE


def test_a_retracted_finding_supports_no_connection(client, services):
    finding = FindingFactory(claim="What the finding claims.")
    ServiceConnection.objects.filter(source=services[0]).update(finding=finding)
    assert "What the finding claims." in content(client.get(f"{PAGE}?a"))
    retract_finding(finding=finding, by=None, now=timezone.now(), reason="Wrong.")
    assert "What the finding claims." not in content(client.get(f"{PAGE}?b"))


def test_an_empty_map_points_elsewhere(client):
    page = content(client.get(PAGE))
    assert "No connections are published" in page
    assert "Go to the findings" in page
    assert '<meta name="robots" content="noindex, follow">' in page


def test_the_map_asks_as_often_for_many_connections_as_for_one(client, django_assert_num_queries):
    ServiceConnectionFactory(finding=FindingFactory())
    client.get(f"{PAGE}?warm")
    with django_assert_num_queries(2):
        client.get(f"{PAGE}?one")
    for _number in range(19):
        ServiceConnectionFactory(finding=FindingFactory())
    with django_assert_num_queries(2):
        client.get(f"{PAGE}?twenty")
