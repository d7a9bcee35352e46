"""Sponsors of trainings in the staff desk, with what each gave and for what."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import StackedInline

from partners.admin.editing import FIELDS, EditorAdmin, RoomySentencesMixin
from partners.admin.history import HistoryAdmin
from trainings.models import TrainingSponsor, TrainingSponsorship
from trainings.pictures import SponsorForm


class SponsorshipInline(RoomySentencesMixin, StackedInline):
    model = TrainingSponsorship
    formfield_overrides = FIELDS
    extra = 0
    fields = ["course", "session", ("amount", "starts_on", "ends_on"), "words"]


@admin.register(TrainingSponsor)
class TrainingSponsorAdmin(HistoryAdmin, EditorAdmin):
    form = SponsorForm
    list_display = ["name", "website", "is_public"]
    list_filter = ["is_public"]
    search_fields = ["name"]
    inlines = [SponsorshipInline]
    fields = ["name", "website", "logo", "summary", "is_public"]

    def has_delete_permission(self, request: HttpRequest, obj: TrainingSponsor | None = None) -> bool:
        used = obj is not None and (obj.sponsorships.exists() or obj.funds.exists())
        return super().has_delete_permission(request, obj) and not used
