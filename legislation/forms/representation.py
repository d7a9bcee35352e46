"""The ways to say where one lives. What is typed here is answered and forgotten."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from legislation.places.pointing import EXTENTS, LAST_STEP, SIZES, Click, Step
from legislation.places.projection import is_around_illinois, looks_swapped
from mailing.web.forms import PortalFormMixin
from partners.fields import LineField

NUMBER = re.compile(r"[-−+]?\d{1,3}(?:\.\d+)?")


class AddressForm(PortalFormMixin, forms.Form):
    """A street address, for the geocoder."""

    address = LineField(
        label=_("Your home address"),
        max_length=200,
        help_text=_(
            "Street and number, city, and ZIP code if you know it, such as 401 S 2nd St, Springfield."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input--address"}),
        error_messages={"required": _("Enter your street, number and city.")},
    )

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        if not re.search(r"\d", address) or not re.search(r"[^\W\d]", address):
            raise ValidationError(_("Enter the number and the street, such as 401 S 2nd St, Springfield."))
        if re.search(r"\bP\.?\s*O\.?\s*Box\b", address, re.IGNORECASE):
            raise ValidationError(_("A PO box is no place on the map. Enter the address where you live."))
        return address


class PlaceForm(PortalFormMixin, forms.Form):
    """A ZIP code or a city."""

    place = LineField(
        label=_("ZIP code or city"),
        max_length=80,
        help_text=_("Five digits, or the city as it stands in your mail."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input--medium"}),
        error_messages={"required": _("Enter a ZIP code or a city.")},
    )

    def clean_place(self) -> str:
        place = re.sub(r",?\s+(IL|Ill\.?|Illinois)$", "", self.cleaned_data["place"], flags=re.IGNORECASE)
        if found := re.fullmatch(r"(\d{5})(?:-\d{4})?", place):
            return found[1]
        if re.search(r"\d", place):
            raise ValidationError(_("Enter a ZIP code of five digits, such as 60604, or a city."))
        return place


class PointForm(PortalFormMixin, forms.Form):
    """Coordinates, as map apps give them."""

    point = LineField(
        label=_("Latitude and longitude"),
        max_length=80,
        help_text=_(
            "From a map app: hold your finger on your home and copy the two numbers, such as 39.798, -89.654."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input--medium"}),
        error_messages={"required": _("Enter two numbers, such as 39.798, -89.654.")},
    )

    def clean_point(self) -> tuple[float, float]:
        """Latitude and longitude. Two numbers in the wrong order, or without the minus, are put right."""
        numbers = [float(number.replace("−", "-")) for number in NUMBER.findall(self.cleaned_data["point"])]
        if len(numbers) != 2:
            raise ValidationError(_("Enter two numbers, such as 39.798, -89.654."))
        lat, lng = numbers
        if looks_swapped(lat, lng) or looks_swapped(lat, -lng) or looks_swapped(-lat, lng):
            lat, lng = lng, lat
        if not is_around_illinois(lat, lng) and is_around_illinois(abs(lat), -abs(lng)):
            lat, lng = abs(lat), -abs(lng)
        if not is_around_illinois(lat, lng):
            raise ValidationError(_("This point lies far from Illinois. Check both numbers."))
        return lat, lng


class ClickForm(forms.Form):
    """A click on a picture of the map, as the browser sends it. Not filled in by people."""

    step = forms.IntegerField(min_value=0, max_value=LAST_STEP)
    left = forms.IntegerField(min_value=-1000, max_value=EXTENTS[0][0])
    top = forms.IntegerField(min_value=-1000, max_value=EXTENTS[0][1])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for size in SIZES:
            x, y = self.data.get(f"{size}.x", ""), self.data.get(f"{size}.y", "")
            if re.fullmatch(r"\d{1,4}", x) and re.fullmatch(r"\d{1,4}", y) and not self.errors:
                step = Step(cleaned["step"], cleaned["left"], cleaned["top"])
                cleaned["click"] = step.clicked(size, int(x), int(y))
        if "click" not in cleaned:
            raise ValidationError(_("Click on the map where you live."))
        return cleaned

    @property
    def click(self) -> Click:
        found: Click = self.cleaned_data["click"]
        return found
