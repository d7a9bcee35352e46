"""What staff do about hearings: note that one ended, and enter one by hand where the feed lags."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.models import Hearing
from legislation.reading.identifiers import read_identifier
from legislation.records import HearingDocumentRecord, HearingRecord
from legislation.services.imports import import_records
from legislation.slip_windows import ADVISED_BEFORE_START
from partners.caching import empty_page_cache, empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.models import User

# Hearings entered by hand go the way of every source, so that a feed that catches up finds and updates them.
SOURCE = "staff"
# Beat asks every 30 seconds; twice that leaves no crossing unseen.
CROSSING = timedelta(seconds=60)


def enter_hearing(*, record: HearingRecord) -> Hearing:
    """Stores a hearing as staff wrote it, with its documents and the news for those who follow them.

    A record without a `key` gets one of our own. Raises `NotAllowed` with the reason where it cannot be stored.
    """
    now = timezone.now()
    key = record.key or f"staff-{uuid.uuid4().hex[:12]}"
    told = HearingRecord(
        **{name: getattr(record, name) for name in record.__struct_fields__} | {"key": key, "as_of": now}
    )
    summary = import_records([told], source=SOURCE, observed_at=now)
    if summary.rejected:
        raise NotAllowed(summary.rejected[0].reason)
    empty_page_cache_on_commit()
    return Hearing.objects.get(key=f"{told.chamber}:{key}")


@transaction.atomic
def note_end(*, hearing: Hearing, by: User, at: datetime) -> Hearing:
    """Staff saw the hearing end: House slips are closed from then on."""
    locked = Hearing.objects.select_for_update().get(pk=hearing.pk)
    if locked.state == Hearing.State.CANCELLED:
        raise NotAllowed(_("A cancelled hearing cannot end."))
    if at < locked.starts_at:
        raise NotAllowed(_("It has not begun yet."))
    locked.ended_at, locked.ended_by = at, by
    locked.save(update_fields=["ended_at", "ended_by"])
    empty_page_cache_on_commit()
    return locked


@transaction.atomic
def take_back_end(*, hearing: Hearing) -> Hearing:
    """It goes on after all."""
    locked = Hearing.objects.select_for_update().get(pk=hearing.pk)
    locked.ended_at = locked.ended_by = None
    locked.save(update_fields=["ended_at", "ended_by"])
    empty_page_cache_on_commit()
    return locked


def documents_from(lines: Sequence[str]) -> tuple[HearingDocumentRecord, ...]:
    """Documents as staff type them, one a line: `HB 1075`, `HB 1075, House Amendment 1`. Raises `NotAllowed`."""
    found = []
    for line in filter(None, (line.strip() for line in lines)):
        number, _comma, amendment = line.partition(",")
        measure = read_identifier(number)
        if measure is None:
            raise NotAllowed(_("“%(line)s” does not begin with the number of a measure.") % {"line": line})
        found.append(HearingDocumentRecord(measure.identifier, " ".join(amendment.split())[:80]))
    return tuple(dict.fromkeys(found))


def refresh_pages_after_crossing(*, now: datetime) -> None:
    """Empties the page cache when a window for slips has just opened, is about to close, or closed."""
    before = now - CROSSING
    crossed = Q()
    for field, ahead in (
        ("posted_at", timedelta()),
        ("starts_at", timedelta()),
        ("starts_at", ADVISED_BEFORE_START),
    ):
        crossed |= Q(**{f"{field}__gt": before + ahead, f"{field}__lte": now + ahead})
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if before < midnight:
        crossed |= Q(starts_at__gte=midnight - timedelta(days=1), starts_at__lt=midnight)
    if Hearing.objects.standing().filter(crossed).exists():
        empty_page_cache()
