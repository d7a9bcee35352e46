"""What people say of an event afterwards."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mailing.web.forms import PortalFormMixin
from meetings.feedback_results import SCALE

LONGEST_COMMENT = 1000


class FeedbackForm(PortalFormMixin, forms.Form):
    """How an event was: a number, and words if somebody likes."""

    rating = forms.TypedChoiceField(
        label=_("How useful was it for your work?"),
        choices=list(SCALE.items()),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how useful it was."),
            "invalid_choice": _("Choose how useful it was."),
        },
    )
    comment = forms.CharField(
        label=_("What should we keep, and what should we change?"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Please name nobody. Staff read this without knowing who wrote it."),
        error_messages={
            "max_length": _("Shorten your words to 1,000 characters. There are %(show_value)d now.")
        },
    )
