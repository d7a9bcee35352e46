"""How our mail is taken: what inbox providers hold against a sender."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

from mailing.figures import COMPLAINTS_STOP, COMPLAINTS_WARN, REPORTS_OVER
from mailing.models import DeliveryEvent, Topic

# Batches know how many they handed over; one that waits for stragglers has been claimed of late too.
_HANDED_OVER = """
SELECT mailing.topic_id, sum(entry.value::bigint)::bigint
FROM mailing_batch AS batch JOIN mailing_mailing AS mailing ON mailing.id = batch.mailing_id,
     jsonb_each_text(batch.tally) AS entry
WHERE batch.claimed_at >= %s AND entry.key IN ('accepted', 'delivered', 'bounced', 'complained')
GROUP BY mailing.topic_id
"""


@dataclass(frozen=True)
class ComplaintRate:
    """Complaints about one topic within 30 days, against the messages handed over. Without a topic: about all."""

    topic: Topic | None
    handed_over: int
    complaints: int

    @property
    def percent(self) -> float | None:
        """None without messages."""
        return 100 * self.complaints / self.handed_over if self.handed_over else None

    @property
    def level(self) -> str:
        """`good` below 0.1%, `warn` below 0.3%, then `stop`: inbox providers send us to the spam folder."""
        percent = self.percent or 0
        return "good" if percent < COMPLAINTS_WARN else "warn" if percent < COMPLAINTS_STOP else "stop"

    @property
    def words(self) -> str:
        """What the level means."""
        if self.percent is None:
            return _("nothing sent")
        return {
            "good": _("under 0.1%, as it should be"),
            "warn": _("too many, 0.1% or more: write less, or to fewer people"),
            "stop": _("far too many, 0.3% or more: inbox providers may refuse all our mail"),
        }[self.level]


def complaint_rates(now: datetime) -> list[ComplaintRate]:
    """All topics together, then each topic that was mailed or complained about in the last 30 days. Three queries."""
    since = now - REPORTS_OVER
    with connection.cursor() as cursor:
        cursor.execute(_HANDED_OVER, [since])
        handed_over: Mapping[int, int] = dict(cursor.fetchall())
    complaints = dict(
        DeliveryEvent.objects.filter(kind=DeliveryEvent.Kind.COMPLAINED, happened_at__gte=since)
        .values_list("delivery__mailing__topic")
        .annotate(number=Count("pk"))
        .order_by()
    )
    # A complaint that belongs to no message of ours still counts for all of it.
    every = ComplaintRate(None, sum(handed_over.values()), sum(complaints.values()))
    topics = Topic.objects.filter(pk__in=set(handed_over) | {pk for pk in complaints if pk})
    return [
        every,
        *(ComplaintRate(one, handed_over.get(one.pk, 0), complaints.get(one.pk, 0)) for one in topics),
    ]
