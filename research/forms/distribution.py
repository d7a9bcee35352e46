"""Forms of the distribution plan in the staff desk. They check what staff enter."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from mailing.errors import CompileError
from partners.errors import NotAllowed
from research.distribution_mail import preview
from research.models import Announcement, DistributionStep
from research.services.distribution import locked_step


class PastDayField(forms.DateField):
    """A day up to today; today where nobody says otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", UnfoldAdminSingleDateWidget)
        kwargs.setdefault("initial", timezone.localdate)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise ValidationError(_now("This day is still to come."))
        return day


class WhyForm(forms.Form):
    """Why something did not come about."""

    why = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        error_messages={"required": _("Say why in a few words.")},
    )


class DoneForm(forms.Form):
    """When a step was taken, and how many it reached."""

    done_on = PastDayField(label=_("Done on"))
    sent_count = forms.IntegerField(
        label=_("Sent or handed out (optional)"),
        required=False,
        min_value=0,
        max_value=10_000_000,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("How many we wrote to, invited or gave it to. Empty where nobody counted."),
    )


class PlanAgainForm(forms.Form):
    """For which day a step is planned now."""

    planned_on = forms.DateField(
        label=_("Planned for"), widget=UnfoldAdminSingleDateWidget, initial=timezone.localdate
    )


class ScheduleForm(forms.Form):
    """When an announcement goes out by itself."""

    send_at = forms.SplitDateTimeField(
        label=_("When"),
        widget=UnfoldAdminSplitDateTimeWidget,
        help_text=_("Chicago time. Who gets it is decided in that moment."),
    )

    def clean_send_at(self) -> datetime:
        send_at: datetime = self.cleaned_data["send_at"]
        if send_at <= timezone.now():
            raise ValidationError(_now("Choose a moment that is still to come."))
        return send_at


class AnnouncementForm(forms.ModelForm):
    """An announcement that can be mailed: of a step that is still planned, with merge fields that somebody fills."""

    class Meta:
        model = Announcement
        fields = ("step", "readers", "topic", "subject", "body")

    def clean(self) -> dict[str, Any] | None:
        said = super().clean() or self.cleaned_data
        step = said.get("step") or getattr(self.instance, "step", None)
        if step is None:
            return said
        try:
            locked_step(step, DistributionStep.State.PLANNED)
        except NotAllowed as refusal:
            raise ValidationError(str(refusal)) from refusal
        if self.errors:
            return said
        try:
            preview(Announcement(**{**said, "step": step}))
        except CompileError as error:
            raise ValidationError(str(error)) from error
        return said
