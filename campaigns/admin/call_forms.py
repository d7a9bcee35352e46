"""What staff are asked at the steps of a call to action."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from campaigns.models import CallToAction


class CallSuccessorForm(forms.Form):
    """Which call goes on where this one ends."""

    successor = forms.ModelChoiceField(
        label=_("Continued by"),
        queryset=CallToAction.objects.none(),
        required=False,
        empty_label=_("No call: its visitors see its campaign, or else this page"),
        widget=UnfoldAdminSelectWidget,
        help_text=_("Visitors of the archived page are led to this call."),
    )

    def __init__(self, *args: Any, call: CallToAction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        going_on = CallToAction.objects.filter(status=CallToAction.Status.PUBLISHED).exclude(pk=call.pk)
        self.fields["successor"].queryset = going_on.order_by("-opens_at")


class ReportForm(forms.Form):
    """What is written to those who acted."""

    subject = forms.CharField(label=_("Subject"), max_length=150, widget=UnfoldAdminTextInputWidget)
    text = forms.CharField(
        label=_("Message"),
        max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 12}),
        help_text=_("It begins with the person's first name, and ends with a link to the call's page."),
    )
