"""What the pages of hearings read: the filtered list, the month, and the slips that are on record."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Q
from django.http import QueryDict
from django.utils import timezone

from legislation.models import Committee, Follow, Hearing, HearingDocument, RecordedSlip
from legislation.querysets import HearingQuerySet
from legislation.slip_matches import partner_counts
from legislation.slip_windows import ADVISED_BEFORE_START, SlipWindow, slip_window
from partners.models import User
from partners.months import Entry, Month, midnight, month_with, span_of


@dataclass
class HearingFilter:
    """What a visitor asked for; a value that nothing knows is left out."""

    chamber: str = ""
    committee: str = ""
    bills: str = ""  # "tracked": with a position of ours; "followed": that this person follows
    slips: bool = False

    @classmethod
    def parse(cls, query: QueryDict) -> "HearingFilter":
        chamber, bills = query.get("chamber", ""), query.get("bills", "")
        return cls(
            chamber=chamber if chamber in Hearing.HearingChamber.values else "",
            committee=query.get("committee", "").strip()[:220],
            bills=bills if bills in {"tracked", "followed"} else "",
            slips=query.get("slips", "") == "open",
        )

    @property
    def is_active(self) -> bool:
        return bool(self.query)

    @property
    def query(self) -> str:
        """As an address's query, without the page."""
        facts = {"chamber": self.chamber, "committee": self.committee, "bills": self.bills}
        return urlencode(
            {name: value for name, value in facts.items() if value}
            | ({"slips": "open"} if self.slips else {})
        )

    def queryset(self, user: User | AnonymousUser, now: datetime) -> HearingQuerySet:
        """Hearings from today on that match, the soonest first."""
        found = Hearing.objects.shown().filter(starts_at__gte=midnight(timezone.localdate(now)))
        if self.slips:
            found = found.slips_open(now)
        if self.chamber:
            found = found.filter(chamber=self.chamber)
        if self.committee:
            found = found.filter(committee__slug=self.committee)
        if self.bills == "tracked":
            found = found.filter(_with_bill(bill__tracking__is_public=True))
        elif self.bills == "followed":
            bills = Follow.objects.visible_to(user).filter(bill__isnull=False)
            found = found.filter(_with_bill(bill__in=bills.values("bill")))
        return found.order_by("starts_at", "pk")


def _with_bill(**which: Any) -> Exists:
    return Exists(HearingDocument.objects.filter(hearing=OuterRef("pk"), removed_at=None, **which))


def committees_to_choose(now: datetime, chosen: str) -> list[Committee]:
    """The choices of the list's filter: committees that meet from today on, and the one that is chosen."""
    coming = Hearing.objects.shown().filter(starts_at__gte=midnight(timezone.localdate(now)))
    found = Committee.objects.filter(Q(pk__in=coming.values("committee")) | Q(slug=chosen))
    return list(found.order_by("chamber", "name"))


def add_windows(hearings: list[Hearing], now: datetime) -> list[Hearing]:
    """Gives each hearing its `window` for slips."""
    for hearing in hearings:
        hearing.window = slip_window(hearing, now)  # type: ignore[attr-defined]
    return hearings


def month_of(year: int, month: int) -> Month:
    """The month with its hearings; one read of them."""
    start, end = span_of(year, month)
    hearings = Hearing.objects.shown().filter(starts_at__gte=start, starts_at__lt=end)
    return month_with(
        year,
        month,
        (
            Entry(
                starts_at=hearing.starts_at,
                title=hearing.committee_title,
                url=hearing.get_absolute_url(),
                is_cancelled=hearing.state == Hearing.State.CANCELLED,
            )
            for hearing in hearings.select_related("committee").order_by("starts_at", "pk")
        ),
    )


def open_soon(now: datetime, most: int) -> list[Hearing]:
    """Hearings of the next seven days that slips can be filed for, those with bills of ours before others.

    Only those before which there is time to file as we advise (`window.advise_by`). Three reads.
    """
    ours = HearingDocument.objects.filter(
        hearing=OuterRef("pk"), removed_at=None, bill__tracking__is_public=True
    )
    coming = Hearing.objects.slips_open(now).filter(
        starts_at__gt=now + ADVISED_BEFORE_START, starts_at__lt=now + timedelta(days=7)
    )
    chosen = coming.annotate(ours=Exists(ours)).order_by("-ours", "starts_at", "pk").with_documents()[:most]
    return sorted(add_windows(list(chosen), now), key=lambda hearing: (hearing.starts_at, hearing.pk))


@dataclass
class DocumentRow:
    """One document before a hearing with the slips that are on record for it."""

    document: HearingDocument
    proponents: int = 0
    opponents: int = 0
    no_position: int = 0
    partners: dict[str, int] = field(default_factory=dict)  # of ours, by position

    @property
    def total(self) -> int:
        return self.proponents + self.opponents + self.no_position


def document_rows(hearing: Hearing) -> list[DocumentRow]:
    """The documents of a hearing, each with its recorded slips by position. Two reads besides the documents'."""
    counts: Counter[tuple[int, str, str]] = Counter()
    slips = RecordedSlip.objects.filter(hearing=hearing).order_by()
    for bill, amendment, position, number in slips.values_list("bill_id", "amendment", "position").annotate(
        number=Count("pk")
    ):
        counts[bill, amendment, position] += number
    position = RecordedSlip.Position
    ours = partner_counts(hearing=hearing) if counts else {}
    return [
        DocumentRow(
            document,
            proponents=counts[document.bill_id or 0, document.amendment, position.PROPONENT],
            opponents=counts[document.bill_id or 0, document.amendment, position.OPPONENT],
            no_position=counts[document.bill_id or 0, document.amendment, position.NO_POSITION],
            partners={
                one: ours.get((document.bill_id, document.amendment, one), 0) for one in position.values
            },
        )
        for document in hearing.documents.all()
    ]


def may_change_soon(window: SlipWindow, hearing: Hearing, now: datetime) -> bool:
    """Whether the page's words may change within minutes, so that a stored copy would be wrong."""
    return abs(hearing.starts_at - now) < timedelta(days=1) and window.state not in {"cancelled", "closed"}
