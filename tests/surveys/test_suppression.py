"""What is kept back where a table is published, and that the rest does not give it away."""

from random import Random

from surveys.suppression import is_safe, withheld_cells


def grid(*lines):
    """Cells of a table and its rows and columns."""
    cells = {(y, x): number for y, line in enumerate(lines) for x, number in enumerate(line)}
    rows = [[(y, x) for x in range(len(line))] for y, line in enumerate(lines)]
    columns = [[(y, x) for y in range(len(lines))] for x in range(len(lines[0]))]
    return cells, [*rows, *columns]


def test_nothing_small_nothing_withheld():
    assert withheld_cells(*grid([12, 40], [0, 10])) == set()


def test_a_small_number_takes_others_with_it_in_its_row_and_column():
    # 4 is small; 12 hides it in its row, 15 in its column; 30 hides those two.
    cells, lines = grid([4, 12, 80], [15, 30, 90], [60, 70, 95])
    assert withheld_cells(cells, lines) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_small_numbers_that_together_are_under_ten_take_one_more():
    assert withheld_cells(*grid([3, 4, 25, 50])) >= {(0, 0), (0, 1), (0, 2)}


def test_zeros_stay():
    cells, lines = grid([4, 0, 0])
    assert withheld_cells(cells, [lines[0]]) == {(0, 0)}


def test_no_line_of_any_table_gives_a_cell_away():
    rng = Random("tables")
    for _time in range(200):
        width, height = rng.randint(2, 5), rng.randint(2, 7)
        cells, lines = grid(
            *[[rng.choice([0, 3, 8, 11, 20, 47]) for _ in range(width)] for _ in range(height)]
        )
        hidden = withheld_cells(cells, lines)
        assert all(key in hidden for key, number in cells.items() if 0 < number < 10)
        for line in lines:
            gone = [cells[key] for key in line if key in hidden]
            left = [cells[key] for key in line if key not in hidden and cells[key]]
            # Two at least, that are ten together, or nothing but small ones, whose total is small too.
            assert not gone or (len(gone) > 1 and sum(gone) >= 10) or not left


def test_shares_over_small_parts_are_unsafe():
    assert is_safe([0, 10, 25])
    assert not is_safe([9, 10, 25])
