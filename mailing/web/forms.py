"""What every form of the portal shares: our template pack, no browser validation, a trap for robots."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _


class PortalFormMixin:
    """Renders through our template pack; the page's template writes `<form>` and its button."""

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


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
