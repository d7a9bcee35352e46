"""What staff enter when they move or change an event. It checks and writes nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from campaigns.models import CallEvent
from campaigns.services.meeting_places import copy_meeting

EVENT_FIELDS = ("starts_at", "ends_at", "place", "online_url", "access", "capacity")


class EventForm(forms.ModelForm):
    """An event as it shall be. The row itself is changed by `services.events.change_event`, under its lock."""

    starts_at = forms.SplitDateTimeField(label=_("Starts"), widget=UnfoldAdminSplitDateTimeWidget)
    ends_at = forms.SplitDateTimeField(label=_("Ends"), widget=UnfoldAdminSplitDateTimeWidget)

    class Meta:
        model = CallEvent
        fields = list(EVENT_FIELDS)
        widgets = {
            "place": UnfoldAdminTextInputWidget,
            "online_url": UnfoldAdminURLInputWidget,
            "access": UnfoldAdminTextInputWidget,
            "capacity": UnfoldAdminIntegerFieldWidget,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("An event ends after it starts."))
        if not cleaned.get("place") and not cleaned.get("online_url"):
            self.add_error("place", _("Say where the event is: a place, an address to join online, or both."))
        return {name: cleaned[name] for name in EVENT_FIELDS if name in cleaned}


class CallEventForm(forms.ModelForm):
    """The event of a draft: entered here, or an event of ours, which brings its own time and place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at"):
            if name in self.fields:
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        meeting = cleaned.get("meeting")
        if meeting:
            self.instance.meeting = meeting
            copy_meeting(self.instance)
            return cleaned | {name: getattr(self.instance, name) for name in EVENT_FIELDS}
        for name in ("starts_at", "ends_at"):
            if name in self.fields and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Enter when, or choose an event of ours."))
        return cleaned
