"""Which seats stand for a point or a ZIP code; how districts are drawn."""

import math
import re
import threading

import numpy as np
import pytest
import shapely

from legislation.chambers import senate_district
from legislation.models import District, ZipCode
from legislation.places.district_plans import outlines
from legislation.places.geography import (
    Seats,
    city_candidates,
    current_atlas,
    houses_near,
    seats_at,
    seats_at_many,
    zip_areas,
    zip_candidates,
)
from legislation.places.maps import district_map
from legislation.places.projection import from_map, looks_swapped, square_miles, svg_path, to_map
from legislation.records import ZipCodeRecord
from legislation.services.imports import import_records
from legislation.services.imports.places import ZipCodeImporter
from legislation.sources import SOURCES, ReadOptions
from tests.legislation.plans import MIDDLE, WEST, house_box, inside, load_plan, plan_records, take_in, zip_at
from tests.realdata import DISTRICTS, ZIP_CODES, realdata

pytestmark = pytest.mark.django_db


def test_a_point_has_both_seats():
    load_plan()
    for house in (1, 2, 57, 118):
        assert seats_at(*inside(house)) == Seats(house, senate_district(house))


def test_many_points_at_once_keep_their_order():
    load_plan()
    houses = [118, 3, 3, 77, 1]
    points = [inside(house) for house in houses]
    points.insert(2, (45.0, -100.0))
    answers = seats_at_many(points)
    assert [seats.house for seats in answers] == [118, 3, None, 3, 77, 1]
    assert answers == [seats_at(*point) for point in points]
    assert seats_at_many([]) == []


def test_a_point_on_a_border_goes_to_the_lowest_number_and_names_the_others():
    load_plan()
    west_of_3 = house_box(3).bounds[0]
    assert seats_at(38.7, west_of_3) == Seats(1, 1, border=(3,))
    # Four districts meet here.
    assert seats_at(MIDDLE, west_of_3) == Seats(1, 1, border=(2, 3, 4))
    assert houses_near(MIDDLE, west_of_3, 0.1) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("lat", "lng"),
    [
        (45.0, -93.0),
        (-90.3, 39.0),
        (0, 0),
        (math.nan, -90.0),
        (39.0, math.nan),
        (math.inf, -math.inf),
        (999, 999),
    ],
)
def test_what_lies_elsewhere_or_is_no_place_has_no_seats(lat, lng):
    load_plan()
    assert seats_at(lat, lng) == Seats(None, None)
    assert houses_near(lat, lng, 1) == []


def test_numbers_in_the_wrong_order_are_noticed():
    assert looks_swapped(-90.3, 39.0)
    assert not looks_swapped(39.0, -90.3)
    assert not looks_swapped(math.nan, 39.0)
    assert not looks_swapped(51.5, -0.1)


def test_without_a_plan_nothing_is_known():
    assert current_atlas() is None
    assert seats_at(*inside(1)) == Seats(None, None)
    assert seats_at_many([inside(1)]) == [Seats(None, None)]
    assert zip_candidates("62701") is None
    assert city_candidates("Samplefield") is None


def test_a_changed_plan_is_noticed():
    load_plan()
    assert seats_at(38.2, WEST + 0.01).house == 1
    # The border between 1 and 2 moves south.
    low, high = house_box(1).bounds, house_box(2).bounds
    load_plan(
        shapes={
            ("lower", 1): shapely.box(low[0], 38.0, low[2], 38.1),
            ("lower", 2): shapely.box(high[0], 38.1, high[2], 41.0),
        }
    )
    assert seats_at(38.2, WEST + 0.01).house == 2


def test_the_senate_seat_follows_from_the_house_seat_where_the_drawings_differ():
    """Senate 1 is drawn a hair too wide, as real plans are: House 3 beside it still belongs to Senate 2."""
    west, south, east, north = shapely.bounds(shapely.union_all([house_box(1), house_box(2)]))
    load_plan(shapes={("upper", 1): shapely.box(west, south, east + 0.00003, north)})
    assert seats_at(38.7, east + 0.00002) == Seats(3, 2)


def test_a_crack_between_two_drawings_belongs_to_a_neighbor():
    """Borders that were drawn twice leave gaps of some meters; nobody lives nowhere."""
    east = house_box(1).bounds[2]
    crack = shapely.box(east - 0.00005, 38.5, east, 38.9)
    load_plan(shapes={("lower", 1): shapely.difference(house_box(1), crack)})
    assert seats_at(38.7, east - 0.000025).house in {1, 3}


def test_threads_may_ask_first_at_the_same_time():
    load_plan()
    atlas = current_atlas()
    answers = []

    def ask():
        points = [inside(house) for house in range(1, 119)]
        answers.append(
            [seats.house for seats in atlas.locate([p[1] for p in points], [p[0] for p in points])]
        )

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [list(range(1, 119))] * 8


# --- ZIP codes -------------------------------------------------------------------------------------------------------


def test_a_zip_code_names_candidates_the_likeliest_first():
    load_plan()
    # Two ZIP codes share the state: the border between their areas runs between column 10 and column 49.
    zip_at("62001", 19)
    zip_at("62002", 97)
    found = zip_candidates("62001-1234")
    assert found.basis == "area"
    houses = [one.house for one in found.candidates]
    assert {1, 2, 19, 20, 57, 58} <= set(houses)
    assert 97 not in houses
    shares = [one.share for one in found.candidates]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=0.05)
    assert found.candidates[0].senate == senate_district(found.candidates[0].house)


def test_a_po_box_takes_the_districts_of_its_city():
    load_plan()
    zip_at("62001", 1, city="East Sample")
    zip_at("62002", 117, city="West Sample")
    zip_at("62003", None, city="East Sample")
    found = zip_candidates("62003")
    assert found.basis == "city"
    assert found.candidates == zip_candidates("62001").candidates


def test_a_zip_code_without_any_place_says_so():
    load_plan()
    zip_at("62001", 1)
    zip_at("62009", None, city="Nowhere")
    assert zip_candidates("62009").basis == "none"
    assert zip_candidates("62009").candidates == ()
    assert zip_candidates("62999") is None


def test_a_city_has_the_districts_of_all_its_zip_codes():
    load_plan()
    zip_at("62001", 1, city="Samplefield")
    zip_at("62002", 117, city="Samplefield")
    found = city_candidates("  SAMPLEFIELD ")
    assert found.name == "Samplefield"
    assert {one.house for one in found.candidates} == set(range(1, 119))
    assert city_candidates("Elsewhere") is None


def test_new_zip_codes_are_noticed():
    load_plan()
    zip_at("62001", 1)
    assert len(zip_candidates("62001").candidates) > 50
    take_in([ZipCodeRecord("62002", "Samplefield", "", *inside(5))], ZipCodeImporter)
    assert len(zip_candidates("62001").candidates) < 10


# --- Drawing ---------------------------------------------------------------------------------------------------------


def test_the_projection_keeps_areas_and_comes_back():
    # A degree of latitude and longitude at 40 degrees north, by the ellipsoid's formula: 9,484 square kilometers.
    cell = shapely.segmentize(shapely.box(-90, 39.5, -89, 40.5), 0.01)
    assert square_miles(np.array([cell]))[0] * 2.589988 == pytest.approx(9484, rel=0.002)
    x, y = to_map([-87.62, -91.4, -89.2], [41.88, 40.1, 37.0])
    longitude, latitude = from_map(x, y)
    assert longitude == pytest.approx([-87.62, -91.4, -89.2], abs=1e-6)
    assert latitude == pytest.approx([41.88, 40.1, 37.0], abs=1e-6)


def test_a_path_is_whole_numbers_and_closed():
    assert svg_path(shapely.box(0.2, 0.4, 10.4, 5)) == "M10 0l0 5-10 0 0-5z"
    assert svg_path(shapely.Point(1, 1).buffer(0.1)) == ""


def points_of(path: str) -> set[tuple[int, int]]:
    found = set()
    for part in re.findall(r"M([^z]*)z", path):
        start, _l, steps = part.partition("l")
        x, y = (int(number) for number in start.split())
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        found.add((x, y))
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            found.add((x, y))
    return found


def test_neighbors_are_drawn_with_the_same_border():
    paths = outlines({number: house_box(number) for number in range(1, 119)})
    assert len(points_of(paths["lower", 1]) & points_of(paths["lower", 3])) >= 2
    assert points_of(paths["upper", 1]) <= points_of(paths["lower", 1]) | points_of(paths["lower", 2])


def test_a_district_map_marks_its_district_and_numbers_its_neighbors():
    load_plan()
    drawing = district_map(current_atlas(), "upper", 20, None)
    (here,) = [one for one in drawing.districts if one.is_here]
    assert here.number == 20
    assert {19, 21} <= {one.number for one in drawing.districts}
    assert district_map(current_atlas(), "upper", 60, None) is None


@realdata
def test_real_districts_and_their_neighbors_are_numbered_where_there_is_room(real_plan):
    for chamber, number in (("lower", 25), ("lower", 117), ("upper", 59)):
        drawing = district_map(current_atlas(), chamber, number, zip_areas())
        labels = {one.number: one.label for one in drawing.districts}
        assert labels[number]
        assert len([label for label in labels.values() if label]) > 1
        assert all(0 < name.x < drawing.width and 0 < name.y < drawing.height for name in drawing.names)
        assert drawing.names


# --- The real plan ---------------------------------------------------------------------------------------------------


@pytest.fixture
def real_plan():
    import_records(SOURCES["districts"].read(ReadOptions(location=str(DISTRICTS))), source="districts")
    import_records(SOURCES["zip-codes"].read(ReadOptions(location=str(ZIP_CODES))), source="zip-codes")


@realdata
def test_every_point_of_real_districts_has_its_seats(real_plan):
    rows = list(District.objects.current())
    assert len(rows) == 118 + 59
    for row in rows:
        middle = shapely.point_on_surface(shapely.from_wkb(bytes(row.geometry)))
        seats = seats_at(middle.y, middle.x)
        assert (seats.house if row.chamber == "lower" else seats.senate) == row.number


@realdata
def test_no_place_in_illinois_is_nowhere(real_plan):
    """Points along the borders and beside them, where drawings differ by meters."""
    atlas = current_atlas()
    state = shapely.union_all(atlas.houses)
    borders = shapely.get_coordinates(shapely.boundary(atlas.houses))[::7]
    moved = np.concatenate([borders, borders + 2e-5, borders - 2e-5])
    within = moved[shapely.contains_xy(shapely.buffer(state, -1e-4), moved[:, 0], moved[:, 1])]
    answers = atlas.locate(within[:, 0], within[:, 1])
    assert len(answers) > 5000
    assert all(seats.house for seats in answers)
    assert all(seats.senate == senate_district(seats.house) for seats in answers)


@realdata
def test_the_real_map_is_small_enough_for_a_page(real_plan):
    drawn = District.objects.current().filter(chamber="lower").values_list("outline", flat=True)
    assert all(drawn)
    assert sum(map(len, drawn)) <= 60_000


@realdata
def test_the_real_areas_add_up_to_illinois(real_plan):
    # Land and inland water without Lake Michigan: 57,914 - 1,564 square miles (Census).
    houses = District.objects.current().filter(chamber="lower")
    assert sum(houses.values_list("square_miles", flat=True)) == pytest.approx(56_350, rel=0.002)


@realdata
def test_a_real_zip_code_lies_in_several_districts(real_plan):
    found = zip_candidates("60647")
    assert found.city == "Chicago"
    assert {3, 4, 39} <= {one.house for one in found.candidates}
    with_point = ZipCode.objects.exclude(latitude=None)
    assert all(zip_candidates(row.zip_code).candidates for row in with_point)


@realdata
def test_well_known_real_places(real_plan):
    # The Capitol in Springfield, and Chicago's City Hall.
    assert seats_at(39.7983, -89.6547) == Seats(96, 48)
    assert seats_at(41.8838, -87.6319) == Seats(6, 3)
    # St. Louis, Lake Michigan, Gary.
    assert [seats_at(*place).house for place in [(38.627, -90.199), (42.0, -87.3), (41.6, -87.34)]] == [
        None
    ] * 3


def test_an_incomplete_plan_is_not_asked():
    take_in(plan_records(without=(("lower", 7),)))
    assert current_atlas() is None
