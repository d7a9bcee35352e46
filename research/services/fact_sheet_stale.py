"""Finds the fact sheets whose newest version no longer says what our data say today."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from partners.caching import empty_page_cache_on_commit
from partners.fiscal_year import CHICAGO
from research.fact_sheets.content import source_digest, written_content
from research.fact_sheets.district import district_content
from research.fact_sheets.gathering import gather
from research.models import FactSheet, FactSheetVersion, Finding


@transaction.atomic
def mark_quoting(*, finding: Finding, now: datetime) -> int:
    """Marks the sheets whose newest version quotes a finding that changed. Returns how many were not marked yet."""
    newest = FactSheetVersion.objects.newest().values("pk")
    quoting = FactSheetVersion.objects.filter(pk__in=newest, findings=finding).values("sheet_id")
    sheets = FactSheet.objects.exclude(state=FactSheet.State.WITHDRAWN)
    return sheets.filter(pk__in=quoting, stale_since=None).update(stale_since=now)


@transaction.atomic
def mark_stale(*, now: datetime) -> int:
    """Marks every sheet that is out of date and clears the mark of the others. Returns how many are out of date.

    Nothing is typeset: content is put together and its digest compared.
    """
    newest = dict(FactSheetVersion.objects.newest().values_list("sheet_id", "source_digest"))
    sheets = FactSheet.objects.exclude(state=FactSheet.State.WITHDRAWN).select_related("bill")
    day = timezone.localdate(now, CHICAGO)
    gathered = None
    stale: set[int] = set()
    for sheet in sheets.filter(pk__in=newest).iterator(chunk_size=200):
        if sheet.is_of_district:
            gathered = gathered or gather()
            content = district_content(sheet, gathered)
        else:
            content = written_content(sheet, day)
        if source_digest(content) != newest[sheet.pk]:
            stale.add(sheet.pk)
    # Marks are no changes that people made: the history needs none.
    marked = FactSheet.objects.filter(pk__in=stale, stale_since=None).update(stale_since=now)
    cleared = FactSheet.objects.exclude(pk__in=stale).exclude(stale_since=None).update(stale_since=None)
    if marked or cleared:
        empty_page_cache_on_commit()
    return len(stale)
