"""Findings for programs: rows of a table and JSON. Both say what the list says, finding for finding."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from legislation.models.district import division_id
from partners.models import Coalition
from partners.structured_data import json_ld
from research.citing import Author, Work
from research.embedding import living_source, page_address
from research.models import Finding, FindingCorrection
from research.querysets.finding import FindingQuerySet

HEADS = (
    "claim",
    "value",
    "number",
    "unit",
    "kind",
    "year",
    "place",
    "sub_sector",
    "topics",
    "method",
    "source",
    "source_url",
    "caveat",
    "corrections",
    "address",
)


def with_everything(findings: FindingQuerySet) -> FindingQuerySet:
    """What files need, in a constant number of queries."""
    corrections = Prefetch("corrections", queryset=FindingCorrection.objects.order_by("corrected_at", "id"))
    return (
        findings.shown()
        .select_related("report", "source_check")
        .prefetch_related("topics")
        .prefetch_related(corrections)
    )


def csv_rows(findings: Iterable[Finding]) -> Iterator[list[object]]:
    """The table: heads, then a row for each finding. Heads are names that programs can rely on."""
    yield list(HEADS)
    for finding in findings:
        yield [
            finding.claim,
            finding.value,
            number_of(finding),
            finding.unit,
            finding.kind,
            finding.year,
            finding.place_words,
            finding.sub_sector.name if finding.sub_sector else "",
            "; ".join(topic.name for topic in finding.topics.all()),
            finding.method,
            finding.source,
            finding.source_url,
            finding.caveat,
            len(finding.corrections.all()),
            page_address(finding),
        ]


def document(finding: Finding) -> dict[str, Any]:
    """One finding as JSON. Of a retracted one only that it is, and why."""
    head = {"id": finding.slug, "url": page_address(finding), "state": finding.state}
    if finding.is_retracted:
        return {**head, "retracted": _moment(finding.retracted_at), "reason": finding.retraction}
    report = finding.report if finding.report and finding.report.is_published else None
    return {
        **head,
        "claim": finding.claim,
        "value": finding.value,
        "number": number_of(finding),
        "unit": finding.unit,
        "kind": finding.kind,
        "year": finding.year,
        "place": _place(finding),
        "sub_sector": finding.sub_sector.name if finding.sub_sector else None,
        "topics": [topic.name for topic in finding.topics.all()],
        "method": finding.method,
        "source": {
            "name": finding.source,
            "url": finding.source_url or None,
            "answers": bool(living_source(finding)) if finding.source_url else None,
        },
        "caveat": finding.caveat or None,
        "report": f"{settings.SITE_URL}{report.get_absolute_url()}" if report else None,
        "published": _moment(finding.published_at),
        "modified": _moment(finding.updated_at),
        "corrections": [
            {"at": _moment(one.corrected_at), "reason": one.reason, "changes": one.changes}
            for one in finding.corrections.all()
        ],
    }


def _place(finding: Finding) -> dict[str, Any]:
    place: dict[str, Any] = {"kind": finding.place, "name": finding.place_words}
    if finding.county:
        place["fips"] = finding.county.fips
    if finding.chamber and finding.district:
        place["ocd_id"] = division_id(finding.chamber, finding.district)
    return place


def number_of(finding: Finding) -> int | float | None:
    """The value as a number for programs: a whole one where it is whole."""
    if finding.number is None:
        return None
    number = Decimal(finding.number)
    return int(number) if number == number.to_integral_value() else float(number)


def _moment(at: Any) -> str | None:
    return localtime(at).isoformat(timespec="seconds") if at else None


def work_of(finding: Finding, coalition: Coalition) -> Work:
    """The finding as a work that can be cited; a correction makes it a new version."""
    on = (
        localtime(finding.published_at).date()
        if finding.published_at
        else localtime(finding.updated_at).date()
    )
    return Work(
        authors=[Author(coalition.name)],
        title=finding.claim_words,
        publisher=coalition.name,
        on=on,
        url=page_address(finding),
        version=len(finding.corrections.all()) + 1,
        summary=f"{finding.value} ({finding.year}). " + _("Source: %s") % finding.source,
    )


def observation(finding: Finding, coalition: Coalition) -> SafeString:
    """A finding as an Observation. Source: https://schema.org/Observation"""
    number = number_of(finding)
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Observation",
        "name": finding.claim,
        "url": page_address(finding),
        "observationDate": str(finding.year),
        "observationAbout": {"@type": "Place", "name": finding.place_words},
        "measurementTechnique": finding.method,
        "publisher": {"@type": "Organization", "name": coalition.name, "url": settings.SITE_URL},
        "dateModified": _moment(finding.updated_at),
    }
    if number is None:
        data["value"] = finding.value
    else:
        data["value"] = {
            "@type": "QuantitativeValue",
            "value": number,
            "unitText": finding.unit or finding.kind,
        }
    if address := living_source(finding):
        data["isBasedOn"] = address
    return json_ld({name: value for name, value in data.items() if value})
