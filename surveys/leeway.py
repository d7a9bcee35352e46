"""What a reader of a thinned table can still not tell: how far a number that is kept back could be another.

A table's sums are equations in the numbers that are kept back. A number has leeway when it can grow or shrink while
others that are kept back make up for it, so that every sum stays as it is and none of them becomes impossible. Such
a way is searched for step by step, from one sum to the next; each step found is a table that fits all that is shown.

In the words of statistical offices: leeway is the protection interval of a suppressed cell.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Term(NamedTuple):
    """One sum that a number stands in: among its parts (1), or as its total (-1)."""

    equation: int
    sign: int


class _Step(NamedTuple):
    """A number that grows or shrinks by one, and the sum that is out of balance before and after."""

    key: Hashable
    by: int
    state: tuple[int, int]


class Sums(Generic[Key]):
    """The sums of a table, each with the signs of its numbers."""

    def __init__(self, equations: Iterable[Mapping[Key, int]]) -> None:
        self.equations = [dict(equation) for equation in equations]
        self.terms: dict[Key, list[Term]] = defaultdict(list)
        for place, equation in enumerate(self.equations):
            for key, sign in equation.items():
                self.terms[key].append(Term(place, sign))

    def has_leeway(self, key: Key, numbers: Mapping[Key, int], hidden: Collection[Key], needed: int) -> bool:
        """Whether at least `needed` other values are possible for a number that is kept back."""
        # Where an empty cell is kept back too, the reader cannot rule out that any is empty.
        least = 0 if any(numbers[other] == 0 for other in hidden) else 1
        found = 0
        for by in (1, -1):
            values = {other: numbers[other] - least for other in hidden}
            while found < needed and self._move(key, by, values):
                found += 1
        return found >= needed

    def _move(self, key: Key, by: int, values: dict[Key, int]) -> bool:
        """Moves a number by one and what makes up for it. `values` say how much each can shrink."""
        if values[key] + by < 0:
            return False
        trial = dict(values)
        trial[key] += by
        open_sums = {term.equation: by * term.sign for term in self.terms[key]}
        while open_sums:
            start, off = open_sums.popitem()
            path = self._path(key, (start, off), open_sums, trial)
            if path is None:
                return False
            for step in path:
                trial[step.key] += step.by  # type: ignore[index] # a step's key is one of ours
            open_sums.pop(path[-1].state[0], None)
        if min(trial.values()) < 0:
            return False
        values.update(trial)
        return True

    def _path(
        self, key: Key, start: tuple[int, int], open_sums: Mapping[int, int], values: Mapping[Key, int]
    ) -> list[_Step] | None:
        """Steps that bring a sum into balance again; the last one touches no other sum, or closes an open one."""
        came: dict[tuple[int, int], tuple[tuple[int, int], _Step] | None] = {start: None}
        waiting = deque([start])
        while waiting:
            state = waiting.popleft()
            place, off = state
            for other, sign in self.equations[place].items():
                by = -off * sign
                if other == key or other not in values or values[other] + by < 0:
                    continue
                further = [term for term in self.terms[other] if term.equation != place]
                if len(further) > 1:
                    continue
                after = (further[0].equation, by * further[0].sign) if further else (-1, 0)
                step = _Step(other, by, after)
                if not further or open_sums.get(after[0]) == -after[1]:
                    return [*_trace(came, state), step]
                if after not in came:
                    came[after] = (state, step)
                    waiting.append(after)
        return None


def _trace(
    came: Mapping[tuple[int, int], tuple[tuple[int, int], _Step] | None], state: tuple[int, int]
) -> list[_Step]:
    """The steps that led to a state, the first one first."""
    steps = []
    while (before := came[state]) is not None:
        state, step = before
        steps.append(step)
    return steps[::-1]
