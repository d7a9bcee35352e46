"""What somebody fills in to log their telephone calls to legislators."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.kinds.legislator_forms import NOT, LegislatorsForm
from campaigns.legislator_targets import Asked
from campaigns.models import LegislatorContact
from legislation.models import Legislator, Office
from partners.fields import LineField

Outcome = LegislatorContact.Outcome


@dataclass(frozen=True)
class Number:
    """A telephone number of an office, as it is shown and as a `tel:` address takes it."""

    kind: str
    shown: str
    dialed: str


@dataclass(frozen=True)
class Ring:
    """A legislator to call: the numbers, and the fields that say how it went."""

    asked: Asked
    numbers: list[Number]
    outcome: BoundField
    note: BoundField


class PhoneForm(LegislatorsForm):
    """The log of telephone calls: for each legislator how it went, and a note."""

    def fields_for(self, legislator: Legislator) -> dict[str, forms.Field]:
        earlier = self.earlier.get(legislator.pk)
        outcome = forms.ChoiceField(
            label=_("How did the call go?"),
            choices=[*Outcome.choices, (NOT, _("I have not called yet"))],
            widget=forms.RadioSelect,
            initial=earlier.outcome if earlier else NOT,
            error_messages={"required": _("Say how the call went, or that you have not called yet.")},
        )
        note = LineField(
            label=_("What did they say?"),
            required=False,
            max_length=500,
            initial=earlier.note if earlier else "",
            error_messages={"max_length": _("Shorten your note to 500 characters.")},
        )
        return {f"outcome_{legislator.pk}": outcome, f"note_{legislator.pk}": note}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self._calls(cleaned):
            first = next(iter(self.reach.asked), None)
            words = gettext("Say of at least one call how it went.")
            self.add_error(f"outcome_{first.legislator.pk}" if first else None, words)
        return cleaned

    def _calls(self, cleaned: dict[str, Any]) -> dict[str, list[str]]:
        return {
            str(pk): [cleaned[f"outcome_{pk}"], cleaned.get(f"note_{pk}", "")]
            for pk in (one.legislator.pk for one in self.reach.asked)
            if cleaned.get(f"outcome_{pk}", NOT) != NOT
        }

    def details(self) -> dict[str, Any]:
        return {"calls": self._calls(self.cleaned_data)}

    @property
    def rings(self) -> list[Ring]:
        """Whom to call, with numbers and fields."""
        return [
            Ring(
                one,
                numbers_of(one.legislator),
                self[f"outcome_{one.legislator.pk}"],
                self[f"note_{one.legislator.pk}"],
            )
            for one in self.reach.asked
        ]


def numbers_of(legislator: Legislator) -> list[Number]:
    """The telephone numbers of the offices, Springfield first; the same number only once."""
    offices = sorted(legislator.offices.all(), key=lambda office: office.kind != Office.Kind.CAPITOL)
    found: dict[str, Number] = {}
    for office in offices:
        dialed = re.sub(r"\D", "", re.split(r"(?i)\s*(?:ext|x)", office.phone)[0])
        if len(dialed) == 10:
            dialed = f"1{dialed}"
        if len(dialed) == 11:
            found.setdefault(dialed, Number(office.get_kind_display(), office.phone, f"+{dialed}"))
    return list(found.values())
