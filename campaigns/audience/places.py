"""Who stands for somebody, as far as a ZIP code tells: districts by ZIP code, and the names of their members.

A person counts where their own ZIP code lies, or else that of their organization. ZIP codes cross the borders of
districts (see `legislation.places.zip_areas`), so a condition takes all districts that a ZIP code may lie in, and a
message names a district or a legislator only where the ZIP code leaves no doubt.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from campaigns.audience.sql import Sql
from legislation.chambers import SEATS, Chamber, senate_district
from legislation.models import Legislator
from legislation.places.geography import zip_areas
from legislation.places.zip_areas import ZipAreas

PLACE_ZIP = Sql("left(coalesce(nullif(person.zip_code, ''), organization.zip_code), 5)")


def district_choices(chamber: Chamber) -> list[tuple[str, str]]:
    """Every district of a chamber with its member of today."""
    names = dict(Legislator.objects.current().filter(chamber=chamber).values_list("district", "name"))
    return [
        (
            str(number),
            _("%(number)s (%(name)s)") % {"number": number, "name": names[number]}
            if number in names
            else str(number),
        )
        for number in range(1, SEATS[chamber] + 1)
    ]


def zip_codes_of(chamber: Chamber, numbers: Collection[int]) -> list[str]:
    """The ZIP codes that may lie in one of the districts."""
    return sorted(
        zip_code
        for zip_code, houses in _houses_by_zip().items()
        if any(_number(chamber, house) in numbers for house in houses)
    )


@dataclass(frozen=True)
class Represented:
    """One ZIP code's districts and members, each only where there is no doubt."""

    zip_code: str
    house: int | None
    senate: int | None
    representative: str | None
    senator: str | None


def represented() -> list[Represented]:
    """Every ZIP code for which at least the Senate district is sure."""
    sitting = Legislator.objects.current().values_list("chamber", "district", "name")
    names = {(chamber, district): name for chamber, district, name in sitting}
    found = []
    for zip_code, houses in _houses_by_zip().items():
        senates = {senate_district(house) for house in houses}
        house = houses[0] if len(houses) == 1 else None
        senate = senates.pop() if len(senates) == 1 else None
        if senate is not None:
            found.append(
                Represented(
                    zip_code,
                    house,
                    senate,
                    names.get((Chamber.LOWER, house)),
                    names.get((Chamber.UPPER, senate)),
                )
            )
    return found


def _number(chamber: Chamber, house: int) -> int:
    return house if chamber == Chamber.LOWER else senate_district(house)


def _houses_by_zip() -> dict[str, tuple[int, ...]]:
    """The House districts that each ZIP code may lie in; nothing while no plan is loaded."""
    areas = zip_areas()
    return _candidates(areas) if areas is not None else {}


@lru_cache(maxsize=1)
def _candidates(areas: ZipAreas) -> dict[str, tuple[int, ...]]:
    # `zip_areas` hands out the same object until districts or ZIP codes change.
    found = {}
    for zip_code in areas.points:
        candidates = areas.of_zip(zip_code)
        if candidates is not None and candidates.candidates:
            found[zip_code] = tuple(one.house for one in candidates.candidates)
    return found
