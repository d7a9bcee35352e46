"""Figures of the mail overview, for the desk and the terminal. Nothing is written here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

from mailing.models import DeliveryEvent, Mailing, Relay
from mailing.watching import Look, Waiting
from mailing.wire.relays import members

REPORTS_OVER = timedelta(days=30)
# What the large inbox providers ask of a sender: stay under the first, never reach the second (percent).
COMPLAINTS_WARN, COMPLAINTS_STOP = 0.1, 0.3

_UNKNOWN = """
SELECT mailing_id, sum((tally->>'unknown')::bigint)::bigint FROM mailing_batch
WHERE tally->>'unknown' <> '0' GROUP BY mailing_id
"""
_HANDED_OVER = """
SELECT coalesce(sum(entry.value::bigint), 0)::bigint
FROM mailing_mailing AS mailing
JOIN mailing_batch AS batch ON batch.mailing_id = mailing.id, jsonb_each_text(batch.tally) AS entry
WHERE mailing.started_at >= %s AND entry.key IN ('accepted', 'delivered', 'bounced', 'complained')
"""


@dataclass(frozen=True)
class RelayRow:
    """One mail server of the settings and how the workers found it last; no row before its first trouble."""

    name: str
    row: Relay | None

    @property
    def is_down(self) -> bool:
        """Whether it takes nothing at the moment."""
        return self.row is not None and self.row.down_since is not None


@dataclass(frozen=True)
class Lane:
    """Single messages of one precedence that wait."""

    label: str
    note: str
    waiting: Waiting
    is_late: bool


@dataclass(frozen=True)
class Reports:
    """What receivers reported in 30 days, against what was handed over. Rates in percent, None without mail."""

    handed_over: int
    bounced: int
    complained: int

    @property
    def bounce_rate(self) -> float | None:
        return 100 * self.bounced / self.handed_over if self.handed_over else None

    @property
    def complaint_rate(self) -> float | None:
        return 100 * self.complained / self.handed_over if self.handed_over else None

    @property
    def complaints_are_high(self) -> bool:
        return (self.complaint_rate or 0) >= COMPLAINTS_WARN


def relay_rows() -> list[RelayRow]:
    """The mail servers of the settings, the preferred one first. One query."""
    names = [member.name for member in members()]
    rows = {relay.name: relay for relay in Relay.objects.filter(name__in=names)}
    return [RelayRow(name, rows.get(name)) for name in names]


def outbox_lanes(seen: Look) -> list[Lane]:
    """What waits in the outbox, by precedence."""
    return [
        Lane(
            _("messages people wait for"),
            _("Password resets, confirmations, invitations. They go before everything else."),
            seen.answers,
            not seen.answers_flow,
        ),
        Lane(
            _("digests and notices waiting"),
            _("Digests, notices to followers, weekly summaries."),
            seen.notices,
            not seen.notices_flow,
        ),
    ]


def reports(now: datetime) -> Reports:
    """Bounces and complaints of the last 30 days. Two queries."""
    since = now - REPORTS_OVER
    kinds = [DeliveryEvent.Kind.BOUNCED, DeliveryEvent.Kind.COMPLAINED]
    counted = dict(
        DeliveryEvent.objects.filter(kind__in=kinds, happened_at__gte=since)
        .values_list("kind")
        .annotate(events=Count("pk"))
        .order_by()
    )
    with connection.cursor() as cursor:
        cursor.execute(_HANDED_OVER, [since])
        handed_over = cursor.fetchone()[0]
    return Reports(handed_over, counted.get("bounced", 0), counted.get("complained", 0))


def unknown_by_mailing() -> list[tuple[Mailing, int]]:
    """Mailings with messages whose outcome nobody knows, and how many. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_UNKNOWN)
        counted = dict(cursor.fetchall())
    mailings = Mailing.objects.filter(pk__in=counted).select_related("topic").order_by("-send_at")
    return [(mailing, counted[mailing.pk]) for mailing in mailings]
