"""What an organization's people did: seen by its own people only, and downloaded without live formulas."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.campaigns import ActionTakenFactory
from tests.factories.partners import (
    CoalitionFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def organization():
    return OrganizationFactory(name="Arden Shore")


def page(organization) -> str:
    return reverse("my_actions:history", args=[organization.slug])


def download(organization) -> str:
    return reverse("my_actions:history_download", args=[organization.slug])


def rows_of(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def test_people_and_actions_are_counted_apart(client, organization):
    person = PersonFactory(first_name="Maria", last_name="Gomez")
    ActionTakenFactory.create_batch(2, organization=organization, person=person)
    ActionTakenFactory(organization=organization)
    ActionTakenFactory(organization=OrganizationFactory(), person__last_name="Elsewhere")
    client.force_login(member(organization, role="viewer"))
    response = client.get(page(organization))
    assert response.context["totals"] == {"people": 2, "organizations": 1, "actions": 3}
    words = response.content.decode()
    assert "Maria Gomez" in words
    assert "Elsewhere" not in words


def test_others_find_nothing(client, organization):
    former = member(organization)
    former.person.memberships.update(ended_on=timezone.localdate())
    for user in (member(OrganizationFactory()), former):
        client.force_login(user)
        assert client.get(page(organization)).status_code == 404
        assert client.get(download(organization)).status_code == 404
    client.logout()
    assert client.get(page(organization)).status_code == 302
    assert client.get(download(organization)).status_code == 302


def test_staff_see_it(client, organization, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(StaffFactory())
    assert client.get(page(organization)).status_code == 200


def test_nothing_yet_says_what_to_do(client, organization):
    client.force_login(member(organization))
    assert "Nobody has acted yet" in client.get(page(organization)).content.decode()


def test_the_download_holds_every_action_and_no_formula(client, organization):
    hostile = PersonFactory(first_name='=HYPERLINK("http://spam.example")', last_name="Gomez")
    ActionTakenFactory(
        organization=organization,
        person=hostile,
        call_to_action__title="@SUM(A1)",
        acted_at=datetime(2026, 3, 5, 20, 0, tzinfo=UTC),
    )
    ActionTakenFactory.create_batch(30, organization=organization)
    client.force_login(member(organization))
    response = client.get(download(organization))
    assert response["Content-Disposition"] == f'attachment; filename="actions-{organization.slug}.csv"'
    rows = rows_of(response)
    assert len(rows) == 32
    assert rows[-1][1:] == [
        "2026-03-05 14:00",
        '\'=HYPERLINK("http://spam.example") Gomez',
        hostile.email,
        "'@SUM(A1)",
    ]


def test_the_number_of_queries_does_not_grow(client, organization, django_assert_num_queries):
    client.force_login(member(organization))
    ActionTakenFactory(organization=organization)
    for _size in (1, 20):
        with django_assert_num_queries(7):
            client.get(page(organization))
        ActionTakenFactory.create_batch(19, organization=organization)
