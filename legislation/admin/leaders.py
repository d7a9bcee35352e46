"""Chamber leaders in the staff desk: who holds which office of leadership, and since when."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from legislation.models import ChamberLeader
from partners.admin.base import PartnersAdmin
from partners.admin.history import HistoryAdmin

_LABELS = {"holds": "success", "left": "danger", "coming": "info", "past": "info"}


class StandingFilter(admin.SimpleListFilter):
    """Shows who holds an office today, and rows that need staff, unless they ask for more."""

    title = _("office")
    parameter_name = "office"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("left", _("held by somebody who left")), ("past", _("over")), ("all", _("all"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        if self.value() == "all":
            return queryset
        if self.value() == "past":
            return queryset.filter(until__lt=today)
        if self.value() == "left":
            return queryset.filter(pk__in=ChamberLeader.objects.of_those_who_left(today).values("pk"))
        return queryset.exclude(until__lt=today)


@admin.register(ChamberLeader)
class ChamberLeaderAdmin(HistoryAdmin, PartnersAdmin):
    """No source brings them. Calls that ask the leaders read this list anew for each visitor."""

    list_display = ["title", "legislator", "chamber", "since", "until", "standing"]
    list_filter = [StandingFilter, "chamber"]
    list_select_related = ["legislator"]
    search_fields = ["title", "legislator__name"]
    autocomplete_fields = ["legislator"]
    fieldsets = [
        (
            None,
            {
                "fields": ["legislator", "chamber", "title", "since", "until", "source_url"],
                "description": _(
                    "When the office changes hands, enter the last day here and add a row for the successor. Calls "
                    "to action that ask the leaders of a chamber follow by themselves."
                ),
            },
        ),
    ]

    @display(description=_("today"), label=_LABELS)
    def standing(self, leader: ChamberLeader) -> tuple[str, object]:
        today = timezone.localdate()
        if leader.until is not None and leader.until < today:
            return "past", _("over")
        if leader.since > today:
            return "coming", _("begins later")
        if not leader.legislator.is_current or leader.legislator.chamber != leader.chamber:
            return "left", _("left the chamber: enter the last day")
        return "holds", _("holds the office")
