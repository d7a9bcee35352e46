"""What one message tells: the waiting notices of one person, gathered by hearing and by bill."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from legislation.models import Bill, BillEvent, Follow, Hearing, Notice
from legislation.news_words import news_lines, stage_words
from legislation.slip_windows import SlipWindow, day_words, is_gone, slip_window

_Kind = BillEvent.Kind
HEARING_KINDS = {_Kind.HEARING_POSTED, _Kind.HEARING_MOVED, _Kind.HEARING_CANCELLED}
# A message longer than this is not read; the rest is counted, and stands on the bills' pages.
BILLS_SHOWN = 30
LINES_SHOWN = 8
REASONS_SHOWN = 3


@dataclass
class HearingNews:
    """One hearing in a message. `what` is posted, moved, cancelled, off (its bills left the notice) or soon."""

    hearing: Hearing
    what: str
    window: SlipWindow
    bills: list[Bill]

    @property
    def headline(self) -> str:
        """What happened, such as `Hearing on HB 1075, HB 20`."""
        about = ", ".join(bill.label for bill in self.bills[:4]) or str(
            self.hearing.committee or self.hearing.committee_name
        )
        words = {
            "posted": _("Hearing on %(about)s"),
            "moved": _("Hearing moved: %(about)s"),
            "cancelled": _("Hearing cancelled: %(about)s"),
            "off": _("Taken off a hearing: %(about)s"),
            "soon": _("Witness slips close soon: %(about)s"),
        }
        return words[self.what] % {"about": about}

    @property
    def more_bills(self) -> int:
        return max(0, len(self.bills) - BILLS_SHOWN)

    @property
    def shown_bills(self) -> list[Bill]:
        return self.bills[:BILLS_SHOWN]


@dataclass
class BillNews:
    """One bill in a message with its changes, a line each. `reasons` are what else is followed that led to it."""

    bill: Bill
    events: list[BillEvent] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        return self._all_lines[:LINES_SHOWN]

    @property
    def more_lines(self) -> int:
        return max(0, len(self._all_lines) - LINES_SHOWN)

    @property
    def _all_lines(self) -> list[str]:
        return news_lines(self.events)

    @property
    def headline(self) -> str:
        """The bill with the most important change, for a subject line."""
        stages = [event for event in self.events if event.kind == _Kind.STAGE]
        if stages:
            latest = max(stages, key=lambda event: event.pk)
            return _("%(bill)s: %(stage)s") % {"bill": self.bill.label, "stage": stage_words(latest)}
        if any(event.kind == _Kind.REPLACED for event in self.events):
            return _("%(bill)s: its text was replaced") % {"bill": self.bill.label}
        return _("News of %(bill)s") % {"bill": self.bill.label}


@dataclass
class News:
    """Everything one message tells."""

    hearings: list[HearingNews]
    bills: list[BillNews]
    # What the person follows that led to this message, in words.
    follows: str

    def __bool__(self) -> bool:
        return bool(self.hearings or self.bills)

    @property
    def shown_bills(self) -> list[BillNews]:
        return self.bills[:BILLS_SHOWN]

    @property
    def more_bills(self) -> int:
        return max(0, len(self.bills) - BILLS_SHOWN)

    @property
    def expires_at(self) -> datetime | None:
        """When nothing of it is news any more: it tells of hearings only, and the last one begins."""
        if self.bills or not self.hearings:
            return None
        return max(item.hearing.starts_at for item in self.hearings)

    @property
    def subject(self) -> str:
        """One headline, or the first with the number of the others."""
        headlines = [hearing.headline for hearing in self.hearings] + [bill.headline for bill in self.bills]
        if len(headlines) == 1 and self.hearings and self.hearings[0].what != "cancelled":
            return f"{headlines[0]}, {day_words(self.hearings[0].hearing.starts_at)}"
        if len(headlines) == 1:
            return headlines[0]
        return _("%(first)s, and %(number)d more") % {"first": headlines[0], "number": len(headlines) - 1}


def gather(notices: Sequence[Notice], now: datetime) -> News:
    """The news of one person. Nothing of a hearing that has begun is news any more."""
    by_hearing: dict[tuple[int, str], list[Notice]] = defaultdict(list)
    by_bill: dict[int, BillNews] = {}
    told: list[Notice] = []
    latest = _latest(notices)
    for notice in notices:
        hearing = hearing_of(notice)
        if hearing is not None:
            if hearing.starts_at > now and notice.pk in latest:
                by_hearing[hearing.pk, _what(notice, hearing)].append(notice)
                told.append(notice)
        elif notice.event is not None:
            item = by_bill.setdefault(notice.event.bill_id, BillNews(notice.event.bill))
            item.events.append(notice.event)
            if notice.follow.bill_id is None and follow_name(notice.follow) not in item.reasons:
                item.reasons.append(follow_name(notice.follow))
            told.append(notice)
    hearings = [_hearing_news(group, what, now) for (_pk, what), group in by_hearing.items()]
    return News(
        hearings=sorted(hearings, key=lambda item: item.hearing.starts_at),
        bills=sorted(by_bill.values(), key=_importance),
        follows=_names(told),
    )


def hearing_of(notice: Notice) -> Hearing | None:
    """The hearing that a notice is about, if it is about one."""
    if notice.event is None:
        return notice.hearing
    return notice.event.hearing if notice.event.kind in HEARING_KINDS else None


def follow_name(follow: Follow) -> str:
    """What is followed, as the person knows it."""
    if follow.bill is not None:
        return follow.bill.label
    if follow.legislator is not None:
        return f"{follow.legislator.title} {follow.legislator.name}".strip()
    return str(follow.committee or follow.search)


def _hearing_news(notices: list[Notice], what: str, now: datetime) -> HearingNews:
    hearing = hearing_of(notices[0])
    assert hearing is not None
    bills = {
        bill.pk: bill
        for bill in (notice.event.bill if notice.event else notice.follow.bill for notice in notices)
        if bill is not None
    }
    return HearingNews(
        hearing=hearing,
        what=what,
        window=slip_window(hearing, now),
        bills=sorted(bills.values(), key=lambda bill: (bill.session, bill.prefix, bill.number)),
    )


def _latest(notices: Iterable[Notice]) -> set[int]:
    """Of several notices about one bill before one hearing only the last one counts."""
    last: dict[tuple[int, int], Notice] = {}
    others: set[int] = set()
    for notice in notices:
        hearing = hearing_of(notice)
        if hearing is None or notice.event is None:
            others.add(notice.pk)
            continue
        key = hearing.pk, notice.event.bill_id
        if key not in last or (last[key].event_id or 0) < (notice.event_id or 0):
            last[key] = notice
    return others | {notice.pk for notice in last.values()}


def _what(notice: Notice, hearing: Hearing) -> str:
    """What happened. How the hearing stands now counts before what was written down at first."""
    if hearing.state == Hearing.State.CANCELLED or is_gone(hearing):
        return "cancelled"
    if notice.event is None:
        return notice.hearing_news.split()[0]
    by_kind = {_Kind.HEARING_MOVED: "moved", _Kind.HEARING_CANCELLED: "off"}
    return by_kind.get(_Kind(notice.event.kind), "posted")


def _importance(item: BillNews) -> tuple[int, int, str, int]:
    """Bills with a new stage first, then by number."""
    reached = any(event.kind in {_Kind.STAGE, _Kind.REPLACED} for event in item.events)
    return (0 if reached else 1, -item.bill.session, item.bill.prefix, item.bill.number)


def _names(notices: Iterable[Notice]) -> str:
    """What led to the message, a few by name and the rest counted."""
    names = list(dict.fromkeys(follow_name(notice.follow) for notice in notices))
    shown = names[:REASONS_SHOWN]
    if more := len(names) - len(shown):
        shown.append(ngettext("%(number)d more thing", "%(number)d more things", more) % {"number": more})
    return get_text_list(shown, _("and"))
