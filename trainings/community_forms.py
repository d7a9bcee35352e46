"""What people write in groups: plain text, kept as it was typed."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mailing.web.forms import PortalFormMixin
from partners.fields import DIRECTION_OVERRIDES, LineField
from trainings.models import GroupMember

LONGEST = 5000


class WordsField(forms.CharField):
    """Several lines of plain text, without control characters and marks that turn its direction around."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n")
        text = DIRECTION_OVERRIDES.sub("", re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text))
        return re.sub(r"\n{3,}", "\n\n", text).strip()


_TOO_LONG = _("Shorten your text to 5,000 characters. It has %(show_value)d now.")


class SubjectForm(PortalFormMixin, forms.Form):
    title = LineField(
        label=_("Headline"),
        max_length=160,
        error_messages={"required": _("Give your subject a headline.")},
    )
    text = WordsField(
        label=_("What you want to share or ask"),
        help_text=_("Everybody who works at a partner organization can read it."),
        error_messages={"required": _("Write what you want to share or ask."), "max_length": _TOO_LONG},
    )


class ReplyForm(PortalFormMixin, forms.Form):
    text = WordsField(
        label=_("Your reply"),
        error_messages={"required": _("Write your reply."), "max_length": _TOO_LONG},
    )


class ReportForm(PortalFormMixin, forms.Form):
    reason = forms.CharField(
        label=_("What is wrong with it"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only our moderators read this."),
        error_messages={"required": _("Say what is wrong with it.")},
    )


class ResourceForm(PortalFormMixin, forms.Form):
    title = LineField(
        label=_("Title"), max_length=160, error_messages={"required": _("Give the link a title.")}
    )
    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Such as https://example.org/guide"),
        error_messages={"required": _("Enter the address."), "invalid": _("Enter a full web address.")},
    )

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        if not url.startswith(("https://", "http://")):
            raise ValidationError(_("Enter an address that starts with https://"), code="invalid")
        return url


class DigestForm(PortalFormMixin, forms.Form):
    digest = forms.ChoiceField(
        label=_("Mail about this group"), choices=GroupMember.Digest.choices, widget=forms.RadioSelect
    )
