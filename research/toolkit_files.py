"""Files that staff upload: kept apart from public ones, of kinds we know, and shown to staff over the desk alone."""

import re
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils.translation import gettext as _

MOST_BYTES = 10 * 1024 * 1024
# How a file of each kind begins. Office files are ZIP archives.
_ZIP = b"PK\x03\x04"
BEGINNINGS = {
    ".pdf": b"%PDF-",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".docx": _ZIP,
    ".pptx": _ZIP,
    ".odp": _ZIP,
    ".xlsx": _ZIP,
}
PICTURES = (".png", ".jpg")
_KEPT = re.compile(r"[0-9a-f]{32}\.[a-z]{3,5}")


class DeskFiles(FileSystemStorage):
    """A folder that the web server does not hand out. A file's address is a page of the desk, which asks for rights."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page

    @property
    def base_location(self) -> str:
        return str(settings.PRIVATE_ROOT)

    @property
    def location(self) -> str:
        return str(settings.PRIVATE_ROOT)

    def url(self, name: str | None) -> str:
        return reverse(self.page, args=[PurePath(name or "").name])


def toolkit_files() -> Storage:
    """Where toolkits' files lie: some toolkits are for partners alone."""
    return DeskFiles("admin:research_toolkit_file")


def program_files() -> Storage:
    """Where the sources of the loan repayment program's reports lie."""
    return DeskFiles("admin:research_programreport_file")


def toolkit_file_name(item: Any, name: str) -> str:
    """A name nobody can guess; the ending is one that was checked."""
    return f"toolkits/{uuid4().hex}{PurePath(name).suffix.lower()}"


def program_file_name(report: Any, name: str) -> str:
    """A name nobody can guess."""
    return f"loan-repayment/{uuid4().hex}{PurePath(name).suffix.lower()}"


def check_upload(file: File | bool | None, *, only_pictures: bool = False) -> None:
    """Refuses a new upload that is too large, of an unknown kind, or not what its name says."""
    if not isinstance(file, UploadedFile):
        return
    if (file.size or 0) > MOST_BYTES:
        raise ValidationError(_("Choose a file of at most 10 MB."), code="too_large")
    ending = PurePath(file.name or "").suffix.lower()
    beginning = BEGINNINGS.get(ending)
    start = file.read(16)
    file.seek(0)
    if only_pictures and ending not in PICTURES:
        raise ValidationError(_("Choose a picture: PNG or JPEG (.jpg)."), code="kind")
    if beginning is None or not start.startswith(beginning):
        raise ValidationError(
            _("Choose a PDF, a Word, PowerPoint, Impress or Excel file, or a picture (PNG or JPEG)."),
            code="kind",
        )


def desk_file(storage: Storage, folder: str, name: str) -> FileResponse:
    """A kept file for staff, as a download."""
    if not _KEPT.fullmatch(name) or not storage.exists(f"{folder}/{name}"):
        raise Http404
    return FileResponse(storage.open(f"{folder}/{name}"), as_attachment=True, filename=name)
