"""The forms with which people say what they want to hear of, and how."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from legislation.models import FollowSettings
from mailing.web.forms import PortalFormMixin
from partners.fields import LineField
from partners.forms.join import line

WAYS = [("now", _("At once")), ("digest", _("In the digest only"))]
WAY_HINTS = {
    "now": _("New stages, hearings, replaced texts and witness slips at once; the rest in the digest."),
    "digest": _("Everything in the digest."),
}


class WayForm(PortalFormMixin, forms.Form):
    """How to hear of something."""

    way = forms.ChoiceField(
        label=_("When do you want to hear of it?"),
        choices=WAYS,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose when you want to hear of it."),
            "invalid_choice": _("Choose one of the two."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choice_hints = WAY_HINTS

    @property
    def immediate(self) -> bool:
        return self.cleaned_data["way"] == "now"


class SavedSearchForm(WayForm):
    """A saved search's name, and how to hear of it."""

    name = LineField(
        label=_("Name of the search"),
        max_length=120,
        widget=line(),
        error_messages={"required": _("Give the search a name that you know again.")},
    )
    field_order = ["name", "way"]


class DigestForm(PortalFormMixin, forms.Form):
    """How often the digest comes."""

    digest = forms.ChoiceField(
        label=_("How often do you want the digest?"),
        choices=[(value, capfirst(label)) for value, label in FollowSettings.Digest.choices],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how often the digest comes."),
            "invalid_choice": _("Choose one of the three."),
        },
    )
