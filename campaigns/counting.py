"""The honest counter: people and organizations apart, with a goal that rolls on as it is reached."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from time import time
from typing import NamedTuple

import redis
from django.core.cache import cache
from django.db.models import Count

from campaigns.models import CallToAction

FIRST_GOALS = (25, 50, 100, 250, 500)
Unit = CallToAction.Unit

# How old an open call's numbers may be. While thousands act at once, the rows are counted no more often than this.
FRESH_SECONDS = 2.0
# Numbers too old to be fresh serve while somebody else is counting, for so long at most.
KEPT_SECONDS = 60


@dataclass(frozen=True)
class Counter:
    """How many have acted. `goal` is the one to show now, in `unit`; `final_goal` the one that staff set."""

    people: int
    organizations: int
    goal: int
    final_goal: int | None
    unit: str = Unit.PEOPLE

    @property
    def value(self) -> int:
        """The number that the goal is about."""
        return self.organizations if self.counts_organizations else self.people

    @property
    def counts_organizations(self) -> bool:
        return self.unit == Unit.ORGANIZATIONS

    @property
    def is_reached(self) -> bool:
        """Whether the goal that staff set is met."""
        return self.final_goal is not None and self.value >= self.final_goal


class Totals(NamedTuple):
    """How many acted on a call, each counted once, and when that was counted, in seconds since 1970."""

    people: int
    organizations: int
    counted_at: float


def rolling_goal(value: int, final_goal: int | None) -> int:
    """The next round number above the count, never above the final goal: 25, 50, 100, 250, 500, 1,000 …"""
    if final_goal is not None and value >= final_goal:
        return final_goal
    step = next(goal for goal in _round_goals() if goal > value)
    return step if final_goal is None else min(step, final_goal)


def _round_goals() -> Iterator[int]:
    yield from FIRST_GOALS
    for power in count(3):
        yield from (10**power, 25 * 10 ** (power - 1), 5 * 10**power)


def counter(*, people: int, organizations: int, final_goal: int | None, unit: str = Unit.PEOPLE) -> Counter:
    """The counter to show beside a call to action."""
    value = organizations if unit == Unit.ORGANIZATIONS else people
    return Counter(people, organizations, rolling_goal(value, final_goal or None), final_goal or None, unit)


def counter_of(call: CallToAction, *, exact: bool = False) -> Counter:
    """A call's counter. `exact` for somebody who just acted: they find themselves in it."""
    totals = _count(call) if exact or call.is_over() else _recent(call)
    return counter(
        people=totals.people,
        organizations=totals.organizations,
        final_goal=call.goal,
        unit=call.goal_unit,
    )


def _key(call: CallToAction) -> str:
    return f"campaigns:totals:{call.pk}"


def _recent(call: CallToAction) -> Totals:
    """Numbers that are at most `FRESH_SECONDS` old, or those before them while one visitor's page counts anew."""
    with suppress(redis.RedisError):
        kept = cache.get(_key(call))
        if kept is not None:
            totals = Totals(*kept)
            # Whoever comes first after their time counts; the others go on with what there is.
            is_fresh = abs(time() - totals.counted_at) < FRESH_SECONDS
            if is_fresh or not cache.add(f"{_key(call)}:counting", 1, timeout=FRESH_SECONDS):
                return totals
    return _count(call)


def _count(call: CallToAction) -> Totals:
    """Counts the rows, and keeps the numbers for the next visitors. One row stands for one person."""
    counted_at = time()
    found = call.actions.aggregate(people=Count("id"), organizations=Count("organization", distinct=True))
    organizations = found["organizations"]
    if call.kind == CallToAction.Kind.SIGN_ON:
        # Under a letter stands who signed: on paper too, and nobody who took the signature back.
        organizations = call.signatures.standing().count()
    totals = Totals(found["people"], organizations, counted_at)
    with suppress(redis.RedisError):
        cache.set(_key(call), tuple(totals), timeout=KEPT_SECONDS)
    return totals
