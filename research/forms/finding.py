"""What staff enter about findings. The forms check and write nothing."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from legislation.chambers import SEATS, Chamber
from partners.gatherings.reports.decoding import decode
from research.models import Finding
from research.models.finding import field_name
from research.services.finding import CORRECTABLE, changed_meanwhile, shown

MOST_BYTES = 1 << 20


class FindingForm(forms.ModelForm):
    """A finding as staff write it; what is wrong with its place stands at the field."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        place = values.get("place", self.instance.place)
        needed = {Finding.Place.COUNTY: ["county"], Finding.Place.DISTRICT: ["chamber", "district"]}
        for name in ("county", "chamber", "district"):
            if name not in self.fields:
                continue
            if name in needed.get(place, []):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("Say which one it is."))
            else:
                # What belongs to another kind of place goes, so that the place is said once.
                values[name] = "" if name == "chamber" else None
        chamber = values.get("chamber")
        most = SEATS[Chamber(chamber)] if chamber else 0
        if most and values.get("district") and not 1 <= values["district"] <= most:
            self.add_error("district", _("Districts of this chamber go from 1 to %d.") % most)
        return values


class CorrectionForm(forms.ModelForm):
    """What a published finding says from now on, and why it changed."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=UnfoldAdminExpandableTextareaWidget(),
        help_text=_("Readers see this sentence beside what was said before."),
    )
    # When the finding had changed last as this page was opened.
    seen = forms.CharField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Where somebody else changed it meanwhile: each field that says something else than this page.
        self.differs: list[tuple[str, object]] = []
        self.initial["seen"] = self.instance.updated_at.isoformat()
        if self.instance.number is not None:
            # Without the noughts that the database keeps behind it.
            self.initial["number"] = Decimal(f"{self.instance.number.normalize():f}")

    def clean_seen(self) -> datetime:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError as error:
            raise ValidationError(_("Open this page again.")) from error

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "seen" in values and values["seen"] != self.instance.updated_at:
            # What was typed stays on the page, and is not written over what somebody else wrote.
            self.differs = [
                (_("Now: %(field)s") % {"field": field_name(name)}, shown(self.instance, name))
                for name in CORRECTABLE
                if name in self.changed_data
            ]
            todo = _("Nothing was written. Copy what you typed below, then open this page again.")
            self.add_error(None, f"{changed_meanwhile(self.instance)} {todo}")
        return values

    @property
    def said(self) -> dict[str, Any]:
        """What is different from what the page showed."""
        return {name: self.cleaned_data[name] for name in CORRECTABLE if name in self.changed_data}

    class Meta:
        model = Finding
        fields = CORRECTABLE
        widgets = {
            "claim": UnfoldAdminExpandableTextareaWidget(),
            "value": UnfoldAdminTextInputWidget(),
            "number": UnfoldAdminDecimalFieldWidget(),
            "kind": UnfoldAdminSelectWidget(),
            "unit": UnfoldAdminTextInputWidget(),
            "year": UnfoldAdminIntegerFieldWidget(),
            "source": UnfoldAdminTextInputWidget(),
            "caveat": UnfoldAdminExpandableTextareaWidget(),
        }


class ReasonForm(forms.Form):
    """Why a finding is retracted."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=UnfoldAdminExpandableTextareaWidget(),
        help_text=_("The finding's page keeps this reason for readers."),
    )


class TableForm(forms.Form):
    """A table of findings: a file, then its text, which comes along while staff look at what it would become."""

    file = forms.FileField(
        label=_("Table as a CSV file"), required=False, widget=UnfoldAdminFileFieldWidget()
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        upload = values.get("file")
        if upload is not None:
            if upload.size > MOST_BYTES:
                self.add_error("file", _("A table may have 1 MB at most."))
            else:
                values["text"] = decode(upload.read())
        elif not values.get("text", "").strip():
            self.add_error("file", _("Choose a file."))
        elif len(values["text"]) > MOST_BYTES:
            self.add_error("file", _("A table may have 1 MB at most."))
        return values
