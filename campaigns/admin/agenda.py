"""Pillars, and the agenda of each year with its priorities and targets."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline, TabularInline
from unfold.decorators import display

from campaigns.models import Agenda, Pillar, Priority, Target
from partners.admin.editing import EditorAdmin, NamedCellsMixin, RoomySentencesMixin


@admin.register(Pillar)
class PillarAdmin(EditorAdmin):
    list_display = ["name", "order"]
    list_editable = ["order"]
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name"]


class PriorityInline(RoomySentencesMixin, StackedInline):
    """The priorities' order and headlines; the text of each has its own page."""

    model = Priority
    extra = 0
    fields = ["title", "pillar", "slug", "summary", ("ask", "reference"), "order"]
    prepopulated_fields = {"slug": ["title"]}
    show_change_link = True
    collapsible = True


class TargetInline(NamedCellsMixin, TabularInline):
    model = Target
    extra = 0
    hide_title = True
    fields = ["field", "text", "order"]


@admin.register(Agenda)
class AgendaAdmin(EditorAdmin):
    list_display = ["title", "year", "is_published", "priority_count", "target_count"]
    list_filter = ["is_published"]
    search_fields = ["title"]
    inlines = [PriorityInline, TargetInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agenda]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                priority_count=Count("priorities", distinct=True),
                target_count=Count("targets", distinct=True),
            )
        )

    @display(description=_("priorities"), ordering="priority_count")
    def priority_count(self, agenda: Agenda) -> int:
        return agenda.priority_count

    @display(description=_("targets"), ordering="target_count")
    def target_count(self, agenda: Agenda) -> int:
        return agenda.target_count


@admin.register(Priority)
class PriorityAdmin(EditorAdmin):
    list_display = ["title", "agenda", "pillar", "ask", "reference"]
    list_filter = ["agenda", "pillar"]
    list_select_related = ["agenda", "pillar"]
    search_fields = ["title", "reference", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["agenda", "pillar", "title", "slug", "summary", "body"]}),
        (_("The ask"), {"fields": ["ask", "ask_detail", "reference", "partners_credited", "order"]}),
    ]
