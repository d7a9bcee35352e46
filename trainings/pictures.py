"""Portraits and logos that staff upload: re-encoded as partners' logos are."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from partners.images import clean_logo


def clean_picture(picture: File | bool | None) -> File | bool | None:
    """A new upload as a small clean picture under a random name; what is stored already stays as it is."""
    if not isinstance(picture, UploadedFile):
        return picture
    try:
        return clean_logo(picture, max_bytes=settings.LOGO_MAX_BYTES)
    except ValidationError as error:
        words = {
            "too_large": _("The picture must be smaller than 2 MB."),
            "not_a_picture": _("This must be a PNG, JPEG or WebP picture."),
        }
        code = str(error.code or "")
        raise ValidationError(words.get(code, error.messages[0]), code=code) from error


class FacilitatorForm(forms.ModelForm):
    """A facilitator; a new portrait is checked."""

    def clean_portrait(self) -> File | bool | None:
        return clean_picture(self.cleaned_data["portrait"])


class SponsorForm(forms.ModelForm):
    """A sponsor; a new logo is checked."""

    def clean_logo(self) -> File | bool | None:
        return clean_picture(self.cleaned_data["logo"])
