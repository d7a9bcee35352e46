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
