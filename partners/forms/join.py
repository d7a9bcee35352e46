"""The steps of joining."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from mailing.addresses import normalize_address
from mailing.web.forms import AddressField, HoneypotMixin, PortalFormMixin
from partners.fields import (
    EINField,
    LineField,
    NameField,
    OrganizationNameField,
    PhoneField,
    WebAddressField,
    ZipCodeField,
)
from partners.models import Area, County, Organization, SubSector


def line(autocomplete: str = "off", **attributes: str) -> forms.TextInput:
    """A one-line input that tells the browser what it asks for (WCAG 1.3.5)."""
    return forms.TextInput(attrs={"autocomplete": autocomplete, **attributes})


class StepForm(PortalFormMixin, HoneypotMixin, forms.Form):
    """One page of the request. `answers` are JSON values and fit back in as `initial`."""

    @property
    def answers(self) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if name == "website_url2":
                continue
            if hasattr(value, "pk"):
                value = value.pk
            elif hasattr(value, "values_list"):
                value = list(value.values_list("pk", flat=True))
            plain[name] = value
        return plain

    def layout(self) -> Layout:
        """The page's fields in their groups."""
        return Layout(*self.fields)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = self.layout()
        return helper


class OrganizationStepForm(StepForm):
    name = OrganizationNameField(
        label=_("Name of your organization"),
        max_length=200,
        widget=line("organization"),
        error_messages={"required": _("Enter the name of your organization.")},
    )
    ein = EINField(
        label=_("EIN"),
        required=False,
        max_length=20,
        help_text=_(
            "Nine digits, such as 36-1234567. It helps us notice an organization that is here already."
        ),
        widget=line(**{"class": "input--medium", "inputmode": "numeric"}),
    )
    website = WebAddressField(
        label=_("Website"), required=False, max_length=300, help_text=_("Such as www.example.org.")
    )
    street = LineField(
        label=_("Street address"), required=False, max_length=200, widget=line("street-address")
    )
    city = LineField(
        label=_("City or town"),
        max_length=80,
        widget=line("address-level2"),
        error_messages={"required": _("Enter the city or town your organization is in.")},
    )
    zip_code = ZipCodeField(
        label=_("ZIP code"), max_length=10, error_messages={"required": _("Enter the ZIP code.")}
    )
    county = forms.ModelChoiceField(
        County.objects.all(),
        label=_("County"),
        help_text=_("The county of your main office."),
        empty_label=_("Choose a county"),
        error_messages={"required": _("Choose the county of your main office.")},
    )
    phone = PhoneField(
        label=_("Public phone number"),
        required=False,
        max_length=30,
        help_text=_("Shown in the partner directory, such as (312) 555-0100."),
    )

    def layout(self) -> Layout:
        place = Div("city", "zip_code", css_class="form-row")
        return Layout("name", "ein", "website", "street", place, "county", "phone", "website_url2")


def _pair(prefix: str) -> Div:
    return Div(f"{prefix}first_name", f"{prefix}last_name", css_class="form-row")


class SimilarForm(PortalFormMixin, forms.Form):
    """The applicant says that their organization is none of those we showed."""

    different = forms.ModelMultipleChoiceField(Organization.objects.all(), widget=forms.MultipleHiddenInput)


class PeopleStepForm(StepForm):
    first_name = NameField(
        label=_("First name"),
        max_length=80,
        widget=line("given-name"),
        error_messages={"required": _("Enter your first name.")},
    )
    last_name = NameField(
        label=_("Last name"),
        max_length=80,
        widget=line("family-name"),
        error_messages={"required": _("Enter your last name.")},
    )
    title = LineField(label=_("Job title"), required=False, max_length=120, widget=line("organization-title"))
    email = AddressField(
        label=_("Work e-mail address"),
        help_text=_("We send our answer and your sign-in link to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Enter your e-mail address."),
        },
    )
    phone = PhoneField(label=_("Your phone number"), required=False, max_length=30)
    second_first_name = NameField(
        label=_("Colleague's first name"), required=False, max_length=80, widget=line()
    )
    second_last_name = NameField(
        label=_("Colleague's last name"), required=False, max_length=80, widget=line()
    )
    second_email = AddressField(
        label=_("Colleague's e-mail address"),
        required=False,
        help_text=_("When your request is approved, we invite this person too."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def layout(self) -> Layout:
        hint = _("Somebody who can stand in for you. You can invite more people later.")
        return Layout(
            Fieldset(_("You, the primary contact"), _pair(""), "title", "email", "phone"),
            Fieldset(
                _("A colleague (optional)"),
                HTML(format_html('<p class="field__hint">{}</p>', hint)),
                _pair("second_"),
                "second_email",
            ),
            "website_url2",
        )

    def clean_email(self) -> str:
        return normalize_address(self.cleaned_data["email"])

    def clean_second_email(self) -> str:
        second = self.cleaned_data["second_email"]
        second = normalize_address(second) if second else ""
        if second and second == self.cleaned_data.get("email"):
            raise ValidationError(_("Your colleague's address must differ from yours."), code="same")
        return second

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        second = {name: answers.get(name) for name in self.fields if name.startswith("second_")}
        if any(second.values()):
            words = {
                "second_first_name": _("Enter your colleague's first name."),
                "second_last_name": _("Enter your colleague's last name."),
                "second_email": _("Enter your colleague's e-mail address."),
            }
            for name, message in words.items():
                if not second[name] and name not in self.errors:
                    self.add_error(name, ValidationError(message, code="required"))
        return answers


class ServicesStepForm(StepForm):
    sub_sectors = forms.ModelMultipleChoiceField(
        SubSector.objects.all(),
        label=_("What fields do you work in?"),
        help_text=_("Choose all that apply."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one field you work in.")},
    )
    area = forms.ModelChoiceField(
        Area.objects.all(),
        label=_("Local Area Council"),
        help_text=_("We suggest the council of your county. Choose another if most of your work is there."),
        empty_label=_("Choose an area"),
        error_messages={"required": _("Choose the area you work in.")},
    )
    budget_band = forms.ChoiceField(
        label=_("Annual budget"),
        required=False,
        choices=[*Organization.BudgetBand.choices, ("", _("I don't know or prefer not to say"))],
        widget=forms.RadioSelect,
        help_text=_("Fees and scholarships depend on it. It is not shown to the public."),
    )
    summary = forms.CharField(
        label=_("What does your organization do?"),
        required=False,
        max_length=600,
        help_text=_("One to three sentences for the partner directory, at most 600 characters."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
