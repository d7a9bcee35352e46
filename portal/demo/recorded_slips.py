"""A past hearing with the General Assembly's list of slips: partners by the names people write, and others."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.utils import timezone

from legislation.models import BillTracking
from legislation.records import HearingDocumentRecord, HearingRecord, SlipRecord
from legislation.services.imports import import_records
from partners.models import Organization
from portal.demo.legislature.hearings import SUBJECT
from portal.demo.words import FIRST_NAMES, LAST_NAMES

AMENDMENT = "House Amendment 1"
# Of a hundred active partners, so many stand on the list.
SHARE = 35
# How people write a name; the last two leave something for staff to decide.
WAYS: tuple[Callable[[str], str], ...] = (
    lambda name: name,
    lambda name: name.upper(),
    lambda name: f"{name}, Inc.",
    lambda name: name.replace("Services", "Svcs.").replace("Center", "Ctr."),
    lambda name: f"{name} (Policy Team)",
    lambda name: " ".join(name.split()[:2]),
    lambda name: f"{name} Foundation",
)
OTHERS = (
    ("Retired", "Self"),
    ("Self", "Self"),
    ("N/A", "N/A"),
    ("Sample County Taxpayers", "Sample County Taxpayers"),
    ("Sample & Sample Government Affairs", "Sample Business Roundtable"),
    ("Concerned citizen", "my family"),
)


def write_recorded_slips(*, now: datetime, seed: int) -> None:
    """Imports the list as staff would. The same seed and day give the same slips."""
    tracking = BillTracking.objects.filter(is_public=True, position="support").select_related("bill")
    chosen = tracking.by_priority().first()
    if chosen is None:
        return
    bill = chosen.bill
    day = timezone.localdate(now) - timedelta(days=6)
    starts_at = datetime.combine(
        day - timedelta(days=max(0, day.weekday() - 4)), time(10), ZoneInfo("America/Chicago")
    )
    hearing = HearingRecord(
        key="sample-with-slips",
        chamber="lower",
        committee="Human Services",
        starts_at=starts_at,
        session=bill.session,
        posted_at=starts_at - timedelta(days=6),
        location="Room 114, Capitol, Springfield, IL",
        subject=SUBJECT,
        documents=(
            HearingDocumentRecord(bill.identifier),
            HearingDocumentRecord(bill.identifier, AMENDMENT),
        ),
    )
    import_records([hearing], source="sample", observed_at=starts_at - timedelta(days=5))
    slips = _slips(bill.session, bill.identifier, starts_at, Random(f"{seed}:slips"))
    import_records(slips, source="sample", observed_at=min(now, starts_at + timedelta(days=1)))


def _slips(session: int, identifier: str, at: datetime, rng: Random) -> list[SlipRecord]:
    names = list(Organization.objects.active().order_by("pk").values_list("name", flat=True))
    chosen = rng.sample(names, max(1, len(names) * SHARE // 100))
    lines = [_line(WAYS[number % len(WAYS)](name), number) for number, name in enumerate(chosen)]
    lines += [(firm, representation, "opponent") for firm, representation in OTHERS[3:5]]
    lines += [(*rng.choice(OTHERS), "proponent") for _number in range(len(chosen) // 2)]
    return [
        SlipRecord(
            session=session,
            identifier=identifier,
            amendment=AMENDMENT if number % 5 == 3 else "",
            committee="Human Services",
            scheduled_at=at,
            name=f"{rng.choice(FIRST_NAMES)} {chr(65 + number % 26)}. {rng.choice(LAST_NAMES)}",
            firm=firm,
            representation=representation,
            position=position,
        )
        for number, (firm, representation, position) in enumerate(lines)
    ]


def _line(words: str, number: int) -> tuple[str, str, str]:
    """Firm, representation and position: the name in either field, now and then for the witness alone."""
    if number % 6 == 5:
        return words, "Self", "proponent"
    return ("Self", words, "proponent") if number % 4 == 1 else (words, words, "proponent")
