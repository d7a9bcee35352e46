"""Forms of a contact list's steps: the file and why we may write to its people, and which column holds what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from campaigns.contact_files import FIELDS, MAX_BYTES
from campaigns.models import ContactImport
from campaigns.services.contact_lists import check_name_is_free
from campaigns.services.errors import StateError


class ContactFileForm(forms.Form):
    """A file with people, a name for the list, and why we may write to them."""

    name = forms.CharField(
        label=_("Name of the list"), max_length=120, strip=True, widget=UnfoldAdminTextInputWidget
    )
    basis = forms.CharField(
        label=_("Why we may write to them"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Such as: signed up for alerts at the forum on March 5, 2026. It is kept with the list."),
        error_messages={"required": _("Say why we may write to these people.")},
    )
    file = forms.FileField(
        label=_("File"),
        widget=UnfoldAdminFileFieldWidget,
        error_messages={"required": _("Choose a file")},
        help_text=_(
            "CSV or XLSX with one person per line, up to 100,000 lines and 20 MB. The first line may name the columns."
        ),
    )

    def clean_name(self) -> str:
        try:
            check_name_is_free(self.cleaned_data["name"])
        except StateError as reason:
            raise forms.ValidationError(str(reason)) from None
        return self.cleaned_data["name"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB. Part it."))
        return file


class ColumnsForm(forms.Form):
    """Which column of an upload holds what."""

    def __init__(self, *args: Any, upload: ContactImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [(str(place), title) for place, title in enumerate(upload.columns)]
        for name, (label, _words) in FIELDS.items():
            required = name == "email"
            nothing = [("", _("Choose a column") if required else _("not in the file"))]
            self.fields[name] = forms.ChoiceField(
                label=str(label).capitalize() if name != "zip_code" else label,
                choices=[*nothing, *columns],
                required=required,
                initial=str(upload.mapping[name]) if name in upload.mapping else "",
                widget=UnfoldAdminSelectWidget,
                error_messages={"required": _("Say which column holds the e-mail address.")},
            )

    def mapping(self) -> dict[str, int]:
        """The columns by what they hold."""
        return {name: int(place) for name, place in self.cleaned_data.items() if place != ""}
