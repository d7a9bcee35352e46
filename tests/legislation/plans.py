"""An invented plan of districts: 59 Senate districts as columns, each cut into a lower and an upper House district.

Everything lies between 38 and 41 degrees north and 91 and 88.05 degrees west. Column 1 is the westernmost; its House
district 1 is the southern half, 2 the northern one.
"""

from collections.abc import Iterator
from datetime import date

import shapely
from django.utils import timezone

from legislation.models import DistrictPlan, ZipCode
from legislation.records import DistrictRecord
from legislation.services.imports import Summary
from legislation.services.imports.places import DistrictImporter

WEST, SOUTH, MIDDLE, NORTH, STEP = -91.0, 38.0, 39.5, 41.0, 0.05
PLAN = "Sample plan (2021-09-24)"


def house_box(number: int) -> shapely.Geometry:
    west = WEST + (number - 1) // 2 * STEP
    south, north = (SOUTH, MIDDLE) if number % 2 else (MIDDLE, NORTH)
    return shapely.box(round(west, 2), south, round(west + STEP, 2), north)


def senate_box(number: int) -> shapely.Geometry:
    west = WEST + (number - 1) * STEP
    return shapely.box(round(west, 2), SOUTH, round(west + STEP, 2), NORTH)


def inside(house: int) -> tuple[float, float]:
    """Latitude and longitude of the middle of a House district."""
    middle = house_box(house).centroid
    return middle.y, middle.x


def plan_records(
    plan: str = PLAN,
    effective_on: date | None = date(2021, 9, 24),
    *,
    without: tuple[tuple[str, int], ...] = (),
    shapes: dict[tuple[str, int], shapely.Geometry] | None = None,
) -> Iterator[DistrictRecord]:
    """All 177 districts; some left out, some of another shape."""
    for chamber, seats, box in (("lower", 118, house_box), ("upper", 59, senate_box)):
        for number in range(1, seats + 1):
            if (chamber, number) not in without:
                shape = (shapes or {}).get((chamber, number), box(number))
                yield DistrictRecord(chamber, number, shapely.to_wkb(shape), plan, effective_on)


def take_in(records, importer=DistrictImporter) -> Summary:
    """One import run over these records."""
    summary = Summary()
    run = importer(source="sample", observed_at=timezone.now(), summary=summary)
    for record in records:
        run.add(record)
    run.flush()
    run.retry_waiting()
    return summary


def load_plan(**arguments) -> DistrictPlan:
    """The sample plan in force."""
    take_in(plan_records(**arguments))
    return DistrictPlan.objects.get(is_current=True)


def zip_at(zip_code: str, house: int | None, city: str = "Samplefield") -> ZipCode:
    """A ZIP code whose point lies in the middle of a House district, or that has no point."""
    lat, lng = inside(house) if house else (None, None)
    return ZipCode.objects.create(
        zip_code=zip_code, city=city, county="Sangamon", latitude=lat, longitude=lng
    )
