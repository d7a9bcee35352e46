"""A recruitment target as staff choose it: one list of all groups. The form checks and writes nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from partners.models import Area, SubSector
from research.models import RecruitmentTarget
from research.models.participation_target import VALUES

_Dimension = RecruitmentTarget.Dimension


def group_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every group a target can be about, below its dimension."""
    found: dict[str, list[tuple[str, str]]] = {
        _Dimension.AREA: [(f"area:{row.pk}", row.name) for row in Area.objects.all()],
        _Dimension.SUB_SECTOR: [(f"sub_sector:{row.pk}", row.name) for row in SubSector.objects.all()],
    }
    for dimension, choices in VALUES.items():
        found[dimension] = [(f"{dimension}:{value}", str(label)) for value, label in choices]
    return [(str(dimension.label).capitalize(), found[dimension]) for dimension in _Dimension]


class TargetForm(forms.ModelForm):
    """The group as one choice, and the number."""

    who = forms.ChoiceField(label=_("Group"), widget=UnfoldAdminSelectWidget)

    class Meta:
        model = RecruitmentTarget
        fields = ["who", "number"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "who" not in self.fields:
            return
        self.fields["who"].choices = [("", "---------"), *group_choices()]
        row = self.instance
        if row.dimension:
            key = row.area_id or row.sub_sector_id or row.value
            self.fields["who"].initial = f"{row.dimension}:{key}"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        dimension, _colon, key = values.get("who", "").partition(":")
        if key:
            row = self.instance
            row.dimension = dimension
            row.area_id = int(key) if dimension == _Dimension.AREA else None
            row.sub_sector_id = int(key) if dimension == _Dimension.SUB_SECTOR else None
            row.value = key if dimension in VALUES else ""
        return values


class TargetFormSet(forms.BaseInlineFormSet):
    """A project's targets: each group once."""

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            who = getattr(form, "cleaned_data", {}).get("who")
            if not who or form.cleaned_data.get("DELETE"):
                continue
            if who in seen:
                form.add_error("who", _("This project has a target for this group."))
            seen.add(who)
