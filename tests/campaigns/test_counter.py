"""The honest counter: counted rarely, exact for who just acted, people and organizations apart."""

from datetime import timedelta

import pytest
import redis
import time_machine
from django.core.cache import cache
from django.utils import timezone

from campaigns.counting import FRESH_SECONDS, counter, counter_of
from tests.campaigns.answering import content
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory
from tests.factories.partners import CoalitionFactory, MembershipFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return CallToActionFactory(goal=500)


def act(call, number=1, **fields):
    return ActionTakenFactory.create_batch(number, call_to_action=call, **fields)


def test_the_rows_are_read_once_in_a_while_for_everybody(call, django_assert_num_queries):
    act(call, 3)
    with django_assert_num_queries(1):
        assert [counter_of(call).people for _visitor in range(20)] == [3] * 20
    act(call, 2)
    assert counter_of(call).people == 3
    with time_machine.travel(timezone.now() + timedelta(seconds=FRESH_SECONDS + 0.1)):
        assert counter_of(call).people == 5


def test_while_one_counts_the_others_go_on_with_the_last_numbers(call, django_assert_num_queries):
    act(call, 3)
    counter_of(call)
    act(call)
    cache.add(f"campaigns:totals:{call.pk}:counting", 1, timeout=30)
    with time_machine.travel(timezone.now() + timedelta(seconds=10)), django_assert_num_queries(0):
        assert counter_of(call).people == 3


def test_who_just_acted_is_in_the_number_and_so_is_who_comes_next(client, call):
    CoalitionFactory()
    act(call, 3)
    assert counter_of(call).people == 3
    action = act(call)[0]
    page = content(client.get(f"{call.get_absolute_url()}thanks/{action.reference}/"))
    assert '<strong class="beam__value">4</strong>' in page
    assert counter_of(call).people == 4


def test_what_is_over_is_exact(call):
    act(call, 2)
    counter_of(call)
    act(call)
    call.status = "closed"
    assert counter_of(call).people == 3


def test_without_redis_the_rows_are_counted(call, monkeypatch):
    def gone(*args, **kwargs):
        raise redis.ConnectionError

    for name in ("get", "set", "add"):
        monkeypatch.setattr(f"django.core.cache.cache.{name}", gone)
    act(call, 2)
    assert counter_of(call).people == 2


def test_a_goal_in_organizations_counts_organizations_and_shows_people_apart(client):
    CoalitionFactory()
    call = CallToActionFactory(goal=3, goal_unit="organizations")
    first, second = OrganizationFactory.create_batch(2)
    for organization in (first, first, second):
        membership = MembershipFactory(organization=organization)
        act(call, person=membership.person, organization=organization)
    act(call)
    page = " ".join(content(client.get(call.get_absolute_url())).split())
    assert '<strong class="beam__value">2</strong> of 3 partner organizations have acted' in page
    assert "4 people acted in all." in page
    assert "Each organization counts once" in page


@pytest.mark.parametrize(
    ("unit", "people", "organizations", "goal", "reached"),
    [
        ("people", 30, 2, 40, False),
        ("people", 40, 2, 40, True),
        ("organizations", 300, 39, 40, False),
        ("organizations", 300, 40, 40, True),
    ],
)
def test_the_goal_is_reached_in_its_own_unit(unit, people, organizations, goal, reached):
    shown = counter(people=people, organizations=organizations, final_goal=goal, unit=unit)
    assert shown.is_reached is reached
    assert shown.goal == goal


def test_no_goal_and_nobody_yet(client):
    CoalitionFactory()
    call = CallToActionFactory(goal=None, goal_unit="organizations")
    page = " ".join(content(client.get(call.get_absolute_url())).split())
    assert "of 25 partner organizations have acted" in page
