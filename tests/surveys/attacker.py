"""Somebody who reads a published table and works out what is left out of it, with exact arithmetic.

They know every number that is shown, every sum, and that nothing which is kept back is below `least`.
"""

from fractions import Fraction


def equations(numbers, hidden, lines=(), totals=()):
    """What the table tells of the hidden numbers: rows of factors, and what each row comes to."""
    order = sorted(hidden, key=str)
    rows = []
    for parts in lines:
        if sum(numbers[key] for key in parts) >= 10:
            rows.append((dict.fromkeys(parts, 1), sum(numbers[key] for key in parts)))
    for total, parts in totals:
        if parts:
            rows.append(({**dict.fromkeys(parts, 1), total: -1}, 0))
    found = []
    for factors, value in rows:
        known = sum(factor * numbers[key] for key, factor in factors.items() if key not in hidden)
        row = [Fraction(factors.get(key, 0)) for key in order]
        if any(row):
            found.append((row, Fraction(value - known)))
    return order, found


def reduced(rows):
    """The same equations, each solved for one of the numbers as far as possible (Gauss and Jordan)."""
    rows = [[*row, value] for row, value in rows]
    width, at = (len(rows[0]) - 1 if rows else 0), 0
    for column in range(width):
        pivot = next((place for place in range(at, len(rows)) if rows[place][column]), None)
        if pivot is None:
            continue
        rows[at], rows[pivot] = rows[pivot], rows[at]
        lead = rows[at][column]
        rows[at] = [cell / lead for cell in rows[at]]
        for place, row in enumerate(rows):
            if place != at and row[column]:
                factor = row[column]
                rows[place] = [cell - factor * mine for cell, mine in zip(row, rows[at], strict=True)]
        at += 1
    return [(row[:-1], row[-1]) for row in rows[:at]]


def pinned(order, rows):
    """The numbers that the equations alone give away."""
    return {order[row.index(1)] for row, _value in reduced(rows) if sum(1 for factor in row if factor) == 1}


def narrowed(rows, width, least):
    """Bounds of every number, each sum used again and again until none gives more; None is open."""
    low, high = [Fraction(least)] * width, [None] * width
    everything = [*rows, *reduced(rows)]
    changed = True
    while changed:
        changed = False
        for row, value in everything:
            for place, factor in enumerate(row):
                if factor:
                    new_low, new_high = _solved(row, value, place, low, high)
                    if new_low is not None and new_low > low[place]:
                        low[place], changed = new_low, True
                    if new_high is not None and (high[place] is None or new_high < high[place]):
                        high[place], changed = new_high, True
    return list(zip(low, high, strict=True))


def _solved(row, value, place, low, high):
    """The least and the most one number can be by one sum, as whole numbers."""
    least_rest, most_rest = Fraction(0), Fraction(0)
    for other, factor in enumerate(row):
        if factor and other != place:
            small, large = (low[other], high[other]) if factor > 0 else (high[other], low[other])
            least_rest = None if least_rest is None or small is None else least_rest + factor * small
            most_rest = None if most_rest is None or large is None else most_rest + factor * large
    ends = [None if rest is None else (value - rest) / row[place] for rest in (most_rest, least_rest)]
    lower, upper = ends if row[place] > 0 else ends[::-1]
    return (
        None if lower is None else Fraction(-(-lower.numerator // lower.denominator)),
        None if upper is None else Fraction(upper.numerator // upper.denominator),
    )


def extreme(rows, place, sign, least):
    """The most (sign 1) or least (-1) one number can be, by linear programming in fractions; None is without end.

    The simplex method with Bland's rule, over what each number is above `least`.
    """
    rows = [(list(row), value - least * sum(row)) for row, value in reduced(rows)]
    width = len(rows[0][0]) if rows else 0
    tableau = []
    for number, (row, value) in enumerate(rows):
        turn = -1 if value < 0 else 1
        artificial = [Fraction(other == number) for other in range(len(rows))]
        tableau.append([turn * factor for factor in row] + artificial + [turn * value])
    basis = [width + number for number in range(len(rows))]
    # First the artificial variables go: there is a solution, the true table.
    _climb(tableau, basis, [Fraction(0)] * width + [Fraction(-1)] * len(rows), width + len(rows))
    goal = [Fraction(sign * (other == place)) for other in range(width)] + [Fraction(0)] * len(rows)
    for number, column in enumerate(basis):
        if column >= width:
            swap = next((other for other in range(width) if tableau[number][other]), None)
            if swap is not None:
                _pivot(tableau, basis, number, swap)
    top = _climb(tableau, basis, goal, width)
    return None if top is None else sign * top + least


def _climb(tableau, basis, goal, usable):
    while True:
        gains = (
            goal[column] - sum(goal[basis[n]] * tableau[n][column] for n in range(len(basis)))
            for column in range(usable)
        )
        enter = next((column for column, gain in enumerate(gains) if gain > 0), None)
        if enter is None:
            return sum(goal[basis[n]] * tableau[n][-1] for n in range(len(basis)))
        leave = min(
            (n for n in range(len(basis)) if tableau[n][enter] > 0),
            key=lambda n: (tableau[n][-1] / tableau[n][enter], basis[n]),
            default=None,
        )
        if leave is None:
            return None
        _pivot(tableau, basis, leave, enter)


def _pivot(tableau, basis, leave, enter):
    lead = tableau[leave][enter]
    tableau[leave] = [cell / lead for cell in tableau[leave]]
    for number, row in enumerate(tableau):
        if number != leave and row[enter]:
            factor = row[enter]
            tableau[number] = [cell - factor * mine for cell, mine in zip(row, tableau[leave], strict=True)]
    basis[leave] = enter
