"""The coalition's own facts: one row, the board and staff, the allies."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from partners.admin.base import PartnersAdmin, PublicPageMixin
from partners.models import Ally, Coalition, TeamMember


@admin.register(Coalition)
class CoalitionAdmin(PublicPageMixin, PartnersAdmin):
    """There is one coalition: its list is its form."""

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        only = Coalition.objects.first()
        if only and self.has_view_or_change_permission(request):
            return HttpResponseRedirect(reverse("admin:partners_coalition_change", args=[only.pk]))
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Coalition.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Coalition, form: object, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)


@admin.register(TeamMember)
class TeamMemberAdmin(PublicPageMixin, PartnersAdmin):
    list_display = ["name", "kind", "role", "organization", "order"]
    list_filter = ["kind"]
    search_fields = ["name", "role", "organization"]


@admin.register(Ally)
class AllyAdmin(PublicPageMixin, PartnersAdmin):
    list_display = ["name", "kind", "website", "order"]
    list_filter = ["kind"]
    search_fields = ["name", "summary"]
