"""The honest counter: people and organizations apart, with a goal that rolls on as it is reached."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

FIRST_GOALS = (25, 50, 100, 250, 500)


@dataclass(frozen=True)
class Counter:
    """How many have acted. `goal` is the one to show now, in people; `final_goal` the one staff set."""

    people: int
    organizations: int
    goal: int
    final_goal: int | None

    @property
    def is_reached(self) -> bool:
        """Whether the goal that staff set is met."""
        return self.final_goal is not None and self.people >= self.final_goal


def rolling_goal(people: int, final_goal: int | None) -> int:
    """The next round number above the count, never above the final goal: 25, 50, 100, 250, 500, 1,000 …"""
    if final_goal is not None and people >= final_goal:
        return final_goal
    step = next(goal for goal in _round_goals() if goal > people)
    return step if final_goal is None else min(step, final_goal)


def _round_goals() -> Iterator[int]:
    yield from FIRST_GOALS
    for power in count(3):
        yield from (10**power, 25 * 10 ** (power - 1), 5 * 10**power)


def counter(*, people: int, organizations: int, final_goal: int | None) -> Counter:
    """The counter to show beside a call to action."""
    return Counter(people, organizations, rolling_goal(people, final_goal or None), final_goal or None)
