"""Numbers by which people could be told apart are kept back where a table is published, and what gives them away.

Statistical offices call this cell suppression: primary for the small cells, secondary or complementary for those that
would give the small ones away. How many numbers stay possible for a cell is its protection interval (`surveys.leeway`).
"""

from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from surveys.leeway import Sums
from surveys.results import SMALLEST

Key = TypeVar("Key", bound=Hashable)
# So many numbers must be possible for every cell that is kept back.
POSSIBLE = 5
# So many cells are tried before the smallest one is taken.
TRIED = 12


def withheld(counts: Sequence[int]) -> set[int]:
    """Which of the numbers that together make up a known total are kept back.

    The small ones, and with them as many of the next larger ones as it takes that no small number is what is
    missing from the total (complementary suppression): at least two, and together at least ten people.
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < SMALLEST}
    if not hidden:
        return hidden
    larger = [place for place, count in enumerate(counts) if count >= SMALLEST]
    for place in sorted(larger, key=counts.__getitem__):
        if len(hidden) > 1 and sum(counts[hid] for hid in hidden) >= SMALLEST:
            break
        hidden.add(place)
    return hidden


def withheld_of_several(counts: Sequence[int], answered: int) -> set[int]:
    """The same where people choose any of several: an answer is kept back when few chose it, or all but a few."""
    return {
        place for place, count in enumerate(counts) if 0 < count < SMALLEST or 0 < answered - count < SMALLEST
    }


def withheld_cells(
    numbers: Mapping[Key, int],
    lines: Iterable[Sequence[Key]],
    totals: Iterable[tuple[Key, Sequence[Key]]] = (),
    also: Iterable[Key] = (),
) -> set[Key]:
    """Which cells of a table are kept back, with which the others cannot be worked out.

    `also` are cells that are kept back for another reason than that they are small.

    `lines` are rows or columns whose total the reader knows from elsewhere if it is ten or more. `totals` pair cells
    of the table with those that they sum up: totals are kept back like these. A cell stands in two sums at most.

    Small cells go first. A sum that misses one cell, or cells that make up fewer than ten together, loses its next
    larger ones too. Then every cell that is kept back must be able to be one of five numbers at least, by all the sums
    together; where it is not, further cells go. Empty cells stay, unless nothing else is left.
    """
    table = _Table(numbers, lines, totals)
    small = [key for key, number in numbers.items() if 0 < number < SMALLEST]
    waiting = deque(table.hide([*small, *also]))
    while waiting:
        key = waiting.popleft()
        # What was safe before stays safe when more is kept back, so each cell is looked at until it is.
        while not table.is_free(key) and (more := table.helper_of(key)) is not None:
            waiting.extend(table.hide([more]))
    return table.hidden


class _Table(Generic[Key]):
    """A table that is being thinned."""

    def __init__(
        self,
        numbers: Mapping[Key, int],
        lines: Iterable[Sequence[Key]],
        totals: Iterable[tuple[Key, Sequence[Key]]],
    ) -> None:
        self.numbers = numbers
        self.hidden: set[Key] = set()
        self.lines: list[tuple[Sequence[Key], Key | None]] = [
            *((parts, None) for parts in lines if sum(numbers[key] for key in parts) >= SMALLEST),
            *((parts, total) for total, parts in totals if parts),
        ]
        self.sums = Sums(
            dict.fromkeys(parts, 1) | ({} if total is None else {total: -1}) for parts, total in self.lines
        )
        if any(len(terms) > 2 for terms in self.sums.terms.values()):
            raise ValueError("A cell stands in two sums at most; give cells that sum up others as `totals`.")

    def hide(self, keys: Iterable[Key]) -> list[Key]:
        """Keeps cells back, and at once those that a single line misses then. All that are new, in their order."""
        found = [key for key in keys if key not in self.hidden]
        self.hidden.update(found)
        changed = True
        while changed:
            changed = False
            for parts, total in self.lines:
                if total in self.hidden:
                    continue
                more = self._to_hide(parts)
                self.hidden.update(more)
                found += more
                changed = changed or bool(more)
        return found

    def is_free(self, key: Key) -> bool:
        """Whether a cell that is kept back could be any of several numbers."""
        return self.sums.has_leeway(key, self.numbers, self.hidden, POSSIBLE - 1)

    def helper_of(self, key: Key) -> Key | None:
        """The next cell to keep back for another one's sake: of its own sums, small before large, empty ones last."""
        near = [other for term in self.sums.terms[key] for other in self.sums.equations[term.equation]]
        far = [other for equation in self.sums.equations for other in equation]
        for wanted in (near, far):
            shown = {other for other in wanted if other not in self.hidden and self.numbers[other]}
            for other in sorted(shown, key=self._rank)[:TRIED]:
                if self.sums.has_leeway(key, self.numbers, self.hidden | {other}, POSSIBLE - 1):
                    return other
            if shown:
                return min(shown, key=self._rank)
        return next((other for other in near if other not in self.hidden), None)

    def _to_hide(self, line: Sequence[Key]) -> list[Key]:
        """The cells that a line whose total is shown must lose besides."""
        gone = [key for key in line if key in self.hidden]
        if not gone:
            return []
        left = [key for key in line if key not in self.hidden and self.numbers[key]]
        more: list[Key] = []
        total, count = sum(self.numbers[key] for key in gone), len(gone)
        for key in sorted(left, key=self._rank):
            if count > 1 and total >= SMALLEST:
                break
            more.append(key)
            total, count = total + self.numbers[key], count + 1
        return more

    def _rank(self, key: Key) -> tuple[int, int, str]:
        """First those that leave no other sum with a single cell missing, then small before large."""
        alone = sum(
            1 for term in self.sums.terms[key] if not self.hidden & self.sums.equations[term.equation].keys()
        )
        return alone, self.numbers[key], str(key)


def is_safe(parts: Sequence[int]) -> bool:
    """Whether a share with its coverage gives no small number of organizations away."""
    return not any(0 < part < SMALLEST for part in parts)
