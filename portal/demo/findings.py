"""Writes the demonstration's findings, with corrections, a retraction and looks at their sources."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from campaigns.models import Story
from partners.models import County, SubSector
from portal.demo.findings_texts import (
    CORRECTIONS,
    LOOKS,
    OWN,
    RETRACTED,
    SAMPLES,
    TOPICS,
    FindingText,
)
from research.finding_filter import place_of
from research.models import Finding, FindingCorrection, ResearchTopic, SourceCheck

# In a story of the coalition's own a finding stands by reference.
QUOTING = ("arden-shore-waukegan", "<h2>What", "<p>[finding:state-cut-arden-shore]</p><h2>What")


def write_findings(*, seed: int, now: datetime) -> dict[str, Finding]:
    """All findings by their short names."""
    chance = Random(f"findings-{seed}")
    counties = {county.fips: county for county in County.objects.all()}
    services = {service.slug: service for service in SubSector.objects.all()}
    texts = [*OWN, *SAMPLES]
    made = Finding.objects.bulk_create(
        _finding(text, counties, services, now - timedelta(days=chance.randint(5, 300))) for text in texts
    )
    findings = {finding.slug: finding for finding in made}
    _give_topics(texts, findings)
    _correct(findings, now)
    _retract(findings, now)
    _look_at_sources(findings, now)
    _quote()
    return findings


def _finding(
    text: FindingText, counties: dict[str, County], services: dict[str, SubSector], published: datetime
) -> Finding:
    asked = place_of(text.place) or {}
    county = counties[asked["county__fips"]] if "county__fips" in asked else None
    is_district = "district" in asked
    return Finding(
        slug=text.slug,
        claim=text.claim,
        value=text.value,
        number=None if text.number is None else Decimal(str(text.number)),
        kind=text.kind,
        unit=text.unit,
        year=text.year,
        place="county" if county else "district" if is_district else text.place,
        county=county,
        chamber=asked["chamber"] if is_district else "",
        district=asked["district"] if is_district else None,
        place_note=text.place_note,
        sub_sector=services[text.service] if text.service else None,
        method=text.method,
        source=text.source,
        source_url=text.source_url,
        caveat=text.caveat,
        state=text.state,
        published_at=published if text.state == "published" else None,
    )


def _give_topics(texts: list[FindingText], findings: dict[str, Finding]) -> None:
    known = {topic.slug: topic for topic in ResearchTopic.objects.all()}
    missing = [
        ResearchTopic(slug=slug, name=name, order=place)
        for place, (slug, name) in enumerate(TOPICS, start=1)
        if slug not in known
    ]
    known |= {topic.slug: topic for topic in ResearchTopic.objects.bulk_create(missing)}
    through = Finding.topics.through
    through.objects.bulk_create(
        through(finding_id=findings[text.slug].pk, researchtopic_id=known[slug].pk)
        for text in texts
        for slug in text.topics.split()
    )


def _correct(findings: dict[str, Finding], now: datetime) -> None:
    FindingCorrection.objects.bulk_create(
        FindingCorrection(
            finding=findings[slug],
            changes=changes,
            reason=reason,
            corrected_at=now - timedelta(days=days),
        )
        for slug, days, changes, reason in CORRECTIONS
    )


def _retract(findings: dict[str, Finding], now: datetime) -> None:
    slug, reason = RETRACTED
    Finding.objects.filter(pk=findings[slug].pk).update(
        state=Finding.State.RETRACTED, retracted_at=now - timedelta(days=30), retraction=reason
    )


def _look_at_sources(findings: dict[str, Finding], now: datetime) -> None:
    checks = []
    for slug, days, outcome, status, seen, moved_to in LOOKS:
        fails = outcome in SourceCheck.FAILURES
        lately = outcome == SourceCheck.Outcome.SLOW
        checks.append(
            SourceCheck(
                finding=findings[slug],
                url=findings[slug].source_url,
                checked_at=now - timedelta(days=days),
                outcome=outcome,
                status_code=status,
                moved_to=moved_to,
                last_seen_at=None if seen is None else now - timedelta(days=seen),
                first_failed_at=now - timedelta(days=days if lately else 38) if fails else None,
                failed_days=(1 if lately else 6) if fails else 0,
            )
        )
    SourceCheck.objects.bulk_create(checks)


def _quote() -> None:
    slug, words, quoting = QUOTING
    story = Story.objects.filter(slug=slug).first()
    if story is not None:
        story.body = story.body.replace(words, quoting, 1)
        story.save(update_fields=["body", "updated_at"])
