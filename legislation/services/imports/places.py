"""Takes in districts and ZIP codes. A new plan is taken into force once it is complete and fits together."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import numpy as np
import shapely
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from legislation.chambers import SEATS, Chamber
from legislation.models import District, DistrictPlan, ZipCode
from legislation.places.district_plans import (
    NotADistrict,
    district_name,
    missing,
    outlines,
    problems,
    read_shape,
)
from legislation.places.projection import AROUND_ILLINOIS, is_around_illinois, looks_swapped, square_miles
from legislation.records import DistrictRecord, ZipCodeRecord
from legislation.services.imports.base import Importer
from partners.models import County

# Every ZIP code of Illinois begins so.
ILLINOIS_ZIP = re.compile(r"6[0-2]\d{3}")


class DistrictImporter(Importer[DistrictRecord]):
    """Districts by plan. The plan in force before stays, with its districts, and so does a plan that is not complete."""

    kind = "district"
    batch_size = 200

    def __init__(self, **arguments: object) -> None:
        super().__init__(**arguments)  # type: ignore[arg-type]
        self._plans: set[str] = set()
        self._changed: set[str] = set()

    def key(self, record: DistrictRecord) -> str:
        return f"{record.plan}: {record.chamber} {record.number}"

    def weight(self, record: DistrictRecord) -> int:
        return len(record.geometry)

    def add(self, record: DistrictRecord) -> None:
        self._plans.add(_plan_name(record))
        super().add(record)

    def write(self, records: list[DistrictRecord]) -> None:
        by_plan: dict[str, list[DistrictRecord]] = defaultdict(list)
        for record in records:
            by_plan[_plan_name(record)].append(record)
        for name, of_plan in by_plan.items():
            self._write_plan(name, of_plan)

    def flush(self) -> None:
        super().flush()
        for name in sorted(self._plans):
            self._settle(name, say=False)

    def retry_waiting(self) -> None:
        """The last thing in a run: names what a plan lacks, and why it is not in force."""
        super().retry_waiting()
        for name in sorted(self._plans):
            self._settle(name, say=True)

    # --- Rows ----------------------------------------------------------------------------------------------------

    def _write_plan(self, name: str, records: list[DistrictRecord]) -> None:
        plan, _created = DistrictPlan.objects.select_for_update().get_or_create(
            name=name, defaults={"loaded_at": timezone.now(), "source": self.source}
        )
        known = {(row.chamber, row.number): bytes(row.geometry) for row in plan.districts.all()}
        rows = []
        for record in records:
            try:
                shape = self._shape(record)
            except NotADistrict as refusal:
                self.summary.reject(self.kind, self.key(record), str(refusal))
                continue
            before = known.get((record.chamber, record.number))
            if before == shapely.to_wkb(shape):
                self.summary.count(self.kind, "unchanged")
                continue
            self.summary.count(self.kind, "added" if before is None else "changed")
            rows.append(_row(plan, record, shape))
        if rows:
            self._changed.add(name)
            District.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["plan", "chamber", "number"],
                update_fields=["geometry", "west", "south", "east", "north", "square_miles"],
            )
            # Neighbors are drawn together, so every drawing of the plan is made anew.
            plan.districts.update(outline="")
            plan.loaded_at = timezone.now()
        effective_on = next((record.effective_on for record in records if record.effective_on), None)
        if rows or (effective_on and effective_on != plan.effective_on):
            plan.effective_on = effective_on or plan.effective_on
            plan.save(update_fields=["loaded_at", "effective_on"])

    def _shape(self, record: DistrictRecord) -> shapely.Geometry:
        """The record's area, mended where its border crosses itself. Raises `NotADistrict`."""
        seats = {chamber.value: seats for chamber, seats in SEATS.items()}
        if not 1 <= record.number <= seats.get(record.chamber, 0):
            raise NotADistrict(
                _("Illinois has no district %(number)s there; the House has 118, the Senate 59.")
                % {"number": record.number}
            )
        shape, fault = read_shape(record.geometry)
        if fault:
            self.summary.reject(
                self.kind,
                district_name(record.chamber, record.number),
                _("Its boundary crosses itself (%(fault)s). It was mended and stored.") % {"fault": fault},
            )
        return shape

    # --- Plans ---------------------------------------------------------------------------------------------------

    @transaction.atomic
    def _settle(self, name: str, *, say: bool) -> None:
        """Takes a plan into force if it can be. `say`: names what is missing or does not fit."""
        plan = DistrictPlan.objects.select_for_update().filter(name=name).first()
        if plan is None:
            return
        districts = list(plan.districts.all())
        numbers: dict[str, set[int]] = defaultdict(set)
        for row in districts:
            numbers[row.chamber].add(row.number)
        lacking = missing(numbers)
        undrawn = any(not row.outline for row in districts)
        if not lacking and plan.is_current and not undrawn and not (say and name in self._changed):
            return
        shapes = {(row.chamber, row.number): shapely.from_wkb(bytes(row.geometry)) for row in districts}
        of_chamber = {
            chamber: {number: shape for (at, number), shape in shapes.items() if at == chamber}
            for chamber in Chamber
        }
        found = lacking or problems(of_chamber[Chamber.LOWER], of_chamber[Chamber.UPPER])
        if not lacking and undrawn:
            _draw(districts, outlines(of_chamber[Chamber.LOWER]))
        if not found:
            reason = _take_into_force(plan)
        else:
            reason = _("It is not in force: its districts are not complete, or do not fit together.")
            if plan.is_current:
                reason = _("It stays in force, but its districts do not fit together.")
        if say:
            for problem in found:
                self.summary.reject(self.kind, f"{problem.name} ({name})", problem.reason)
            if reason:
                self.summary.reject("district plan", name, reason)


def _plan_name(record: DistrictRecord) -> str:
    return record.plan[:120]


def _row(plan: DistrictPlan, record: DistrictRecord, shape: shapely.Geometry) -> District:
    west, south, east, north = (float(value) for value in shapely.bounds(shape))
    return District(
        plan=plan,
        chamber=record.chamber,
        number=record.number,
        geometry=shapely.to_wkb(shape),
        west=west,
        south=south,
        east=east,
        north=north,
        square_miles=float(square_miles(np.array([shape]))[0]),
    )


def _draw(districts: Iterable[District], paths: dict[tuple[str, int], str]) -> None:
    changed = []
    for row in districts:
        path = paths.get((row.chamber, row.number), "")
        if row.outline != path:
            row.outline = path
            changed.append(row)
    District.objects.bulk_update(changed, ["outline"], batch_size=100)


def _take_into_force(plan: DistrictPlan) -> str:
    """Makes a sound plan the one in force, unless a newer one is or its day has not come. Returns why not, or nothing."""
    if plan.is_current:
        return ""
    if plan.effective_on and plan.effective_on > timezone.localdate():
        return _("It is complete, and comes into force on %(day)s.") % {
            "day": date_format(plan.effective_on, "F j, Y")
        }
    current = DistrictPlan.objects.select_for_update().filter(is_current=True).first()
    if current is not None:
        if (plan.effective_on or date.max) < (current.effective_on or date.min):
            return _("It is complete, but %(name)s is newer and stays in force.") % {"name": current.name}
        current.is_current = False
        current.save(update_fields=["is_current"])
    plan.is_current = True
    plan.save(update_fields=["is_current"])
    return ""


class ZipCodeImporter(Importer[ZipCodeRecord]):
    """ZIP codes of Illinois with their place. What a source does not say stays as another source said it."""

    kind = "ZIP code"
    batch_size = 2000
    FIELDS = ("city", "county", "latitude", "longitude")

    def key(self, record: ZipCodeRecord) -> str:
        return record.zip_code

    def weight(self, record: ZipCodeRecord) -> int:
        return (record.latitude is not None) + bool(record.county) + bool(record.city)

    def write(self, records: list[ZipCodeRecord]) -> None:
        known = ZipCode.objects.in_bulk([record.zip_code for record in records])
        counties = {_plain(name): name for name in County.objects.values_list("name", flat=True)}
        changed = []
        for record in records:
            if not ILLINOIS_ZIP.fullmatch(record.zip_code):
                self.summary.reject(
                    self.kind, record.zip_code, _("No ZIP code of Illinois: they begin with 60, 61 or 62.")
                )
                continue
            before = known.get(record.zip_code)
            row = self._row(record, before, counties)
            if before is not None and all(
                getattr(before, name) == getattr(row, name) for name in self.FIELDS
            ):
                self.summary.count(self.kind, "unchanged")
                continue
            self.summary.count(self.kind, "added" if before is None else "changed")
            changed.append(row)
        ZipCode.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["zip_code"], update_fields=list(self.FIELDS)
        )

    def _row(self, record: ZipCodeRecord, before: ZipCode | None, counties: dict[str, str]) -> ZipCode:
        latitude, longitude = self._point(record)
        if latitude is None and before is not None:
            latitude, longitude = before.latitude, before.longitude
        county = counties.get(_plain(record.county), record.county.strip())[:60]
        return ZipCode(
            zip_code=record.zip_code,
            city=_city(record.city) or (before.city if before else ""),
            county=county or (before.county if before else ""),
            latitude=latitude,
            longitude=longitude,
        )

    def _point(self, record: ZipCodeRecord) -> tuple[float | None, float | None]:
        """The record's point, if it is one; a point that cannot be is named and left out."""
        latitude, longitude = record.latitude, record.longitude
        if latitude is None or longitude is None:
            return None, None
        if is_around_illinois(latitude, longitude):
            return latitude, longitude
        if looks_swapped(latitude, longitude):
            reason = _("Its latitude and longitude were in the wrong order and were put right.")
            latitude, longitude = longitude, latitude
        else:
            west, south, east, north = AROUND_ILLINOIS
            reason = _(
                "Its point lies outside %(south)s to %(north)s° north, %(west)s to %(east)s° west. "
                "It is stored without a point."
            ) % {"south": south, "north": north, "west": -east, "east": -west}
            latitude = longitude = None
        self.summary.reject(self.kind, _("ZIP code %(zip)s") % {"zip": record.zip_code}, reason)
        return latitude, longitude


def _city(name: str) -> str:
    """The city as people write it: lists that were typed in capitals come out as `Mchenry`."""
    return re.sub(r"\bMc([a-z])", lambda found: "Mc" + found[1].upper(), name.strip())[:80]


def _plain(county: str) -> str:
    """A county's name as letters only: `St. Clair`, `Saint Clair`; `LaSalle`, `La Salle`."""
    return re.sub(r"[^a-z]", "", re.sub(r"^saint\b", "st", county.strip().casefold()))
