"""The one question that finds somebody's legislators. What is typed here is answered and forgotten."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from legislation.forms.representation import AddressForm
from legislation.places.geocoding import is_set_up
from mailing.web.forms import PortalFormMixin
from partners.fields import LineField

_ZIP_CODE = re.compile(r"(\d{5})(?:-\d{4})?")


class HomeForm(PortalFormMixin, forms.Form):
    """An address or a ZIP code; only the ZIP code where no geocoder is set up. Carries along how somebody came."""

    where = LineField(
        label=_("Your home address or ZIP code"),
        max_length=200,
        help_text=_("Street and number, city, and ZIP code. A ZIP code alone may lie in several districts."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input--address"}),
        error_messages={"required": _("Enter your address or your ZIP code.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_set_up():
            self.fields["where"].label = _("Your ZIP code")
            self.fields["where"].help_text = _("Five digits, such as 60604.")

    def clean_where(self) -> str:
        where: str = self.cleaned_data["where"].strip()
        if found := _ZIP_CODE.fullmatch(where):
            return found[1]
        if not is_set_up():
            raise ValidationError(_("Enter a ZIP code of five digits, such as 60604."))
        address = AddressForm({"address": where})
        if not address.is_valid():
            raise ValidationError(address.errors["address"].as_data())
        return str(address.cleaned_data["address"])

    @property
    def is_zip_code(self) -> bool:
        """Whether the valid answer is a ZIP code and no address."""
        return _ZIP_CODE.fullmatch(self.cleaned_data["where"]) is not None
