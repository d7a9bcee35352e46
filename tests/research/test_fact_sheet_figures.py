"""What partners report, by district: what may be read gives nothing away that is withheld, also not next year."""

import random
from collections.abc import Mapping
from datetime import timedelta

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners.fiscal_year import FiscalYear
from partners.models import ProfileAnswer
from research.fact_sheets.figures import STATE, Place, Tally, newest_figures, sums, withheld_places
from research.models import DistrictFigure
from research.services.fact_sheet_figures import count_finished_year
from surveys.suppression import withheld_cells
from tests.factories.partners import OrganizationFactory
from tests.research.fact_sheet_places import load_places, zip_of

LAST_YEAR = FiscalYear.current().previous()


# --- Nobody can work out what is withheld ----------------------------------------------------------------------------


def made_up(chance: random.Random, seats: int) -> dict[Place, int]:
    """How many partners answered in each district: mostly few, as in life, with all sums."""
    house = {("lower", number): _some(chance) for number in range(1, 2 * seats + 1)}
    senate = {
        ("upper", number): house["lower", 2 * number - 1] + house["lower", 2 * number]
        for number in range(1, seats + 1)
    }
    return {**house, **senate, STATE: sum(senate.values())}


def _some(chance: random.Random) -> int:
    return chance.choice(
        [0, 0, chance.randrange(4), chance.randrange(14), chance.randrange(30), chance.randrange(90)]
    )


def ranges(numbers: Mapping[Place, int], hidden: set[Place], seats: int) -> dict[Place, tuple[int, int]]:
    """What a reader can say about each hidden number from all that is shown: its least and its greatest value.

    The sums make a tree, so passing bounds up and down until nothing moves finds them exactly.
    """
    most = sum(numbers.values()) + 100
    low = {key: 0 if key in hidden else number for key, number in numbers.items()}
    high = {key: most if key in hidden else number for key, number in numbers.items()}
    moved = True
    while moved:
        moved = False
        for total, parts in sums(seats):
            for key, others, sign in [(total, parts, 1)] + [
                (part, [other for other in parts if other != part], -1) for part in parts
            ]:
                least = sum(low[other] for other in others)
                greatest = sum(high[other] for other in others)
                if sign < 0:
                    least, greatest = low[total] - greatest, high[total] - least
                if least > low[key] or greatest < high[key]:
                    low[key], high[key] = max(low[key], least), min(high[key], greatest)
                    moved = True
    return {key: (low[key], high[key]) for key in hidden}


def solved(numbers: Mapping[Place, int], hidden: set[Place], seats: int) -> set[Place]:
    """Hidden cells that linear algebra alone works out: those on which all solutions agree."""
    keys = sorted(hidden)
    if not keys:
        return set()
    rows = [
        [float((key in parts) - (key == total)) for key in keys]
        for total, parts in sums(seats)
        if hidden & {total, *parts}
    ]
    _u, values, directions = np.linalg.svd(np.array(rows))
    free = directions[int((values > 1e-9).sum()) :]
    return {key for index, key in enumerate(keys) if not np.any(np.abs(free[:, index]) > 1e-9)}


@pytest.mark.parametrize("seed", range(4))
def test_no_hidden_number_can_be_worked_out_in_thousands_of_tables(seed):
    chance = random.Random(seed)
    hidden_cells = 0
    for _table in range(1000):
        seats = chance.randint(1, 9)
        numbers = made_up(chance, seats)
        hidden = withheld_cells(numbers, [], sums(seats))
        hidden_cells += len(hidden)
        assert not [key for key, number in numbers.items() if 0 < number < 10 and key not in hidden]
        assert not solved(numbers, hidden, seats)
        for key, (least, greatest) in ranges(numbers, hidden, seats).items():
            assert least <= numbers[key] <= greatest  # The attacker reasons rightly …
            assert greatest - least >= 4, (numbers, hidden, key)  # … and cannot tell among five numbers.
    assert hidden_cells > 4000


@pytest.mark.parametrize("seed", range(6))
def test_nor_in_tables_of_the_whole_state(seed):
    numbers = made_up(random.Random(seed), 59)
    hidden = withheld_places({key: Tally(number, 20 * number) for key, number in numbers.items()})
    assert hidden
    assert not solved(numbers, hidden, 59)
    assert all(greatest - least >= 4 for least, greatest in ranges(numbers, hidden, 59).values())
    assert len(hidden) < len(numbers)  # Something is left to read.


def test_ten_partners_with_fewer_than_ten_people_among_them_show_nothing():
    tallies = {("lower", 1): Tally(12, 4), ("upper", 1): Tally(12, 4), STATE: Tally(12, 4)}
    assert {*tallies} <= withheld_places(tallies)


# --- Counted once ----------------------------------------------------------------------------------------------------


@pytest.fixture
def plan(db):
    load_places()


def partners_in(zip_code: str, staff: list[int], at=None) -> None:
    """Partners with their seat there; each says how many people it employs."""
    for number in staff:
        ProfileAnswer.objects.create(
            organization=OrganizationFactory(zip_code=zip_code),
            marker=ProfileAnswer.Marker.EMPLOYED,
            number=number,
            answered_at=at or LAST_YEAR.start + timedelta(days=30),
        )


def test_a_district_beside_a_small_one_is_shown_only_together_with_it(plan):
    partners_in(zip_of(3), [10] * 14)
    partners_in(zip_of(4), [5] * 3)
    partners_in(zip_of(11), [7] * 20)
    assert count_finished_year(now=timezone.now()) > 0
    figures = newest_figures()
    assert figures.year == LAST_YEAR
    assert figures.employed(("lower", 3)) is None  # Else the other three partners' sum would be 155 - 140.
    assert figures.employed(("lower", 4)) is None
    together = figures.employed(("upper", 2))
    assert together is not None
    assert (together.amount, together.reported, together.partners) == (155, 17, 17)
    alone = figures.employed(("lower", 11))
    assert alone is not None
    assert (alone.amount, alone.reported) == (140, 20)


def test_a_year_is_counted_once_from_its_own_newest_answers(plan):
    partners_in(zip_of(11), [7] * 12)
    partners_in(zip_of(11), [100], at=LAST_YEAR.end + timedelta(days=1))  # The year after.
    partners_in(zip_of(11), [100], at=LAST_YEAR.start - timedelta(days=1))  # The year before.
    one = OrganizationFactory(zip_code=zip_of(11))
    for days, number in ((10, 500), (40, 9)):
        ProfileAnswer.objects.create(
            organization=one,
            marker="employed",
            number=number,
            answered_at=LAST_YEAR.start + timedelta(days=days),
        )
    ProfileAnswer.objects.create(
        organization=OrganizationFactory(zip_code=zip_of(11)),
        marker="employed",
        declined=True,
        answered_at=LAST_YEAR.start + timedelta(days=3),
    )
    count_finished_year(now=timezone.now())
    before = newest_figures().employed(("lower", 11))
    assert before is not None
    assert (before.amount, before.reported, before.partners) == (7 * 12 + 9, 13, 16)
    # Whoever answers late changes nothing: the difference of two sheets would be that one answer.
    partners_in(zip_of(11), [1234])
    assert count_finished_year(now=timezone.now()) == 0
    assert newest_figures().employed(("lower", 11)) == before


def test_populations_that_few_name_are_not_told(plan):
    at = LAST_YEAR.start + timedelta(days=3)
    for number in range(12):
        ProfileAnswer.objects.create(
            organization=OrganizationFactory(zip_code=zip_of(11)),
            marker="populations",
            values=["families", "veterans"] if number < 4 else ["families"],
            answered_at=at,
        )
    count_finished_year(now=timezone.now())
    assert newest_figures().populations(("lower", 11)) == [("Families", 12)]


def test_without_districts_nothing_is_counted(db):
    assert count_finished_year(now=timezone.now()) == 0
    assert newest_figures().year is None


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("districtfigure_small_is_withheld", {"reported": 9}),
        ("districtfigure_has_place", {"district": 0}),
        ("districtfigure_has_place", {"chamber": ""}),
    ],
)
def test_what_must_hold_of_a_figure(db, name, wrong):
    right = {
        "fiscal_year": 2026,
        "measure": "employed",
        "chamber": "lower",
        "district": 5,
        "partners": 20,
        "reported": 12,
        "is_withheld": False,
        "counted_at": timezone.now(),
    }
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        DistrictFigure.objects.create(**right | wrong)
    DistrictFigure.objects.create(**right)
    with pytest.raises(IntegrityError, match="districtfigure_once"), transaction.atomic():
        DistrictFigure.objects.create(**right)
