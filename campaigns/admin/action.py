"""Actions taken: facts to read, count and take along as a spreadsheet."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from import_export import fields, resources
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV, XLSX
from unfold.admin import ModelAdmin
from unfold.contrib.import_export.forms import ExportForm

from campaigns.models import ActionTaken, UnconfirmedAction
from partners.admin.base import ReadOnlyMixin
from partners.admin.history import HistoryAdmin
from partners.spreadsheets import NeutralCellsMixin


class ActionTakenResource(NeutralCellsMixin, resources.ModelResource):
    """One line per action, with the words staff know the things by."""

    acted = fields.Field(column_name="acted (Chicago time)")
    call_to_action = fields.Field(attribute="call_to_action__title", column_name="call to action")
    first_name = fields.Field(attribute="person__first_name", column_name="first name")
    last_name = fields.Field(attribute="person__last_name", column_name="last name")
    email = fields.Field(attribute="person__email", column_name="e-mail address")
    organization = fields.Field(attribute="organization__name", column_name="organization at that time")
    verified = fields.Field(attribute="get_verified_display", column_name="verified by")

    class Meta:
        model = ActionTaken
        fields = export_order = [
            "reference",
            "acted",
            "call_to_action",
            "first_name",
            "last_name",
            "email",
            "organization",
            "comment",
            "show_name",
            "verified",
            "source_code",
        ]

    def dehydrate_acted(self, action: ActionTaken) -> str:
        return timezone.localtime(action.acted_at).strftime("%Y-%m-%d %H:%M")


@admin.register(ActionTaken)
class ActionTakenAdmin(ReadOnlyMixin, ExportMixin, HistoryAdmin, ModelAdmin):
    list_display = ["person", "call_to_action", "organization", "acted_at", "verified", "source_code"]
    list_filter = ["call_to_action", "verified", ("acted_at", admin.DateFieldListFilter)]
    list_select_related = ["person", "call_to_action", "organization"]
    search_fields = ["reference", "person__email", "person__last_name", "organization__name"]
    date_hierarchy = "acted_at"
    list_per_page = 50
    resource_classes = [ActionTakenResource]
    export_form_class = ExportForm
    formats = [CSV, XLSX]

    def get_export_queryset(self, request: HttpRequest) -> QuerySet[ActionTaken]:
        return super().get_export_queryset(request).select_related("person", "call_to_action", "organization")

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


@admin.register(UnconfirmedAction)
class UnconfirmedActionAdmin(ReadOnlyMixin, ModelAdmin):
    """Answers that wait for their sender. They count nowhere and are erased after a week."""

    list_display = ["email", "call_to_action", "created_at", "mailed_at"]
    list_filter = ["call_to_action"]
    list_select_related = ["call_to_action"]
    search_fields = ["email", "last_name"]
    list_per_page = 50
    exclude = ["consent_text"]

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        # Somebody may ask us to forget them before the week is over.
        return request.user.has_perm("campaigns.delete_unconfirmedaction")
