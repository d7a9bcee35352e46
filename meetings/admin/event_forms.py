"""What staff enter about an event. The forms check and write nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from meetings.models import Event
from meetings.services.events import MOVED


class EventForm(forms.ModelForm):
    """An event as staff write it; what is wrong stands at its field."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        starts, ends = values.get("starts_at"), values.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("An event ends after it starts."))
        kind = values.get("kind", self.instance.kind)
        if kind == Event.Kind.COUNCIL and "area" in values and not values["area"]:
            self.add_error("area", _("Choose the Local Area Council that meets."))
        audience = values.get("audience")
        if kind == Event.Kind.INTERNAL and audience and audience != Event.Audience.STAFF:
            self.add_error("audience", _("An internal event is for board and staff."))
        return values


class MoveForm(forms.ModelForm):
    """When, where and for how many. The row itself is changed by `services.events.change_event`, under its lock."""

    starts_at = forms.SplitDateTimeField(label=_("Starts"), widget=UnfoldAdminSplitDateTimeWidget)
    ends_at = forms.SplitDateTimeField(label=_("Ends"), widget=UnfoldAdminSplitDateTimeWidget)
    registration_closes_at = forms.SplitDateTimeField(
        label=_("Registration closes"),
        required=False,
        widget=UnfoldAdminSplitDateTimeWidget,
        help_text=_("Empty: when it starts."),
    )

    class Meta:
        model = Event
        fields = list(MOVED)
        widgets = {
            "mode": UnfoldAdminSelectWidget,
            "venue": UnfoldAdminTextInputWidget,
            "street": UnfoldAdminTextInputWidget,
            "city": UnfoldAdminTextInputWidget,
            "join_url": UnfoldAdminURLInputWidget,
            "capacity": UnfoldAdminIntegerFieldWidget,
        }

    def _post_clean(self) -> None:
        """The event stays as it is: what is impossible the service says, which knows how it is by then."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        starts, ends = values.get("starts_at"), values.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("An event ends after it starts."))
        return {name: values[name] for name in MOVED if name in values}


class CancelForm(forms.Form):
    """Why an event does not take place, in words for those who wanted to come."""

    reason = forms.CharField(
        label=_("Why it is cancelled"),
        max_length=300,
        widget=UnfoldAdminExpandableTextareaWidget,
        help_text=_("Stands in the mail and on the event's page."),
    )
