"""Four toolkits: two campaigns', one for partners, one for employers."""

from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from legislation.models import Bill
from partners.models import User
from portal.demo.toolkits_texts import TOOLKITS, ItemText, ToolkitText
from research.models import Finding, Report, ResearchTopic, Toolkit, ToolkitDownload, ToolkitItem

DAYS_OF_DOWNLOADS = 45


def write_toolkits(*, staff: User, seed: int, now: datetime) -> dict[str, Toolkit]:
    """The toolkits by their short names, with downloads of the last weeks. After reports, findings and bills."""
    rng = Random(f"{seed}:toolkits")
    toolkits = {text.slug: _write(text, staff, now, place) for place, text in enumerate(TOOLKITS)}
    ToolkitDownload.objects.bulk_create(
        ToolkitDownload(
            toolkit=toolkit,
            day=timezone.localdate(now) - timedelta(days=back),
            kind=kind,
            count=rng.randint(1, 6),
        )
        for toolkit in toolkits.values()
        for back in range(DAYS_OF_DOWNLOADS)
        for kind in ("zip", "docx", "txt")
        if rng.random() < 0.3
    )
    return toolkits


def _write(text: ToolkitText, staff: User, now: datetime, place: int) -> Toolkit:
    slug, name = text.topic
    topic, _made = ResearchTopic.objects.get_or_create(slug=slug, defaults={"name": name})
    published = now - timedelta(days=20 + 9 * place)
    toolkit = Toolkit.objects.create(
        title=text.title,
        slug=text.slug,
        summary=text.summary,
        body=text.body,
        audience=text.audience,
        report=Report.objects.published().filter(title__icontains=text.report).first()
        if text.report
        else None,
        bill=Bill.objects.filter(identifier=text.bill).first() if text.bill else None,
        status=Toolkit.Status.PUBLISHED,
        published_at=published,
        published_by=staff,
        reviewed_on=timezone.localdate(published),
    )
    toolkit.topics.add(topic)
    ToolkitItem.objects.bulk_create(_items(toolkit, text.items))
    return toolkit


def _items(toolkit: Toolkit, texts: tuple[ItemText, ...]) -> list[ToolkitItem]:
    made = []
    for order, text in enumerate(texts, start=1):
        findings = Finding.objects.published()
        finding = findings.filter(claim__icontains=text.finding).first() if text.finding else None
        if text.finding and finding is None:
            continue
        made.append(
            ToolkitItem(
                toolkit=toolkit,
                kind=text.kind,
                title=text.title,
                note=text.note,
                text=text.text,
                length_limit=text.limit,
                finding=finding,
                order=order,
            )
        )
    return made
