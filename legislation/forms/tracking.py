"""Forms of the staff desk for tracked bills. They check; services write."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from legislation.chambers import GeneralAssembly
from legislation.models import BillTracking
from legislation.services.tracking import MOST_AT_ONCE
from partners.models import User

AS_IT_IS = ""
NOBODY = "nobody"


def clean_fact_sheet(upload: UploadedFile) -> UploadedFile:
    """An honest PDF of a bearable size, under a name of our own. `ValidationError` says what is wrong with it."""
    if upload.size is None or upload.size > settings.FACT_SHEET_MAX_BYTES:
        most = settings.FACT_SHEET_MAX_BYTES // (1024 * 1024)
        raise ValidationError(_("The fact sheet must be smaller than %(size)s MB.") % {"size": most})
    head = upload.read(1024)
    upload.seek(0)
    # The name and the declared type are the sender's words; readers find the mark within the first kilobyte.
    if b"%PDF-" not in head:
        raise ValidationError(_("This file is not a PDF. Save the fact sheet as PDF and upload that."))
    upload.name = f"{uuid4().hex}.pdf"
    return upload


def _staff() -> QuerySet[User]:
    """Who can look after a bill."""
    return User.objects.filter(is_staff=True, is_active=True).select_related("person").order_by("email")


class OwnerField(forms.ModelChoiceField):
    """A staff member by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=_staff(), widget=UnfoldAdminSelectWidget, required=False, **kwargs)

    def label_from_instance(self, user: User) -> str:
        return user.get_full_name()


class TrackingForm(forms.ModelForm):
    """One tracked bill."""

    owner = OwnerField(label=gettext_lazy("Looked after by"), empty_label=gettext_lazy("nobody yet"))

    class Meta:
        model = BillTracking
        fields = [
            "bill",
            "position",
            "priority",
            "owner",
            "is_public",
            "plain_title",
            "summary",
            "talking_points",
            "credited",
            "credit_text",
            "fact_sheet",
            "fact_sheet_on",
        ]

    def clean_fact_sheet(self) -> File | bool | None:
        fact_sheet = self.cleaned_data["fact_sheet"]
        return clean_fact_sheet(fact_sheet) if isinstance(fact_sheet, UploadedFile) else fact_sheet

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if isinstance(values.get("fact_sheet"), UploadedFile) and "fact_sheet_on" not in self.changed_data:
            values["fact_sheet_on"] = timezone.localdate()
        elif values.get("fact_sheet") is False:
            values["fact_sheet_on"] = None
        return values


class PastedNumbersForm(forms.Form):
    """Many bills at once, by their numbers."""

    numbers = forms.CharField(
        label=gettext_lazy("Bill numbers"),
        max_length=10_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "One on each line, or with commas: HB 1075, sb-12. For another General Assembly write it behind: HB 4898 103rd."
        ),
        error_messages={"required": gettext_lazy("Paste at least one bill number.")},
    )
    session = forms.IntegerField(
        label=gettext_lazy("General Assembly"),
        min_value=70,
        max_value=199,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=gettext_lazy("Meant wherever a line names none. 104 sits in 2025 and 2026."),
    )
    position = forms.ChoiceField(
        label=gettext_lazy("Our position"),
        choices=BillTracking.Position.choices,
        widget=UnfoldAdminSelectWidget,
        initial=BillTracking.Position.NEUTRAL,
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"),
        choices=BillTracking.Priority.choices,
        widget=UnfoldAdminSelectWidget,
        initial=BillTracking.Priority.MONITOR,
    )
    owner = OwnerField(label=gettext_lazy("Looked after by"), empty_label=gettext_lazy("nobody yet"))
    is_public = forms.TypedChoiceField(
        label=gettext_lazy("Position is public"),
        choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no, only staff see it"))],
        coerce=lambda answer: answer == "yes",
        widget=UnfoldAdminSelectWidget,
        initial="no",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].initial = GeneralAssembly.current().number

    def clean_numbers(self) -> str:
        numbers = self.cleaned_data["numbers"]
        if len(numbers.replace(",", "\n").replace(";", "\n").splitlines()) > MOST_AT_ONCE:
            raise ValidationError(_("At most %(n)s numbers at once.") % {"n": MOST_AT_ONCE})
        return numbers


class BulkForm(forms.Form):
    """What to set for the selected bills; what is not chosen stays as it is."""

    position = forms.ChoiceField(
        label=gettext_lazy("Our position"), required=False, widget=UnfoldAdminSelectWidget
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), required=False, widget=UnfoldAdminSelectWidget
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Looked after by"), required=False, widget=UnfoldAdminSelectWidget
    )
    is_public = forms.ChoiceField(
        label=gettext_lazy("Position is public"), required=False, widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        same = (AS_IT_IS, _("leave as it is"))
        self.staff = {str(user.pk): user for user in _staff()}
        people = [(pk, user.get_full_name()) for pk, user in self.staff.items()]
        choices = {
            "position": BillTracking.Position.choices,
            "priority": BillTracking.Priority.choices,
            "owner": [(NOBODY, _("nobody")), *people],
            "is_public": [("yes", _("yes")), ("no", _("no, only staff see it"))],
        }
        for name, offered in choices.items():
            self.fields[name].choices = [same, *((value, capfirst(label)) for value, label in offered)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not any(values.values()):
            raise ValidationError(_("Choose at least one thing to set."))
        return values

    @property
    def changes(self) -> dict[str, object]:
        """Field and new value, of those that were chosen."""
        values = self.cleaned_data
        changes: dict[str, object] = {
            name: values[name] for name in ("position", "priority") if values[name] != AS_IT_IS
        }
        if values["owner"] != AS_IT_IS:
            changes["owner"] = None if values["owner"] == NOBODY else self.staff[values["owner"]]
        if values["is_public"] != AS_IT_IS:
            changes["is_public"] = values["is_public"] == "yes"
        return changes


class WatchForm(forms.Form):
    """What the watch list shows: since when, and whose bills."""

    since = forms.DateField(required=False)
    mine = forms.BooleanField(required=False)

    @property
    def chosen_day(self) -> date | None:
        return self.cleaned_data.get("since") if self.is_valid() else None

    @property
    def only_mine(self) -> bool:
        self.is_valid()
        return bool(self.cleaned_data.get("mine"))
