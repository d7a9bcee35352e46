"""Fact sheets beside what they are about: on the pages of districts, and on a partner's own page."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from legislation.chambers import Chamber
from legislation.models import District
from legislation.places.of_partners import zip_places
from partners.models import Organization
from partners.related import Group, Link, beside
from research.fact_sheets.figures import places_of
from research.models import FactSheet
from research.querysets.fact_sheet import FactSheetQuerySet


@beside(District)
def sheet_of_district(district: District, now: datetime) -> Group:
    """The district's own sheet."""
    found = _of_districts().filter(chamber=district.chamber, district=district.number)
    return _group(found)


@beside(Organization)
def sheets_of_partner(organization: Organization, now: datetime) -> Group:
    """The sheets of the two districts in which a partner's ZIP code most likely lies."""
    zip_code = organization.zip_code[:5]
    place = zip_places([zip_code]).get(zip_code) if zip_code else None
    house = place.likeliest(Chamber.LOWER) if place else None
    if house is None:
        return Group("", [])
    numbers = dict(places_of(house)[:2])
    found = _of_districts().filter(district__in=numbers.values())
    return _group(sheet for sheet in found if numbers[sheet.chamber] == sheet.district)


def _of_districts() -> FactSheetQuerySet:
    return FactSheet.objects.published().of_districts().only("title", "slug", "chamber", "district")


def _group(sheets: Iterable[FactSheet]) -> Group:
    links = [Link(sheet.title, sheet.get_absolute_url(), _("one page, as PDF too")) for sheet in sheets]
    return Group(_("Fact sheets"), links)
