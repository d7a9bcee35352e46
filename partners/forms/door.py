"""What people fill in at the door: the code of the room, and who walked in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mailing.web.forms import AddressField, PortalFormMixin
from partners.fields import LineField, NameField


class CodeForm(PortalFormMixin, forms.Form):
    """Checking oneself in: the code, and for somebody who is not signed in who they are."""

    code = LineField(
        label=_("Check-in code"),
        max_length=12,
        widget=forms.TextInput(
            attrs={
                "class": "input--short",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        help_text=_("Six letters and digits. They are shown in the room."),
        error_messages={
            "required": _("Enter the code that is shown in the room."),
            "max_length": _("The code has six letters and digits."),
        },
    )
    email = AddressField(
        label=_("E-mail address"),
        help_text=_("The one with which you registered."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    first_name = NameField(
        label=_("First name"),
        required=False,
        max_length=80,
        help_text=_("Only if you have not registered."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = NameField(
        label=_("Last name"),
        required=False,
        max_length=80,
        help_text=_("Only if you have not registered."),
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )

    def __init__(self, *args: Any, is_known: bool = False, **kwargs: Any) -> None:
        """`is_known`: somebody is signed in, and nobody need ask who they are."""
        super().__init__(*args, **kwargs)
        if is_known:
            for name in ("email", "first_name", "last_name"):
                del self.fields[name]


class WalkInForm(forms.Form):
    """Somebody who came without having registered, as staff type it at the door."""

    first_name = NameField(
        label=_("First name"), max_length=80, error_messages={"required": _("Enter the first name.")}
    )
    last_name = NameField(
        label=_("Last name"), max_length=80, error_messages={"required": _("Enter the last name.")}
    )
    email = AddressField(
        label=_("E-mail address"), error_messages={"required": _("Enter the e-mail address.")}
    )
    organization = LineField(
        label=_("Organization"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "door-partners", "autocomplete": "off"}),
    )
