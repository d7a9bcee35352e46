"""Sample fact sheets: three that staff wrote, and those of all districts as the job would have made them.

Their PDFs are set when somebody first asks for them.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from legislation.models import Bill
from legislation.places.geography import current_atlas
from partners.fiscal_year import CHICAGO
from partners.models import User
from portal.demo.fact_sheet_texts import WRITTEN
from research.embedding import quoted
from research.fact_sheets.content import (
    Content,
    content_digest,
    source_digest,
    what_changed,
    written_content,
)
from research.fact_sheets.district import district_content
from research.fact_sheets.gathering import findings_for, gather
from research.models import FactSheet, FactSheetRun, FactSheetVersion, Finding
from research.services.fact_sheet import release_words, version_words
from research.services.fact_sheet_figures import count_finished_year
from research.services.fact_sheet_runs import ensure_sheets

MADE_BEFORE = timedelta(days=2)


def write_fact_sheets(*, staff: User, now: datetime) -> int:
    """Returns how many are public."""
    at = now - MADE_BEFORE
    day = timezone.localdate(at, CHICAGO)
    versions: list[tuple[FactSheetVersion, list[Finding]]] = []
    for kind, number, reference, title, slug, summary, body, ask in WRITTEN:
        bill = Bill.objects.filter(identifier=number).order_by("-session").first() if number else None
        if number and bill is None:
            continue
        sheet = FactSheet.objects.create(
            kind=kind,
            bill=bill,
            reference=reference,
            title=title,
            slug=slug,
            summary=summary,
            body=body,
            ask=ask,
            state=FactSheet.State.PUBLISHED,
            published_at=at,
        )
        findings = quoted(sheet.body)
        content = written_content(sheet, day, findings)
        versions.append((_version(sheet, content, staff, at), list(findings.values())))
    versions += _district_versions(staff, at, now)
    return _write(versions)


def _write(versions: list[tuple[FactSheetVersion, list[Finding]]]) -> int:
    made = FactSheetVersion.objects.bulk_create(version for version, _findings in versions)
    FactSheet.objects.bulk_update(
        (version.sheet for version in made), ["released_title", "released_summary", "released_text"]
    )
    quotes = FactSheetVersion.findings.through
    quotes.objects.bulk_create(
        quotes(factsheetversion=version, finding=finding)
        for version, findings in versions
        for finding in findings
    )
    return len(made)


def _district_versions(
    staff: User, at: datetime, now: datetime
) -> list[tuple[FactSheetVersion, list[Finding]]]:
    if current_atlas() is None:
        return []
    count_finished_year(now=now)
    ensure_sheets()
    FactSheet.objects.of_districts().update(state=FactSheet.State.PUBLISHED, published_at=at)
    gathered = gather()
    gathered.day = timezone.localdate(at, CHICAGO)
    sheets = list(FactSheet.objects.of_districts())
    FactSheetRun.objects.create(
        state=FactSheetRun.State.DONE,
        total=len(sheets),
        done=len(sheets),
        made=len(sheets),
        asked_at=at - timedelta(seconds=9),
        asked_by=staff,
        started_at=at - timedelta(seconds=8),
        ended_at=at,
        seen_at=at,
    )
    return [
        (
            _version(sheet, district_content(sheet, gathered), staff, at),
            findings_for(gathered, (sheet.chamber, sheet.district or 0)),
        )
        for sheet in sheets
    ]


def _version(sheet: FactSheet, content: Content, staff: User, at: datetime) -> FactSheetVersion:
    content["version"] = version_words(1)
    release_words(sheet, content)
    return FactSheetVersion(
        sheet=sheet,
        number=1,
        made_at=at,
        made_by=staff,
        content=content,
        content_digest=content_digest(content),
        source_digest=source_digest(content),
        what_changed=what_changed(None, content),
    )
