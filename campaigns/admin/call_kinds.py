"""Which kinds of call staff can make, in a sentence each, and which of a call's fields each of them has."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import CallToAction

_Kind = CallToAction.Kind


@dataclass(frozen=True)
class KindChoice:
    """A kind as the choice page offers it. `statement` and `hearing`: whether its form has these fields."""

    kind: CallToAction.Kind
    sentence: str | Promise
    statement: bool = False
    hearing: bool = True


CHOICES = [
    KindChoice(_Kind.PETITION, _("People put their name to a text."), statement=True),
    KindChoice(_Kind.PLEDGE, _("People promise to do something."), statement=True),
    KindChoice(_Kind.EMAIL, _("People write to their legislators, in words of their own or yours.")),
    KindChoice(_Kind.PHONE, _("People call their legislators and note how it went.")),
    KindChoice(_Kind.SLIP, _("People state a position on a bill before a committee hears it.")),
    KindChoice(
        _Kind.SIGN_ON, _("Organizations sign a letter, each through a primary contact."), statement=True
    ),
    KindChoice(_Kind.STORY, _("People tell what happened to them, and say who may read it."), hearing=False),
    KindChoice(_Kind.SURVEY, _("People answer questions. Make the survey first."), hearing=False),
    KindChoice(_Kind.RSVP, _("People say whether they come to an event."), hearing=False),
]
_BY_KIND = {choice.kind: choice for choice in CHOICES}


def is_kind(value: str | None) -> bool:
    """Whether an address names a kind."""
    return value in _BY_KIND


def fieldsets_of(kind: str, *, is_new: bool) -> list:
    """The form's groups of fields for a kind."""
    choice = _BY_KIND[CallToAction.Kind(kind)]
    said = ["shown_kind", "title", "slug", "campaign", "ask", "why"]
    said += ["statement"] if choice.statement else []
    said += ["survey"] if kind == _Kind.SURVEY else []
    who = [] if kind == _Kind.SIGN_ON else ["audience"]
    standing = ["is_standing"] if kind == _Kind.STORY else []
    legislature = ["bill", "ends_with_stage", *(["hearing"] if choice.hearing else [])]
    stands = ["status", "answered", "credited_partners", "outcome", "successor", "told"]
    return [
        (None, {"fields": said}),
        (_("Who and when"), {"fields": [*who, "opens_at", "closes_at", *standing, ("goal", "goal_unit")]}),
        (_("At the General Assembly"), {"fields": legislature}),
        (_("After acting"), {"fields": ["consent_text", "next_step", "next_step_url"]}),
        *([] if is_new else [(_("Where it stands"), {"fields": stands})]),
    ]


class CallForm(forms.ModelForm):
    """A call's form. Its kind is chosen before and stays; only primary contacts sign a letter."""

    kind = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.kind = self.kind
        if self.instance.kind == _Kind.SIGN_ON:
            self.instance.audience = CallToAction.Audience.SPEAKERS

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("ends_with_stage") and not cleaned.get("bill"):
            self.add_error("bill", _("Name the bill, or let the call end by its deadline alone."))
        return cleaned
