"""Reports of the demonstration: one that is out in two versions, one under embargo, one that is being written."""

from datetime import datetime, time, timedelta
from random import Random

from django.utils import timezone

from legislation.models import Bill
from partners.models import User
from portal.demo.reports_texts import (
    COMPARED,
    COST,
    METHOD,
    OVERHEAD,
    SAMPLE,
    TOPICS,
    TRAVEL,
    TRAVEL_BEFORE,
    ReportText,
)
from research.models import (
    Chapter,
    Finding,
    KeyFinding,
    Report,
    ReportAuthor,
    ReportDownload,
    ReportTable,
    ReportVersion,
    ResearchTopic,
)
from research.report_content import content_of, searched_text

FIRST_RELEASE, SECOND_RELEASE = timedelta(days=118), timedelta(days=52)
EMBARGO = timedelta(days=9)
WHAT_CHANGED = (
    "Corrected the cost of travel in table 1: the first version counted only the way there. The total and the first key "
    "finding follow."
)
KEY_BEFORE = "In our sample, the rate covers 81 cents of each dollar that an hour of home care costs."


def write_reports(*, staff: User, seed: int, now: datetime) -> list[Report]:
    """The three reports. After findings, which they quote, and bills."""
    topics = {
        slug: ResearchTopic.objects.get_or_create(slug=slug, defaults={"name": name, "order": order})[0]
        for slug, name, order in TOPICS
    }
    findings = Finding.objects.in_bulk(field_name="slug")
    published, embargoed, draft = (_write(text, topics, findings) for text in (COST, COMPARED, OVERHEAD))
    _publish(published, staff, now)
    _count_downloads(published, Random(f"{seed} downloads of reports"), now)
    published.bills.set(Bill.objects.filter(tracking__is_public=True).order_by("pk")[:2])
    morning = timezone.make_aware(datetime.combine(timezone.localdate(now + EMBARGO), time(9)))
    embargoed.state, embargoed.embargo_until = Report.State.EMBARGOED, morning
    embargoed.save(update_fields=["state", "embargo_until"])
    return [published, embargoed, draft]


def _write(text: ReportText, topics: dict[str, ResearchTopic], findings: dict[str, Finding]) -> Report:
    """A draft with everything that belongs to it."""
    report = Report.objects.create(
        title=text.title,
        slug=text.slug,
        subtitle=text.subtitle,
        summary=text.summary,
        method=METHOD,
        doi=text.doi,
    )
    report.topics.set(topics[slug] for slug in text.topics.split())
    ReportAuthor.objects.bulk_create(
        [
            ReportAuthor(report=report, family="Rivera", given="Alex", order=1),
            ReportAuthor(report=report, family="Sample", given="Jordan", order=2),
        ]
    )
    KeyFinding.objects.bulk_create(
        key for order, words in enumerate(text.keys) if (key := _key(report, order, words, findings))
    )
    _write_chapters(report, text)
    return report


def _write_chapters(report: Report, text: ReportText) -> None:
    chapters = Chapter.objects.bulk_create(
        Chapter(report=report, order=order, title=chapter.title, slug=chapter.slug, body=chapter.body)
        for order, chapter in enumerate(text.chapters)
    )
    ReportTable.objects.bulk_create(
        ReportTable(
            chapter=chapter,
            order=order,
            title=table.title,
            heads=table.heads,
            rows=table.rows,
            unit=table.unit,
            chart=table.chart,
            note=table.note,
            source=SAMPLE,
        )
        for chapter, told in zip(chapters, text.chapters, strict=True)
        for order, table in enumerate(told.tables)
    )


def _key(report: Report, order: int, words: str, findings: dict[str, Finding]) -> KeyFinding | None:
    slug, _blank, rest = words.removeprefix("finding:").partition(" ")
    if not words.startswith("finding:"):
        return KeyFinding(report=report, order=order, text=words)
    finding = findings.get(slug)
    return KeyFinding(report=report, order=order, finding=finding, text=rest) if finding else None


def _publish(report: Report, staff: User, now: datetime) -> None:
    """Out in two versions: the first had the cost of travel too low."""
    newest = content_of(report)
    first = content_of(report)
    rows = first["chapters"][0]["tables"][0]["rows"]
    first["chapters"][0]["tables"][0]["rows"] = [
        [name, TRAVEL_BEFORE if value == TRAVEL else value] for name, value in rows
    ]
    first["key_findings"][0]["text"] = KEY_BEFORE
    released = [now - FIRST_RELEASE, now - SECOND_RELEASE]
    ReportVersion.objects.bulk_create(
        ReportVersion(
            report=report,
            number=number,
            released_at=at,
            released_by=staff,
            what_changed=said,
            content=content,
        )
        for number, at, said, content in (
            (1, released[0], "", first),
            (2, released[1], WHAT_CHANGED, newest),
        )
    )
    report.state = Report.State.PUBLISHED
    report.published_at, report.published_by = released[0], staff
    report.released_text = searched_text(newest)
    report.save()


def _count_downloads(report: Report, rng: Random, now: datetime) -> None:
    """Many in the first weeks, fewer later, hardly any on weekends."""
    today = timezone.localdate(now)
    rows = []
    for age in range(FIRST_RELEASE.days, -1, -1):
        day = today - timedelta(days=age)
        most = 26 * (0.97 ** (FIRST_RELEASE.days - age)) * (0.25 if day.weekday() > 4 else 1)
        for kind, share in (("pdf", 1.0), ("csv", 0.35), ("dataset", 0.12)):
            if count := round(rng.uniform(0.4, 1) * most * share):
                rows.append(ReportDownload(report=report, day=day, kind=kind, count=count))
    ReportDownload.objects.bulk_create(rows)
