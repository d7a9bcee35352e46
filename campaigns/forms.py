"""What people fill in to answer a call to action."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mailing.web.forms import HoneypotMixin, PortalFormMixin
from partners.fields import ZipCodeField
from partners.forms.visitor import VisitorFields

SOURCE = re.compile(r"[A-Za-z0-9._-]{1,60}")


def source_code(value: str | None) -> str:
    """A source code as links carry it (`alert-12`, `receipt`), or nothing where it is no such thing."""
    return value if value and SOURCE.fullmatch(value) else ""


class AnswerForm(PortalFormMixin, forms.Form):
    """What everybody may say with an answer, all of it optional. Carries along where they came from."""

    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Why this matters to you or the people you work with. At most 1,000 characters."),
        error_messages={
            "max_length": _("Shorten your comment to 1,000 characters. It has %(show_value)d now.")
        },
    )
    show_name = forms.BooleanField(
        label=_("My name may be shown to decision makers and on this site"),
        required=False,
    )
    source = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_source(self) -> str:
        """A source code that makes no sense is dropped without a word; it is not the visitor's mistake."""
        return source_code(self.cleaned_data["source"])

    def answer(self) -> dict[str, Any]:
        """The answer as the services take it."""
        return {
            "comment": self.cleaned_data["comment"],
            "show_name": self.cleaned_data["show_name"],
            "source_code": self.cleaned_data["source"],
        }


class MemberAnswerForm(AnswerForm):
    """The answer of somebody we know; `r` is the token of the alert's link they came over, if any."""

    r = forms.CharField(required=False, widget=forms.HiddenInput)


class VisitorAnswerForm(HoneypotMixin, VisitorFields, AnswerForm):
    """The answer of somebody we do not know yet; it counts once they confirmed it from their mailbox."""

    address_hint = _("We send one message with a link to confirm. Your address is never shown.")

    zip_code = ZipCodeField(
        label=_("ZIP code"),
        required=False,
        max_length=10,
        help_text=_("Shows lawmakers that people in their district care."),
    )
    wants_updates = forms.BooleanField(
        label=_("Send me e-mail when there is something to act on"),
        required=False,
        help_text=_("You can stop it with one click in every message."),
    )

    field_order = ["first_name", "last_name", "email", "zip_code", "comment", "show_name", "wants_updates"]

    def answer(self) -> dict[str, Any]:
        names = ("email", "first_name", "last_name", "zip_code", "wants_updates")
        return super().answer() | {name: self.cleaned_data[name] for name in names}
