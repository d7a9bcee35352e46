"""What links with a source code brought, as far as other floors know it: registrations, actions.

`research` knows neither events nor calls to action. So a higher floor says what it counts, once, in a module that its
`AppConfig.ready` imports:

    @counts_by_source(gettext_lazy("registrations for trainings"))
    def trainings(codes: Collection[str]) -> dict[str, int]: …

and the page of a report's reach asks for the codes of its steps.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise

Count = Callable[[Collection[str]], dict[str, int]]
_counts: dict[Count, str | Promise] = {}


@dataclass(frozen=True)
class Credit:
    """What one source code brought: a number for each kind, in the order of `credit_kinds()`."""

    code: str
    numbers: list[int]


def counts_by_source(label: str | Promise) -> Callable[[Count], Count]:
    """Marks a function that counts what came over links with each of some source codes. It asks the database once."""

    def mark(count: Count) -> Count:
        _counts[count] = label
        return count

    return mark


def credit_kinds() -> list[str]:
    """What is counted by source code, in words."""
    return [str(label) for label in _counts.values()]


def credits_of(codes: Collection[str]) -> list[Credit]:
    """What each code brought. One query for each kind, however many codes; none without codes."""
    if not codes:
        return []
    found = [count(codes) for count in _counts]
    return [Credit(code, [numbers.get(code, 0) for numbers in found]) for code in sorted(set(codes))]
