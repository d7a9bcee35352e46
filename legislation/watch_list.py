"""The staff's watch list: every tracked bill with what changed, its next hearing, and what is urgent about it.

Also the legislature's blocks of the desk's start page. Reads only; a fixed number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.contrib import admin
from django.db.models import Count, Model, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from legislation.models import (
    Bill,
    BillEvent,
    BillTracking,
    Hearing,
    HearingDocument,
    NameMatch,
    OrganizationPosition,
    SlipMatch,
    SyncRun,
)
from legislation.news_words import news_lines
from legislation.slip_matches import waiting_words
from legislation.slip_windows import SlipWindow, end_of_day, slip_window
from partners.models import User
from partners.permissions import may_look

_Kind = BillEvent.Kind
# What moves a bill, as against what is only added to it.
IMPORTANT = {
    _Kind.STAGE,
    _Kind.REPLACED,
    _Kind.HEARING_POSTED,
    _Kind.HEARING_MOVED,
    _Kind.HEARING_CANCELLED,
    _Kind.ROLL_CALL,
}
# A hearing so near that slips are a matter of today or tomorrow.
NEAR = timedelta(days=2)
# "Since" goes back no further: the list is about news.
LONGEST = timedelta(days=92)
BLOCK_ROWS = 6
_PRIORITY = {"lead": 0, "support": 1, "monitor": 2}


@dataclass(frozen=True)
class NextHearing:
    """The soonest hearing that takes up a bill or an amendment to it, with its slip window."""

    hearing: Hearing
    window: SlipWindow
    amendment: str = ""


@dataclass
class WatchRow:
    """One tracked bill."""

    tracking: BillTracking
    changes: list[str] = field(default_factory=list)
    next_hearing: NextHearing | None = None
    replaced: bool = False
    moved: bool = False
    partners: int = 0
    urgency: int = 5

    @property
    def bill(self) -> Bill:
        return self.tracking.bill

    @property
    def title(self) -> str:
        """The plain title, also where the public does not see that we follow the bill."""
        return self.tracking.plain_title or self.bill.shown_title

    @property
    def changes_beyond(self) -> int:
        """How many changes there are besides the first."""
        return max(len(self.changes) - 1, 0)

    @property
    def flag(self) -> str:
        """Why the row stands where it stands, in a few words."""
        return {
            0: _("Slips: act now"),
            1: _("Text replaced"),
            2: _("Slips open"),
            3: _("Moved"),
            4: _("Changed"),
        }.get(self.urgency, "")


@dataclass
class WatchList:
    """The rows, the most urgent first, and since when changes are told."""

    rows: list[WatchRow]
    since: datetime
    mine: bool

    @property
    def changed(self) -> int:
        return sum(1 for row in self.rows if row.changes)


def last_working_day(now: datetime) -> date:
    """The working day before today by Chicago's calendar: on Mondays and weekends the Friday."""
    day = timezone.localdate(now) - timedelta(days=1)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return day


def since_moment(now: datetime, chosen: date | None = None) -> datetime:
    """The first moment of the chosen day, within reason; by default of the last working day."""
    day = chosen or last_working_day(now)
    today = timezone.localdate(now)
    day = max(min(day, today), today - LONGEST)
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def watch_list(*, now: datetime, since: datetime, owner: User | None = None) -> WatchList:
    """Every tracked bill, or those that `owner` looks after. Three queries."""
    trackings = BillTracking.objects.select_related("bill", "owner__person").defer(
        "talking_points", "bill__search", "bill__synopsis"
    )
    if owner is not None:
        trackings = trackings.filter(owner=owner)
    on_record = Q(
        bill__organization_positions__state="on_record",
        bill__organization_positions__organization__status="active",
    )
    rows = {
        # `partners` is the annotation below, which no model declares.
        tracking.bill_id: WatchRow(tracking, partners=tracking.partners)  # type: ignore[attr-defined]
        for tracking in trackings.annotate(partners=Count("bill__organization_positions", filter=on_record))
    }
    _add_changes(rows, since)
    _add_hearings(rows, now)
    for row in rows.values():
        row.urgency = _urgency(row, now)
    return WatchList(sorted(rows.values(), key=_order), since, mine=owner is not None)


def _add_changes(rows: dict[int, WatchRow], since: datetime) -> None:
    events = BillEvent.objects.filter(bill__in=list(rows), is_news=True, observed_at__gte=since)
    by_bill: dict[int, list[BillEvent]] = defaultdict(list)
    for event in events.order_by("observed_at", "pk"):
        by_bill[event.bill_id].append(event)
    for bill_id, news in by_bill.items():
        row = rows[bill_id]
        row.changes = [capfirst(line) for line in news_lines(news)]
        row.replaced = any(event.kind == _Kind.REPLACED for event in news)
        row.moved = any(event.kind in IMPORTANT for event in news)


def _add_hearings(rows: dict[int, WatchRow], now: datetime) -> None:
    for bill_id, found in next_hearings(rows, now).items():
        rows[bill_id].next_hearing = found


def next_hearings(bills: Iterable[int], now: datetime) -> dict[int, NextHearing]:
    """The soonest hearing of each bill that is not over today, by the bill's key. One query."""
    today = timezone.localdate(now)
    midnight = datetime.combine(today, time(), tzinfo=timezone.get_default_timezone())
    documents = HearingDocument.objects.filter(
        bill__in=list(bills),
        removed_at=None,
        hearing__in=Hearing.objects.standing().order_by(),
        hearing__starts_at__gte=midnight,
        hearing__ended_at=None,
    ).select_related("hearing__committee")
    soonest: dict[int, NextHearing] = {}
    for document in documents.order_by("hearing__starts_at", "pk"):
        if document.bill_id is not None and document.bill_id not in soonest:
            window = slip_window(document.hearing, now)
            soonest[document.bill_id] = NextHearing(document.hearing, window, document.amendment)
    return soonest


def _urgency(row: WatchRow, now: datetime) -> int:
    """0, the most urgent, to 5, nothing new."""
    coming = row.next_hearing
    slips_open = coming is not None and coming.window.is_open
    if coming and slips_open and coming.hearing.starts_at <= end_of_day(now + NEAR - timedelta(days=1)):
        return 0
    if row.replaced:
        return 1
    if slips_open:
        return 2
    if row.moved:
        return 3
    return 4 if row.changes else 5


def _order(row: WatchRow) -> tuple[object, ...]:
    starts = row.next_hearing.hearing.starts_at.timestamp() if row.next_hearing else float("inf")
    bill = row.bill
    return row.urgency, starts, _PRIORITY[row.tracking.priority], -bill.session, bill.prefix, bill.number


# --- The desk's start page --------------------------------------------------------------------------------------


@dataclass
class OpenSlips:
    """A hearing whose slips can be filed now, with the tracked bills it takes up."""

    hearing: Hearing
    window: SlipWindow
    bills: list[Bill] = field(default_factory=list)


@dataclass
class DeskBlocks:
    """What the start page tells of the legislature. None: this person may not look at it."""

    since: datetime
    changes: list[WatchRow] | None = None
    changed: int = 0
    tracked: int = 0
    open_slips: list[OpenSlips] | None = None
    positions: list[OrganizationPosition] | None = None
    positions_beyond: bool = False
    names: int | None = None
    names_url: str = ""
    slip_words: int | None = None
    slip_words_url: str = ""
    failed: list[SyncRun] | None = None
    imports_url: str = ""


def desk_blocks(request: HttpRequest, now: datetime) -> DeskBlocks:
    """Changed bills, open slips, waiting positions, names to review, slips to match, imports in trouble. At most seven
    queries."""
    user = request.user
    blocks = DeskBlocks(since=since_moment(now))
    if may_look(user, BillTracking):
        watched = watch_list(now=now, since=blocks.since)
        blocks.tracked, blocks.changed = len(watched.rows), watched.changed
        blocks.changes = [row for row in watched.rows if row.changes][:BLOCK_ROWS]
        blocks.open_slips = _open_slips(watched.rows)[:BLOCK_ROWS]
    if may_look(user, OrganizationPosition):
        waiting = OrganizationPosition.objects.waiting().select_related("organization", "bill")
        rows = list(waiting.defer("bill__search", "bill__synopsis")[: BLOCK_ROWS + 1])
        blocks.positions, blocks.positions_beyond = rows[:BLOCK_ROWS], len(rows) > BLOCK_ROWS
    if may_look(user, NameMatch):
        blocks.names, blocks.names_url = NameMatch.objects.for_review().count(), _list_url(NameMatch)
    if may_look(user, SlipMatch):
        blocks.slip_words, blocks.slip_words_url = waiting_words(), _list_url(SlipMatch)
    if may_look(user, SyncRun):
        blocks.imports_url = _list_url(SyncRun)
        newest = SyncRun.objects.newest().values("pk")
        blocks.failed = list(
            SyncRun.objects.filter(pk__in=newest, state__in=["failed", "partial"]).order_by("-requested_at")
        )
    return blocks


def _list_url(model: type[Model]) -> str:
    """The list in the desk, where there is one."""
    if not admin.site.is_registered(model):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def _open_slips(rows: Iterable[WatchRow]) -> list[OpenSlips]:
    """The soonest hearing first."""
    hearings: dict[int, OpenSlips] = {}
    for row in rows:
        coming = row.next_hearing
        if coming and coming.window.is_open:
            found = hearings.setdefault(coming.hearing.pk, OpenSlips(coming.hearing, coming.window))
            found.bills.append(row.bill)
    return sorted(hearings.values(), key=lambda found: found.hearing.starts_at)
