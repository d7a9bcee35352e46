"""Reads the demonstration's legislature and writes what the coalition and its partners think of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from django.conf import settings

from legislation.models import Bill, BillTracking, Follow, OrganizationPosition, SyncRun
from legislation.services.imports import Summary, import_records
from legislation.sources import SOURCES, ReadOptions
from partners.models import Organization, Person, User
from portal.demo.legislature import real
from portal.demo.legislature.budget import write_budget
from portal.demo.legislature.hearings import hearings_of
from portal.demo.legislature.sample import SampleLegislature
from portal.demo.legislature.texts import FOLLOWED, MeasureText
from portal.embedded.demo_logins import CONTACT

Say = Callable[[str], None]
# Of a hundred partners, so many take a position on a bill of this priority.
SHARES = {"lead": 14, "support": 6, "monitor": 2}


def write_legislature(*, now: datetime, seed: int, staff: User, say: Say) -> None:
    """Members, districts, bills, votes and hearings; positions of the coalition and of partners."""
    if real.is_present(settings.LEGISLATURE_DATA):
        followed = _read_real(Path(settings.LEGISLATURE_DATA), now, say)
    else:
        followed = _read_sample(now, seed, say)
    bills = _track(followed, staff)
    write_budget(bills)
    count = _take_positions(bills, Random(seed), now)
    _follow(bills)
    say(
        f"Legislature: {Bill.objects.count():,} measures, {len(bills)} followed, {count:,} partners' positions."
    )


def _read_real(folder: Path, now: datetime, say: Say) -> tuple[MeasureText, ...]:
    observed = now - timedelta(days=1)
    for name, source in real.PARTS:
        options = ReadOptions(location=str(folder / name), session=real.SESSION)
        summary = import_records(SOURCES[source].read(options), source=source, observed_at=observed)
        _note(source, name, real.SESSION, summary, observed)
        say(f"{name}: {summary.total('added'):,} records, {len(summary.rejected):,} rejected.")
    import_records(hearings_of(real.FOLLOWED, now), source="sample", observed_at=observed)
    return real.FOLLOWED


def _read_sample(now: datetime, seed: int, say: Say) -> tuple[MeasureText, ...]:
    sample = SampleLegislature(now=now, seed=seed)
    for last_night, observed in ((False, now - timedelta(days=3)), (True, now - timedelta(hours=7))):
        for part in (
            sample.people(),
            sample.measures(last_night=last_night),
            sample.hearings(last_night=last_night),
        ):
            import_records(part, source="sample", observed_at=observed)
    say(f"An invented legislature of {len(sample.members)} members.")
    return FOLLOWED


def _note(source: str, name: str, session: int, summary: Summary, at: datetime) -> None:
    """Leaves the import in the desk's list, as a run of the clock would."""
    SyncRun.objects.create(
        source=source,
        location=name,
        session=session,
        state=SyncRun.State.DONE,
        started_at=at,
        finished_at=at,
        done=sum(summary.by_kind.values()),
        added=summary.total("added"),
        rejected=len(summary.rejected),
    )


def _track(followed: tuple[MeasureText, ...], staff: User) -> dict[str, Bill]:
    """The coalition's positions. Returns the bills by identifier."""
    bills = {
        bill.identifier: bill
        for bill in Bill.objects.filter(identifier__in=[text.identifier for text in followed]).order_by(
            "session"
        )
    }
    for text in followed:
        BillTracking.objects.create(
            bill=bills[text.identifier],
            position=text.position,
            priority=text.priority,
            owner=staff,
            plain_title=text.plain_title,
            summary=text.summary,
            talking_points=_talking_points(text),
            credit_text="Health and Human Services Coalition of Illinois" if text.priority == "lead" else "",
        )
    return bills


def _talking_points(text: MeasureText) -> str:
    """What to say; a position on a real bill says that nobody took it."""
    invented = bool(text.title)
    note = (
        ""
        if invented
        else "<p><em>Sample position of this demonstration; the coalition did not take it.</em></p>"
    )
    return note + (f"<p>{text.summary}</p>" if text.summary else "")


def _take_positions(bills: dict[str, Bill], rng: Random, now: datetime) -> int:
    partners = list(Organization.objects.active().order_by("pk"))
    rows = []
    for bill in BillTracking.objects.filter(bill__in=bills.values()).select_related("bill"):
        wanted = max(1, len(partners) * SHARES[bill.priority] // 100)
        for organization in rng.sample(partners, min(wanted, len(partners))):
            at = now - timedelta(days=rng.randint(2, 40))
            rows.append(
                OrganizationPosition(
                    bill=bill.bill,
                    organization=organization,
                    position=bill.position if rng.random() > 0.03 else "neutral",
                    state=OrganizationPosition.State.ON_RECORD,
                    proposed_at=at,
                    decided_at=at,
                )
            )
    return len(OrganizationPosition.objects.bulk_create(rows, batch_size=1000))


def _follow(bills: dict[str, Bill]) -> None:
    """The demonstration's primary contact follows two bills."""
    contact = Person.objects.by_email(CONTACT.email).select_related("user").first()
    if contact is not None and contact.user is not None:
        for bill in list(bills.values())[:2]:
            Follow.objects.create(user=contact.user, bill=bill)
