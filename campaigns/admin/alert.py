"""Action alerts: written, looked at, tested, sent, watched."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from campaigns import staff_alert_views as views
from campaigns.models import ActionAlert
from campaigns.staff_forms import AlertForm
from partners.admin.editing import SECOND_ROW, EditorAdmin, once, shown_rich_text
from partners.models import Membership

# Which buttons an alert has in each state.
BUTTONS = {
    ActionAlert.State.DRAFT: {"preview", "send_test", "send_now", "schedule", "cancel", "copy"},
    ActionAlert.State.SCHEDULED: {"preview", "result", "pause", "cancel", "copy"},
    ActionAlert.State.SENDING: {"preview", "result", "pause", "cancel", "copy"},
    ActionAlert.State.PAUSED: {"preview", "result", "resume", "cancel", "copy"},
    ActionAlert.State.SENT: {"preview", "result", "copy"},
    ActionAlert.State.CANCELLED: {"preview", "result", "copy"},
    ActionAlert.State.EXPIRED: {"preview", "result", "copy"},
}
LABELS = {
    "draft": "warning",
    "scheduled": "info",
    "sending": "primary",
    "paused": "danger",
    "sent": "success",
    "cancelled": "danger",
    "expired": "danger",
}
MERGE_FIELDS_HELP = gettext_lazy(
    "In subject, preheader and text you may write {{ first_name }}, {{ last_name }} and {{ organization }}. "
    "A subscriber whose name we do not know reads “Friend” and “your organization”. "
    "The button to the call to action, its deadline, our postal address and the links to unsubscribe "
    "are added by themselves."
)


@admin.register(ActionAlert)
class ActionAlertAdmin(SimpleHistoryAdmin, EditorAdmin):
    form = AlertForm
    list_display = ["subject", "shown_state", "call_to_action", "send_at", "created_by", "created_at"]
    list_filter = ["state", "call_to_action"]
    list_select_related = ["call_to_action", "created_by"]
    search_fields = ["subject", "call_to_action__title"]
    autocomplete_fields = ["call_to_action"]
    actions_detail = [
        "preview",
        "result",
        "send_now",
        "resume",
        "pause",
        "send_test",
        "schedule",
        "copy",
        "cancel",
    ]

    def get_fieldsets(self, request: HttpRequest, obj: ActionAlert | None = None) -> list:
        record = ["state", "send_at", "approved_by", "approved_at", "created_by", "created_at"]
        if obj is not None and obj.state != ActionAlert.State.DRAFT:
            words = ["call_to_action", "shown_subject", "shown_preheader", "shown_body", "shown_audience"]
            return [(None, {"fields": words}), (gettext_lazy("Where it stands"), {"fields": record})]
        words = ["call_to_action", "subject", "preheader", "body"]
        audience = ["areas", "sub_sectors", "roles", "include_subscribers", "size"]
        return [
            (None, {"fields": words, "description": MERGE_FIELDS_HELP}),
            (gettext_lazy("Audience"), {"fields": audience}),
            (gettext_lazy("Where it stands"), {"fields": record if obj else ["state"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: ActionAlert | None = None) -> list[str]:
        record = ["state", "send_at", "approved_by", "approved_at", "created_by", "created_at"]
        return [*record, "size", "shown_subject", "shown_preheader", "shown_body", "shown_audience"]

    def get_urls(self) -> list:
        count = path(
            "audience/",
            self.admin_site.admin_view(self.count_audience),
            name="campaigns_actionalert_audience",
        )
        problems = path(
            "<int:pk>/recipients.csv",
            self.admin_site.admin_view(self.download),
            name="campaigns_actionalert_csv",
        )
        return [count, problems, *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        if isinstance(obj, ActionAlert) and obj.state != ActionAlert.State.DRAFT:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        # An alert that was ever approved is part of the record.
        if isinstance(obj, ActionAlert) and obj.mailing_id is not None:
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict:
        # Deleting many at once would not ask each alert for its state.
        return {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActionAlert]:
        return super().get_queryset(request).select_related("call_to_action", "mailing")

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        alert = self.record(request, object_id)
        return self.buttons(request, object_id, BUTTONS[ActionAlert.State(alert.state)])

    def save_model(self, request: HttpRequest, obj: ActionAlert, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "call_to_action":
            # The "add" and "change" icons would lead away from the draft.
            field.widget.can_add_related = field.widget.can_change_related = False
            field.widget.can_view_related = False
        return field

    @display(description=gettext_lazy("state"), ordering="state", label=LABELS)
    def shown_state(self, alert: ActionAlert) -> tuple[str, str]:
        return alert.state, alert.get_state_display()

    @display(description=gettext_lazy("text"))
    def shown_body(self, alert: ActionAlert) -> SafeString:
        return shown_rich_text(alert.body)

    @display(description=gettext_lazy("subject"))
    def shown_subject(self, alert: ActionAlert) -> str:
        return alert.subject

    @display(description=gettext_lazy("preheader"))
    def shown_preheader(self, alert: ActionAlert) -> str:
        return alert.preheader

    @display(description=gettext_lazy("audience"))
    @once
    def shown_audience(self, alert: ActionAlert) -> str:
        """The filter in one line, such as "Lake and McHenry; all sub-sectors; advocate"."""
        roles = [str(Membership.Role(role).label) for role in alert.roles]
        parts = [
            ", ".join(map(str, alert.areas.all())) or _("all areas"),
            ", ".join(map(str, alert.sub_sectors.all())) or _("all sub-sectors"),
            ", ".join(roles) or _("all roles"),
        ]
        if alert.include_subscribers:
            parts.append(_("and subscribers of action alerts"))
        return "; ".join(parts)

    @display(description=gettext_lazy("how many that is"))
    @once
    def size(self, alert: ActionAlert) -> SafeString:
        """Counted anew whenever a box of the audience changes; without JavaScript, after saving."""
        return format_html(
            '<div id="audience-size" hx-get="{}" hx-trigger="load, change from:form delay:300ms" '
            "hx-include=\"[name='areas'],[name='sub_sectors'],[name='roles'],[name='include_subscribers']\">"
            "{}</div>",
            reverse("admin:campaigns_actionalert_audience"),
            views.saved_audience_words(alert),
        )

    def count_audience(self, request: HttpRequest) -> HttpResponse:
        return views.count_audience(self, request)

    def download(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        return views.download(self, request, self.record(request, str(pk)))

    @action(description=gettext_lazy("Preview"), icon="visibility", permissions=["view"], url_path="preview")
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return views.preview(self, request, self.record(request, object_id))

    @action(description=gettext_lazy("Result"), icon="bar_chart", permissions=["view"], url_path="result")
    def result(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return views.result(self, request, self.record(request, object_id))

    @action(
        description=gettext_lazy("Send me a test"),
        icon="science",
        permissions=["work"],
        url_path="test",
        attrs=SECOND_ROW,
    )
    def send_test(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return views.send_test(self, request, self.record(request, object_id))

    @action(
        description=gettext_lazy("Send now"),
        icon="send",
        permissions=["work"],
        url_path="send",
        variant=ActionVariant.PRIMARY,
    )
    def send_now(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return views.send_now(self, request, self.record(request, object_id))

    @action(
        description=gettext_lazy("Schedule"),
        icon="schedule",
        permissions=["work"],
        url_path="schedule",
        attrs=SECOND_ROW,
    )
    def schedule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return views.schedule(self, request, self.record(request, object_id))

    @action(
        description=gettext_lazy("Pause"),
        icon="pause",
        permissions=["work"],
        url_path="pause",
    )
    def pause(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return views.pause(self, request, self.record(request, object_id))

    @action(
        description=gettext_lazy("Resume"),
        icon="play_arrow",
        permissions=["work"],
        url_path="resume",
        variant=ActionVariant.PRIMARY,
    )
    def resume(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return views.resume(self, request, self.record(request, object_id))

    @action(
        description=gettext_lazy("Cancel this alert"),
        icon="cancel",
        permissions=["work"],
        url_path="cancel",
        attrs=SECOND_ROW,
        variant=ActionVariant.DANGER,
    )
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return views.cancel(self, request, self.record(request, object_id))

    @action(
        description=gettext_lazy("Copy as a new draft"),
        icon="content_copy",
        permissions=["work"],
        url_path="copy",
        attrs=SECOND_ROW,
    )
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return views.copy(self, request, self.record(request, object_id))
