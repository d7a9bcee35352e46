"""What people fill in to come to an event."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mailing.web.forms import HoneypotMixin, PortalFormMixin
from meetings.models import Event
from partners.fields import LineField
from partners.forms.visitor import VisitorFields
from partners.gatherings.models import Mode
from partners.gatherings.sources import source_code

IN_PERSON, ONLINE = "in_person", "online"


class PlaceForm(PortalFormMixin, forms.Form):
    """How somebody takes part and what they need for it. Where there is only one way, nobody is asked."""

    how = forms.ChoiceField(
        label=_("How will you take part?"),
        choices=[(IN_PERSON, _("In person")), (ONLINE, _("Online"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how you will take part."),
            "invalid_choice": _("Choose how you will take part."),
        },
    )
    needs = forms.CharField(
        label=_("What you need to take part"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Such as captions, a sign language interpreter, a ramp, or food you cannot eat. Only staff see it."
        ),
        error_messages={
            "max_length": _("Shorten what you need to 300 characters. It has %(show_value)d now.")
        },
    )
    language = LineField(
        label=_("Language you prefer"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "input--medium"}),
        help_text=_("If it is not English. We tell you when we have an interpreter."),
        error_messages={"max_length": _("Shorten the language to 40 characters.")},
    )
    source = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if event.mode != Mode.HYBRID:
            del self.fields["how"]

    def clean_needs(self) -> str:
        return " ".join(self.cleaned_data["needs"].split())

    def place(self) -> dict[str, Any]:
        """The answers as the services take them."""
        return {
            "online": self.cleaned_data.get("how") == ONLINE,
            "needs": self.cleaned_data["needs"],
            "language": self.cleaned_data["language"],
        }

    @property
    def source_code(self) -> str:
        """Where they came from; a code that makes no sense is dropped without a word."""
        return source_code(self.cleaned_data["source"])


class VisitorPlaceForm(HoneypotMixin, VisitorFields, PlaceForm):
    """The same for somebody who is not signed in: who they are comes first."""

    field_order = ["first_name", "last_name", "email", "how", "needs", "language"]
