"""Taking in districts and ZIP codes: complete plans only, problems by name, nothing twice."""

from datetime import date

import pytest
import shapely
import time_machine

from legislation.models import District, DistrictPlan, SourceRecord, ZipCode
from legislation.places.geography import seats_at
from legislation.records import DistrictRecord, ZipCodeRecord
from legislation.services.imports import import_records
from legislation.services.imports.places import ZipCodeImporter
from legislation.sources import SOURCES, ReadOptions
from partners.models import Area, County
from tests.legislation.plans import PLAN, house_box, inside, load_plan, plan_records, senate_box, take_in
from tests.realdata import DISTRICTS, ZIP_CODES, realdata

pytestmark = pytest.mark.django_db


def rows():
    """Everything these imports write, as the database holds it."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (DistrictPlan, District, ZipCode, SourceRecord)
    ]


def told(summary) -> dict[str, str]:
    return {rejected.identifier: rejected.reason for rejected in summary.rejected}


def test_a_complete_plan_comes_into_force():
    summary = take_in(plan_records())
    assert summary.rejected == []
    assert summary.by_kind == {("district", "added"): 177}
    plan = DistrictPlan.objects.get()
    assert plan.is_current
    assert plan.effective_on == date(2021, 9, 24)
    row = plan.districts.get(chamber="lower", number=1)
    assert (row.west, row.south, row.east, row.north) == house_box(1).bounds
    # 0.05 by 1.5 degrees at 38.75 degrees north, in square miles.
    assert row.square_miles == pytest.approx(279, rel=0.01)
    assert all(plan.districts.values_list("outline", flat=True))


def test_the_same_again_changes_no_row():
    take_in(plan_records())
    before = rows()
    summary = take_in(plan_records())
    assert summary.by_kind == {("district", "unchanged"): 177}
    assert rows() == before


def test_another_source_with_the_same_borders_changes_no_district():
    load_plan()
    before = rows()[:2]
    summary = import_records(plan_records(), source="another")
    assert summary.by_kind == {("district", "unchanged"): 177}
    assert rows()[:2] == before


def test_a_missing_district_is_named_and_the_plan_waits():
    summary = take_in(plan_records(without=(("lower", 7), ("upper", 59))))
    reasons = told(summary)
    assert f"House District 7 ({PLAN})" in reasons
    assert f"Senate District 59 ({PLAN})" in reasons
    assert "not in force" in reasons[PLAN]
    assert len(reasons) == 3
    assert not DistrictPlan.objects.get().is_current
    # It is said again as long as it is so.
    again = take_in(plan_records(without=(("lower", 7), ("upper", 59))))
    assert told(again) == reasons
    # The missing ones come later.
    records = [
        record
        for record in plan_records()
        if (record.chamber, record.number) in {("lower", 7), ("upper", 59)}
    ]
    assert take_in(records).rejected == []
    assert DistrictPlan.objects.get().is_current


def test_house_and_senate_may_come_in_two_runs():
    records = list(plan_records())
    first = take_in(record for record in records if record.chamber == "lower")
    assert len(first.rejected) == 59 + 1
    assert take_in(record for record in records if record.chamber == "upper").rejected == []
    assert DistrictPlan.objects.get().is_current


def test_districts_that_overlap_are_named():
    wide = shapely.union_all([house_box(3), house_box(5)])
    summary = take_in(plan_records(shapes={("lower", 3): wide}))
    reasons = told(summary)
    assert "overlaps House District 5" in reasons[f"House District 3 ({PLAN})"]
    assert "not in force" in reasons[PLAN]
    assert not DistrictPlan.objects.get().is_current


def test_a_house_district_outside_its_senate_district_is_named():
    """House 1 and 3 changed places."""
    summary = take_in(plan_records(shapes={("lower", 1): house_box(3), ("lower", 3): house_box(1)}))
    reasons = told(summary)
    assert "100.0% of it lies outside Senate District 1" in reasons[f"House District 1 ({PLAN})"]
    assert "outside Senate District 2" in reasons[f"House District 3 ({PLAN})"]


def test_a_place_that_no_district_claims_is_named():
    hole = shapely.box(-90.99, 38.5, -90.96, 39.0)
    summary = take_in(plan_records(shapes={("lower", 1): shapely.difference(house_box(1), hole)}))
    assert "belong to no House district" in told(summary)[f"House District 1 ({PLAN})"]


def test_slivers_are_no_problem():
    west, south, east, north = senate_box(10).bounds
    wide = shapely.box(west - 0.00004, south, east + 0.00004, north)
    assert take_in(plan_records(shapes={("upper", 10): wide})).rejected == []


def test_a_border_that_crosses_itself_is_mended_and_said():
    west, south, east, north = house_box(1).bounds
    bow = shapely.Polygon(
        [(west, south), (east, south), (east, north), (west, north), (east, 38.7), (west, south)]
    )
    assert not bow.is_valid
    summary = take_in([DistrictRecord("lower", 1, shapely.to_wkb(bow), PLAN)])
    assert "mended" in told(summary)["House District 1"]
    stored = shapely.from_wkb(bytes(District.objects.get().geometry))
    assert stored.is_valid
    assert summary.by_kind == {("district", "added"): 1}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (DistrictRecord("lower", 119, shapely.to_wkb(house_box(1)), PLAN), "the House has 118"),
        (DistrictRecord("upper", 0, shapely.to_wkb(house_box(1)), PLAN), "the Senate 59"),
        (DistrictRecord("nave", 1, shapely.to_wkb(house_box(1)), PLAN), "no district"),
        (DistrictRecord("lower", 1, b"\x01\x03nonsense", PLAN), "cannot be read"),
        (DistrictRecord("lower", 1, b"", PLAN), "cannot be read"),
        (DistrictRecord("lower", 1, shapely.to_wkb(shapely.Point(-90, 40)), PLAN), "not an area"),
        (DistrictRecord("lower", 1, shapely.to_wkb(shapely.Polygon()), PLAN), "not an area"),
        (DistrictRecord("lower", 1, shapely.to_wkb(shapely.box(39, -91, 40, -90)), PLAN), "wrong order"),
        (DistrictRecord("lower", 1, shapely.to_wkb(shapely.box(3e5, 4e6, 4e5, 5e6)), PLAN), "not in degrees"),
        (DistrictRecord("lower", 1, shapely.to_wkb(shapely.box(-74, 40, -73, 41)), PLAN), "outside Illinois"),
    ],
)
def test_what_cannot_be_a_district_is_refused_by_name(record, reason):
    summary = take_in([record])
    assert reason in told(summary)[f"{record.plan}: {record.chamber} {record.number}"]
    assert not District.objects.exists()
    # It is not remembered as taken in: the next run says it again.
    assert reason in told(take_in([record]))[f"{record.plan}: {record.chamber} {record.number}"]


def test_one_bad_district_keeps_no_other_out():
    records = list(plan_records(without=(("lower", 5),)))
    records.insert(40, DistrictRecord("lower", 5, b"broken", PLAN))
    summary = take_in(records)
    assert summary.by_kind == {("district", "added"): 176}
    assert f"House District 5 ({PLAN})" in told(summary)


# --- One plan after the other ----------------------------------------------------------------------------------------


def test_a_newer_plan_takes_over_and_the_old_one_stays():
    load_plan()
    summary = take_in(plan_records("Plan of 2031", date(2026, 1, 1)))
    assert summary.rejected == []
    assert DistrictPlan.objects.get(is_current=True).name == "Plan of 2031"
    assert DistrictPlan.objects.get(name=PLAN).districts.count() == 177
    assert seats_at(*inside(33)).house == 33


def test_an_older_plan_does_not_take_over():
    load_plan()
    summary = take_in(plan_records("Plan of 2011", date(2011, 6, 3)))
    assert "newer" in told(summary)["Plan of 2011"]
    assert DistrictPlan.objects.get(is_current=True).name == PLAN
    assert District.objects.count() == 2 * 177


def test_a_plan_of_the_future_waits_for_its_day():
    load_plan()
    with time_machine.travel("2030-06-01T12:00:00Z", tick=False):
        summary = take_in(plan_records("Plan of 2031", date(2031, 9, 1)))
        assert "September 1, 2031" in told(summary)["Plan of 2031"]
        assert DistrictPlan.objects.get(is_current=True).name == PLAN
    with time_machine.travel("2031-09-02T12:00:00Z", tick=False):
        assert take_in(plan_records("Plan of 2031", date(2031, 9, 1))).rejected == []
        assert DistrictPlan.objects.get(is_current=True).name == "Plan of 2031"


def test_an_incomplete_new_plan_leaves_the_old_one_in_force():
    load_plan()
    take_in(plan_records("Plan of 2031", date(2026, 1, 1), without=(("upper", 3),)))
    assert DistrictPlan.objects.get(is_current=True).name == PLAN


def test_a_moved_border_is_one_change_and_all_is_drawn_anew():
    plan = load_plan()
    low, high = house_box(1).bounds, house_box(2).bounds
    moved = {
        ("lower", 1): shapely.box(low[0], 38.0, low[2], 38.8),
        ("lower", 2): shapely.box(high[0], 38.8, high[2], 41.0),
    }
    before = plan.districts.get(chamber="lower", number=1).outline
    summary = take_in(plan_records(shapes=moved))
    assert summary.by_kind == {("district", "changed"): 2, ("district", "unchanged"): 175}
    plan.refresh_from_db()
    assert plan.is_current
    assert plan.districts.get(chamber="lower", number=1).outline != before
    assert all(plan.districts.values_list("outline", flat=True))


def test_a_plan_in_force_that_no_longer_fits_together_is_named():
    load_plan()
    wide = shapely.union_all([house_box(3), house_box(5)])
    reasons = told(take_in(plan_records(shapes={("lower", 3): wide})))
    assert "overlaps House District 5" in reasons[f"House District 3 ({PLAN})"]
    assert "stays in force" in reasons[PLAN]
    assert DistrictPlan.objects.get().is_current


# --- ZIP codes -------------------------------------------------------------------------------------------------------


def zips(*records):
    return take_in(records, ZipCodeImporter)


def test_zip_codes_come_in_once():
    records = [
        ZipCodeRecord("62701", "Springfield", "Sangamon", 39.8, -89.65),
        ZipCodeRecord("60001", "Alden", ""),
    ]
    assert zips(*records).by_kind == {("ZIP code", "added"): 2}
    before = rows()
    assert zips(*records).by_kind == {("ZIP code", "unchanged"): 2}
    assert rows() == before
    assert ZipCode.objects.get(pk="60001").latitude is None


def test_what_a_source_does_not_say_stays():
    zips(ZipCodeRecord("62701", "Springfield", "Sangamon", 39.8, -89.65))
    import_records([ZipCodeRecord("62701", "", "", None, None)], source="another")
    row = ZipCode.objects.get()
    assert (row.city, row.county, row.latitude, row.longitude) == ("Springfield", "Sangamon", 39.8, -89.65)


def test_counties_and_cities_are_spelled_as_people_write_them():
    area = Area.objects.create(name="Sample area", slug="sample-area")
    for number, name in enumerate(["McHenry", "St. Clair", "LaSalle"]):
        County.objects.create(name=name, fips=f"1799{number}", area=area)
    zips(
        ZipCodeRecord("60050", "Mchenry", "Mchenry"),
        ZipCodeRecord("62220", "Belleville", "Saint Clair"),
        ZipCodeRecord("61301", "La Salle", "La Salle"),
        ZipCodeRecord("61701", "Bloomington", "Elsewhere"),
    )
    rows = ZipCode.objects.order_by("pk").values_list("city", "county")
    assert list(rows) == [
        ("McHenry", "McHenry"),
        ("La Salle", "LaSalle"),
        ("Bloomington", "Elsewhere"),
        ("Belleville", "St. Clair"),
    ]


def test_points_that_cannot_be_are_named():
    summary = zips(
        ZipCodeRecord("62701", "Springfield", "", -89.65, 39.8),
        ZipCodeRecord("62702", "Springfield", "", 51.5, -0.1),
        ZipCodeRecord("62703", "Springfield", "", float("nan"), -89.0),
        ZipCodeRecord("63101", "St. Louis", "", 38.6, -90.2),
        ZipCodeRecord("6270", "Springfield", ""),
    )
    assert ZipCode.objects.get(pk="62701").latitude == 39.8
    assert ZipCode.objects.get(pk="62702").latitude is None
    assert ZipCode.objects.get(pk="62703").latitude is None
    assert sorted(told(summary)) == ["6270", "63101", "ZIP code 62701", "ZIP code 62702", "ZIP code 62703"]


# --- Real files ------------------------------------------------------------------------------------------------------


@realdata
def test_the_real_districts_and_zip_codes_come_in_whole():
    def run():
        return [
            import_records(SOURCES[name].read(ReadOptions(location=str(path))), source=name)
            for name, path in (("districts", DISTRICTS), ("zip-codes", ZIP_CODES))
        ]

    first = run()
    assert [summary.rejected for summary in first] == [[], []]
    assert [dict(summary.by_kind) for summary in first] == [
        {("district", "added"): 177},
        {("ZIP code", "added"): 1578},
    ]
    assert DistrictPlan.objects.get().is_current
    assert ZipCode.objects.exclude(latitude=None).count() == 1383
    before = rows()
    second = run()
    assert [summary.total("unchanged") for summary in second] == [177, 1578]
    assert rows() == before


def test_the_importers_are_part_of_a_run():
    summary = import_records(plan_records(without=(("lower", 118),)), source="sample")
    assert f"House District 118 ({PLAN})" in told(summary)
