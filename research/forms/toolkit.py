"""A toolkit's items as staff write them: fields that something fills, files of kinds we know."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from research.models import ToolkitItem
from research.models.toolkit import WRITTEN
from research.toolkit_fields import check_text, fill_text
from research.toolkit_files import check_upload

_Kind = ToolkitItem.Kind


class ToolkitItemForm(forms.ModelForm):
    """What is wrong stands at its field, in words."""

    class Meta:
        model = ToolkitItem
        fields = ["kind", "title", "note", "text", "length_limit", "file", "finding", "alt_text", "order"]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        check_text(text)
        return text

    def clean_file(self) -> File | bool | None:
        file: File | bool | None = self.cleaned_data["file"]
        check_upload(file, only_pictures=self.cleaned_data.get("kind") == _Kind.GRAPHIC)
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        kind, text = values.get("kind"), values.get("text", "")
        file, finding = values.get("file"), values.get("finding")
        if kind in WRITTEN and not text:
            self._mend("text", _("Write the text that people copy."))
        elif not (text or file or finding or "file" in self.errors):
            self._mend("text", _("Write a text, choose a file, or choose a finding to draw."))
        if finding and (kind != _Kind.GRAPHIC or file):
            self._mend("finding", _("A finding is drawn as a graphic, and without a file."))
        if kind == _Kind.GRAPHIC and file and not values.get("alt_text"):
            self._mend("alt_text", _("Say in words what the graphic shows."))
        self._check_length(kind, text, values.get("length_limit"))
        return values

    def _check_length(self, kind: str | None, text: str, limit: int | None) -> None:
        """A post must fit as it stands, with its fields' own words; names of organizations come on top."""
        if limit is None:
            return
        if kind != _Kind.POST:
            self._mend("length_limit", _("Only posts have a limit."))
        elif (length := len(fill_text(text, {}).strip())) > limit:
            self._mend(
                "text",
                _("With the words for those we know nothing of, it has %(length)d characters of %(limit)d.")
                % {"length": length, "limit": limit},
            )

    def _mend(self, name: str, words: str) -> None:
        if name in self.fields and name not in self.errors:
            self.add_error(name, ValidationError(words, code="item"))
