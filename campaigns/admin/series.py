"""Drip series: written while they stand still, looked at, tested, started, stopped, and counted by step."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from campaigns.desk import series as desk
from campaigns.messages.merge import merge_field_problems
from campaigns.models import Series, SeriesStep
from partners.admin.editing import FIELDS, SECOND_ROW, EditorAdmin, RoomySentencesMixin, shown_rich_text
from partners.admin.history import HistoryAdmin

FIELDS_HELP = gettext_lazy(
    "Texts and subjects may hold {{ first_name|Friend }}, {{ last_name }} and {{ organization|your organization }}. "
    "Our postal address and the links to unsubscribe are added by themselves."
)


class StepForm(forms.ModelForm):
    """One message: merge fields that exist, and a button that leads to a page of the portal."""

    class Meta:
        model = SeriesStep
        fields = [
            "days",
            "subject",
            "subject_es",
            "body",
            "body_es",
            "button_label",
            "button_label_es",
            "button_path",
        ]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for name in ("subject", "subject_es", "body", "body_es"):
            for problem in merge_field_problems(answers.get(name) or ""):
                self.add_error(name, problem)
        if answers.get("button_label") and not answers.get("button_path"):
            self.add_error("button_path", _("Enter the page the button opens, such as /take-action/"))
        return answers

    def clean_button_path(self) -> str:
        path = self.cleaned_data["button_path"].strip()
        if path and (not path.startswith("/") or path.startswith("//")):
            raise forms.ValidationError(
                _("Enter a page of this portal, beginning with a slash, such as /take-action/")
            )
        return path


class StepInline(RoomySentencesMixin, StackedInline):
    model = SeriesStep
    form = StepForm
    formfield_overrides = FIELDS
    verbose_name_plural = gettext_lazy("messages, in their order")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "days",
                    ("subject", "subject_es"),
                    "body",
                    "body_es",
                    ("button_label", "button_label_es"),
                    "button_path",
                ],
                "description": FIELDS_HELP,
            },
        )
    ]
    read_fieldsets = [(None, {"fields": ["days", "subject", "subject_es", "shown_body", "shown_body_es"]})]
    readonly_fields = ["shown_body", "shown_body_es"]

    def get_fieldsets(self, request: HttpRequest, obj: Series | None = None) -> list:
        return self.read_fieldsets if obj is not None and obj.is_active else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Series | None = None) -> list[str]:
        return self.readonly_fields if obj is not None and obj.is_active else []

    def get_extra(self, request: HttpRequest, obj: Series | None = None, **kwargs: Any) -> int:
        return 0 if obj is not None else 1

    def has_add_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        return _stands_still(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        return _stands_still(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        return _stands_still(obj) and super().has_delete_permission(request, obj)

    @display(description=gettext_lazy("text"))
    def shown_body(self, step: SeriesStep) -> SafeString:
        return shown_rich_text(step.body)

    @display(description=gettext_lazy("text in Spanish"))
    def shown_body_es(self, step: SeriesStep) -> SafeString | str:
        return shown_rich_text(step.body_es) if step.body_es else "–"


def _stands_still(series: Series | None) -> bool:
    """Whether the series may be written at: one that runs is stopped first."""
    return series is None or not series.is_active


@admin.register(Series)
class SeriesAdmin(HistoryAdmin, EditorAdmin):
    list_display = ["name", "trigger", "topic", "messages", "shown_state"]
    list_select_related = ["topic"]
    search_fields = ["name"]
    inlines = [StepInline]
    fields = ["name", "trigger", "topic", "state", "started_at"]
    readonly_fields = ["state", "started_at"]
    actions_detail = ["numbers", "preview", "start", "stop", "send_test"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        return super().get_queryset(request).annotate(number=Count("steps"))

    def get_actions(self, request: HttpRequest) -> dict:
        # Deleting many at once would not ask each series whether it runs.
        return {}

    def has_change_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        return _stands_still(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        # What went out stays on record.
        unsent = obj is None or obj.started_at is None
        return unsent and super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Series | None = None) -> list[str]:
        # Who has got which message is known for one way to begin.
        return [*self.readonly_fields, *(["trigger"] if obj is not None and obj.started_at else [])]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        series = self.record(request, object_id)
        names = {"preview", "send_test", "stop" if series.is_active else "start"}
        return self.buttons(request, object_id, names | ({"numbers"} if series.started_at else set()))

    def save_model(self, request: HttpRequest, obj: Series, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    @display(description=gettext_lazy("messages"), ordering="number")
    def messages(self, series: Series) -> int:
        return series.number

    @display(
        description=gettext_lazy("state"),
        ordering="is_active",
        label={"running": "success", "stopped": "warning", "new": "info"},
    )
    def shown_state(self, series: Series) -> tuple[str, str]:
        if series.is_active:
            return "running", _("running")
        return ("stopped", _("stopped")) if series.started_at else ("new", _("not started"))

    @display(description=gettext_lazy("state"))
    def state(self, series: Series) -> str:
        return self.shown_state(series)[1]

    @action(description=gettext_lazy("Numbers"), icon="bar_chart", permissions=["view"], url_path="numbers")
    def numbers(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return desk.numbers(self, request, self.record(request, object_id))

    @action(description=gettext_lazy("Preview"), icon="visibility", permissions=["view"], url_path="preview")
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return desk.preview(self, request, self.record(request, object_id))

    @action(
        description=gettext_lazy("Start"),
        icon="play_arrow",
        permissions=["work"],
        url_path="start",
        variant=ActionVariant.PRIMARY,
    )
    def start(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return desk.start(self, request, self.record(request, object_id))

    @action(description=gettext_lazy("Stop"), icon="pause", permissions=["work"], url_path="stop")
    def stop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return desk.stop(self, request, self.record(request, object_id))

    @action(
        description=gettext_lazy("Send me a test"),
        icon="science",
        permissions=["work"],
        url_path="test",
        attrs=SECOND_ROW,
    )
    def send_test(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return desk.send_test(self, request, self.record(request, object_id))
