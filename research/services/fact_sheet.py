"""Fact sheets are published, get new versions, and are withdrawn."""

from collections.abc import Iterable
from datetime import datetime
from typing import IO, cast

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.fiscal_year import CHICAGO
from partners.models import User
from research.embedding import quoted
from research.fact_sheets.content import (
    Content,
    content_digest,
    searched_text,
    source_digest,
    what_changed,
    written_content,
)
from research.fact_sheets.paper import fact_sheet_pdf
from research.models import FactSheet, FactSheetVersion, Finding

_State = FactSheet.State


@transaction.atomic
def publish_sheet(*, sheet: FactSheet, by: User | None, now: datetime) -> FactSheet:
    """Makes a written sheet public, as it reads now. Raises `NotAllowed`."""
    row = _locked(sheet)
    if row.state == _State.PUBLISHED:
        raise NotAllowed(_("This fact sheet is public already."))
    if row.is_of_district:
        if not row.versions.exists():
            raise NotAllowed(_("This sheet was never made. Make the district sheets first."))
    else:
        _renew(row, by=by, now=now, words="")
    row.state, row.published_at, row.withdrawn_at = _State.PUBLISHED, row.published_at or now, None
    row.save()
    empty_page_cache_on_commit()
    return row


@transaction.atomic
def new_version(*, sheet: FactSheet, what_changed: str, by: User | None, now: datetime) -> FactSheetVersion:
    """Gives a written sheet a new version of what it says now. Raises `NotAllowed` where nothing is new."""
    row = _locked(sheet)
    if row.is_of_district:
        raise NotAllowed(_("Sheets of districts are made together, from what our data say."))
    version = _renew(row, by=by, now=now, words=what_changed)
    if version is None:
        raise NotAllowed(_("The newest version says the same. Change the text first."))
    row.save()
    empty_page_cache_on_commit()
    return version


@transaction.atomic
def withdraw_sheet(*, sheet: FactSheet, now: datetime) -> FactSheet:
    """Takes a public sheet off the site with all its versions. Raises `NotAllowed`."""
    row = _locked(sheet)
    if row.state != _State.PUBLISHED:
        raise NotAllowed(_("Only a public fact sheet can be withdrawn."))
    row.state, row.withdrawn_at = _State.WITHDRAWN, now
    row.save()
    empty_page_cache_on_commit()
    return row


def _locked(sheet: FactSheet) -> FactSheet:
    return FactSheet.objects.select_for_update(of=("self",)).select_related("bill").get(pk=sheet.pk)


def _renew(row: FactSheet, *, by: User | None, now: datetime, words: str) -> FactSheetVersion | None:
    """A new version of a locked, written sheet; nothing where the newest says the same."""
    findings = quoted(row.body)
    content = written_content(row, timezone.localdate(now, CHICAGO), findings)
    newest = row.versions.first()
    if newest is not None and newest.source_digest == source_digest(content):
        return None
    return add_version(
        sheet=row, content=content, findings=findings.values(), newest=newest, by=by, now=now, words=words
    )


def add_version(
    *,
    sheet: FactSheet,
    content: Content,
    findings: Iterable[Finding],
    newest: FactSheetVersion | None,
    by: User | None,
    now: datetime,
    words: str = "",
) -> FactSheetVersion:
    """Typesets what a locked sheet says and keeps it as its newest version. Runs in the caller's transaction.

    The caller saves the sheet, which gets the version's words. `findings` are those that the content quotes. Raises `NotAllowed` where it does not fit on one page.
    """
    number = newest.number + 1 if newest else 1
    content["version"] = version_words(number)
    pdf = fact_sheet_pdf(content)
    version = FactSheetVersion(
        sheet=sheet,
        number=number,
        made_at=now,
        made_by=by,
        content=content,
        content_digest=content_digest(content),
        source_digest=source_digest(content),
        what_changed=words or what_changed(newest.content if newest else None, content),
    )
    _keep(version, pdf)
    version.save()
    version.findings.set(findings)
    release_words(sheet, content)
    sheet.stale_since = None
    return version


def release_words(sheet: FactSheet, content: Content) -> None:
    """Gives a sheet, which is not saved here, the words of its newest version for lists and the search."""
    sheet.released_title, sheet.released_summary = content["title"], content["summary"]
    sheet.released_text = searched_text(content)


def version_words(number: int) -> str:
    """Such as `Version 3`, as it is printed."""
    return _("Version %(number)s") % {"number": number}


def _keep(version: FactSheetVersion, pdf: bytes) -> None:
    name, storage = f"{version.sheet.slug}-{version.number}.pdf", version.pdf.storage
    # A worker that died left a file whose version was never written.
    storage.delete(version.pdf.field.generate_filename(version, name))
    version.pdf.save(name, ContentFile(pdf), save=False)


def open_pdf(version: FactSheetVersion) -> IO[bytes]:
    """A version's file. Where it is gone, as after a restore without files, it is set again from the content."""
    if not version.pdf.name or not version.pdf.storage.exists(version.pdf.name):
        _keep(version, fact_sheet_pdf(version.content))
        FactSheetVersion.objects.filter(pk=version.pk).update(pdf=version.pdf.name)
    return cast(IO[bytes], version.pdf.open("rb"))
