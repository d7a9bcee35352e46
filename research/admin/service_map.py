"""The service map's connections at the staff desk."""

from django.contrib import admin

from partners.admin.editing import EditorAdmin
from partners.admin.history import HistoryAdmin
from research.models import ServiceConnection


@admin.register(ServiceConnection)
class ServiceConnectionAdmin(HistoryAdmin, EditorAdmin):
    list_display = ["source", "target", "how", "finding", "order"]
    list_filter = ["source", "target"]
    list_select_related = ["source", "target", "finding"]
    search_fields = ["source__name", "target__name", "how"]
    autocomplete_fields = ["finding"]
    fields = ["source", "target", "how", "finding", "order"]
