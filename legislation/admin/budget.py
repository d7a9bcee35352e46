"""Budget years and appropriation asks in the staff desk. Every figure carries its source."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import display

from legislation.models import AppropriationAsk, AppropriationFigure, BudgetYear
from partners.admin.base import PartnersAdmin, PublicPageMixin
from partners.admin.editing import NamedCellsMixin, RoomySentencesMixin
from partners.admin.history import HistoryAdmin


@admin.register(BudgetYear)
class BudgetYearAdmin(RoomySentencesMixin, PublicPageMixin, HistoryAdmin, PartnersAdmin):
    list_display = [
        "__str__",
        "general_revenue_fund",
        "human_services",
        "shown_share",
        "is_baseline",
        "is_enacted",
    ]
    ordering = ["-year"]
    fieldsets = [
        (None, {"fields": ["year", "general_revenue_fund", "human_services", "is_enacted", "is_baseline"]}),
        (gettext_lazy("Where the figures come from"), {"fields": ["source", "source_url", "note"]}),
    ]

    @display(description=gettext_lazy("share of human services"))
    def shown_share(self, year: BudgetYear) -> str:
        return f"{year.share_percent:.1f}%"


class FigureInline(NamedCellsMixin, TabularInline):
    """The money of one ask, a row per fiscal year and step."""

    model = AppropriationFigure
    extra = 1
    fields = ["year", "step", "amount", "on", "source", "source_url"]


@admin.register(AppropriationAsk)
class AppropriationAskAdmin(RoomySentencesMixin, PublicPageMixin, HistoryAdmin, PartnersAdmin):
    list_display = ["name", "agency", "figures_entered", "is_public", "order"]
    list_filter = ["is_public"]
    search_fields = ["name", "purpose", "agency"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["bills"]
    inlines = [FigureInline]
    fieldsets = [
        (
            None,
            {"fields": ["name", "slug", "purpose", "agency", "bills", "credit_text", "is_public", "order"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppropriationAsk]:
        return super().get_queryset(request).annotate(entered=Count("figures"))

    @display(description=gettext_lazy("figures"), ordering="entered")
    def figures_entered(self, ask: AppropriationAsk) -> int:
        return ask.entered
