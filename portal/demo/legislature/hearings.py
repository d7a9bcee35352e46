"""Notices for real bills, so that a demonstration has hearings to come. Each says that it is a sample."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from legislation.records import HearingDocumentRecord, HearingRecord
from portal.demo.legislature.texts import MeasureText

SUBJECT = "Sample notice of this demonstration; no such hearing was posted."
COMMITTEES = (
    ("lower", "Human Services"),
    ("upper", "Health and Human Services"),
    ("lower", "Appropriations-Health and Human Services"),
    ("lower", "Mental Health & Addiction"),
    ("upper", "Appropriations-Health and Human Services"),
)


def hearings_of(followed: tuple[MeasureText, ...], now: datetime) -> Iterator[HearingRecord]:
    """Five notices over the next two weeks, each with two bills."""
    for number, (chamber, committee) in enumerate(COMMITTEES):
        day = timezone.localdate(now) + timedelta(days=1 + 2 * number)
        day += timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
        yield HearingRecord(
            key=f"sample-{number}",
            chamber=chamber,
            committee=committee,
            starts_at=datetime.combine(day, time(9 + 2 * (number % 3)), ZoneInfo("America/Chicago")),
            session=104,
            posted_at=now - timedelta(days=1),
            location="Room 114, Capitol, Springfield, IL",
            subject=SUBJECT,
            documents=tuple(
                HearingDocumentRecord(text.identifier)
                for text in (followed[number], followed[(number + 5) % len(followed)])
            ),
        )
