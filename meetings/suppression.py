"""Numbers by which people could be told apart are kept back where a table is published, and what gives them away."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from surveys.results import SMALLEST

Key = TypeVar("Key", bound=Hashable)


def withheld_cells(numbers: Mapping[Key, int], lines: Sequence[Sequence[Key]]) -> set[Key]:
    """Which cells of a table are kept back, with which the others cannot be worked out.

    Each of `lines` is a row or a column whose total the reader may know. Small cells go first. A line that misses one
    cell, or cells that make up fewer than ten together, loses its next larger ones too, until every line is safe. A
    line that has no more to give is made up of small ones alone, and so is its total.
    """
    hidden = {key for key, number in numbers.items() if 0 < number < SMALLEST}
    changed = True
    while changed:
        changed = False
        for line in lines:
            more = _to_hide(numbers, line, hidden)
            hidden |= more
            changed = changed or bool(more)
    return hidden


def _to_hide(numbers: Mapping[Key, int], line: Sequence[Key], hidden: set[Key]) -> set[Key]:
    """The cells that this line must lose besides."""
    gone = [key for key in line if key in hidden]
    if not gone:
        return set()
    left = sorted((key for key in line if key not in hidden and numbers[key]), key=lambda key: numbers[key])
    more: set[Key] = set()
    total, count = sum(numbers[key] for key in gone), len(gone)
    for key in left:
        if count > 1 and total >= SMALLEST:
            break
        more.add(key)
        total, count = total + numbers[key], count + 1
    return more


def is_safe(parts: Sequence[int]) -> bool:
    """Whether a share with its coverage gives no small number of organizations away."""
    return not any(0 < part < SMALLEST for part in parts)
