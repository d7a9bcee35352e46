"""The optional questions about an organization's leader, people and those it serves."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mailing.web.forms import PortalFormMixin
from partners.answers import MarkerAnswer, is_answered
from partners.fields import LineField, WholeNumberField
from partners.models import ProfileAnswer

_DECLINE = _("Prefer not to say")
_Marker = ProfileAnswer.Marker


class DemographicsForm(PortalFormMixin, forms.Form):
    """Every question may stay empty. `answers` maps a marker to what was said."""

    race = forms.MultipleChoiceField(
        label=_("What is your leader's race or ethnicity?"),
        help_text=_("The leader is your executive director or chief executive. Choose all that apply."),
        choices=ProfileAnswer.Race.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    race_words = LineField(label=_("In your leader's own words"), max_length=200, required=False)
    race_declined = forms.BooleanField(label=_DECLINE, required=False)
    ability = forms.ChoiceField(
        label=_("Does your leader have a disability?"),
        choices=[*ProfileAnswer.Ability.choices, ("declined", _DECLINE)],
        required=False,
        widget=forms.RadioSelect,
    )
    populations = forms.MultipleChoiceField(
        label=_("Whom do you mainly serve?"),
        help_text=_("Choose all that apply."),
        choices=ProfileAnswer.Population.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    populations_words = LineField(label=_("Others you serve"), max_length=200, required=False)
    populations_declined = forms.BooleanField(label=_DECLINE, required=False)
    employed = WholeNumberField(
        label=_("How many people do you employ?"),
        help_text=_("Count part-time staff as one person each."),
        required=False,
        min_value=0,
        max_value=200_000,
        error_messages={"invalid": _("Enter a whole number, such as 45.")},
    )
    employed_declined = forms.BooleanField(label=_DECLINE, required=False)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            Fieldset(_("Your leader"), "race", "race_words", "race_declined", "ability"),
            Fieldset(_("The people you serve"), "populations", "populations_words", "populations_declined"),
            Fieldset(_("Your team"), "employed", "employed_declined"),
        )
        return helper

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        for name, others in {
            "race_declined": ("race", "race_words"),
            "populations_declined": ("populations", "populations_words"),
            "employed_declined": ("employed",),
        }.items():
            said = any(answers.get(other) not in (None, "", []) for other in others)
            if answers.get(name) and said:
                message = _("Answer the question or choose “Prefer not to say”, not both.")
                self.add_error(name, ValidationError(message, code="both"))
        return answers

    @property
    def answers(self) -> dict[str, MarkerAnswer]:
        said = self.cleaned_data
        ability = said.get("ability", "")
        all_answers: dict[str, MarkerAnswer] = {
            _Marker.LEADER_RACE.value: {
                "values": said["race"],
                "self_description": said["race_words"],
                "declined": said["race_declined"],
            },
            _Marker.LEADER_ABILITY.value: {
                "values": [ability] if ability and ability != "declined" else [],
                "declined": ability == "declined",
            },
            _Marker.POPULATIONS.value: {
                "values": said["populations"],
                "self_description": said["populations_words"],
                "declined": said["populations_declined"],
            },
            _Marker.EMPLOYED.value: {"number": said["employed"], "declined": said["employed_declined"]},
        }
        return {marker: answer for marker, answer in all_answers.items() if is_answered(answer)}

    @staticmethod
    def initial_from(answers: Mapping[str, MarkerAnswer]) -> dict[str, Any]:
        """What to show of earlier answers."""
        race, ability, populations, employed = (
            answers.get(marker, {})
            for marker in (_Marker.LEADER_RACE, _Marker.LEADER_ABILITY, _Marker.POPULATIONS, _Marker.EMPLOYED)
        )
        return {
            "race": race.get("values", []),
            "race_words": race.get("self_description", ""),
            "race_declined": race.get("declined", False),
            "ability": "declined" if ability.get("declined") else next(iter(ability.get("values", [])), ""),
            "populations": populations.get("values", []),
            "populations_words": populations.get("self_description", ""),
            "populations_declined": populations.get("declined", False),
            "employed": employed.get("number"),
            "employed_declined": employed.get("declined", False),
        }
