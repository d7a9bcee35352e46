"""Form fields that accept facts as people write them and keep them one way: EIN, phone, ZIP code, website."""

import re
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from partners.models.organization import ein_validator


def without_control_characters(value: str) -> None:
    """Line breaks and other control characters have no place in a one-line answer."""
    if re.search(r"[\x00-\x1f\x7f\u2028\u2029]", value):
        raise ValidationError(_("Use plain letters and signs on one line."), code="control_characters")


# Marks that turn the direction of the text around them: names in Arabic or Hebrew do without.
DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


def without_web_address(value: str) -> None:
    """No address in a name: our own mail to an address a stranger typed would carry their advertisement."""
    if re.search(r"://|www\.", value, re.IGNORECASE) or DIRECTION_OVERRIDES.search(value):
        raise ValidationError(_("Enter a name without web or e-mail addresses."), code="name")


def without_any_address(value: str) -> None:
    """A person's name holds no e-mail address either. (Organizations may like an @ in theirs.)"""
    without_web_address(value.replace("@", "://"))


class LineField(forms.CharField):
    """One line of text."""

    default_validators = [without_control_characters]


class NameField(LineField):
    """A first or last name, in any script."""

    default_validators = [*LineField.default_validators, without_any_address]


class OrganizationNameField(LineField):
    """What an organization calls itself."""

    default_validators = [*LineField.default_validators, without_web_address]


class EINField(LineField):
    """An employer identification number, with or without its hyphen; kept as `36-1234567`."""

    def clean(self, value: str | None) -> str:
        digits = re.sub(r"[\s-]", "", value or "")
        if re.fullmatch(r"\d{9}", digits):
            value = f"{digits[:2]}-{digits[2:]}"
        value = super().clean(value)
        if value:
            ein_validator(value)
        return value


class PhoneField(LineField):
    """A US phone number; kept as `(312) 555-0100`, with ` ext. 5` where there is an extension."""

    widget = forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "class": "input--medium"})

    def clean(self, value: str | None) -> str:
        value = super().clean(value)
        if not value:
            return ""
        message = _("Enter a phone number with its area code, such as (312) 555-0100.")
        try:
            number = phonenumbers.parse(value, "US")
        except phonenumbers.NumberParseException:
            raise ValidationError(message, code="phone") from None
        if not phonenumbers.is_possible_number(number):
            raise ValidationError(message, code="phone")
        style = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(
            number, style.NATIONAL if number.country_code == 1 else style.INTERNATIONAL
        )


class ZipCodeField(LineField):
    """A ZIP code, five digits or nine."""

    default_validators = [
        without_control_characters,
        RegexValidator(r"^\d{5}(-\d{4})?$", _("Enter a ZIP code of five digits, such as 60604."), code="zip"),
    ]
    widget = forms.TextInput(
        attrs={"autocomplete": "postal-code", "inputmode": "numeric", "class": "input--short"}
    )


class WholeNumberField(forms.IntegerField):
    """A whole number, with or without commas between its thousands."""

    widget = forms.TextInput(attrs={"class": "input--short", "inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: object) -> int | None:
        return super().to_python(value.replace(",", "") if isinstance(value, str) else value)


class WebAddressField(forms.URLField):
    """A website as people write it: `www.example.org` will do."""

    default_error_messages = {"invalid": _("Enter a web address, such as www.example.org.")}
    widget = forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)

    def clean(self, value: str | None) -> str:
        value = super().clean(value)
        if value and not value.startswith(("http://", "https://")):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return value
