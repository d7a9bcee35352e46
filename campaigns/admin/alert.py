"""Action alerts: written, looked at, checked, tested, approved, sent, watched."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import connection
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from campaigns.admin.alert_blocks import FIRST_BLOCKS, BlockInline
from campaigns.admin.alert_buttons import AlertButtons
from campaigns.audience import Audience, BadRules
from campaigns.desk import alert_checks, alert_results
from campaigns.desk.alert_forms import AlertForm
from campaigns.desk.alert_sending import moment, who_did_what
from campaigns.merge_fields import MERGE_FIELDS
from campaigns.messages.preview import preview_alert
from campaigns.models import ActionAlert, CallToAction
from campaigns.services.slip_calls import alert_start
from partners.admin.editing import EditorAdmin, once
from partners.admin.history import HistoryAdmin

State = ActionAlert.State
LABELS = {
    "draft": "warning",
    "waiting": "warning",
    "scheduled": "info",
    "sending": "primary",
    "paused": "danger",
    "sent": "success",
    "cancelled": "danger",
    "expired": "danger",
}
ACCOUNTS = ["lobbying", "staff_minutes", "other_cost"]
RECORD = ["state", "send_at", "done_by"]


@admin.register(ActionAlert)
class ActionAlertAdmin(AlertButtons, HistoryAdmin, EditorAdmin):
    form = AlertForm
    change_form_template = "admin/desk/alert_form.html"
    list_display = ["subject", "shown_state", "call_to_action", "send_at", "created_by", "created_at"]
    list_filter = ["state", "call_to_action", "lobbying"]
    list_select_related = ["call_to_action", "created_by"]
    search_fields = ["subject", "call_to_action__title"]
    autocomplete_fields = ["call_to_action"]
    readonly_fields = [
        *RECORD,
        "shown_message",
        "shown_audience",
        "suggested_lobbying",
        "call_to_action_shown",
    ]

    class Media:
        js = ["js/alert-editor.js"]

    def get_fieldsets(self, request: HttpRequest, obj: ActionAlert | None = None) -> list:
        if not self._is_open(request, obj):
            said = ["call_to_action_shown", "shown_message", "shown_audience"]
            return [
                (gettext_lazy("Where it stands"), {"fields": RECORD}),
                (gettext_lazy("For the accountant"), {"fields": ACCOUNTS}),
                (gettext_lazy("What it says"), {"fields": said}),
            ]
        lines = ["call_to_action", "subject", "preheader", "subject_es", "preheader_es"]
        test = ["test", "test_subject", "test_subject_es", ("test_percent", "test_hours")]
        accounts = ["lobbying", *(["suggested_lobbying"] if obj else []), ("staff_minutes", "other_cost")]
        return [
            (gettext_lazy("1. What it says"), {"fields": lines}),
            (gettext_lazy("2. Who gets it"), {"fields": ["rules", "include_subscribers"]}),
            (
                gettext_lazy("3. How it goes out"),
                {"fields": ["in_recipients_window", "rate_per_minute", "reminder_days"]},
            ),
            (gettext_lazy("4. A/B test"), {"fields": test}),
            (gettext_lazy("5. For the accountant"), {"fields": accounts}),
            *([(gettext_lazy("Where it stands"), {"fields": RECORD})] if obj else []),
        ]

    def get_inlines(self, request: HttpRequest, obj: ActionAlert | None = None) -> list:
        return [BlockInline] if self._is_open(request, obj) else []

    def _is_open(self, request: HttpRequest, obj: ActionAlert | None) -> bool:
        """Whether the form is there to write in, and not to read."""
        return obj is None or self.has_change_permission(request, obj)

    def get_formset_kwargs(
        self, request: HttpRequest, obj: ActionAlert, inline: admin.options.InlineModelAdmin, prefix: str
    ) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if obj.pk is None and request.method == "GET":
            kwargs["initial"] = FIRST_BLOCKS
        return kwargs

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/links/", view(self.links), name="campaigns_actionalert_links"),
            *alert_results.result_urls(self),
            *super().get_urls(),
        ]

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        # Somebody approves exactly what was submitted; what was approved stays as it is.
        if isinstance(obj, ActionAlert) and obj.state != State.DRAFT:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        # An alert that was ever submitted or approved is part of the record.
        if isinstance(obj, ActionAlert) and (obj.mailing_id is not None or obj.state == State.WAITING):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict:
        # Deleting many at once would not ask each alert for its state.
        return {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActionAlert]:
        related = ("call_to_action__hearing", "mailing", "created_by", "submitted_by", "approved_by")
        return super().get_queryset(request).select_related(*related)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> ActionAlert | None:
        if request.method == "POST" and connection.in_atomic_block and str(object_id).isdecimal():
            # Held while its form is saved: an approval at this moment would be overwritten by the draft it was.
            list(ActionAlert.objects.select_for_update().filter(pk=object_id).values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def save_model(self, request: HttpRequest, obj: ActionAlert, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address says; an alert about witness slips begins with those who are nearest to its bills."""
        initial = super().get_changeform_initial_data(request)
        number = str(initial.pop("call_to_action", ""))
        is_number = number.isascii() and number.isdecimal() and len(number) < 18
        call = CallToAction.objects.filter(pk=number).first() if is_number else None
        return initial if call is None else alert_start(call) | initial | {"call_to_action": call.pk}

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "call_to_action":
            # These icons would lead away from the draft.
            field.widget.can_add_related = field.widget.can_change_related = False
            field.widget.can_view_related = field.widget.can_delete_related = False
        return field

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        context["merge_fields"] = list(MERGE_FIELDS.values())
        return super().render_change_form(request, context, *args, **kwargs)

    @display(description=gettext_lazy("state"), ordering="state", label=LABELS)
    def shown_state(self, alert: ActionAlert) -> tuple[str, str]:
        return alert.state, alert.get_state_display()

    @display(description=gettext_lazy("call to action"))
    def call_to_action_shown(self, alert: ActionAlert) -> str:
        return alert.call_to_action.title

    @display(description=gettext_lazy("message"))
    @once
    def shown_message(self, alert: ActionAlert) -> SafeString:
        """As it was compiled, or as it was submitted."""
        try:
            html = preview_alert(alert, person=None).light_html
        except ValueError as error:
            return format_html("{}", str(error))
        return format_html(
            '<strong>{}</strong><iframe class="desk-frame" sandbox srcdoc="{}" title="{}"></iframe>',
            alert.subject,
            html,
            _("The message"),
        )

    @display(description=gettext_lazy("audience"))
    @once
    def shown_audience(self, alert: ActionAlert) -> str:
        """The rules in words."""
        try:
            words = Audience.of(alert).describe()
        except BadRules as error:
            return str(error)
        if alert.include_subscribers:
            return _("%(people)s, and subscribers of action alerts") % {"people": words}
        return words

    @display(description=gettext_lazy("suggestion"))
    @once
    def suggested_lobbying(self, alert: ActionAlert) -> str:
        """What the saved words and audience look like to the tax law."""
        found = alert_checks.suggestion(alert)
        return _("%(label)s. %(why)s The decision is yours; ask the accountant when in doubt.") % {
            "label": found.label.capitalize(),
            "why": found.words,
        }

    @display(description=gettext_lazy("who did what"))
    @once
    def done_by(self, alert: ActionAlert) -> SafeString:
        """Who wrote, submitted and approved it, and what was said when it was sent back."""
        lines = [f"{label}: {words}" for label, words in who_did_what(alert)]
        if note := _last_note(alert):
            lines.append(note)
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines))

    def links(self, request: HttpRequest, pk: int) -> HttpResponse:
        return alert_checks.check_links(self, request, self.record(request, str(pk)))


def _last_note(alert: ActionAlert) -> str:
    """What somebody said who sent the alert back, while it is a draft."""
    if alert.state != State.DRAFT:
        return ""
    said = alert.history.exclude(history_change_reason=None).exclude(history_change_reason="").first()
    if said is None:
        return ""
    return _("Sent back by %(who)s, %(at)s: “%(words)s”") % {
        "who": said.history_user or _("somebody who has left"),
        "at": moment(said.history_date),
        "words": said.history_change_reason,
    }
