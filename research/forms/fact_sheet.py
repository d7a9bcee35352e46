"""What staff enter about fact sheets."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminExpandableTextareaWidget, UnfoldBooleanSwitchWidget

from research.models import FactSheet


class FactSheetForm(forms.ModelForm):
    """A sheet that staff write. Those of districts come from the data, all of them at once."""

    class Meta:
        model = FactSheet
        fields = "__all__"  # noqa: DJ007 - the desk's page names them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields.get("kind")
        if kind is not None:
            kind.choices = [
                choice for choice in FactSheet.Kind.choices if choice[0] != FactSheet.Kind.DISTRICT
            ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == FactSheet.Kind.BILL and not values.get("bill"):
            self.add_error("bill", _("Choose the bill that this sheet is about."))
        return values


class ChangeForm(forms.Form):
    """What is new in a version, for its readers."""

    what_changed = forms.CharField(
        label=_("What changed"),
        max_length=300,
        required=False,
        widget=UnfoldAdminExpandableTextareaWidget,
        help_text=_("For readers, in a sentence. Left empty, it names the parts that differ."),
    )


class MakeForm(forms.Form):
    """The job that makes the sheets of all districts."""

    ask = forms.CharField(
        label=_("The ask"),
        max_length=600,
        required=False,
        widget=UnfoldAdminExpandableTextareaWidget,
        help_text=_("Printed on every sheet. Left empty, it is the newest open appropriation ask."),
    )
    make_all = forms.BooleanField(
        label=_("Make all anew"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("Otherwise only the sheets whose data changed get a new version."),
    )
