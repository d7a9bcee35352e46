"""Forms of opportunities to present in the staff desk."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
)

from research.forms.distribution import PastDayField, WhyForm


class AcceptForm(forms.Form):
    """When we said yes, and for which day."""

    answered_on = PastDayField(label=_("Accepted on"))
    on = forms.DateField(
        label=_("Day of the presentation (optional)"), required=False, widget=UnfoldAdminSingleDateWidget
    )


class DeclineForm(WhyForm):
    """When we said no, and why."""

    answered_on = PastDayField(label=_("Declined on"))
    field_order = ("answered_on", "why")


class DeliverForm(forms.Form):
    """When we presented, to how many, and what came of it."""

    on = PastDayField(label=_("Day of the presentation"))
    audience_size = forms.IntegerField(
        label=_("People in the audience (optional)"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("Empty where nobody counted; never an estimate."),
    )
    outcome = forms.CharField(
        label=_("What came of it (optional)"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
