"""The end of a General Assembly: whatever is pending then is dead."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from legislation.chambers import GeneralAssembly
from legislation.models import Bill, BillEvent
from legislation.models.bill import Stage
from legislation.reading.stages import PENDING
from legislation.services.imports.measure_lines import SESSION_OVER
from partners.caching import empty_page_cache_on_commit


@transaction.atomic
def close_finished_sessions(*, today: date) -> int:
    """Marks the pending measures of General Assemblies that ended before this day as dead, each with one event.

    Returns how many. One passed by both chambers may still be signed, and is left alone.
    """
    current = GeneralAssembly.of(today).number
    pending = list(
        Bill.objects.select_for_update()
        .filter(session__lt=current, stage__in=PENDING)
        .only("pk", "session", "stage")
    )
    now = timezone.now()
    events = []
    for bill in pending:
        last = GeneralAssembly(bill.session).last
        events.append(
            BillEvent(
                bill=bill,
                kind=BillEvent.Kind.STAGE,
                key=SESSION_OVER,
                before=bill.stage,
                after=Stage.DEAD,
                happened_on=last,
                observed_at=now,
            )
        )
        bill.stage, bill.stage_on, bill.changed_at = Stage.DEAD, last, now
    Bill.objects.bulk_update(pending, ["stage", "stage_on", "changed_at"], batch_size=1000)
    BillEvent.objects.bulk_create(events, batch_size=1000, ignore_conflicts=True)
    if pending:
        empty_page_cache_on_commit()
    return len(pending)
