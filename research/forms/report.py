"""What staff enter about reports. The forms check and write nothing."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextareaWidget

from research.models import ReportTable
from research.models.report_parts import cell_problem
from research.table_cells import cells_from, text_from


class EmbargoForm(forms.Form):
    """Until when only partners see a report."""

    until = forms.SplitDateTimeField(
        label=_("Release at"),
        widget=UnfoldAdminSplitDateTimeWidget,
        help_text=_("Chicago time. The report comes out by itself within half a minute of this moment."),
    )

    def clean_until(self) -> datetime:
        until: datetime = self.cleaned_data["until"]
        if until <= timezone.now():
            raise forms.ValidationError(_("Choose a moment that is still to come."))
        return until


class VersionForm(forms.Form):
    """What changed since the version before."""

    what_changed = forms.CharField(
        label=_("What changed"),
        max_length=600,
        widget=UnfoldAdminTextareaWidget,
        help_text=_("Readers see it beside the versions, such as: corrected the wages of 2024 in table 2."),
        error_messages={"required": _("Say what changed.")},
    )


class WithdrawForm(forms.Form):
    """Why a report is withdrawn."""

    because = forms.CharField(
        label=_("Why"),
        max_length=400,
        widget=UnfoldAdminTextareaWidget,
        help_text=_("Everybody who follows a link or a citation reads it."),
        error_messages={"required": _("Say why.")},
    )


class ReportTableForm(forms.ModelForm):
    """A table whose cells are pasted from a spreadsheet, the heads in the first line."""

    cells = forms.CharField(
        label=_("Cells"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8, "wrap": "off", "spellcheck": "false"}),
        strip=False,
        help_text=_(
            "Copy the table from a spreadsheet and paste it here: the columns' names in the first line, the rows' names "
            "in the first column. An empty cell means that there is no figure."
        ),
        error_messages={"required": _("Paste the table.")},
    )

    class Meta:
        model = ReportTable
        # The desk adds the others with its own widgets.
        fields = ["title"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["cells"].initial = text_from(self.instance.heads, self.instance.rows)

    def clean_cells(self) -> str:
        text: str = self.cleaned_data["cells"]
        heads, rows = cells_from(text)
        if problem := cell_problem(heads, rows):
            raise forms.ValidationError(problem)
        # Before the model looks at itself, which it does with its heads and rows.
        self.instance.heads, self.instance.rows = heads, rows
        return text
