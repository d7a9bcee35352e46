"""Areas, counties and sub-sectors: the lists that partners are sorted by."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from partners.admin.base import PartnersAdmin, PublicPageMixin
from partners.fiscal_year import FiscalYear
from partners.models import Area, County, SubSector, UnderrepresentedSubSector


class CountedAdmin(PublicPageMixin, PartnersAdmin):
    """A list with the number of active partners in each row."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        active = Count("organizations", filter=Q(organizations__status="active"))
        return super().get_queryset(request).annotate(partners=active)

    @display(description=_("active partners"), ordering="partners")
    def partner_count(self, row: Area | County | SubSector) -> int:
        return row.partners


@admin.register(Area)
class AreaAdmin(CountedAdmin):
    list_display = ["name", "partner_count", "order"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(County)
class CountyAdmin(CountedAdmin):
    list_display = ["name", "area", "partner_count", "fips"]
    list_filter = ["area"]
    list_select_related = ["area"]
    search_fields = ["name", "fips"]
    autocomplete_fields = ["area"]


@admin.register(SubSector)
class SubSectorAdmin(CountedAdmin):
    list_display = ["name", "partner_count", "order"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(UnderrepresentedSubSector)
class UnderrepresentedSubSectorAdmin(PartnersAdmin):
    """The list of each fiscal year. Numbers of a year read the list of that year."""

    list_display = ["sub_sector", "shown_year", "note"]
    list_filter = ["fiscal_year"]
    list_select_related = ["sub_sector"]
    search_fields = ["sub_sector__name", "note"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"fiscal_year": FiscalYear.current().year, **super().get_changeform_initial_data(request)}

    @display(description=_("fiscal year"), ordering="fiscal_year")
    def shown_year(self, row: UnderrepresentedSubSector) -> str:
        return str(FiscalYear(row.fiscal_year))
