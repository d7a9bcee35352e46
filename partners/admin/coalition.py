"""The coalition's own facts: one row, the board and staff, the allies."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile

from partners.admin.base import OnlyOneMixin, PartnersAdmin, PublicPageMixin
from partners.images import clean_logo
from partners.models import Ally, Coalition, TeamMember


class CoalitionForm(forms.ModelForm):
    """The coalition's facts; a new logo is checked and re-encoded as partners' logos are."""

    def clean_logo(self) -> File | bool:
        logo = self.cleaned_data["logo"]
        return clean_logo(logo, max_bytes=settings.LOGO_MAX_BYTES) if isinstance(logo, UploadedFile) else logo


@admin.register(Coalition)
class CoalitionAdmin(OnlyOneMixin, PublicPageMixin, PartnersAdmin):
    """There is one coalition: its list is its form."""

    form = CoalitionForm


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
    prepopulated_fields = {"slug": ["name"]}
