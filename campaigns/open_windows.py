"""Where slips can be filed and we ask nobody yet, and which calls a hearing has left behind. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns.models import CallToAction
from legislation.models import Bill, BillTracking, Hearing, HearingDocument
from legislation.slip_windows import SlipWindow, slip_window

_Status = CallToAction.Status
# A hearing that was cancelled, or that another posting replaced: as `CallToAction.hearing_is_off` tells it of a row.
HEARING_OFF = Q(hearing__state="cancelled") | Q(hearing__state="moved", hearing__moved_from__isnull=True)

OFF_FOR_SLIPS = Q(document__hearing__state="cancelled") | Q(
    document__hearing__state="moved", document__hearing__moved_from__isnull=True
)


@dataclass
class OpenWindow:
    """A tracked bill before a hearing whose slips can be filed, without a call that asks for them."""

    hearing: Hearing
    window: SlipWindow
    bill: Bill
    tracking: BillTracking
    documents: list[HearingDocument] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The plain title, also where the public does not see that we follow the bill."""
        return self.tracking.plain_title or self.bill.shown_title


def standing_documents(hearing: Hearing, bill: Bill) -> QuerySet[HearingDocument]:
    """What stands on the notice about one bill: the bill itself, amendments to it, or both."""
    return HearingDocument.objects.filter(hearing=hearing, bill=bill, removed_at=None).order_by("amendment")


def calls_about(hearing: Any, bill: Any, kind: str = CallToAction.Kind.SLIP) -> QuerySet[CallToAction]:
    """Drafts and published calls, for slips or of another kind, at a hearing about a bill; takes keys or `OuterRef`s."""
    return (
        CallToAction.objects.filter(kind=kind, hearing=hearing)
        .filter(status__in=[_Status.DRAFT, _Status.PUBLISHED])
        .filter(Q(bill=bill) | Q(slip_asks__document__bill=bill))
    )


def open_windows(now: datetime) -> list[OpenWindow]:
    """Bills we lead, support or oppose whose slips are open and that no call asks for, the soonest hearing first.

    One query.
    """
    matters = Q(bill__tracking__priority__in=["lead", "support"]) | Q(bill__tracking__position="oppose")
    asked = calls_about(OuterRef("hearing"), OuterRef("bill"))
    documents = (
        HearingDocument.objects.filter(
            matters,
            ~Exists(asked),
            removed_at=None,
            hearing__in=Hearing.objects.slips_open(now).order_by(),
            hearing__starts_at__gt=now,
        )
        .select_related("hearing__committee", "bill__tracking")
        .defer("bill__search", "bill__synopsis", "bill__tracking__talking_points")
        .order_by("hearing__starts_at", "hearing", "bill", "amendment")
    )
    return _grouped(documents, now)


def _grouped(documents: Iterable[HearingDocument], now: datetime) -> list[OpenWindow]:
    found: dict[tuple[int, int], OpenWindow] = {}
    for document in documents:
        bill = document.bill
        if bill is None:
            continue
        key = (document.hearing_id, bill.pk)
        if key not in found:
            window = slip_window(document.hearing, now)
            found[key] = OpenWindow(document.hearing, window, bill, bill.tracking)
        found[key].documents.append(document)
    return [one for one in found.values() if one.window.is_open]


def new_posting(hearing: Hearing, bills: Iterable[int | None], now: datetime) -> Hearing | None:
    """The posting that takes the place of a hearing that is off: the same committee, one of the bills, still to come."""
    wanted = [bill for bill in bills if bill is not None]
    if not wanted:
        return None
    same = Q(committee=hearing.committee_id) if hearing.committee_id else Q(pk__in=[])
    same |= Q(committee_name=hearing.committee_name)
    documents = HearingDocument.objects.filter(hearing=OuterRef("pk"), bill__in=wanted, removed_at=None)
    return (
        Hearing.objects.upcoming(now)
        .filter(same, Exists(documents), session=hearing.session, chamber=hearing.chamber)
        .exclude(pk=hearing.pk)
        .select_related("committee")
        .first()
    )


def left_behind(now: datetime) -> list[CallToAction]:
    """Calls that staff must decide on because their hearing is off: published ones that go on, and all drafts.

    Calls that end with their hearing close by themselves. One query.
    """
    calls = CallToAction.objects.filter(HEARING_OFF, closes_at__gt=now).filter(
        Q(status=_Status.PUBLISHED) | Q(status=_Status.DRAFT)
    )
    return list(calls.select_related("hearing__committee", "bill").order_by("hearing__starts_at", "pk"))
