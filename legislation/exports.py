"""Tables of the legislature that people take along as a spreadsheet: the watch list, indicator P1, the budget."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.charts import ShareChart
from legislation.indicators import Cosponsors
from legislation.models import AppropriationAsk
from legislation.watch_list import WatchList

Row = list[object]


def watch_rows(watched: WatchList) -> Iterator[Row]:
    """The watch list, a line per bill."""
    yield [
        _("bill"),
        _("General Assembly"),
        _("title"),
        _("our position"),
        _("priority"),
        _("looked after by"),
        _("stage"),
        _("last action"),
        _("date of the last action"),
        _("next hearing (Chicago time)"),
        _("committee"),
        _("slips"),
        _("partners on record"),
        _("urgent because"),
        _("changed since %(day)s") % {"day": timezone.localtime(watched.since).date().isoformat()},
        _("public"),
    ]
    for row in watched.rows:
        bill, coming = row.bill, row.next_hearing
        starts = timezone.localtime(coming.hearing.starts_at) if coming else None
        yield [
            bill.label,
            bill.session,
            row.title,
            row.tracking.get_position_display(),
            row.tracking.get_priority_display(),
            row.tracking.owner.get_full_name() if row.tracking.owner else "",
            bill.stage_label,
            bill.last_action,
            bill.last_action_on.isoformat() if bill.last_action_on else "",
            starts.strftime("%Y-%m-%d %H:%M") if starts else "",
            coming.hearing.committee_name if coming else "",
            coming.window.label if coming else "",
            row.partners,
            row.flag,
            "; ".join(row.changes),
            _("yes") if row.tracking.is_public else _("no"),
        ]


def cosponsor_rows(found: Cosponsors) -> Iterator[Row]:
    """Indicator P1: the totals, the chambers, the parties, then each bill. The definition stands at the end."""
    yield [
        _("what"),
        _("title"),
        _("cosponsors"),
        _("House"),
        _("Senate"),
        _("share of seats, %"),
        _("net added in %(year)s") % {"year": found.year.label},
        _("chief sponsors"),
        _("by party"),
        _("names not matched"),
    ]
    for tally in [found.total, *found.chambers, *found.parties]:
        share = "" if tally.share_percent is None else tally.share_percent
        first = tally is found.total
        yield [
            str(tally.label),
            "",
            tally.cosponsors,
            found.chambers[0].cosponsors if first else "",
            found.chambers[1].cosponsors if first else "",
            share,
            found.net_added if first else "",
            tally.chief_sponsors,
            "",
            found.unmatched if first else "",
        ]
    for bill in found.bills:
        yield [
            bill.tracking.bill.label,
            bill.tracking.plain_title or bill.tracking.bill.shown_title,
            bill.cosponsors,
            bill.house,
            bill.senate,
            "",
            bill.net_added,
            ", ".join(bill.chief_sponsors),
            ", ".join(f"{party} {number}" for party, number in bill.parties.items()),
            bill.unmatched,
        ]
    day = found.as_of.isoformat()
    yield [_("Counted on %(day)s. %(definition)s") % {"day": day, "definition": found.definition}]


def budget_rows(chart: ShareChart) -> Iterator[Row]:
    """The budget years with every figure's source."""
    yield [
        _("fiscal year"),
        _("General Revenue Fund, dollars"),
        _("human services, dollars"),
        _("share, %"),
        _("points over the baseline"),
        _("dollars over the year before"),
        _("change over the year before, %"),
        _("enacted or proposed"),
        _("baseline"),
        _("source"),
        _("address of the source"),
        _("note"),
    ]
    for row in chart.rows:
        year = row.year
        yield [
            str(year),
            int(year.general_revenue_fund),
            int(year.human_services),
            round(100 * year.share, 2),
            "" if row.points is None else round(row.points, 2),
            "" if row.added is None else int(row.added),
            "" if row.change is None else round(100 * row.change, 2),
            _("enacted") if year.is_enacted else _("proposed"),
            _("yes") if year.is_baseline else "",
            year.source,
            year.source_url,
            year.note,
        ]


def ask_rows(asks: Iterable[AppropriationAsk]) -> Iterator[Row]:
    """Every figure of every public appropriation ask (figures prefetched)."""
    yield [
        _("program"),
        _("agency"),
        _("fiscal year"),
        _("step"),
        _("dollars"),
        _("date"),
        _("source"),
        _("address of the source"),
    ]
    for ask in asks:
        for figure in ask.figures.all():
            yield [
                ask.name,
                ask.agency,
                figure.year_label,
                figure.get_step_display(),
                int(figure.amount),
                figure.on.isoformat() if figure.on else "",
                figure.source,
                figure.source_url,
            ]
