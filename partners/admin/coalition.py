"""The coalition's own facts: one row, the board and staff, the allies."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from partners.admin.base import PartnersAdmin, PublicPageMixin
from partners.images import clean_logo
from partners.models import Ally, Coalition, TeamMember


class CoalitionForm(forms.ModelForm):
    """The coalition's facts; a new logo is checked and re-encoded as partners' logos are."""

    def clean_logo(self) -> File | bool:
        logo = self.cleaned_data["logo"]
        return clean_logo(logo, max_bytes=settings.LOGO_MAX_BYTES) if isinstance(logo, UploadedFile) else logo


@admin.register(Coalition)
class CoalitionAdmin(PublicPageMixin, PartnersAdmin):
    """There is one coalition: its list is its form."""

    form = CoalitionForm

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
