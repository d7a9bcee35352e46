"""Local Area Councils and collaboratives at the staff desk."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from meetings.models import Collaborative, Council
from partners.admin.base import PartnersAdmin, PublicPageMixin
from partners.admin.editing import EditorAdmin, RoomySentencesMixin
from partners.admin.history import HistoryAdmin


@admin.register(Council)
class CouncilAdmin(HistoryAdmin, EditorAdmin):
    list_display = ["area", "chair", "chair_since", "rhythm", "email"]
    list_select_related = ["area", "chair"]
    search_fields = ["area__name"]
    autocomplete_fields = ["chair"]
    fields = ["area", "chair", "chair_since", "rhythm", "counts_excused", "email", "body"]
    actions_detail = ["equity"]

    def get_readonly_fields(self, request: HttpRequest, obj: Council | None = None) -> list[str]:
        return ["area"] if obj else []

    @action(description=gettext_lazy("Equity panel"), icon="balance", permissions=["view"], url_path="equity")
    def equity(self, request: HttpRequest, object_id: str) -> HttpResponse:
        council = self.record(request, object_id)
        return HttpResponseRedirect(reverse("admin:meetings_eventinvitation_council", args=[council.area_id]))


@admin.register(Collaborative)
class CollaborativeAdmin(RoomySentencesMixin, PublicPageMixin, PartnersAdmin):
    list_display = ["name", "shown_areas", "connected_on", "website"]
    search_fields = ["name", "summary"]
    autocomplete_fields = ["areas"]
    fields = ["name", "areas", "summary", "website", "connected_on", "order"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collaborative]:
        return super().get_queryset(request).prefetch_related("areas")

    @display(description=gettext_lazy("areas"))
    def shown_areas(self, group: Collaborative) -> str:
        return ", ".join(area.name for area in group.areas.all())
