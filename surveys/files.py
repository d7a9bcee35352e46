"""Files that people hand in with their answers: kept apart from public ones, and only of kinds we know.

Off by default (`SURVEY_FILES`). The folder is served by nobody; staff get a file through the desk, as a download.
"""

import os
import uuid
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, Storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

# How a file of each kind begins. Office files are ZIP archives.
_ZIP = b"PK\x03\x04"
BEGINNINGS = {
    ".pdf": b"%PDF-",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".docx": _ZIP,
    ".xlsx": _ZIP,
    ".odt": _ZIP,
}


class PrivateFiles(FileSystemStorage):
    """A folder outside of what the web server hands out; its files have no address."""

    @property
    def base_location(self) -> str:
        return str(settings.PRIVATE_ROOT)

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)

    def url(self, name: str | None) -> str:
        raise ValueError("This file is served by no address of its own.")


def private_files() -> Storage:
    """Where the files lie."""
    return PrivateFiles()


def kept_name(answer: Any, name: str) -> str:
    """A name nobody can guess; what the file was called stands in the answer."""
    return f"surveys/{uuid.uuid4().hex}{PurePath(name).suffix.lower()}"


def check_file(file: UploadedFile) -> None:
    """Refuses what is too large, of an unknown kind, or not what its name says."""
    most = settings.SURVEY_FILE_MAX_BYTES
    if (file.size or 0) > most:
        raise ValidationError(
            _("Choose a file of at most %(n)d MB.") % {"n": most // 1024**2}, code="too_large"
        )
    beginning = BEGINNINGS.get(PurePath(file.name or "").suffix.lower())
    start = file.read(16)
    file.seek(0)
    if beginning is None or not start.startswith(beginning):
        raise ValidationError(
            _("Choose a PDF, a Word, Excel or OpenDocument file, or a picture (PNG or JPEG)."), code="kind"
        )
