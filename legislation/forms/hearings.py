"""The form with which staff enter a hearing by hand."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
    UnfoldBooleanWidget,
)

from legislation.chambers import GeneralAssembly
from legislation.models import Committee, Hearing
from legislation.records import HearingDocumentRecord, HearingRecord
from legislation.services.hearings import documents_from
from partners.errors import NotAllowed


class HearingForm(forms.ModelForm):
    """A hearing as its notice says. `record` is what goes the way of every source."""

    number = forms.CharField(
        label=_("Number at the General Assembly"),
        required=False,
        max_length=12,
        widget=UnfoldAdminTextInputWidget,
        help_text=_(
            "The number in the address of its page. With it the feed finds this hearing when it catches up."
        ),
    )
    documents = forms.CharField(
        label=_("Documents"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text=_("One a line: HB 1075, or HB 1075, House Amendment 1."),
    )
    source_url = forms.URLField(
        label=_("Page at the General Assembly"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
    )
    cancelled = forms.BooleanField(label=_("Cancelled"), required=False, widget=UnfoldBooleanWidget)

    class Meta:
        model = Hearing
        fields = [
            "chamber",
            "committee",
            "committee_name",
            "starts_at",
            "posted_at",
            "location",
            "subject",
            "source_url",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["committee_name"].required = False
        self.fields["committee_name"].help_text = _("Only where the list does not know it.")
        self.fields["posted_at"].help_text = _("Slips open then. Now, when left empty.")
        if self.instance.pk:
            documents = self.instance.documents.filter(removed_at=None)
            self.initial["documents"] = "\n".join(document.label for document in documents)
            self.initial["cancelled"] = self.instance.state == Hearing.State.CANCELLED
            # Both are part of what makes it this hearing.
            for name in ("chamber", "number"):
                self.fields.pop(name, None)

    def clean_number(self) -> str:
        number = self.cleaned_data["number"].strip()
        if number and not (number.isascii() and number.isdigit()):
            raise ValidationError(_("The number has digits only."))
        return number

    def clean_documents(self) -> tuple[HearingDocumentRecord, ...]:
        try:
            return documents_from(self.cleaned_data["documents"].splitlines())
        except NotAllowed as reason:
            raise ValidationError(str(reason)) from None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        committee: Committee | None = values.get("committee")
        if not committee and not values.get("committee_name"):
            self.add_error("committee", _("Choose the committee, or write its name."))
        chamber = self.instance.chamber or values.get("chamber")
        if committee and chamber and committee.chamber != chamber:
            self.add_error("committee", _("This committee sits in the other chamber."))
        number = values.get("number")
        if number and Hearing.objects.filter(key=f"{chamber}:{number}").exists():
            self.add_error("number", _("This hearing is in our records already: change it there."))
        return values

    def record(self) -> HearingRecord:
        """What staff wrote, as the record that every source hands over."""
        values = self.cleaned_data
        committee: Committee | None = values["committee"]
        chamber = self.instance.chamber or values["chamber"]
        key = self.instance.key.partition(":")[2] if self.instance.pk else values["number"]
        return HearingRecord(
            key=key,
            chamber=chamber,
            committee=committee.name if committee else values["committee_name"],
            starts_at=values["starts_at"],
            session=GeneralAssembly.of(timezone.localdate(values["starts_at"])).number,
            posted_at=values["posted_at"] or (None if self.instance.pk else timezone.now()),
            location=values["location"],
            subject=values["subject"],
            cancelled=values["cancelled"],
            documents=values["documents"],
            source_url=values["source_url"],
        )
