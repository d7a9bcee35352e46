"""The form behind an invitation's link."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mailing.web.forms import PortalFormMixin
from partners.fields import NameField
from partners.forms.join import line
from partners.models import User


class WelcomeForm(PortalFormMixin, forms.Form):
    """Name and password of somebody who gets their login."""

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
    password = forms.CharField(
        label=_("Choose a password"),
        max_length=200,
        strip=False,
        help_text=_("At least 10 characters. Three or four words that do not belong together work well."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password.")},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        self.email = email
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        password = answers.get("password")
        if password:
            try:
                password_validation.validate_password(password, User(email=self.email))
            except ValidationError as error:
                self.add_error("password", error)
        return answers
