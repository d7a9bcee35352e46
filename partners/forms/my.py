"""The forms behind sign-in: the organization's profile, its people, oneself."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from mailing.addresses import normalize_address
from mailing.web.forms import AddressField, PortalFormMixin
from partners.fields import (
    LineField,
    NameField,
    OrganizationNameField,
    PhoneField,
    WebAddressField,
    ZipCodeField,
)
from partners.forms.join import line
from partners.images import clean_logo
from partners.models import Area, County, Membership, Organization, SubSector

ROLE_HINTS = {
    Membership.Role.PRIMARY_CONTACT.value: _(
        "Edits the profile, invites and manages people, and takes action."
    ),
    Membership.Role.ADVOCATE.value: _("Takes action for the organization and sees its history."),
    Membership.Role.VIEWER.value: _("Sees the organization's pages."),
}


class LogoField(forms.FileField):
    """A picture file; its value is the re-encoded picture."""

    widget = forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"})

    def clean(self, data: UploadedFile | None, initial: object = None) -> ContentFile | None:
        upload = super().clean(data, None)
        return clean_logo(upload, max_bytes=settings.LOGO_MAX_BYTES) if upload else None


class OrganizationForm(PortalFormMixin, forms.Form):
    """The profile. The logo stays as it is unless a new one comes or the box is checked."""

    name = OrganizationNameField(
        label=_("Name"),
        max_length=200,
        error_messages={"required": _("Enter the name of your organization.")},
    )
    summary = forms.CharField(
        label=_("What does your organization do?"),
        required=False,
        max_length=600,
        help_text=_("One to three sentences for the partner directory, at most 600 characters."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    website = WebAddressField(label=_("Website"), required=False, max_length=300)
    phone = PhoneField(label=_("Public phone number"), required=False, max_length=30)
    street = LineField(
        label=_("Street address"), required=False, max_length=200, widget=line("street-address")
    )
    city = LineField(
        label=_("City or town"),
        max_length=80,
        widget=line("address-level2"),
        error_messages={"required": _("Enter the city or town your organization is in.")},
    )
    zip_code = ZipCodeField(label=_("ZIP code"), required=False, max_length=10)
    county = forms.ModelChoiceField(County.objects.all(), label=_("County"), empty_label=None)
    area = forms.ModelChoiceField(Area.objects.all(), label=_("Local Area Council"), empty_label=None)
    sub_sectors = forms.ModelMultipleChoiceField(
        SubSector.objects.all(),
        label=_("Fields you work in"),
        help_text=_("Choose all that apply."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one field you work in.")},
    )
    budget_band = forms.ChoiceField(
        label=_("Annual budget"),
        required=False,
        choices=[*Organization.BudgetBand.choices, ("", _("I don't know or prefer not to say"))],
        widget=forms.RadioSelect,
        help_text=_("It is not shown to the public."),
    )
    logo = LogoField(
        label=_("New logo"), required=False, help_text=_("A PNG, JPEG or WebP picture of at most 2 MB.")
    )
    remove_logo = forms.BooleanField(label=_("Remove the present logo"), required=False)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        initial = {
            name: getattr(organization, name) for name in self.base_fields if hasattr(organization, name)
        }
        initial |= {
            "county": organization.county_id,
            "area": organization.area_id,
            "sub_sectors": [sub_sector.pk for sub_sector in organization.sub_sectors.all()],
            "logo": None,
        }
        super().__init__(*args, initial=initial, **kwargs)
        if not organization.logo:
            del self.fields["remove_logo"]


class PersonForm(PortalFormMixin, forms.Form):
    """Oneself."""

    first_name = NameField(label=_("First name"), max_length=80, widget=line("given-name"))
    last_name = NameField(label=_("Last name"), max_length=80, widget=line("family-name"))
    title = LineField(label=_("Job title"), required=False, max_length=120, widget=line("organization-title"))
    phone = PhoneField(label=_("Phone number"), required=False, max_length=30)


class RoleForm(PortalFormMixin, forms.Form):
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Membership.Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choice_hints = ROLE_HINTS


class InviteForm(RoleForm):
    first_name = NameField(label=_("First name"), required=False, max_length=80, widget=line())
    last_name = NameField(label=_("Last name"), required=False, max_length=80, widget=line())
    email = AddressField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter the e-mail address of the person you invite."),
        },
    )
    field_order = ["email", "first_name", "last_name", "role"]

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        self.organization = organization
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        address = normalize_address(self.cleaned_data["email"])
        if (
            self.organization.memberships.current()
            .filter(person__email=address, person__user__isnull=False)
            .exists()
        ):
            raise ValidationError(_("This person belongs to your organization already."), code="member")
        return address
