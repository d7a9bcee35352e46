"""The month of events: a table of weeks and a list of days, with trainings, for whoever looks."""

from datetime import datetime

import pytest
from django.urls import reverse

from partners.caching import empty_page_cache
from partners.fiscal_year import CHICAGO
from tests.factories.meetings import EventFactory, council_meeting
from tests.factories.partners import CoalitionFactory, OrganizationFactory, member
from tests.factories.trainings import SessionFactory, SessionPartFactory
from tests.meetings.reading import content

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()
    empty_page_cache()


def at(day: int, hour: int = 10, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CHICAGO)


def path(year: int = 2026, month: int = 3) -> str:
    return reverse("meetings:event_month", args=[year, month])


def test_councils_events_and_trainings_as_a_table_and_as_a_list(client):
    events = [EventFactory(title=f"At {hour}", starts_at=at(10, hour)) for hour in range(8, 14)]
    council_meeting(title="North meets", starts_at=at(31, 23))
    EventFactory(title="Next month", starts_at=at(1, 0, month=4))
    EventFactory(title="Called off", starts_at=at(12), state="cancelled", cancelled_at=at(1))
    SessionFactory(course__title="Plain language", starts_at=at(17))
    page = content(client.get(path()))
    assert "9 events and trainings." in page
    assert "2 more" in page
    assert 'href="#day-10"' in page
    assert 'id="day-10"' in page
    assert "Next month" not in page
    assert page.count(f'href="{events[0].get_absolute_url()}"') == 2
    assert page.count(f'href="{events[5].get_absolute_url()}"') == 1
    for words in ("North meets", "Local Area Council meeting", "Plain language", "Training · online"):
        assert words in page
    assert "Called off (cancelled)" in page
    assert '<th scope="col"><abbr title="Sunday">Sun</abbr></th>' in page
    for other in (path(2026, 2), path(2026, 4), reverse("legislation:hearing_month", args=[2026, 3])):
        assert f'href="{other}"' in page


def test_each_day_of_a_training_in_its_month(client):
    session = SessionFactory(course__title="Two days", starts_at=at(31), ends_at=at(2, 12, month=4))
    SessionPartFactory(session=session)
    SessionPartFactory(session=session, starts_at=at(2, month=4))
    march, april = content(client.get(path())), content(client.get(path(2026, 4)))
    assert ("Training, day 1" in march, "Training, day 2" in march) == (True, False)
    assert ("Training, day 1" in april, "Training, day 2" in april) == (False, True)


def test_nobody_sees_what_is_not_for_them(client):
    EventFactory(title="A draft", starts_at=at(3), state="draft")
    EventFactory(title="For partners", starts_at=at(4), audience="partners")
    SessionFactory(course__title="Not yet", starts_at=at(5), state="draft")
    SessionFactory(course__title="Put away", course__state="archived", starts_at=at(6))
    assert "Nothing is planned in this month" in content(client.get(path()))
    client.force_login(member(OrganizationFactory()))
    assert "1 event or training." in content(client.get(path()))


@pytest.mark.parametrize(
    "address", ["/events/2026/13/", "/events/2026/0/", "/events/1999/1/", "/events/2101/1/"]
)
def test_there_is_an_end_to_months(client, address):
    assert client.get(address).status_code == 404


def test_the_list_leads_to_the_month(client):
    assert "See the month" in content(client.get(reverse("meetings:event_list")))


@pytest.mark.parametrize("number", [1, 20])
def test_as_many_queries_for_one_as_for_twenty(client, django_assert_num_queries, number):
    for _number in range(number):
        EventFactory(starts_at=at(10))
        SessionPartFactory(session=SessionFactory(starts_at=at(11)))
    empty_page_cache()
    with django_assert_num_queries(4):
        client.get(path())
