"""Legislators, committees, district plans and ZIP codes: facts that imports bring. Staff may correct two of them."""

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from legislation.models import Committee, CommitteeMembership, DistrictPlan, Legislator, Office, Term, ZipCode
from partners.admin.base import PartnersAdmin, PublicPageMixin, ReadOnlyMixin


class OfficeInline(ReadOnlyMixin, TabularInline):
    model = Office
    fields = readonly_fields = ["kind", "address", "phone", "fax"]
    extra = 0


class TermInline(ReadOnlyMixin, TabularInline):
    model = Term
    fields = readonly_fields = ["chamber", "district", "start", "end"]
    extra = 0


class SeatInline(ReadOnlyMixin, TabularInline):
    """Who sits on a committee, or where a legislator sits."""

    model = CommitteeMembership
    fields = readonly_fields = ["committee", "name", "legislator", "role"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("committee", "legislator")


@admin.register(Legislator)
class LegislatorAdmin(PublicPageMixin, PartnersAdmin):
    """Sources say who sits; staff may put the e-mail address and the website right."""

    list_display = ["name", "party", "chamber", "district", "is_current", "email"]
    list_filter = ["is_current", "chamber", "party"]
    search_fields = ["name", "other_names", "email"]
    inlines = [OfficeInline, SeatInline, TermInline]
    FACTS = ("name", "party", "chamber", "district", "is_current")
    SOURCED = ("ilga_url", "image_url", "other_names", "ocd_id", "slug")
    fieldsets = [
        (None, {"fields": FACTS}),
        (
            _("Where they are reached"),
            {
                "fields": ["email", "website"],
                "description": _(
                    "What you put right here stays until a source itself says something new about this legislator."
                ),
            },
        ),
        (_("From the sources"), {"fields": SOURCED}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [*self.FACTS, *self.SOURCED]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Committee)
class CommitteeAdmin(ReadOnlyMixin, PartnersAdmin):
    """Committees with their seats, as the sources print them."""

    list_display = ["name", "chamber", "parent", "is_current", "seat_count"]
    list_filter = ["chamber", "is_current"]
    list_select_related = ["parent"]
    search_fields = ["name", "other_names"]
    inlines = [SeatInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(seats=Count("memberships"))

    @display(description=_("seats"), ordering="seats")
    def seat_count(self, row: Committee) -> int:
        return row.seats


@admin.register(DistrictPlan)
class DistrictPlanAdmin(ReadOnlyMixin, PartnersAdmin):
    """Plans of districts. A complete plan that fits together comes into force by itself; older ones stay."""

    list_display = ["name", "is_current", "effective_on", "house_count", "senate_count", "loaded_at"]
    fields = ["name", "is_current", "effective_on", "source", "loaded_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super()
            .get_queryset(request)
            .annotate(
                houses=Count("districts", filter=Q(districts__chamber="lower")),
                senates=Count("districts", filter=Q(districts__chamber="upper")),
            )
        )

    @display(description=_("House districts (of 118)"))
    def house_count(self, row: DistrictPlan) -> int:
        return row.houses

    @display(description=_("Senate districts (of 59)"))
    def senate_count(self, row: DistrictPlan) -> int:
        return row.senates


@admin.register(ZipCode)
class ZipCodeAdmin(ReadOnlyMixin, PartnersAdmin):
    """ZIP codes with the one point we know of each."""

    list_display = ["zip_code", "city", "county", "has_point"]
    search_fields = ["zip_code", "city", "county"]

    @display(description=_("has a point"), boolean=True)
    def has_point(self, row: ZipCode) -> bool:
        return row.latitude is not None
