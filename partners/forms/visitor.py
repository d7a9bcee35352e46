"""Who somebody is that is not signed in, asked the same way on every form."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mailing.web.forms import AddressField
from partners.fields import NameField


class VisitorFields(forms.Form):
    """First name, last name and e-mail address; `address_hint` says what we send there."""

    address_hint: str | Promise = _("We send your confirmation there, and reminders. It is never shown.")

    first_name = NameField(
        label=_("First name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Enter your first name.")},
    )
    last_name = NameField(
        label=_("Last name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Enter your last name.")},
    )
    email = AddressField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = self.address_hint

    def who(self) -> dict[str, str]:
        """The person as `remember_person` takes them."""
        return {name: self.cleaned_data[name] for name in ("email", "first_name", "last_name")}
