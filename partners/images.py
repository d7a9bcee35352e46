"""Logos: what an upload must be, and the small clean image we keep of it."""

import warnings
from io import BytesIO
from typing import BinaryIO, cast
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP")
# Longest side of the stored logo, in pixels.
SIDE = 600
# A small file can unpack to a huge picture; more than this many pixels is refused before unpacking.
MAX_PIXELS = 24_000_000


def clean_logo(upload: UploadedFile, *, max_bytes: int) -> ContentFile:
    """A new WebP of at most 600 pixels a side under a random name, made from the picture's content.

    The file's name and declared type are not looked at; nothing but pixels is carried over. `ValidationError`
    says what is wrong with the upload.
    """
    if upload.size is None or upload.size > max_bytes:
        raise ValidationError(
            _("The logo must be smaller than %(size)s MB.") % {"size": max_bytes // (1024 * 1024)},
            code="too_large",
        )
    # Not declared as such, but it reads and seeks like the file it holds.
    picture = _open(cast(BinaryIO, upload))
    picture = ImageOps.exif_transpose(picture)
    picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    target = BytesIO()
    picture.save(target, "WEBP", quality=90, method=4)
    return ContentFile(target.getvalue(), name=f"{uuid4().hex}.webp")


def _open(upload: BinaryIO) -> Image.Image:
    """The unpacked picture of an honest PNG, JPEG or WebP."""
    not_a_picture = ValidationError(_("The logo must be a PNG, JPEG or WebP picture."), code="not_a_picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(upload, formats=FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise ValidationError(
                _("The picture has too many pixels. Save it with at most 4,000 on each side."),
                code="too_many_pixels",
            )
        picture.load()
    except Image.DecompressionBombError:
        raise ValidationError(
            _("The picture has too many pixels. Save it with at most 4,000 on each side."),
            code="too_many_pixels",
        ) from None
    except UnidentifiedImageError:
        raise not_a_picture from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # What Pillow raises for broken pictures.
        if isinstance(error, ValidationError):
            raise
        raise ValidationError(
            _("The picture is damaged. Save it again and try once more."), code="damaged"
        ) from None
    return picture
