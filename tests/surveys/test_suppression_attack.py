"""Thousands of made-up tables are thinned, and somebody tries to work out what is left out."""

from random import Random

import pytest

from surveys.suppression import POSSIBLE, withheld_cells
from tests.surveys.attacker import equations, extreme, narrowed, pinned

CELLS = [0, 0, 1, 1, 2, 3, 5, 8, 9, 10, 11, 14, 20, 47]


def one_way(rng):
    """A list with its total, such as counties."""
    numbers = {place: rng.choice(CELLS) for place in range(rng.randint(1, 12))}
    totals = [("all", list(numbers))]
    return _summed(numbers, totals), totals


def two_way(rng):
    """Rows and columns with their totals and the total of all, such as councils by quarter."""
    height, width = rng.randint(1, 6), rng.randint(2, 5)
    numbers = {(y, x): rng.choice(CELLS) for y in range(height) for x in range(width)}
    rows = [((y, "all"), [(y, x) for x in range(width)]) for y in range(height)]
    columns = [(("all", x), [(y, x) for y in range(height)]) for x in range(width)]
    both = [(("all", "all"), [(y, "all") for y in range(height)])]
    corner = (("all", "all"), [("all", x) for x in range(width)])
    totals = [*rows, *columns, *both]
    return _summed(numbers, totals), [*totals, corner]


def nested(rng):
    """Districts of two within districts of two within the state; the upper ones are totals of the lower ones."""
    count = rng.randint(2, 7)
    numbers = {("house", place): rng.choice(CELLS) for place in range(2 * count)}
    totals = [(("senate", place), [("house", 2 * place), ("house", 2 * place + 1)]) for place in range(count)]
    totals.append(("state", [("senate", place) for place in range(count)]))
    return _summed(numbers, totals), totals


def _summed(numbers, totals):
    for total, parts in totals:
        numbers[total] = sum(numbers[part] for part in parts)
    return numbers


def _thinned(kind, rng):
    numbers, totals = kind(rng)
    hidden = withheld_cells(numbers, [], totals)
    order, rows = equations(numbers, hidden, totals=totals)
    least = 0 if any(not numbers[key] for key in hidden) else 1
    return numbers, hidden, order, rows, least


@pytest.mark.parametrize("kind", [one_way, two_way, nested])
def test_nobody_works_out_what_is_kept_back(kind):
    rng = Random(kind.__name__)
    for _time in range(1500):
        numbers, hidden, order, rows, least = _thinned(kind, rng)
        assert {key for key, number in numbers.items() if 0 < number < 10} <= hidden
        assert not pinned(order, rows), numbers
        for key, (low, high) in zip(order, narrowed(rows, len(order), least), strict=True):
            assert high is None or high - low >= POSSIBLE - 1, (numbers, key)


@pytest.mark.parametrize("kind", [one_way, two_way, nested])
def test_linear_programming_bounds_no_cell_to_fewer_than_five_numbers(kind):
    rng = Random(f"exact {kind.__name__}")
    for _time in range(60):
        numbers, _hidden, order, rows, least = _thinned(kind, rng)
        for place, key in enumerate(order):
            most = extreme(rows, place, 1, least)
            fewest = extreme(rows, place, -1, least)
            assert fewest <= numbers[key], "the true table is one of those that fit"
            assert most is None or (most >= numbers[key] and most - fewest >= POSSIBLE - 1), (numbers, key)


def test_the_attacker_finds_what_only_the_small_cells_being_gone_gives_away():
    """Without complementary cells the same attack works, so that its failing above means something."""
    rng = Random("naive")
    found = 0
    for _time in range(200):
        numbers, totals = two_way(rng)
        hidden = {key for key, number in numbers.items() if 0 < number < 10}
        order, rows = equations(numbers, hidden, totals=totals)
        found += bool(pinned(order, rows))
    assert found > 100


def test_a_cell_between_two_safe_blocks_is_not_given_away():
    """Every line misses two cells at least, and still the one that joins the blocks could be worked out."""
    grid = [
        [4, 5, 60, 70],
        [6, 7, 80, 90],
        [50, 3, 8, 5],
        [75, 85, 4, 6],
    ]
    numbers = {(y, x): number for y, line in enumerate(grid) for x, number in enumerate(line)}
    lines = [[(y, x) for x in range(4)] for y in range(4)] + [[(y, x) for y in range(4)] for x in range(4)]
    small = {key for key, number in numbers.items() if number < 10}
    assert pinned(*equations(numbers, small, lines)) == {(2, 1)}
    assert not pinned(*equations(numbers, withheld_cells(numbers, lines), lines))


def test_ten_cells_of_one_take_their_total_with_them():
    """Ten numbers that come to ten and are not empty are all one."""
    numbers = dict.fromkeys(range(10), 1) | {"all": 10}
    assert "all" in withheld_cells(numbers, [], [("all", list(range(10)))])


def test_a_cell_in_three_sums_is_refused():
    with pytest.raises(ValueError, match="two sums"):
        withheld_cells({"a": 12, "b": 13, "c": 14}, [["a", "b"], ["a", "c"], ["a", "b", "c"]])
