"""Feedback of a partner on a phase, and what staff enter about projects. The forms check and write nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from mailing.web.forms import PortalFormMixin
from partners.models import Organization
from research.models import PhaseFeedback, PhaseInput, UnderrepresentedGroup

_Verdict = PhaseFeedback.Verdict


class FeedbackForm(PortalFormMixin, forms.Form):
    """What somebody of a partner says about a phase, and for which of their organizations."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("For which organization do you speak?"),
        error_messages={"required": _("Choose your organization.")},
    )
    verdict = forms.ChoiceField(
        label=_("How does this phase look to you?"),
        choices=_Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    text = forms.CharField(
        label=_("Your feedback"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_(
            "Staff read it with your name. What changes because of it is told on the project's page without names."
        ),
        error_messages={"max_length": _("Shorten your text to 3,000 characters. It has %(show_value)d now.")},
    )

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["organization"]
        choice.queryset = organizations
        if len(organizations) == 1:
            # Nothing to ask.
            choice.initial, choice.widget = organizations[0].pk, forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("verdict") not in {None, _Verdict.GOOD} and not values.get("text"):
            self.add_error("text", _("Say what should change, or what concerns you."))
        return values


# --- At the desk ------------------------------------------------------------------------------------------------


class InputForm(forms.ModelForm):
    """What somebody of a group said."""

    class Meta:
        model = PhaseInput
        fields = ["group", "organization", "source", "given_on", "said"]
        widgets = {
            "group": UnfoldAdminSelectWidget,
            "organization": UnfoldAdminSelectWidget,
            "source": UnfoldAdminTextInputWidget,
            "given_on": UnfoldAdminSingleDateWidget,
            "said": UnfoldAdminExpandableTextareaWidget,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = Organization.objects.active().only("name")


class WaiverForm(forms.Form):
    """A group that was not heard, and why."""

    group = forms.ChoiceField(label=_("Group"), widget=UnfoldAdminSelectWidget)
    reason = forms.CharField(
        label=_("Why it was not heard"),
        max_length=400,
        widget=UnfoldAdminExpandableTextareaWidget(),
        help_text=_("It is kept with your name and shown to everybody who works on the project."),
    )

    def __init__(self, *args: Any, groups: list[UnderrepresentedGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [(group.value, group.label) for group in groups]


class StopForm(forms.Form):
    """Why a project stops."""

    reason = forms.CharField(
        label=_("Why it stops"), max_length=300, widget=UnfoldAdminExpandableTextareaWidget()
    )


class OutcomeForm(forms.Form):
    """What came of a partner's feedback."""

    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=300,
        widget=UnfoldAdminExpandableTextareaWidget(),
        help_text=_(
            "The person who gave it reads this sentence. “Nothing changes, because …” is an answer too."
        ),
    )
