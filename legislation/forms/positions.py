"""Forms of partners' positions. They check; services write."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from legislation.models.tracking import Position
from mailing.web.forms import PortalFormMixin

POSITION_HINTS = {
    Position.SUPPORT.value: _("We want it to become law."),
    Position.OPPOSE.value: _("We want it to fail, or to be changed first."),
    Position.NEUTRAL.value: _("We follow it and take no side."),
}


class PositionForm(PortalFormMixin, forms.Form):
    """What a partner thinks of a bill."""

    position = forms.ChoiceField(
        label=_("What is your organization's position?"),
        choices=Position.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose support, oppose or neutral."),
            "invalid_choice": _("Choose support, oppose or neutral."),
        },
    )
    statement = forms.CharField(
        label=_("Why, in your words"),
        required=False,
        max_length=600,
        help_text=_("It may stand on the bill's page beside your name. At most 600 characters."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Capitalised in the reader's language, so not before a page is asked for.
        self.fields["position"].choices = [(choice.value, capfirst(choice.label)) for choice in Position]
        self.fields["position"].choice_hints = POSITION_HINTS


class DeclineForm(PortalFormMixin, forms.Form):
    """Why a proposed position is not taken."""

    reason = forms.CharField(
        label=_("Why do you decline it?"),
        max_length=600,
        help_text=_("Whoever proposed it gets these words by e-mail."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write the reason; whoever proposed it will read it.")},
    )
