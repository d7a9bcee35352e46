"""Asking for help with a fee: for whom, how much, and why if one likes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mailing.web.forms import PortalFormMixin
from trainings.models import Enrollment
from trainings.services.scholarships import LONGEST

NO_HELP, ALL, A_PART = "no", "all", "part"


class _AskForm(PortalFormMixin, forms.Form):
    """How much, and why if one likes."""

    how_much = forms.ChoiceField(
        label=_("How much help do you need?"),
        choices=[(ALL, _("The whole fee")), (A_PART, _("A part of the fee"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one of these.")},
    )
    amount = forms.DecimalField(
        label=_("How much of the fee, in dollars?"),
        help_text=_("Only if you need help with a part of it. For each person."),
        required=False,
        max_digits=8,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input--short"}),
        error_messages={"invalid": _("Enter an amount in dollars, such as 25.")},
    )
    why = forms.CharField(
        label=_("Is there anything we should know?"),
        help_text=_("You do not have to explain. We ask nobody for proof."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": _("Shorten this to 1,000 characters. It has %(show_value)d now.")},
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("how_much") == A_PART and "amount" in said:
            amount = said["amount"]
            if amount is None or amount <= 0:
                self.add_error(
                    "amount", ValidationError(_("Enter how much of the fee you need."), code="part")
                )
        return said


class HelpForm(_AskForm):
    """The page inside registering: no help is an answer like the others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["how_much"]
        choice.label = _("Do you need help with the fee?")
        choice.choices = [
            (NO_HELP, _("No, we pay the fee")),
            (ALL, _("Yes, with the whole fee")),
            (A_PART, _("Yes, with a part of it")),
        ]
        choice.initial = NO_HELP

    @property
    def answers(self) -> dict[str, str]:
        """The answers as they wait in the visitor's session."""
        said = self.cleaned_data
        if said["how_much"] == NO_HELP:
            return {"how_much": NO_HELP}
        return {
            "how_much": said["how_much"],
            "amount": str(said["amount"] or ""),
            "why": said["why"],
        }


class ScholarshipForm(_AskForm):
    """`rows` are those of a registration for whom help can be asked.

    One alone is not asked about, but named all the same: a form sent twice must not ask for whoever is left.
    """

    people = forms.MultipleChoiceField(
        label=_("For whom do you ask?"),
        widget=forms.CheckboxSelectMultiple,
        choices=[],
        error_messages={
            "required": _("Choose for whom you ask."),
            "invalid_choice": _("Help was asked for this person before."),
        },
    )
    field_order = ["people", "how_much", "amount", "why"]

    def __init__(self, *args: Any, rows: Sequence[Enrollment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows = {str(row.pk): row for row in rows}
        people: Any = self.fields["people"]
        if len(rows) == 1:
            people.widget = forms.MultipleHiddenInput()
        people.choices = [(pk, f"{row.person.name} (${row.price:,.2f})") for pk, row in self._rows.items()]
        people.initial = list(self._rows)

    @property
    def chosen(self) -> list[Enrollment]:
        """For whom is asked."""
        return [self._rows[pk] for pk in self.cleaned_data["people"]]

    @property
    def asked(self) -> Decimal | None:
        """How much for each; None for the whole fee."""
        said = self.cleaned_data
        return said["amount"] if said["how_much"] == A_PART else None
