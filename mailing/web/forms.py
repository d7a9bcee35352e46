"""What every form of the portal shares: our template pack, no browser validation, a trap for robots."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mailing.addresses import MAX_LENGTH, is_address, normalize_address


class PortalFormMixin:
    """Renders through our template pack; the page's template writes `<form>` and its button."""

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


class AddressField(forms.EmailField):
    """An e-mail address that mail can be sent to, also once its domain is written in ASCII, which is longer."""

    default_error_messages = {"invalid": _("Enter an e-mail address such as name@example.org.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_LENGTH)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        address = super().clean(value)
        if address and not is_address(normalize_address(address)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return address


class HoneypotMixin(forms.Form):
    """Mixin: a field people never see. Whoever fills it is a robot, and is told that all went well."""

    website_url2 = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1", "class": "trap"}),
    )

    @property
    def is_trap(self) -> bool:
        """Whether the hidden field came back filled."""
        return bool(self.data.get(self.add_prefix("website_url2"), ""))
